// The mutants of a text, each as the text that it becomes.

import { readFileSync } from 'node:fs';
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

test('each mutant that is listed as equivalent is one of a line that is there', () => {
  const listed = JSON.parse(readFileSync('scripts/equivalent_mutants.json', 'utf8')) as readonly {
    readonly [field in 'path' | 'line' | 'before' | 'after']: string;
  }[];
  const isThere = ({ path, line, before, after }: (typeof listed)[number]) => {
    const text = readFileSync(path, 'utf8');
    const lines = text.split('\n');
    return mutantsOf(text).some(
      (mutant: { before: string; after: string; start: number }) =>
        mutant.before === before &&
        mutant.after === after &&
        lines[text.slice(0, mutant.start).split('\n').length - 1]!.trim() === line,
    );
  };
  expect(listed.length).toBeGreaterThan(0);
  expect(listed.filter((mutant) => !isThere(mutant))).toEqual([]);
});
