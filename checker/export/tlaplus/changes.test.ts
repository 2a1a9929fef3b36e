// Which steps always change the state.

import { describe, expect, test } from 'vitest';
import { arithmetic, int, not, read, truth } from '../../ir/expression.js';
import type { Expr, Step } from '../../ir/program.js';
import { changesState } from './changes.js';

const n = read({ variables: [0] }, 'int');
const b = read({ variables: [1] }, 'bool');
const element = read({ variables: [1, 2], index: n }, 'bool');
const step = (to: number, variable: number, value: Expr): Step => ({
  ...{ id: 0, thread: 0, from: 1, to, label: 'p.s', caption: '', source: {}, guard: truth(true) },
  assignments: [{ target: { variables: [variable] }, value }],
});

describe('a step changes the state whenever it is taken', () => {
  test.each([
    ['if it leads to another location', step(2, 0, n)],
    ['if it adds a number that is not 0', step(1, 0, arithmetic('add', n, int(1)))],
    ['if it subtracts a number that is not 0', step(1, 0, arithmetic('sub', n, int(2)))],
    ['if it negates a bool', step(1, 1, not(b))],
  ])('%s', (_, one) => expect(changesState(one)).toBe(true));

  test.each([
    ['if it stores a constant: the variable may have that value', step(1, 0, int(0))],
    ['if it stores what it reads', step(1, 0, n)],
    ['if it subtracts the variable from a number', step(1, 0, arithmetic('sub', int(2), n))],
    ['if it negates an element that an index selects', step(1, 1, not(element))],
    ['if it assigns nothing', { ...step(1, 0, n), assignments: [] }],
  ])('which is not certain %s', (_, one) => expect(changesState(one)).toBe(false));
});
