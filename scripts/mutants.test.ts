// The mutants of a text, each as the text that it becomes.

import { describe, expect, test } from 'vitest';
// @ts-expect-error: plain JavaScript
import { mutantsOf } from './mutants.js';

const mutated = (text: string): readonly string[] =>
  mutantsOf(text).map(
    ({ start, end, after }: { start: number; end: number; after: string }) =>
      text.slice(0, start) + after + text.slice(end),
  );

describe('mutants', () => {
  test.each([
    ['an operator', 'x < y;', ['x <= y;']],
    ['logic', 'x && !y;', ['x || !y;', 'x && y;']],
    ['a number', 'x = 7;', ['x = 8;']],
    ['a truth', 'x = false;', ['x = true;']],
    ['a condition', 'if (x) y++;', ['if (!(x)) y++;', 'if (x) y--;']],
    ['a choice', 'x = y ? a : b;', ['x = !(y) ? a : b;']],
    ['a method', 'x = all.some(f);', ['x = all.every(f);']],
    ['a call', 'f(x);', [';']],
    ['a sum that is assigned', 'x += y;', ['x -= y;']],
  ])('of %s', (_, text, expected) => expect(mutated(text)).toEqual(expected));

  test('leave types and texts alone', () => {
    expect(mutated("const x: 1 | true = y as 1; const z = 'a' + `b`;")).toEqual([]);
  });
});
