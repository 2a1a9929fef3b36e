// The text of expressions and cells: each test has the expected text as its name.

import { expect, test } from 'vitest';
import { and, arithmetic, at, equal, ifElse, int, less, not, or, read } from './expression.js';
import type { Domain, Expr, Variable } from './program.js';
import { cellName, domainText, exprText } from './text.js';

const variable = (id: number, name: string, domain: Domain): Variable => ({ id, name, domain, initial: [0] });
const names = {
  variables: [
    variable(0, 'a', { kind: 'bool' }),
    variable(1, 'b', { kind: 'bool' }),
    variable(2, 'c', { kind: 'bool' }),
    variable(3, 'n', { kind: 'int', min: 0, max: 9 }),
    variable(4, 'm', { kind: 'int', min: 0, max: 9 }),
    variable(5, 'page[0]._mapcount', { kind: 'int', min: -1, max: 1 }),
    variable(6, 'page[1]._mapcount', { kind: 'int', min: -1, max: 1 }),
  ],
  threads: [
    {
      id: 0,
      name: 'truncate',
      locations: [
        { label: 'p.test', path: 'p.test' },
        { label: 'p.dec', path: 'p.dec[0]' },
        { label: 'p.dec', path: 'p.dec[1]' },
        { label: 'done', path: 'done' },
      ],
      start: 0,
      done: 3,
    },
  ],
};
const bool = (id: number) => read({ variables: [id] }, 'bool');
const number = (id: number) => read({ variables: [id] }, 'int');
const [a, b, c, n, m] = [bool(0), bool(1), bool(2), number(3), number(4)];
const text = (x: Expr) => exprText(x, names);

test.each<[string, Expr]>([
  ['a && b && c', and(and(a, b), c)],
  ['a && b && c', and(a, and(b, c))],
  ['a || b || c', or(a, or(b, c))],
  ['(a && b) || c', or(and(a, b), c)],
  ['a || (b && c)', or(a, and(b, c))],
  ['(a || b) && c', and(or(a, b), c)],
  ['!(a && b)', not(and(a, b))],
  ['!a', not(a)],
  ['n != 1', not(equal(n, int(1)))],
  ['n >= m', not(less('lt', n, m))],
  ['n > m', not(less('le', n, m))],
  ['n == m && a', and(equal(n, m), a)],
  ['a == (n < m)', equal(a, less('lt', n, m))],
  ['(a == b) == c', equal(equal(a, b), c)],
  ['(a != b) == c', equal(not(equal(a, b)), c)],
  ['n - (m - 1)', arithmetic('sub', n, arithmetic('sub', m, int(1)))],
  ['n - m - 1', arithmetic('sub', arithmetic('sub', n, m), int(1))],
  ['(n + 1) * m', arithmetic('mul', arithmetic('add', n, int(1)), m)],
  ['n % 2 == -1', equal(arithmetic('mod', n, int(2)), int(-1))],
  ['(a ? 1 : 0) + (b ? 1 : 0)', arithmetic('add', ifElse(a, int(1), int(0)), ifElse(b, int(1), int(0)))],
  ['a ? 1 : b ? 2 : 3', ifElse(a, int(1), ifElse(b, int(2), int(3)))],
  ['page[n]._mapcount >= 0', not(less('lt', read({ variables: [5, 6], index: n }, 'int'), int(0)))],
  ['truncate at p.test', at(0, [0])],
  ['truncate at p.dec', at(0, [1, 2])],
  ['!(truncate at p.test) && a', and(not(at(0, [0])), a)],
  ['truncate is done', at(0, [3])],
  ['!(truncate is done)', not(at(0, [3]))],
])('%s', (expected, x) => {
  expect(text(x)).toBe(expected);
});

test('an expression with a name is printed as its name', () => {
  expect(text(not({ ...or(a, b), name: 'page_mapped(page)' }))).toBe('!page_mapped(page)');
  expect(text(not({ ...equal(n, int(1)), name: 'is_one' }))).toBe('!is_one');
});

test('an index stands where the names of the cell differ', () => {
  expect(cellName(['a[0][0]', 'a[0][1]', 'a[0][2]'], 'i')).toBe('a[0][i]');
  expect(cellName(['mm[0].pmd', 'mm[1].pmd'], 'i + 1')).toBe('mm[i + 1].pmd');
  expect(cellName(['counter'], undefined)).toBe('counter');
});

test('domains are written as ranges and sets', () => {
  expect(domainText({ kind: 'int', min: -1, max: 1 })).toBe('-1 … 1');
  expect(domainText({ kind: 'owner', values: ['free', 'a'] })).toBe('{ free, a }');
  expect(domainText({ kind: 'bool' })).toBe('bool');
});
