// Locks in a Program: which variables are one lock, and which locks a step takes and drops.

import { describe, expect, test } from 'vitest';
import {
  down_read,
  down_write,
  downgrade_write,
  rwsem,
  spin_lock,
  spinlock,
} from '../../models/kernel/index.js';
import {
  actor,
  array,
  bool,
  expects,
  expectsSoftly,
  int,
  not,
  procedure,
  record,
  shared,
  source,
} from '../../models/language/index.js';
import { programOf } from './testing/small.js';

const c = source('mm/mmap.c');

describe('the Program has', () => {
  const known = shared({
    mm: array(2, record({ mmap_lock: rwsem() })),
    ptl: spinlock(),
    locks: array(2, spinlock()),
    k: int(0, 1),
    busy: bool(),
  });
  const both = procedure('both', () => ({
    read: down_read(known.mm.at(1).mmap_lock),
    lock: spin_lock(known.ptl),
    swap: c`swap`(known.ptl.drop(), known.mm.at(1).mmap_lock.readers.drop()),
    write: down_write(known.mm.at(1).mmap_lock),
    down: downgrade_write(known.mm.at(1).mmap_lock),
    warn: c`warn`(expectsSoftly(known.busy, 'not busy'), known.ptl.take()),
    die: c`die`(expects(not(known.busy), 'busy'), known.ptl.drop()),
  }));
  const { variables, steps } = programOf(
    { state: known, actors: [actor('a', both), actor('b', both)] },
    {},
    { without: ['lock-held'] },
  );

  test('the parts of a rwsem as one lock with one name, and locks of one array as one class', () => {
    expect(
      variables.filter(({ lock }) => lock && lock.class !== 'locks').map(({ name, lock }) => [name, lock]),
    ).toEqual([
      ...[0, 1].flatMap((i) => {
        const mmap_lock = { kind: 'rwsem', name: `mm[${i}].mmap_lock`, class: 'mm.mmap_lock' };
        return [
          [`mm[${i}].mmap_lock.writer`, { ...mmap_lock, mode: 'exclusive' }],
          [`mm[${i}].mmap_lock.readers[a]`, { ...mmap_lock, mode: 'shared' }],
          [`mm[${i}].mmap_lock.readers[b]`, { ...mmap_lock, mode: 'shared' }],
        ];
      }),
      ['ptl', { kind: 'spinlock', name: 'ptl', class: 'ptl', mode: 'exclusive', spins: true }],
    ]);
  });

  test('the locks that a step takes and drops, and none for a step that ends in a bug', () => {
    const changes = steps
      .filter(({ thread }) => thread === 1)
      .map(({ label, reports, locks = [] }) => [
        `${label}${reports ? ` (${reports.kind})` : ''}`,
        locks
          .map(({ way, mode, lock }) => `${way} ${mode} ${variables[lock.variables[0]!]!.name}`)
          .join(', '),
      ]);
    expect(Object.fromEntries(changes)).toEqual({
      'both.read': 'take shared mm[1].mmap_lock.readers[b]',
      'both.lock': 'take exclusive ptl',
      'both.swap': 'drop exclusive ptl, drop shared mm[1].mmap_lock.readers[b]',
      'both.write': 'take exclusive mm[1].mmap_lock.writer',
      'both.down': 'drop exclusive mm[1].mmap_lock.writer, take shared mm[1].mmap_lock.readers[b]',
      'both.warn (warning)': 'take exclusive ptl',
      'both.warn': 'take exclusive ptl',
      'both.die (bug)': '',
      'both.die': 'drop exclusive ptl',
    });
  });

  test('a lock that an index selects as all locks that it may be', () => {
    const p = procedure('p', () => ({ lock: spin_lock(known.locks.at(known.k)) }));
    const { steps: chosen, variables: named } = programOf({ state: known, actors: [actor('a', p)] });
    expect(chosen[0]!.locks![0]!.lock.variables.map((id) => named[id]!.lock)).toEqual([
      { kind: 'spinlock', name: 'locks[0]', class: 'locks', mode: 'exclusive', spins: true },
      { kind: 'spinlock', name: 'locks[1]', class: 'locks', mode: 'exclusive', spins: true },
    ]);
  });
});
