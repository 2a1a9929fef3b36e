// Packing states into words, for random Programs and for a few small ones.

import { expect, test } from 'vitest';
import { composed } from '../../ir/monitors.js';
import type { Program } from '../../ir/program.js';
import { random } from '../../testing/random.js';
import { randomProgram } from '../../testing/random_program.js';
import { counters } from '../../testing/small_programs.js';
import { decode, encode, type Field, layoutOf, maskOf } from './layout.js';

const laidOut = (program: Program) => layoutOf(composed(program));

const programs = Array.from({ length: 500 }, (_, seed) => randomProgram(seed).program);

test('what is encoded is decoded again, and fields do not overlap', () => {
  const dice = random(1);
  for (const program of programs) {
    const layout = laidOut(program);
    const any = ({ min, max }: Field) => min + dice.below(max - min + 1);
    const words = new Int32Array(layout.words + 2).fill(-1);
    for (let round = 0; round < 10; round++) {
      const state = { at: layout.threads.map(any), value: layout.variables.map(any) };
      encode(state, layout, words, 1);
      expect(decode(layout, words, 1)).toEqual(state);
    }
    expect([words[0], words.at(-1)]).toEqual([-1, -1]);
    const masks = new Array<number>(layout.words).fill(0);
    for (const field of [...layout.threads, ...layout.variables]) {
      if (field.bits === 0) continue;
      expect(field.shift + field.bits).toBeLessThanOrEqual(32);
      expect(masks[field.word]! & maskOf(field)).toBe(0);
      masks[field.word]! |= maskOf(field);
    }
  }
});

test('a variable that is never assigned takes no bits', () => {
  const program = counters(2, 7);
  const [first, second] = program.steps;
  const idle = { ...program, steps: [first!, { ...second!, assignments: [] }] };
  expect(laidOut(program).variables.map(({ bits }) => bits)).toEqual([3, 3]);
  expect(laidOut(idle).variables.map(({ bits }) => bits)).toEqual([3, 0]);
  expect(laidOut(idle).threads.map(({ bits }) => bits)).toEqual([0, 0]);
});

test('what the same step writes lies in one word', () => {
  const program = counters(4, 2 ** 15 - 1);
  const steps = program.steps.map((step, i) => {
    const partner = { target: { variables: [(i + 2) % 4] }, value: step.assignments[0]!.value };
    return { ...step, assignments: [...step.assignments, partner] };
  });
  const words = laidOut({ ...program, steps }).variables.map(({ word }) => word);
  expect(words).toEqual([0, 1, 0, 1]);
});

test('a value that does not fit its domain, or a domain beyond 32 bits, is refused by name', () => {
  const program = counters(1, 3);
  const [variable] = program.variables;
  const outside = { ...program, variables: [{ ...variable!, initial: [9] }] };
  expect(() => laidOut(outside)).toThrow('c0 starts as 9, outside its domain');
  const wide = { kind: 'int', min: 0, max: 2 ** 40 } as const;
  expect(() => laidOut({ ...program, variables: [{ ...variable!, domain: wide }] })).toThrow(
    'c0 needs more than 32 bits',
  );
});
