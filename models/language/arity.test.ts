// A word refuses more arguments than it takes, which JavaScript would drop: bool(true) would start false. That each one
// does is in required.test.ts.

import { describe, expect, test } from 'vitest';
import * as kernel from '../kernel/index.js';
import { parametersOf } from './arity.js';
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

const state = language.shared({
  n: language.int(0, 3),
  b: language.bool(),
  lock: kernel.spinlock(),
  io: kernel.mutex(),
  marks: language.array(2, language.bool()),
});

test.each([
  ['spin_trylock', [state.lock, 1], 'spin_trylock() takes one argument, not more'],
  ['mutex_lock_nested', [state.io, 1, 2], 'mutex_lock_nested() takes 2 arguments, not more'],
  ['mutex_lock', [state.io, 1], 'mutex_lock() takes one argument, not more'],
  [
    'spin_lock_irqsave',
    [state.lock, state.marks.at(0), 1],
    'spin_lock_irqsave() takes 2 arguments, not more',
  ],
  ['not', [state.marks.at(0), state.marks.at(1)], 'not() takes one argument, not more'],
  ['smp_mb', [1], 'smp_mb() takes no argument'],
])('%s(…) with an argument more says how many there are', (word, given, message) => {
  expect((errorOf(() => called(word, ...given)) as Error).message).toBe(message);
});

test('an inline of a model refuses more arguments than its body has', () => {
  const taken = language.inline('taken', (lock: kernel.Spinlock) => ({ lock: kernel.spin_lock(lock) }));
  const some = language.inline(
    'some',
    { n: language.int(0, 1) },
    (_, ...locks: readonly kernel.Spinlock[]) => ({
      lock: kernel.spin_lock(locks[1]!),
    }),
  );
  const any = (f: unknown) => f as (...args: readonly unknown[]) => unknown;
  expect((errorOf(() => any(taken)(state.lock, 1)) as Error).message).toBe(
    'taken() takes one argument, not more',
  );
  expect(errorOf(() => any(some)(state.lock, state.lock))).toBeUndefined();
});

test('a word may be given to map, which passes the index and the list as well', () => {
  const marks = [state.marks.at(0), state.marks.at(1)];
  expect(
    errorOf(() => language.allOf(...marks.map(language.not as (x: language.Bool) => language.Bool))),
  ).toBeUndefined();
  expect(errorOf(() => [state.lock].map(kernel.spin_is_locked))).toBeUndefined();
  expect(errorOf(() => called('spin_is_locked', state.lock, 1, [state.lock]))).toBeInstanceOf(
    language.ModelError,
  );
});

test.each([
  [0, () => 1],
  [1, (a: number) => a],
  [2, (a = ')', b = [',', '('].length) => [a, b]],
  [2, ({ a = ',' }, [b]: readonly string[]) => [a, b]],
  // Biome keeps comments in place.
  [2, (a: number /* , no */, b: () => void) => [a, b]],
  [Number.POSITIVE_INFINITY, (a: number, ...b: readonly number[]) => [a, b]],
  [
    3,
    function named(a: number, b: number, c = `${1},`) {
      return [a, b, c];
    },
  ],
])('%s parameters are found in the text of a function', (most, f) => {
  expect(parametersOf(String(f))).toBe(most);
});

test('an arrow without parentheses has one parameter', () => {
  expect(parametersOf('x => [x, 1]')).toBe(1);
});

// biome-ignore lint/suspicious/noExplicitAny: what no compiler has looked at
const untyped = (x: unknown): any => x;

describe('an argument more than a method takes is refused', () => {
  test.each([
    [
      () => untyped(state.b).and(state.b, state.b),
      '.and() takes one argument, not more: write .and(x).and(y), or allOf(x, y, z)',
    ],
    [
      () => untyped(state.n.eq(1)).or(state.b, state.b),
      '.or() takes one argument, not more: write .or(x).or(y), or anyOf(x, y, z)',
    ],
    [() => untyped(state.n).eq(1, 2), '.eq() takes one argument, not more'],
    [() => untyped(state.n).set(1, 2), '.set() takes one argument, not more'],
    [
      () => untyped(state.marks).at(0, 1),
      '.at() takes one argument, not more: an array inside an array is .at(i).at(j)',
    ],
  ])('%#', (call, message) => {
    expect((errorOf(call) as Error).message).toBe(message);
  });

  test('but not by what takes any number', () => {
    expect(
      errorOf(() => language.shared({ w: language.oneOf('a', 'b', 'c') }).w.isIn('a', 'b')),
    ).toBeUndefined();
  });
});
