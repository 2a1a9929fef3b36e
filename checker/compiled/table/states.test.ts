// The log of states in segments of four: which segments are released, reused, and counted.

import { expect, test } from 'vitest';
import { States } from './states.js';

/** Appends states of one word, the numbers from `from` up to `to`, each its own parent. */
function append(states: States, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    states.reserve(i + 1);
    states.append(Int32Array.of(i, i), 0);
  }
}

const bytesPerSegment = 4 * 4 * 2;

test('a released segment is reused once, so the log does not grow', () => {
  const states = new States(1, 2);
  append(states, 0, 12);
  expect(states.bytes).toBe(3 * bytesPerSegment);

  states.forget(7);
  states.forget(7);
  append(states, 12, 16);
  expect(states.bytes).toBe(3 * bytesPerSegment);
  expect([5, 6, 7, 12, 15].map((number) => states.parent(number))).toEqual([5, 6, 7, 12, 15]);

  append(states, 16, 20);
  expect(states.bytes).toBe(4 * bytesPerSegment);
});

test('of many released segments two are kept for reuse, and the others are no longer counted', () => {
  const states = new States(1, 2);
  append(states, 0, 24);
  states.forget(20);
  expect(states.bytes).toBe(3 * bytesPerSegment);
  append(states, 24, 32);
  expect(states.bytes).toBe(3 * bytesPerSegment);
  append(states, 32, 36);
  expect(states.bytes).toBe(4 * bytesPerSegment);
});

test('a later call with an earlier state releases nothing again', () => {
  const states = new States(1, 2);
  append(states, 0, 16);
  states.forget(12);
  states.forget(4);
  states.forget(13);
  expect(states.bytes).toBe(3 * bytesPerSegment);
});
