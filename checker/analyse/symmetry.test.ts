// Which actors of which model are interchangeable, what belongs to them, and that one differing step is enough to
// distinguish actors.

import { describe, expect, test } from 'vitest';
import { models } from '../../models/index.js';
import { allOf, at, equal, ifElse, int, less, not, read, truth } from '../ir/expression.js';
import type { Cell, Expr, Program, Variable } from '../ir/program.js';
import { lower } from '../lower/lower.js';
import { distinguishes } from './asymmetry.js';
import { proposals } from './belongings.js';
import { symmetryOf } from './symmetry.js';

const programOf = (name: string, settings: { readonly [name: string]: unknown } = {}): Program =>
  lower(models.get(name)!.model, settings).program;

/** `3 worker; theirs: arrived; named by: door or -1` */
function symmetryText(program: Program): string {
  const { classes, families, namers, noThread } = symmetryOf(program);
  const names = [...namers.keys()].map((id) => program.variables[id]!.name);
  return [
    classes.map(({ name, threads }) => `${threads.length} ${name}`).join(', ') || 'nobody',
    ...(families.length === 0 ? [] : [`theirs: ${families.map(({ name }) => name).join(', ')}`]),
    ...(names.length === 0 ? [] : [`named by: ${names.join(', ')} or ${[...noThread.values()].join(', ')}`]),
  ].join('; ');
}

describe('interchangeable are', () => {
  test.each([
    ['barrier', {}, '3 worker; theirs: arrived'],
    ['increment', { NR_ACTORS: 4 }, '4 adder; theirs: adder:increment.mine'],
    ['test_and_set', { NR_LOCKERS: 5 }, '5 locker'],
    ['two_phase_commit', { NR_RMS: 6 }, '6 rm; theirs: resource, sent.prepared, heard'],
    [
      'readers_writers',
      { NR_READERS: 5, NR_WRITERS: 3 },
      '5 reader, 3 writer; theirs: sem.readers[reader], sem.readers[writer]',
    ],
    ['fischer', {}, '3 process; theirs: timer; named by: door or -1'],
    ['peterson', { NR_PROCESSES: 3 }, '3 process; theirs: level; named by: last[0], last[1] or -1'],
    [
      'mcs_lock',
      {},
      '2 process; theirs: node.next, node.locked, predecessor; named by: node[0].next, node[1].next, predecessor[0], predecessor[1], tail or -1',
    ],
    [
      'thp_truncate',
      { NR_TRUNCATE: 2 },
      '2 truncate; theirs: mm[0].mmap_lock.readers[truncate], inode.i_rwsem.readers[truncate], i_mmap.readers[truncate]',
    ],
  ])('in %s %j: %s', (name, settings, expected) => {
    expect(symmetryText(programOf(name, settings))).toBe(expected);
  });

  test.each([
    ['bakery', 'whose tie is broken by numbers'],
    ['philosophers', 'who sit in a ring'],
    ['szymanski', 'who let the lower numbers go first'],
    ['token_ring', 'which may begin anywhere'],
    ['dekker', 'who are two different procedures'],
  ])('not those of %s, %s', (name) => {
    expect(symmetryText(programOf(name))).toBe('nobody');
  });

  test('not where each walks through a list in the same order: munmap in the rmap of two mms', () => {
    expect(symmetryText(programOf('thp_truncate', { NR_MMS: 2, NR_MUNMAP: 2 }))).toBe('nobody');
  });
});

test.each([
  ['barrier', {}, 1],
  ['mcs_lock', {}, 1],
  // Only the manager mentions `heard`, of all of them alike.
  ['two_phase_commit', { NR_RMS: 6 }, 2],
  // A variable that one of them mentions more often than another is explained by no exchange.
  ['thp_truncate', { NR_MMS: 2, NR_MUNMAP: 2 }, 0],
  ['bakery', {}, 0],
])('what steps mention decides what belongs to whom: %s %j leaves %i to try', (name, settings, count) => {
  const program = programOf(name, settings);
  const [of] = program.actors!.filter(({ threads }) => threads.length > 1);
  const none = { classes: [], families: [], namers: new Map(), noThread: new Map() };
  expect(proposals(of!, none, program)).toHaveLength(count);
});

