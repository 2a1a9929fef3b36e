// The tokenizer of the tidy tests.

import { expect, test } from 'vitest';
import { classesOf, codeOf, functionsOf, importsOf } from './source_text.js';

const squeezed = (text: string) => codeOf(text).replace(/ +/g, ' ').trim();

test.each([
  ["a === 'x || y' // &&", "a === ' '"],
  ['a /* ? : */ b', 'a b'],
  ['`one ${a && `two ${b}`} three`', '` ${a && ` ${b}`} `'],
  ['`{ ${ { a: 1 } } }`', '` ${ { a: 1 } } `'],
  ['x = /[/"]\\/[\'`]/g.test(y) / 2', 'x = / /g.test(y) / 2'],
  ['return /a b/', 'return / /'],
  ["'it\\'s' + \"a\\\\\" + b", '\' \' + " " + b'],
])('%s', (text, code) => {
  expect(squeezed(text)).toBe(code);
});

test('blanked text keeps its offsets and its lines', () => {
  const text = "/* a\n b */ f('c',\n `d\n ${e}`)";
  const code = codeOf(text);
  expect(code.length).toBe(text.length);
  expect(code.split('\n').length).toBe(4);
  expect(code.indexOf('e}')).toBe(text.indexOf('e}'));
});

test('imports are found in all their forms, and not in words', () => {
  const text = `
    import 'a.js';
    import type { b } from 'b.js';
    export { c } from
      'c.js';
    const d = await import('d.js');
    const e = new Worker(new URL('./e.js', import.meta.url));
    // import 'f.js'
    const g = "from 'g.js'";
  `;
  expect(importsOf(text)).toEqual(['a.js', 'b.js', 'c.js', 'd.js', './e.js']);
});

test('functions are found with their lengths, other blocks are not', () => {
  const text = `
    export function lower(a: number): Map<string, A | B> {
      if (a) {
        for (const x of y) { z(); }
      }
    }
    class A { #block(x: B): void { } get y() {
      return 1; } }
    const f = (x) => {
      return x;
    };
    const g = async function* (x) { };
    switch (x) { default: }
  `;
  expect(functionsOf(text).map(({ name, line, lines }) => `${name} ${line} ${lines}`)).toEqual([
    'export function lower 2 5',
    '#block 7 1',
    'get y 7 2',
    '=> 9 3',
    'async function* 12 1',
  ]);
});

test('classes are counted from their signature to their closing brace, with the comment before them', () => {
  const text = [
    '/** About a. */',
    'export class A {',
    '  readonly text = `',
    '}`;',
    '',
    '  get(): string {',
    '    return this.text;',
    '  }',
    '}',
    'class B extends Error {}',
    '',
    'abstract class C {',
    '}',
  ].join('\n');
  expect(classesOf(text)).toEqual([
    { name: 'A', lines: 8, about: '/** About a. */\n' },
    { name: 'B', lines: 1, about: '' },
    { name: 'C', lines: 2, about: '' },
  ]);
});
