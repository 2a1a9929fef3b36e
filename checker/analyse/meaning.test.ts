// Where expressions have values and steps have effects, as plain conditions.

import { describe, expect, test } from 'vitest';
import { specimen } from '../export/testing/specimen.js';
import { and, arithmetic, equal, ifElse, int, less, read } from '../ir/expression.js';
import type { Expr, Program } from '../ir/program.js';
import { exprText } from '../ir/text.js';
import { hasValue, meaningOf } from './meaning.js';

const program: Program = specimen;
const count = read({ variables: [2] }, 'int');
const i = read({ variables: [6] }, 'int');
const page = (index: Expr) => read({ variables: [2, 3], index }, 'int');
const text = (x: Expr) => exprText(x, program);

describe('where a step has a meaning', () => {
  test('what the bounds of the variables guarantee needs no condition', () => {
    expect(text(hasValue(page(int(1)), program))).toBe('true');
    expect(text(hasValue(arithmetic('add', count, i), program))).toBe('true');
    expect(text(hasValue(arithmetic('div', count, int(2)), program))).toBe('true');
  });

  test('an index needs its bounds, a division a divisor', () => {
    expect(text(hasValue(page(i), program))).toBe('i <= 1');
    expect(text(hasValue(page(count), program))).toBe('0 <= page[0].count');
    expect(text(hasValue(arithmetic('mod', i, count), program))).toBe('page[0].count != 0');
  });

  test('the right side of && must have a value only where the left is true', () => {
    const guarded = and(less('le', i, int(1)), equal(page(i), int(0)));
    expect(text(hasValue(guarded, program))).toBe('i > 1 || i <= 1');
  });

  test('a conditional must have a value only on the side that is taken', () => {
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
});
