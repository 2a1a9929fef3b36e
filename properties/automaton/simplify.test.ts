// Simplification removes states that accept nothing, redundant acceptance sets, and duplicates of states.

import { expect, test } from 'vitest';
import type { Automaton } from './automaton.js';
import { simplify } from './simplify.js';

/** One state with a loop on every letter, in these acceptance sets. */
const loop = (sets: bigint, setCount: number): Automaton => ({
  initial: [0],
  states: [[{ yes: 0n, no: 0n, to: 0, sets }]],
  setCount,
});

test('sets that contain every transition are redundant, and removed', () => {
  expect(simplify(loop(0b11n, 2))).toEqual(loop(0n, 0));
});

test('of two sets with the same transitions the last one is kept', () => {
  const two: Automaton = {
    initial: [0],
    states: [
      [
        { yes: 1n, no: 0n, to: 0, sets: 0b11n },
        { yes: 0n, no: 1n, to: 0, sets: 0n },
      ],
    ],
    setCount: 2,
  };
  const [out] = simplify(two).states;
  expect(simplify(two).setCount).toBe(1);
  expect(out!.map(({ sets }) => sets)).toEqual([1n, 0n]);
});

test('a state from which no run visits some set infinitely often is removed', () => {
  expect(simplify(loop(0b01n, 2)).states).toEqual([]);
});

test('states with the same transitions become one', () => {
  const twins: Automaton = {
    initial: [0, 1],
    states: [
      [{ yes: 1n, no: 0n, to: 2, sets: 0n }],
      [{ yes: 1n, no: 0n, to: 2, sets: 0n }],
      [{ yes: 0n, no: 0n, to: 2, sets: 0n }],
    ],
    setCount: 0,
  };
  expect(simplify(twins).states).toHaveLength(2);
});
