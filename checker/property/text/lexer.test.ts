// The place of a mistake in a formula is shown below its text; of a long formula, only the part around the place.

import { expect, test } from 'vitest';
import { FormulaError, tokensOf } from './lexer.js';

const shown = (text: string): readonly string[] => {
  try {
    tokensOf(text);
  } catch (error) {
    if (error instanceof FormulaError) return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
};

test('a text of 400 characters is shown whole, of a longer one the part around the place', () => {
  const wrongAt = (position: number, length: number) =>
    `${'a'.repeat(position)}?${'b'.repeat(length - position - 1)}`;
  const whole = wrongAt(200, 400);
  expect(shown(whole)).toEqual([`  ${whole}`, `  ${' '.repeat(200)}^`]);
  expect(shown(wrongAt(200, 401))).toEqual([
    `  … ${'a'.repeat(40)}?${'b'.repeat(39)} …`,
    `  ${' '.repeat(42)}^`,
  ]);
  expect(shown(wrongAt(0, 401))).toEqual([`  ?${'b'.repeat(39)} …`, '  ^']);
  expect(shown(wrongAt(400, 401))).toEqual([`  … ${'a'.repeat(40)}?`, `  ${' '.repeat(42)}^`]);
});
