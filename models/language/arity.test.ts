// A word that takes no argument refuses one, which JavaScript would drop: bool(true) would start false.

import { expect, test } from 'vitest';
import * as kernel from '../kernel/index.js';
import { Domain } from './domain.js';
import * as language from './index.js';

type Library = { readonly [word: string]: unknown };
const library: Library = { ...language, ...kernel };
const called = (word: string, ...args: readonly unknown[]): unknown =>
  (library[word] as (...args: readonly unknown[]) => unknown)(...args);

function errorOf(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}

test.each([
  ['bool', true, 'bool() takes no argument: write bool().starts(true) for another first value'],
  ['someone', 'nobody', 'someone() takes no argument'],
  ['work_struct', {}, 'work_struct() takes no argument'],
])('%s(%s) is refused', (word, given, message) => {
  const refused = errorOf(() => called(word, given));
  expect(refused).toBeInstanceOf(language.ModelError);
  expect((refused as Error).message).toBe(message);
});

test('every word that makes a domain of no argument refuses one', () => {
  const makers = Object.keys(library).filter((word) => {
    try {
      return called(word) instanceof Domain;
    } catch {
      return false;
    }
  });
  expect(makers).toEqual(expect.arrayContaining(['bool', 'someone', 'mutex', 'seqcount', 'hrtimer']));
  for (const word of makers) expect(() => called(word, true)).toThrow(language.ModelError);
});
