// Where threads can sleep, and what wakes them.

import { expect, test } from 'vitest';
import { models } from '../../models/index.js';
import { lower } from '../index.js';
import { int, truth } from '../ir/expression.js';
import { composed } from '../ir/monitors.js';
import { sleepBits, sleepClasses, sleepStepsMax, wakes } from './sleep_sets.js';

/** Threads that take one step each, which stores a value in a variable of their own, from 0 to 3. */
const writers = (count: number, value: number) => {
  const ids = Array.from({ length: count }, (_, id) => id);
  return composed({
    ...{ name: 'writers', settings: {}, initially: truth(true) },
    variables: ids.map((id) => ({
      ...{ id, name: `x${id}`, domain: { kind: 'int', min: 0, max: 3 }, initial: [0] },
    })),
    threads: ids.map((id) => {
      const locations = ['write', 'done'].map((label) => ({ label, path: label }));
      return { id, name: `t${id}`, locations, start: 0, done: 1 };
    }),
    steps: ids.map((id) => ({
      ...{ id, thread: id, from: 0, to: 1, label: 'write', caption: '', source: {}, guard: truth(true) },
      assignments: [{ target: { variables: [id] }, value: int(value) }],
    })),
  });
};

const philosophers = (count: number) =>
  composed(lower(models.get('philosophers')!.model, { NR_PHILOSOPHERS: count }).program);

test('a philosopher sleeps at each of its locations until a neighbour takes or drops a fork between them', () => {
  const program = philosophers(5);
  const classes = sleepClasses(program)!;
  const own = classes.filter(({ thread }) => thread === 0);
  expect(own.flatMap(({ locations }) => locations)).toHaveLength(4);
  const wakers = new Set(
    own.flatMap((one) => program.steps.filter(({ id }) => wakes(one, id)).map(({ thread }) => thread)),
  );
  expect([...wakers].sort()).toEqual([1, 4]);
  expect(classes.every(({ successors }) => successors === 1)).toBe(true);
});

test('threads with more kinds of locations than there are bits share bits, and sleep less', () => {
  const program = composed(
    lower(models.get('thp_truncate')!.model, {
      ...{
        fix: 'unmap_mapping_page',
        NR_MMS: 3,
        NR_MUNMAP: 3,
        NR_INVALIDATE: 1,
        NR_FAULT: 1,
        NR_TRUNCATE: 2,
      },
    }).program,
  );
  const classes = sleepClasses(program)!;
  expect(classes).toHaveLength(sleepBits);
  const places = classes.flatMap(({ thread, locations }) => locations.map((at) => `${thread} ${at}`));
  expect(new Set(places).size).toBe(places.length);
});

test('no thread sleeps where all steps depend on each other, or where there are more threads than bits', () => {
  expect(sleepClasses(philosophers(5), { depend: () => true })).toBeUndefined();
  expect(sleepClasses(writers(sleepBits, 3))).toHaveLength(sleepBits);
  expect(sleepClasses(writers(sleepBits + 1, 3))).toBeUndefined();
});

test('no thread sleeps where there is one alone, or where there are too many steps to compare each with each', () => {
  const compared = () => {
    throw new Error('steps are compared');
  };
  for (const program of [writers(1, 3), writers(sleepStepsMax + 1, 3)]) {
    expect(sleepClasses(program, { depend: compared })).toBeUndefined();
  }
});

test('a thread does not sleep where a step may have no value, for that is counted in each state', () => {
  expect(sleepClasses(writers(2, 4))).toBeUndefined();
});
