// Building, folding and rewriting expressions.

import { describe, expect, test } from 'vitest';
import {
  allOf,
  and,
  anyOf,
  arithmetic,
  at,
  boundsOf,
  compute,
  constant,
  equal,
  ifElse,
  int,
  less,
  mayFault,
  not,
  or,
  parts,
  read,
  rewrite,
  sameType,
  substitute,
  truth,
  typeOf,
  valueText,
} from './expression.js';
import type { Expr } from './program.js';

const flag = read({ variables: [0] }, 'bool');
const other = read({ variables: [1] }, 'bool');
const number = read({ variables: [2] }, 'int');
const element = read({ variables: [3, 4], index: number }, 'bool');
const [yes, no] = [truth(true), truth(false)];

describe('constants are folded while an expression is built', () => {
  test('a constant left side of && and || decides or disappears', () => {
    expect(and(yes, flag)).toBe(flag);
    expect(and(no, flag)).toBe(no);
    expect(or(yes, flag)).toBe(yes);
    expect(or(no, flag)).toBe(flag);
  });

  test('a constant right side does so too, where the left side cannot fault', () => {
    expect(and(flag, yes)).toBe(flag);
    expect(and(flag, no)).toBe(no);
    expect(or(flag, yes)).toBe(yes);
    expect(or(flag, no)).toBe(flag);
  });

  test('a left side that may fault is kept, for C would evaluate it', () => {
    expect(and(element, no)).toEqual({ op: 'and', x: element, y: no });
    expect(or(element, yes)).toEqual({ op: 'or', x: element, y: yes });
  });

  test('not cancels not, and turns constants', () => {
    expect(not(yes)).toEqual(no);
    expect(not(not(flag))).toBe(flag);
  });

  test('a bool compared with a constant is the bool or its negation', () => {
    expect(equal(flag, yes)).toBe(flag);
    expect(equal(flag, no)).toEqual(not(flag));
  });

  test('comparisons and arithmetic of constants are constants', () => {
    expect(equal(int(3), int(3))).toEqual(yes);
    expect(less('lt', int(3), int(3))).toEqual(no);
    expect(less('le', int(3), int(3))).toEqual(yes);
    expect(arithmetic('sub', int(3), int(5))).toEqual(int(-2));
    expect(arithmetic('add', int(0), number)).toBe(number);
    expect(arithmetic('sub', number, int(0))).toBe(number);
    expect(ifElse(no, int(1), number)).toBe(number);
  });

  test('a division by the constant zero stays, to fault when it is evaluated', () => {
    expect(arithmetic('div', int(3), int(0))).toEqual({ op: 'div', x: int(3), y: int(0) });
  });

  test('`at` of no location is false', () => {
    expect(at(0, [])).toEqual(no);
    expect(at(0, [2])).toEqual({ op: 'at', thread: 0, locations: [2] });
  });

  test('the conjunction of no conditions is true, the disjunction false', () => {
    expect(allOf([])).toEqual(yes);
    expect(anyOf([])).toEqual(no);
  });
});

test.each([
  ['div', 7, 2, 3],
  ['div', -7, 2, -3],
  ['div', 7, -2, -3],
  ['div', -7, -2, 3],
  ['mod', 7, 2, 1],
  ['mod', -7, 2, -1],
  ['mod', 7, -2, 1],
  ['mod', -7, -2, -1],
  ['div', -1, 2, 0],
  ['mod', -2, 2, 0],
  ['mul', -1, 0, 0],
  ['div', 1, 0, undefined],
  ['mod', 1, 0, undefined],
] as const)('%s of %d and %d is %s, as in C', (op, x, y, result) => {
  expect(compute(op, x, y)).toBe(result);
});

test('an expression may fault where it divides by, or indexes with, something that varies', () => {
  expect(mayFault(and(flag, not(other)))).toBe(false);
  expect(mayFault(arithmetic('mod', number, int(2)))).toBe(false);
  expect(mayFault(arithmetic('mod', number, int(0)))).toBe(true);
  expect(mayFault(arithmetic('div', int(2), number))).toBe(true);
  expect(mayFault(not(element))).toBe(true);
});

test('the parts of an expression are its operands, an index included', () => {
  expect(parts(ifElse(flag, int(1), number))).toEqual([flag, int(1), number]);
  expect(parts(element)).toEqual([number]);
  expect(parts(at(0, [1]))).toEqual([]);
});

describe('rewriting', () => {
  const known = (x: Parameters<typeof not>[0]) => (x === flag ? yes : x);

  test('folds again what it changes', () => {
    expect(rewrite(or(flag, other), known)).toEqual(yes);
    expect(rewrite(and(flag, not(other)), known)).toEqual(not(other));
  });

  test('keeps what it does not change, and the name it has', () => {
    const named = { ...or(other, element), name: 'page_mapped(page)' };
    expect(rewrite(and(flag, named), known)).toBe(named);
  });

  test('takes the name from what it changes', () => {
    const named = { ...and(other, or(flag, element)), name: 'page_mapped(page)' };
    expect(rewrite(named, known)).toBe(other);
  });

  test('reaches into an index', () => {
    const chosen = rewrite(element, (x) => (x === number ? int(1) : x));
    expect(chosen).toEqual(read({ variables: [4] }, 'bool'));
    const missed = rewrite(element, (x) => (x === number ? int(2) : x));
    expect(missed).toEqual(read({ variables: [3, 4], index: int(2) }, 'bool'));
  });
});

test('the type of an expression is that of its value', () => {
  const words = ['none', 'huge'];
  expect(typeOf(ifElse(flag, constant(1, words), constant(0, words)))).toBe(words);
  expect(typeOf(arithmetic('add', number, int(1)))).toBe('int');
  expect(typeOf(less('lt', number, int(1)))).toBe('bool');
});

test('two enums have the same type if they have the same words in the same order', () => {
  expect(sameType(['a', 'b'], ['a', 'b'])).toBe(true);
  expect(sameType(['a', 'b'], ['b', 'a'])).toBe(false);
  expect(sameType(['a'], 'int')).toBe(false);
});

test('values are written as people write them', () => {
  expect([valueText(1, ['none', 'huge']), valueText(1, 'bool'), valueText(-1, 'int')]).toEqual([
    'huge',
    'true',
    '-1',
  ]);
});

test('the bounds of a domain are its smallest and its largest value', () => {
  expect(boundsOf({ kind: 'int', min: -1, max: 3 })).toEqual({ min: -1, max: 3 });
  expect(boundsOf({ kind: 'enum', values: ['a', 'b', 'c'] })).toEqual({ min: 0, max: 2 });
  expect(boundsOf({ kind: 'bool' })).toEqual({ min: 0, max: 1 });
});

test('what is put in the place of a part is not looked at again, though it reads the same', () => {
  const negated = (x: Expr) => (x === flag ? not(flag) : undefined);
  expect(substitute(not(flag), negated)).toBe(flag);
  expect(substitute(and(flag, other), negated)).toEqual(and(not(flag), other));
  expect(substitute(other, negated)).toBe(other);
});
