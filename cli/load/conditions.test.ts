// The source of a model file with its tests watched: which operands are asked, that lines stay, and what a syntax error
// says.

import { expect, test } from 'vitest';
import { isModule, watchTests } from './conditions.js';

/** Without the import in front. */
const watched = (source: string): string =>
  watchTests(source, 'file:///m.js').replace(/^import \{.*?\.js";/, '');

test.each([
  ['a && b', '$tested(a,"&&") && b'],
  ['a && b && c', '$tested($tested(a,"&&") && b,"&&") && c'],
  ['!a', '!$tested(a,"!")'],
  ['!a.b(c) || !d', '$tested(!$tested(a.b(c),"!"),"||") || !$tested(d,"!")'],
  ['a ? b : c', '$tested(a,"?:") ? b : c'],
  ['(a, b) && c', '($tested((a, b),"&&")) && c'],
  ['(a && b) ? c : d', '($tested($tested(a,"&&") && b,"?:")) ? c : d'],
  ['if (a) b(); else if (c) d();', 'if ($tested(a,"if")) b(); else if ($tested(c,"if")) d();'],
  ['while (a) b();', 'while ($tested(a,"while")) b();'],
  ['do b(); while (a)', 'do b(); while ($tested(a,"while"))'],
  ['for (;a;) b();', 'for (;$tested(a,"while");) b();'],
  ["a === 'x'", '$tested(a,"===") === \'x\''],
  ['-1 != a', '-1 != $tested(a,"!=")'],
  ['switch (a) { case 1: b(); }', 'switch ($tested(a,"switch")) { case 1: b(); }'],
  ["throw 'x'", "throw $thrown('x')"],
  ['f(`${a ? b : c}`)', 'f(`${$tested(a,"?:") ? b : c}`)'],
  ['const f = (x) => !x', 'const f = (x) => !$tested(x,"!")'],
])('%s', (source, expected) => {
  expect(watched(source)).toBe(expected);
});

test.each([
  'a ?? b',
  'a === undefined',
  'a === b',
  'a < b',
  'for (;;) a();',
  'a?.b',
  'switch (a) { case b: c(); }',
])('what cannot test an expression stays as it is: %s', (source) => {
  expect(watched(source)).toBe(source);
});

test('every line keeps its number, behind a hashbang too', () => {
  const source = '#!/usr/bin/env node\n// a\nconst x =\n  a &&\n  b;\n';
  const lines = watchTests(source, 'file:///m.js').split('\n');
  expect(lines[0]).toBe('#!/usr/bin/env node');
  expect(lines[1]).toMatch(/^import \{ .* \} from ".*models\/language\/index\.js";\/\/ a$/);
  expect(lines.slice(2)).toEqual(['const x =', '  $tested(a,"&&") &&', '  b;', '']);
});

test.each([
  ['const a = 1;\nconst a = 2;', 2, "Identifier 'a' has already been declared"],
  ['\n@dec class A {}', 2, "Unexpected '@': decorators are not supported"],
  ['a = = 2', 1, 'Unexpected token'],
])('a syntax error has its line: %j', (source, line, problem) => {
  let error: unknown;
  try {
    watchTests(source, 'file:///m.js');
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ name: 'SyntaxError', message: problem });
  expect((error as Error).stack).toMatch(new RegExp(`^file:///m.js:${line}\n`));
});

test('a module says so by what it imports or exports', () => {
  expect(['import "a"', 'export const a = 1', 'require("a")', 'return 1'].map(isModule)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
