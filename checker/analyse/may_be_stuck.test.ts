// Which actors may be stuck, by control flow and guards alone: shapes of Programs, without exploring them.

import { expect, test } from 'vitest';
import { equal, int, not, read, truth } from '../ir/expression.js';
import type { Expr, Location, Program, Thread } from '../ir/program.js';
import { counters } from '../testing/small_programs.js';
import { mayBeStuck } from './may_be_stuck.js';

const isZero = equal(read({ variables: [0] }, 'int'), int(0));
type Way = readonly [from: Location, to: Location, guard?: Expr];

/** Threads that start at 0 and are done at 9: the steps of each, and the location where it rests. */
function shape(
  ...threads: readonly { readonly ways: readonly Way[]; readonly rests?: readonly Location[] }[]
) {
  const base = counters(1, 1);
  const { locations, ...first } = base.threads[0]!;
  const steps = threads.flatMap(({ ways }, thread) => ways.map((way) => ({ thread, way })));
  return {
    ...base,
    threads: threads.map(({ rests }, id): Thread => {
      return { ...first, id, done: 9, locations: Array(10).fill(locations[0]), ...(rests && { rests }) };
    }),
    steps: steps.map(({ thread, way: [from, to, guard = truth(true)] }, id) => {
      return { ...base.steps[0]!, id, thread, from, to, guard };
    }),
  } satisfies Program;
}

/** Every location that is not listed has an unguarded step to the next one, so only the listed steps can wait. */
const waiter = (...ways: readonly Way[]) => ({ ways: [...ways, ...through(ways)] });
const through = (named: readonly Way[]): readonly Way[] =>
  [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((from) =>
    named.some(([other]) => other === from) ? [] : [[from, from + 1] as const],
  );
const endless = waiter([3, 2]);

test('an actor that waits may be stuck beside one that returns to a location', () => {
  const kept = waiter([4, 5, isZero]);
  expect(mayBeStuck(shape(kept, endless))).toBe(true);
  expect(mayBeStuck(shape(endless, kept))).toBe(true);
  expect(mayBeStuck(shape(kept, waiter()))).toBe(false);
  expect(mayBeStuck(shape(kept, waiter([4, 4])))).toBe(true);
});

test('an actor is not stuck beside itself: another one must go on', () => {
  expect(mayBeStuck(shape(waiter([4, 3, isZero])))).toBe(false);
  expect(mayBeStuck(shape(waiter([4, 3, isZero]), waiter()))).toBe(false);
  expect(mayBeStuck(shape(waiter([4, 3, isZero]), waiter([4, 3, isZero])))).toBe(true);
});

test('an actor that always has a step is not stuck, as at the two outcomes of a test', () => {
  expect(mayBeStuck(shape(waiter([4, 5, isZero], [4, 6, not(isZero)]), endless))).toBe(false);
  expect(mayBeStuck(shape(waiter([4, 5, isZero], [4, 6, isZero]), endless))).toBe(true);
});

test('an actor that rests or is done may wait there for ever, and a location without steps keeps no other actor', () => {
  const resting = { ...waiter([4, 5, isZero]), rests: [4] };
  expect(mayBeStuck(shape(resting, endless))).toBe(false);
  expect(mayBeStuck(shape({ ways: [[0, 1]] }, endless))).toBe(true);
});

test('paths that join again are no cycle', () => {
  const diamond = waiter([1, 2], [1, 3], [2, 4], [3, 4, isZero], [3, 4]);
  expect(mayBeStuck(shape(waiter([4, 5, isZero]), diamond))).toBe(false);
});
