// Where expressions have values and steps have effects, as plain conditions.

import { describe, expect, test } from 'vitest';
import { specimen } from '../export/testing/specimen.js';
import { and, arithmetic, equal, ifElse, int, less, read } from './expression.js';
import { hasValue, meaningOf, rangeOf } from './meaning.js';
import type { Expr, Program } from './program.js';
import { exprText } from './text.js';

const program: Program = specimen;
const count = read({ variables: [2] }, 'int');
const i = read({ variables: [6] }, 'int');
const page = (index: Expr) => read({ variables: [2, 3], index }, 'int');
const text = (x: Expr) => exprText(x, program);

describe('where a step has a meaning', () => {
  test('what the bounds grant needs no condition', () => {
    expect(text(hasValue(page(int(1)), program))).toBe('true');
    expect(text(hasValue(arithmetic('add', count, i), program))).toBe('true');
    expect(text(hasValue(arithmetic('div', count, int(2)), program))).toBe('true');
  });

  test('an index needs its bounds, a division a divisor', () => {
    expect(text(hasValue(page(i), program))).toBe('i <= 1');
    expect(text(hasValue(page(count), program))).toBe('0 <= page[0].count');
    expect(text(hasValue(arithmetic('mod', i, count), program))).toBe('page[0].count != 0');
  });

  test('the right side of && needs a value only where the left is true', () => {
    const guarded = and(less('le', i, int(1)), equal(page(i), int(0)));
    expect(text(hasValue(guarded, program))).toBe('i > 1 || i <= 1');
  });

  test('a choice needs a value only on the side that is taken', () => {
    const chosen = ifElse(less('lt', i, int(2)), page(i), int(0));
    expect(text(hasValue(chosen, program))).toBe('i < 2 ? i <= 1 : true');
  });

  test('an assignment needs a value of its domain', () => {
    const [, , clear, , drop] = program.steps;
    expect(text(meaningOf(clear!, program).isTaken)).toBe('slot != none && i + 1 <= 2');
    expect(text(meaningOf(clear!, program).isFault)).toBe('slot != none && i + 1 > 2');
    expect(text(meaningOf(drop!, program).isFault)).toMatchInlineSnapshot(
      `"i > 1 || (0 <= page[i].count && !(i <= 1 && -1 <= (page[i].count - 3) / 2))"`,
    );
  });

  test('ranges are never too narrow: every operation, checked on every pair of small numbers', () => {
    const domain = { kind: 'int', min: -3, max: 2 } as const;
    const variables = [0, 1].map((id) => ({ id, name: `v${id}`, domain, initial: [0] }));
    const small: Program = { ...program, variables };
    const [x, y] = [0, 1].map((id) => read({ variables: [id] }, 'int'));
    const reached = (op: 'add' | 'sub' | 'mul' | 'div' | 'mod') => {
      const { min, max } = rangeOf(arithmetic(op, x!, y!), small);
      const values = [-3, -2, -1, 0, 1, 2].flatMap((a) =>
        [-3, -2, -1, 0, 1, 2].flatMap((b) => {
          const value = arithmetic(op, int(a), int(b));
          return value.op === 'const' ? [value.value] : [];
        }),
      );
      return [min <= Math.min(...values), max >= Math.max(...values)];
    };
    for (const op of ['add', 'sub', 'mul', 'div', 'mod'] as const) expect(reached(op)).toEqual([true, true]);
  });
});
