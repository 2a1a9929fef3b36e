// Functions are found in C as the kernel writes it, and their digests ignore comments and white space alone.

import { expect, test } from 'vitest';
import { digestOf, functionsOf } from './c_functions.js';

const source = `/* f() { */
#include <x.h>
#define lock_it(x) do { \\
	spin_lock(x); \\
} while (0)
static const struct file_operations fops = {
	.open = my_open,
};
struct dev {
	int x;
};
/* Opens it. */
static __always_inline int __must_check
my_open(struct inode *inode,
	struct file *file)
	__acquires(&lock)
{
	char c = '{';	// }
	if (x) {
		puts("}{");
	}
#ifdef A
	if (a) {
#else
	if (b) {
#endif
		y();
	}
	return 0;
}
SYSCALL_DEFINE3(mmap, unsigned long, addr, int, x, int, y)
{
	return 1;
}
COMPAT_SYSCALL_DEFINE1(old, int, x) { return 1; }
DEFINE_IDTENTRY(exc_page_fault)
{
}
int proto(int a);
#ifdef CONFIG_X
void stub(void) { real(); }
#else
static inline void stub(void) {}
#endif
static int (*fp)(int) = NULL;
__printf(1, 2) void say(const char *f, ...)
{
	say("a  b");
}
`;

test('functions are found by their heads and braces, whatever is around them', () => {
  expect(functionsOf(source).map(({ names, from, to }) => [names.join(), from, to])).toEqual([
    ['lock_it', 3, 5],
    ['my_open', 13, 30],
    ['mmap,sys_mmap', 31, 34],
    ['old,compat_sys_old', 35, 35],
    ['exc_page_fault', 36, 38],
    ['stub', 41, 41],
    ['stub', 43, 43],
    ['say', 46, 49],
  ]);
});

const digest = (text: string): string => digestOf(functionsOf(text));

test('a digest has 16 digits, and is that of the text without comments and white space', () => {
  const text = 'int f(int a)\n{\n\tif (a)\n\t\treturn say("a  b");\n\treturn a - -1;\n}\n';
  expect(digest(text)).toMatch(/^[0-9a-f]{16}$/);
  const same = [
    'int f(int a) { /* so */ if (a) return say("a  b"); // else\n return a - -1; }',
    'int\nf( int a )\n{\n  if( a )\n    return say( "a  b" );\n  return a - -1;\n}',
  ];
  expect(same.map(digest)).toEqual(same.map(() => digest(text)));
  const others = [
    text.replace('if (a)', 'if (!a)'),
    text.replace('"a  b"', '"a b"'),
    text.replace('int a', 'inta'),
    text.replace('return a', 'returna'),
    text.replace('int f', '/* int f() {} */ long f'),
  ];
  expect(new Set([text, ...others].map(digest)).size).toBe(6);
});

test('a digest covers all definitions of a name', () => {
  const under = (other: string) =>
    `#ifdef X\nvoid f(void) { a(); }\n#else\nvoid f(void) { ${other} }\n#endif\n`;
  expect(digest(under('b();'))).not.toBe(digest(under('c();')));
});
