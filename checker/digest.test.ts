// A digest distinguishes Programs by their meaning, not by names, captions and other texts for people.

import { expect, test } from 'vitest';
import { model as increment_model } from '../models/examples/increment.js';
import { digestOf } from './digest.js';
import { at } from './ir/expression.js';
import type { Program } from './ir/program.js';
import { lower } from './lower/lower.js';
import { specify } from './property/specify.js';
import { counters } from './testing/small_programs.js';

const increment = (NR_ACTORS = 2) => lower(increment_model, { NR_ACTORS }, {}).program;

test('the digest of a Program is the same each time it is lowered', async () => {
  expect(await digestOf(increment())).toMatch(/^[0-9a-f]{16}$/);
  expect(await digestOf(increment())).toBe(await digestOf(increment()));
});

test('settings, domains, labels and guards change it', async () => {
  const { steps, ...program } = increment();
  const [first, ...rest] = steps;
  const changed = [
    increment(3),
    { ...program, steps: [{ ...first!, label: 'increment.other' }, ...rest] },
    { ...program, steps: [{ ...first!, guard: { op: 'const', value: 0, type: 'bool' } as const }, ...rest] },
    { ...program, steps, variables: program.variables.map((v) => ({ ...v, initial: [1] })) },
  ];
  const digests = await Promise.all([increment(), ...changed].map(digestOf));
  expect(new Set(digests).size).toBe(digests.length);
});

test('a Program with monitors has the digest of its saved traces', async () => {
  const claim = { op: 'once', x: { op: 'state', x: at(0, [0]) } } as const;
  const stated = {
    name: 'it',
    expectation: 'always',
    claim,
    fairness: [],
    about: undefined,
    source: {},
  } as const;
  const { program } = specify(counters(2, 1), [stated]);
  expect(program.monitors).toHaveLength(1);
  expect(await digestOf(program)).toBe('3a37b75c3c95cfe9');
  expect(await digestOf(counters(2, 1))).toBe('c132cd9ad635a533');
});

test('captions, sources and names of expressions do not', async () => {
  const { steps, ...program } = increment();
  const renamed = steps.map((step) => ({
    ...step,
    caption: 'other words',
    source: {},
    guard: { ...step.guard, name: 'a guard' },
  }));
  expect(await digestOf({ ...program, steps: renamed })).toBe(await digestOf(increment()));
});

test('fields that repeat names do not, but settings do, whatever their names are', async () => {
  const program = increment();
  const variables = program.variables.map(({ place, ...rest }) => rest);
  const { actors, ...rest }: Program = { ...program, variables };
  expect(actors).toHaveLength(1);
  expect(await digestOf(rest)).toBe(await digestOf(program));
  const set = (value: number) => digestOf({ ...program, settings: { lock: value, actors: 1 } });
  expect(await set(1)).not.toBe(await set(2));
});
