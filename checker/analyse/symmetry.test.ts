// Who is interchangeable in which model, what belongs to whom, and that one odd step is enough to tell actors apart.

import { describe, expect, test } from 'vitest';
import { models } from '../../models/index.js';
import { int, less, not, read } from '../ir/expression.js';
import type { Program } from '../ir/program.js';
import { lower } from '../lower/lower.js';
import { isAboutAnybody, symmetryOf } from './symmetry.js';

const programOf = (name: string, settings: { readonly [name: string]: unknown } = {}): Program =>
  lower(models.get(name)!.model, settings).program;

/** `3 worker; theirs: arrived; named by: door or -1` */
function told(program: Program): string {
  const { classes, families, namers, nobody } = symmetryOf(program);
  const names = [...namers.keys()].map((id) => program.variables[id]!.name);
  return [
    classes.map(({ name, threads }) => `${threads.length} ${name}`).join(', ') || 'nobody',
    ...(families.length === 0 ? [] : [`theirs: ${families.map(({ name }) => name).join(', ')}`]),
    ...(names.length === 0 ? [] : [`named by: ${names.join(', ')} or ${[...nobody.values()].join(', ')}`]),
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
    expect(told(programOf(name, settings))).toBe(expected);
  });

  test.each([
    ['bakery', 'whose tie is broken by numbers'],
    ['philosophers', 'who sit in a ring'],
    ['szymanski', 'who let the lower numbers go first'],
    ['token_ring', 'which may begin anywhere'],
    ['dekker', 'who are two different procedures'],
  ])('not those of %s, %s', (name) => {
    expect(told(programOf(name))).toBe('nobody');
  });

  test('not where each walks through a list in the same order: munmap in the rmap of two mms', () => {
    expect(told(programOf('thp_truncate', { NR_MMS: 2, NR_MUNMAP: 2 }))).toBe('nobody');
  });
});

describe('what one step of one actor does differently tells it apart', () => {
  const program = programOf('fischer', { NR_PROCESSES: 2 });
  const own = program.steps.filter(({ thread }) => thread === 0);

  test.each(own.map(({ label, id }) => [label, id] as const))('%s has another guard', (_, id) => {
    const steps = program.steps.map((step) => (step.id === id ? { ...step, guard: not(step.guard) } : step));
    expect(told({ ...program, steps })).toBe('nobody');
  });
  test.each(own.map(({ label, id }) => [label, id] as const))('%s leads elsewhere', (_, id) => {
    const steps = program.steps.map((step) => (step.id === id ? { ...step, to: 4 } : step));
    expect(told({ ...program, steps })).toBe('nobody');
  });
  test('a variable of one starts differently', () => {
    const variables = program.variables.map((one) =>
      one.name === 'timer[1]' ? { ...one, initial: [0] } : one,
    );
    expect(told({ ...program, variables })).toBe('nobody');
  });
});

test('a condition that orders the names of actors is about certain ones', () => {
  const program = programOf('fischer');
  const symmetry = symmetryOf(program);
  const door = read({ variables: [program.variables.find(({ name }) => name === 'door')!.id] }, 'int');
  expect(isAboutAnybody({ op: 'eq', x: door, y: int(1) }, symmetry, program)).toBe(true);
  expect(isAboutAnybody(less('lt', door, int(1)), symmetry, program)).toBe(false);
});
