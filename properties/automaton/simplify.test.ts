// What simplifying takes away: states that accept nothing, sets that say nothing, states that are the same.

import { expect, test } from 'vitest';
import type { Automaton } from './automaton.js';
import { simplify } from './simplify.js';

/** One state that goes round on every letter, in these acceptance sets. */
const loop = (sets: bigint, setCount: number): Automaton => ({
  initial: [0],
  states: [[{ yes: 0n, no: 0n, to: 0, sets }]],
  setCount,
});

test('sets that every transition is in say nothing, and go', () => {
  expect(simplify(loop(0b11n, 2))).toEqual(loop(0n, 0));
});

test('of two sets that the same transitions are in, the last stays', () => {
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

test('what can never meet a set accepts nothing, and goes', () => {
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
