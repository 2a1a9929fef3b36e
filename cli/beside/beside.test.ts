// raceproof show MODEL --beside=DIR: labels stand beside the functions that they name, and what does not fit is said.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { called, folder } from '../testing/command.js';

const kvm = `// SPDX-License-Identifier: GPL-2.0
#include <linux/kvm_host.h>

static void kvm_destroy_vm(struct kvm *kvm)
{
	kfree(kvm);
}

void kvm_put_kvm(struct kvm *kvm)
{
	if (refcount_dec_and_test(&kvm->users_count))
		kvm_destroy_vm(kvm);
}

static int kvm_ioctl_create_device(struct kvm *kvm,
				   struct kvm_create_device *cd)
{
	int ret;

	ret = ops->create(dev, type);
	if (ret < 0)
		return ret;

	if (ops->init)
		ops->init(dev);

	ret = anon_inode_getfd(ops->name, &kvm_device_fops, dev, O_RDWR);
	if (ret < 0)
		return ret;

	kvm_get_kvm(kvm);
	cd->fd = ret;
	return 0;
}
`;
const files = folder({});
const at = (path: string, text: string) => {
  const file = join(files.path, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};
at('linux/virt/kvm/kvm_main.c', kvm);
at(
  'linux/mm/mmap.c',
  '#define vma_lookup(mm, addr) \\\n\tfind_vma(mm, addr)\n\nSYSCALL_DEFINE1(brk, unsigned long, brk)\n{\n\treturn vma_lookup(mm, brk);\n}\n',
);
afterAll(files.remove);
const here = { cwd: files.path };

const shown = (name: string, ...more: readonly string[]) =>
  called(['show', name, '--beside=linux', ...more], here);
/** A model with this procedure p. */
const text = (
  sources: string,
  body: string,
) => `import { actor, int, model as define, procedure, shared, source } from 'raceproof/language';
import { atomic_inc } from 'raceproof/kernel';
${sources}
const state = shared({ n: int(0, 3) });
const { n } = state;
${body}
export const model = define('mine', { about: 'x', state, actors: [actor('a', p)] });
`;

test('labels stand beside the lines of the function that their procedure is called as', async () => {
  at(
    'create.ts',
    text(
      "const c = source('virt/kvm/kvm_main.c');",
      `const p = procedure('kvm_ioctl_create_device', () => ({
  getfd: c\`ret = anon_inode_getfd(&kvm_device_fops)\`(n.set(1)),
  publish: c\`cd->fd = ret\`(n.set(2)),
  count: atomic_inc(n),
}));`,
    ),
  );
  const { status, stdout, stderr } = await shown('./create.ts');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatchInlineSnapshot(`
    "virt/kvm/kvm_main.c:15 kvm_ioctl_create_device()
                                     │    15  static int kvm_ioctl_create_device(struct kvm *kvm,
                                     │     …
                                     │    24          if (ops->init)
                                     │    25                  ops->init(dev);
                                     │    26
    getfd: ret =                     │    27          ret = anon_inode_getfd(ops->name, &kvm_device_fops, dev, O_RDWR);
      anon_inode_getfd(&kvm_device_  │
      fops)                          │
                                     │    28          if (ret < 0)
                                     │    29                  return ret;
                                     │    30
                                     │    31          kvm_get_kvm(kvm);
    publish: cd->fd = ret            │    32          cd->fd = ret;
    count: atomic_inc(&n)            │
                                     │    33          return 0;
                                     │    34  }
    "
  `);
});

test('a step names its function or its line, also of a system call or a macro', async () => {
  at(
    'named.ts',
    text(
      "const c = source('virt/kvm/kvm_main.c', 'kvm_put_kvm');\nconst mmap = source('mm/mmap.c', 'sys_brk');",
      `const p = procedure('put', () => ({
  put: c\`refcount_dec_and_test(&users_count)\`(n.set(1)),
  destroy: c.at(6)\`free it\`(n.set(2)),
  find: mmap\`vma_lookup(mm, brk)\`(n.set(3)),
  macro: mmap.at('vma_lookup')\`find_vma()\`(n.set(2)),
  other: source('nowhere.c')\`x\`(n.set(0)),
}));`,
    ),
  );
  const { status, stdout, stderr } = await shown('./named.ts');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatchInlineSnapshot(`
    "virt/kvm/kvm_main.c:9 kvm_put_kvm()
                                     │     9  void kvm_put_kvm(struct kvm *kvm)
                                     │    10  {
    put:                             │    11          if (refcount_dec_and_test(&kvm->users_count))
      refcount_dec_and_test(&users_  │
      count)                         │
                                     │    12                  kvm_destroy_vm(kvm);
                                     │    13  }

    virt/kvm/kvm_main.c:4 kvm_destroy_vm()
                                     │     4  static void kvm_destroy_vm(struct kvm *kvm)
                                     │     5  {
    destroy: free it                 │     6          kfree(kvm);
                                     │     7  }

    mm/mmap.c:4 sys_brk()
                                     │     4  SYSCALL_DEFINE1(brk, unsigned long, brk)
                                     │     5  {
    find: vma_lookup(mm, brk)        │     6          return vma_lookup(mm, brk);
                                     │     7  }

    mm/mmap.c:1 vma_lookup()
                                     │     1  #define vma_lookup(mm, addr) \\
    macro: find_vma()                │     2          find_vma(mm, addr)

    put: no function of this name in the files that it quotes
      put.other: x
    "
  `);
});

test('what is not there, and what has changed since, is said with the line of the model', async () => {
  const digests = await shown('./named.ts', '--digests');
  expect(digests).toMatchObject({ status: 0, stderr: '' });
  expect(digests.stdout).toMatch(
    /^source\('virt\/kvm\/kvm_main\.c', 'kvm_put_kvm', \{ digest: '[0-9a-f]{16}' \}\)$/m,
  );
  const [, put = ''] = /'kvm_put_kvm', \{ digest: '(\w+)'/.exec(digests.stdout) ?? [];
  at(
    'digested.ts',
    text(
      `const c = source('virt/kvm/kvm_main.c', 'kvm_put_kvm', { digest: '${put}' });`,
      `const p = procedure('put', () => ({
  put: c\`refcount_dec_and_test(&users_count)\`(n.set(1)),
  gone: c.at('kvm_get_kvm')\`x\`(n.set(2)),
  again: c.at('kvm_get_kvm')\`x\`(n.set(1)),
  far: c.at(900)\`y\`(n.set(3)),
  file: source('mm/rmap.c', 'f')\`z\`(n.set(0)),
}));`,
    ),
  );
  const lost = [
    'digested.ts:8: virt/kvm/kvm_main.c: there is no function kvm_get_kvm()',
    'digested.ts:9: virt/kvm/kvm_main.c: there is no function kvm_get_kvm()',
    'digested.ts:10: virt/kvm/kvm_main.c:900: no function is there',
    'digested.ts:11: mm/rmap.c: there is no such file',
  ];
  const before = await shown('./digested.ts');
  expect(before).toMatchObject({ status: 20, stderr: `${lost.join('\n')}\n` });
  // Formatting does not change it, but a condition does.
  at('linux/virt/kvm/kvm_main.c', kvm.replace('\tif (refcount', '\t/* the last one */\n\tif ( refcount'));
  expect((await shown('./digested.ts')).stderr).toBe(before.stderr);
  at('linux/virt/kvm/kvm_main.c', kvm.replace('if (refcount', 'if (!refcount'));
  const { status, stderr } = await shown('./digested.ts');
  expect(status).toBe(20);
  expect(stderr.split('\n')[0]).toMatch(
    /^digested\.ts:7: virt\/kvm\/kvm_main\.c: kvm_put_kvm\(\) has changed since it was modelled: its digest is [0-9a-f]{16}, not [0-9a-f]{16}$/,
  );
  at('linux/virt/kvm/kvm_main.c', kvm);
});

test.each([
  [['--digests'], '--digests needs --beside=DIR'],
  [['--beside=nowhere'], '--beside=nowhere: no such folder'],
  [['--beside=linux', '--format=json'], '--beside=DIR cannot be combined with --as and --format=json'],
])('%j is refused', async (more, message) => {
  expect(await called(['show', 'increment', ...more], here)).toEqual({
    status: 2,
    stdout: '',
    stderr: `raceproof: ${message}\n`,
  });
});

test.each([
  ["source('x.c', 'f', { digest: 'short' })", 'is that of a function, 16 digits of'],
  ["source('x.c', undefined, { digest: '0123456789abcdef' })", 'is that of a function, 16 digits of'],
  ["source('x.c', 'f', { diggest: '0123456789abcdef' })", "has no option 'diggest'; there are digest"],
])('%s is refused', async (written, message) => {
  const name = `wrong${message.length}${written.length}.ts`;
  at(name, text(`const c = ${written};`, "const p = procedure('p', () => ({ one: c`x`(n.set(1)) }));"));
  const { status, stderr } = await called(['check', `./${name}`], here);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});
