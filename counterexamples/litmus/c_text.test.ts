// Conditions in the C that herd reads, which has no `!`, `&&`, `||` and `%`.

import { expect, test } from 'vitest';
import type { Expr } from '../../checker/index.js';
import { expressionText } from './c_text.js';
import { isWritable } from './expressions.js';

const r = (id: number): Expr => ({ op: 'read', cell: { variables: [id] }, type: 'int' });
const n = (value: number): Expr => ({ op: 'const', value, type: 'int' });
const not = (x: Expr): Expr => ({ op: 'not', x });
const of = (op: 'and' | 'or' | 'eq' | 'lt' | 'le' | 'add' | 'sub' | 'mul' | 'mod', x: Expr, y: Expr): Expr =>
  ({ op, x, y }) as Expr;

test.each([
  [not(r(0)), 'r0 == 0'],
  [not(not(r(0))), 'r0 != 0'],
  [not(of('eq', r(0), n(1))), 'r0 != 1'],
  [not(of('lt', r(0), n(1))), '1 <= r0'],
  [of('and', r(0), of('eq', r(1), n(2))), '(r0 != 0) & (r1 == 2)'],
  [of('or', of('and', r(0), r(1)), not(r(2))), '((r0 != 0) & (r1 != 0)) | (r2 == 0)'],
  [not(of('and', r(0), r(1))), '((r0 != 0) & (r1 != 0)) == 0'],
  [of('eq', of('lt', r(0), r(1)), n(1)), '(r0 < r1) == 1'],
  [of('sub', r(0), of('sub', r(1), n(1))), 'r0 - (r1 - 1)'],
  [of('mul', of('add', r(0), n(1)), n(2)), '(r0 + 1) * 2'],
])('%j is %s', (x, text) => {
  expect(isWritable(x)).toBe(true);
  expect(expressionText(x, { registerOf: (id) => id })).toBe(text);
});

test('a remainder is not written', () => {
  expect(isWritable(of('mod', r(0), n(2)))).toBe(false);
});