describe('numbers that a place holds', () => {
  const all = [0, 1];
  const place = (id: number): Variable => ({
    ...{
      id,
      name: `last[${id}]`,
      place: ['last', id],
      domain: { kind: 'int', min: -1, max: 1 },
      initial: [-1],
    },
  });
  const which: Variable = {
    id: 2,
    name: 'n',
    place: ['n'],
    domain: { kind: 'int', min: 0, max: 1 },
    initial: [0],
  };
  const n = read({ variables: [2] }, 'int');
  const locations = [
    { label: 'p.set', path: 'p.set' },
    { label: 'done', path: 'done' },
  ];
  const stored = (target: Cell): Program => ({
    ...{ name: 'last', settings: {}, initially: truth(true), variables: [...all.map(place), which] },
    threads: all.map((id) => ({ id, name: `p[${id}]`, locations, start: 0, done: 1 })),
    actors: [{ name: 'p', threads: all }],
    steps: all.map((id) => ({
      ...{ id, thread: id, from: 0, to: 1, label: 'p.set', caption: '', source: {} },
      ...{ guard: truth(true), assignments: [{ target, value: int(id) }] },
    })),
  });

  test('name those who store them, each its own', () => {
    expect(symmetryText(stored({ variables: [0] }))).toBe('2 p; named by: last[0], last[1] or -1');
  });
  test('are not names where an index that names no actor selects them', () => {
    expect(symmetryText(stored({ variables: all, index: n }))).toBe('nobody');
  });
  test('are names in either branch of a conditional value, which leaves one proposal', () => {
    const program = stored({ variables: [0] });
    const steps = program.steps.map((step) => {
      const [{ target }] = step.assignments as [(typeof step.assignments)[number]];
      const value = ifElse(equal(n, int(0)), int(-1), int(step.thread));
      return { ...step, assignments: [{ target, value }] };
    });
    const none = { classes: [], families: [], namers: new Map(), noThread: new Map() };
    expect(proposals(program.actors![0]!, none, { ...program, steps })).toHaveLength(1);
  });
  test('are those of threads that also own variables which no step mentions', () => {
    const program = stored({ variables: [0] });
    const spare = all.map((id) => ({ ...place(id), id: 3 + id, name: `spare[${id}]`, place: ['spare', id] }));
    expect(symmetryText({ ...program, variables: [...program.variables, ...spare] })).toBe(
      '2 p; theirs: spare; named by: last[0], last[1] or -1',
    );
  });
});

describe('one step of one actor that differs distinguishes it', () => {
  const program = programOf('fischer', { NR_PROCESSES: 2 });
  const own = program.steps.filter(({ thread }) => thread === 0);

  test.each(own.map(({ label, id }) => [label, id] as const))('%s has another guard', (_, id) => {
    const steps = program.steps.map((step) => (step.id === id ? { ...step, guard: not(step.guard) } : step));
    expect(symmetryText({ ...program, steps })).toBe('nobody');
  });
  test.each(own.map(({ label, id }) => [label, id] as const))('%s leads elsewhere', (_, id) => {
    const steps = program.steps.map((step) => (step.id === id ? { ...step, to: 4 } : step));
    expect(symmetryText({ ...program, steps })).toBe('nobody');
  });
  test('the model is bounded by what one of them does', () => {
    const [first, second] = [0, 1].map((id) => not(at(id, [1])));
    const both = program.steps.map((step) => ({ ...step, guard: allOf([first!, second!, step.guard]) }));
    const bounded = (within: Expr) => symmetryText({ ...program, steps: both, within });
    expect(bounded(allOf([first!, second!]))).toBe(symmetryText(program));
    expect(bounded(first!)).toBe('nobody');
  });
  test('a variable of one starts differently', () => {
    const variables = program.variables.map((one) =>
      one.name === 'timer[1]' ? { ...one, initial: [0] } : one,
    );
    expect(symmetryText({ ...program, variables })).toBe('nobody');
  });
});

test('a condition that orders the names of actors is about certain ones', () => {
  const program = programOf('fischer');
  const symmetry = symmetryOf(program);
  const door = read({ variables: [program.variables.find(({ name }) => name === 'door')!.id] }, 'int');
  expect(distinguishes({ op: 'eq', x: door, y: int(1) }, symmetry, program)).toBe(false);
  expect(distinguishes(less('lt', door, int(1)), symmetry, program)).toBe(true);
});
