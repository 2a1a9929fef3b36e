// The ranges of expressions, compared with all values that they have on every pair of small numbers.

import { describe, expect, test } from 'vitest';
import { arithmetic, compute, ifElse, int, isTrue, less, read } from '../ir/expression.js';
import type { Program } from '../ir/program.js';
import { randomProgram } from '../testing/random_program.js';
import { hasValue } from './meaning.js';
import { boundsIn, canFault, isExact, type Range, rangeOf } from './ranges.js';

const [x, y] = [0, 1].map((id) => read({ variables: [id] }, 'int')) as [Expression, Expression];
type Expression = ReturnType<typeof read>;

const numbers = [-4, -3, -2, -1, 0, 1, 2, 3, 4];
const boxes = numbers.flatMap((min) =>
  numbers.flatMap((max): readonly Range[] => (min <= max ? [{ min, max }] : [])),
);
const within = ({ min, max }: Range) => numbers.filter((n) => min <= n && n <= max);

/** The least and the greatest value of the operation that some pair has; 0 if none has one. */
function reached(op: 'add' | 'sub' | 'mul' | 'div' | 'mod', a: Range, b: Range): Range {
  const values = within(a).flatMap((m) => within(b).flatMap((n) => compute(op, m, n) ?? []));
  return values.length === 0
    ? { min: 0, max: 0 }
    : { min: Math.min(...values) + 0, max: Math.max(...values) + 0 };
}

describe('the range of an operation', () => {
  test.each(['add', 'sub', 'mul', 'div'] as const)('%s is from the least to the greatest value', (op) => {
    for (const a of boxes) {
      for (const b of boxes) {
        const range = rangeOf(arithmetic(op, x, y), (id) => [a, b][id]!);
        expect([a, b, range]).toEqual([a, b, reached(op, a, b)]);
      }
    }
  });

  test('mod is never too narrow, and never wider than the dividend and the divisor allow', () => {
    for (const a of boxes) {
      for (const b of boxes) {
        const range = rangeOf(arithmetic('mod', x, y), (id) => [a, b][id]!);
        const { min, max } = reached('mod', a, b);
        expect([a, b, range.min <= min, range.max >= max]).toEqual([a, b, true, true]);
        const most = Math.max(Math.abs(b.min), Math.abs(b.max), 1) - 1;
        expect([a, b, range.min >= Math.min(a.min, 0), range.max <= most]).toEqual([a, b, true, true]);
      }
    }
  });

  test('of a quotient is exact for positive divisors and for dividends from 0 up', () => {
    const quotient = (...bounds: readonly Range[]) => rangeOf(arithmetic('div', x, y), (id) => bounds[id]!);
    expect(quotient({ min: 0, max: 6 }, { min: 0, max: 3 })).toEqual({ min: 0, max: 6 });
    expect(quotient({ min: -1, max: 6 }, { min: 2, max: 3 })).toEqual({ min: 0, max: 3 });
  });

  test('a choice has the values of both sides, and an indexed cell those of all its variables', () => {
    const bounds = (id: number) => (id === 0 ? { min: 1, max: 2 } : { min: -5, max: 0 });
    expect(rangeOf(ifElse(less('lt', x, int(2)), x, int(7)), bounds)).toEqual({ min: 1, max: 7 });
    expect(rangeOf(read({ variables: [0, 1], index: x }, 'int'), bounds)).toEqual({ min: -5, max: 2 });
  });

  test('a product of two large numbers may be beyond what is exact, and a constant one is not folded', () => {
    const bounds = () => ({ min: 2 ** 30, max: 2 ** 30 });
    expect(rangeOf(arithmetic('mul', x, y), bounds)).toEqual({ min: 2 ** 60, max: 2 ** 60 });
    expect(isExact(rangeOf(arithmetic('mul', x, y), bounds))).toBe(false);
    expect(isExact(rangeOf(arithmetic('mul', x, int(2 ** 22)), bounds))).toBe(true);
    const large = int(2 ** 30);
    expect(arithmetic('mul', large, large)).toEqual({ op: 'mul', x: large, y: large });
  });
});

test('what cannot fault has a value everywhere, and the other way round, in random Programs', () => {
  const seen = { faults: 0, none: 0 };
  for (let seed = 0; seed < 200; seed++) {
    const { program }: { readonly program: Program } = randomProgram(seed);
    for (const { guard, assignments } of program.steps) {
      for (const one of [guard, ...assignments.map(({ value }) => value)]) {
        const faults = canFault(one, boundsIn(program.variables));
        expect([seed, faults]).toEqual([seed, !isTrue(hasValue(one, program))]);
        seen[faults ? 'faults' : 'none']++;
      }
    }
  }
  expect(Math.min(seen.faults, seen.none)).toBeGreaterThan(200);
});
