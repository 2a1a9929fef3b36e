// Ranges of arithmetic: every value that an expression takes lies in its range, and the ends are what they must be.

import { expect, test } from 'vitest';
import { arithmetic, compute, int, read } from './expression.js';
import type { Expr, Variable } from './program.js';
import { isExact, rangeOf } from './range.js';

const domains = [
  [0, 3],
  [-2, 2],
  [-3, -1],
  [2 ** 30, 2 ** 30],
] as const;
const variables = domains.map(
  ([min, max], id): Variable => ({ id, name: `v${id}`, domain: { kind: 'int', min, max }, initial: [min] }),
);
const value = (id: number): Expr => read({ variables: [id] }, 'int');

test.each(['add', 'sub', 'mul', 'div', 'mod'] as const)('every result of %s lies in its range', (op) => {
  for (const [i, [minX, maxX]] of domains.entries()) {
    for (const [j, [minY, maxY]] of domains.entries()) {
      const { min, max } = rangeOf({ op, x: value(i), y: value(j) }, variables);
      for (let x = minX; x <= maxX; x++) {
        for (let y = minY; y <= maxY; y++) {
          const result = compute(op, x, y) ?? min;
          expect(result, `${x} ${op} ${y}`).toBeGreaterThanOrEqual(min);
          expect(result, `${x} ${op} ${y}`).toBeLessThanOrEqual(max);
        }
      }
    }
  }
});

test('a product of two large numbers may be beyond what is exact, and a constant one is not folded', () => {
  const square = arithmetic('mul', value(3), value(3));
  expect(rangeOf(square, variables)).toEqual({ min: 2 ** 60, max: 2 ** 60 });
  expect(isExact(rangeOf(square, variables))).toBe(false);
  expect(isExact(rangeOf(arithmetic('mul', value(3), int(2 ** 22)), variables))).toBe(true);
  expect(arithmetic('mul', int(2 ** 30), int(2 ** 30))).toEqual({
    op: 'mul',
    x: int(2 ** 30),
    y: int(2 ** 30),
  });
});
