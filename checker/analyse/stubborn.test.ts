// Which other threads a thread needs in a stubborn set: pinned for small Programs. That a search with such sets judges
// as the full one is tested in checker/compiled/stubborn_search.test.ts.

import { describe, expect, test } from 'vitest';
import { arithmetic, equal, int, less, read, truth } from '../ir/expression.js';
import type { ComposedProgram } from '../ir/monitors.js';
import type { Assignment, Domain, Expr, LockChange, Step, Variable } from '../ir/program.js';
import { stubbornTable } from './stubborn.js';

type Doing = Partial<Pick<Step, 'guard' | 'assignments' | 'locks'>>;

const digit: Domain = { kind: 'int', min: 0, max: 3 };
const value = (id: number): Expr => read({ variables: [id] }, 'int');
const set = (id: number, to: number | Expr): Assignment => {
  return { target: { variables: [id] }, value: typeof to === 'number' ? int(to) : to };
};
const plus = (id: number, n: number): Assignment => set(id, arithmetic('add', value(id), int(n)));
const wait = (id: number, is: number): Doing => ({ guard: equal(value(id), int(is)) });
const write = (id: number, to: number): Doing => ({ assignments: [set(id, to)] });
const change = (way: LockChange['way'], id: number): readonly LockChange[] => [
  { way, mode: 'exclusive', lock: { variables: [id] } },
];
const lock = (id: number, thread: number): Doing => {
  return { ...wait(id, 0), assignments: [set(id, thread + 1)], locks: change('take', id) };
};
const unlock = (id: number, thread: number): Doing => {
  return { ...wait(id, thread + 1), assignments: [set(id, 0)], locks: change('drop', id) };
};

/** Threads that take one step after the other; variables 0 and 1 are numbers, 2 and 3 are locks. */
function programOf(...threads: readonly (readonly Doing[])[]): ComposedProgram {
  const owner: Domain = { kind: 'owner', values: ['free', ...threads.map((_, id) => `t${id}`)] };
  const variables = ['x', 'y', 'm', 'n'].map((name, id): Variable => {
    if (id < 2) return { id, name, domain: digit, initial: [0] };
    const lock = { kind: 'mutex', name, class: name, mode: 'exclusive' } as const;
    return { id, name, domain: owner, initial: [0], lock };
  });
  const steps = threads.flatMap((own, thread) =>
    own.map((doing, from) => {
      const plain = { label: `l${from}`, caption: '', source: {}, guard: truth(true), assignments: [] };
      return { ...plain, thread, from, to: from + 1, ...doing };
    }),
  );
  return {
    ...{ name: 'small', settings: {}, initially: truth(true), variables },
    threads: threads.map(({ length }, id) => {
      const locations = Array.from({ length: length + 1 }, (_, i) => ({ label: `l${i}`, path: `l${i}` }));
      return { id, name: `t${id}`, locations, start: 0, done: length };
    }),
    steps: steps.map((step, id) => ({ ...step, id })),
  };
}

/** The locations of thread 1 from which thread 0 needs it, where thread 0 stands at a location. */
function needed(
  program: ComposedProgram,
  hasStep: boolean,
  conditions: readonly Expr[] = [],
  at = 0,
): readonly number[] {
  const { rows, waiting, moving, columnOf } = stubbornTable(program, { conditions, asksForSteps: true });
  const row = rows[(hasStep ? moving : waiting)[0]![at]!]!;
  return columnOf[1]!.flatMap((column, location) => (row[column] === 1 ? [location] : []));
}

describe('a thread with a step needs another one', () => {
  test('from where that can come to a step that writes what it reads, and not behind it', () => {
    const program = programOf([wait(0, 0)], [write(1, 1), write(0, 1), write(1, 2)]);
    expect(needed(program, true)).toEqual([0, 1]);
  });
  test('not if both only add', () => {
    expect(needed(programOf([{ assignments: [plus(0, 1)] }], [{ assignments: [plus(0, 1)] }]), true)).toEqual(
      [],
    );
  });
  test('not where a lock that it holds keeps that thread from getting there', () => {
    const program = programOf(
      [lock(2, 0), write(0, 1), unlock(2, 0)],
      [write(1, 1), lock(2, 1), write(0, 2), unlock(2, 1)],
    );
    expect(needed(program, true, [], 1)).toEqual([]);
    expect(needed(program, true, [], 0)).toEqual([0, 1, 2, 3]);
  });
  test('where both change what one condition reads', () => {
    const program = programOf([write(0, 1)], [write(1, 1)]);
    const one = (id: number) => equal(value(id), int(1));
    expect(needed(program, true, [one(0), one(1)])).toEqual([]);
    expect(needed(program, true, [less('lt', value(0), value(1))])).toEqual([0]);
  });
});

describe('a thread that waits needs another one', () => {
  test('only if that can come to a step that may end the wait', () => {
    expect(needed(programOf([wait(0, 2)], [write(0, 1), write(0, 3)]), false)).toEqual([]);
    expect(needed(programOf([wait(0, 2)], [write(0, 1), write(0, 2)]), false)).toEqual([0, 1]);
  });
  test('from where that may hold the lock, not where it would have to take it first', () => {
    const program = programOf([lock(2, 0)], [write(1, 1), lock(2, 1), write(0, 2), unlock(2, 1)]);
    expect(needed(program, false)).toEqual([2, 3]);
  });
});

test('a step back in a loop is sticky, and so is a step that kills its thread beside threads that may wait for locks', () => {
  const sticky = (program: ComposedProgram, asksForSteps = true) => {
    const { rows, moving } = stubbornTable(program, { conditions: [], asksForSteps });
    return moving[0]!.flatMap((row, location) => (rows[row]![0] === 1 ? [location] : []));
  };
  const line = programOf([write(0, 1), write(0, 2)], [write(1, 1)]);
  const steps = line.steps.map((step) => (step.id === 1 ? { ...step, to: 0 } : step));
  expect(sticky(line)).toEqual([]);
  expect(sticky({ ...line, steps })).toEqual([1]);
  expect(sticky({ ...line, steps }, false)).toEqual([]);
  const locks = programOf([write(0, 1)], [lock(2, 1), unlock(2, 1)]);
  const threads = locks.threads.map((thread) => (thread.id === 0 ? { ...thread, dead: 1 } : thread));
  expect(sticky(locks)).toEqual([]);
  expect(sticky({ ...locks, threads })).toEqual([0]);
});

test('loose are the locations where some other thread with a step may be left out', () => {
  const loose = (program: ComposedProgram) =>
    stubbornTable(program, { conditions: [], asksForSteps: true }).loose.map((own) => [...own]);
  expect(loose(programOf([write(0, 1)], [write(0, 2)]))).toEqual([[], []]);
  expect(loose(programOf([write(0, 1), write(1, 1)], [write(1, 2)]))).toEqual([[0], []]);
});
