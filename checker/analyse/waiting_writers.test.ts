// Waiting writers keep out new readers where that may make a deadlock; elsewhere the Program has no record of them.
// Both engines.

import { describe, expect, test } from 'vitest';
import {
  down_read,
  down_write,
  downgrade_write,
  mutex,
  mutex_lock,
  mutex_unlock,
  rwsem,
  up_read,
  up_write,
} from '../../models/kernel/index.js';
import {
  actor,
  actors,
  array,
  type Block,
  bool,
  Either,
  int,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { explore } from '../explore.js';
import { programOf, textOf } from '../lower/testing/small.js';

const c = source('kernel/locking/rwsem.c');
const state = shared({ sem: rwsem(), m: mutex(), woken: bool(), sems: array(2, rwsem()), k: int(0, 1) });
const { sem, m, woken, sems, k } = state;

const programFor = (bodies: readonly (() => Block)[]) =>
  programOf({ state, actors: bodies.map((body, i) => actor('xyzw'[i]!, procedure('pqrs'[i]!, body))) });
const remembered = (bodies: readonly (() => Block)[]) =>
  programFor(bodies).variables.flatMap(({ name }) => (name.includes('.waiting[') ? [name] : []));
/** The length of a shortest trace to a deadlock; undefined if there is none. */
async function deadlock(bodies: readonly (() => Block)[]) {
  const lengths = await Promise.all(
    (['reference', 'compiled'] as const).map(async (engine) => {
      const { properties, evidence } = await explore(programFor(bodies), [], { engine });
      const found = properties.find(({ check }) => check.kind === 'deadlock')?.finding?.path.steps.length;
      return { found, states: evidence.states, transitions: evidence.transitions };
    }),
  );
  expect(lengths[1]).toEqual(lengths[0]);
  return lengths[0]!.found;
}

const waits = () => ({ read: down_read(sem), wait: c`wait`(when(woken)), up: up_read(sem) });
const wakes = () => ({ read: down_read(sem), wake: c`wake`(woken.set(true)), up: up_read(sem) });
const writes = () => ({ write: down_write(sem), up: up_write(sem) });

describe('a reader that waits for another reader', () => {
  test('deadlocks with a writer between them, and not without', async () => {
    expect(await deadlock([waits, wakes, writes])).toBe(2);
    expect(await deadlock([waits, wakes])).toBeUndefined();
    expect(remembered([waits, wakes, writes])).toEqual(['sem.waiting[z]']);
  });

  test('through a lock deadlocks likewise, in a circle of the lock order', async () => {
    const reads = () => ({ r: down_read(sem), l: mutex_lock(m), u: mutex_unlock(m), d: up_read(sem) });
    const locks = () => ({ l: mutex_lock(m), r: down_read(sem), d: up_read(sem), u: mutex_unlock(m) });
    expect(await deadlock([reads, locks, writes])).toBe(3);
    expect(await deadlock([reads, locks])).toBeUndefined();
    expect(await deadlock([reads, reads, writes])).toBeUndefined();
    expect(remembered([reads, reads, writes])).toEqual([]);
  });

  test('through a lock whose holder waits for a reader deadlocks, without any circle', async () => {
    const reads = () => ({ r: down_read(sem), l: mutex_lock(m), u: mutex_unlock(m), d: up_read(sem) });
    const holds = () => ({ l: mutex_lock(m), wait: c`wait`(when(woken)), u: mutex_unlock(m) });
    expect(await deadlock([reads, holds, writes, wakes])).toBe(3);
  });
});

describe('a writer that waits', () => {
  test('queues where it is kept waiting, and takes the lock at once where it is not', () => {
    const p = procedure('p', () => ({
      write: down_write(sem),
      up_write: up_write(sem),
      read: down_read(sem),
      wait: c`wait`(when(woken)),
      up_read: up_read(sem),
    }));
    const text = textOf({ state: shared({ sem: rwsem(), woken: bool() }), actors: [actors('a', 2, p)] });
    expect(text.slice(text.indexOf('p.write:'), text.indexOf('p.wait:'))).toMatchInlineSnapshot(`
      "p.write:
              /* include/linux/rwsem.h: down_write(sem) */
              when (!sem.readers[a[0]] && !sem.readers[a[1]] && sem.writer == free); sem.writer = a[0]; goto p.up_write;
              /* include/linux/rwsem.h: down_write(sem): queues */
              when (!(!sem.readers[a[0]] && !sem.readers[a[1]] && sem.writer == free)); sem.waiting[a[0]] = true;
      p.write[queued]:
              /* include/linux/rwsem.h: down_write(sem) */
              when (!sem.readers[a[0]] && !sem.readers[a[1]] && sem.writer == free); sem.writer = a[0], sem.waiting[a[0]] = false;
      p.up_write:
              /* include/linux/rwsem.h: up_write(sem) */
              sem.writer = free;
      p.read:
              /* include/linux/rwsem.h: down_read(sem) */
              when (sem.writer == free && !sem.readers[a[0]] && ((!sem.readers[a[0]] && !sem.readers[a[1]]) || !sem.waiting[a[1]])); sem.readers[a[0]] = true;
      "
    `);
  });

  test('is at its label', () => {
    const { threads } = programFor([waits, wakes, writes]);
    expect(threads[2]!.locations.map(({ label, path }) => [label, path])).toEqual([
      ['r.write', 'r.write'],
      ['r.write', 'r.write[queued]'],
      ['r.up', 'r.up'],
      ['done', 'done'],
    ]);
  });

  test('does not keep out a reader that finds the lock free, nor one that goes on as a reader', async () => {
    const down = () => ({
      write: down_write(sem),
      down: downgrade_write(sem),
      wait: c`wait`(when(woken)),
      up: up_read(sem),
    });
    expect(await deadlock([down, wakes])).toBeUndefined();
    expect(await deadlock([writes, wakes, writes])).toBeUndefined();
  });

  test('is no trylock, which does not queue', async () => {
    const tries = () => ({
      try: Either({
        got: {
          take: c`down_write_trylock(): true`(when(sem.readers.isFree()), sem.writer.take()),
          up: up_write(sem),
        },
        failed: { no: c`down_write_trylock(): false`() },
      }),
    });
    expect(await deadlock([waits, wakes, tries])).toBeUndefined();
  });

  test('waits for the lock that an index chooses, and keeps readers out of that one alone', async () => {
    const one = () => ({ read: down_read(sems.at(1)), wait: c`wait`(when(woken)), up: up_read(sems.at(1)) });
    const other = () => ({
      read: down_read(sems.at(1)),
      wake: c`wake`(woken.set(true)),
      up: up_read(sems.at(1)),
    });
    const chosen = (first: number) => () => ({
      choose: c`choose`(k.set(first)),
      write: down_write(sems.at(k)),
      up: up_write(sems.at(k)),
    });
    expect(await deadlock([one, other, chosen(1)])).toBe(3);
    expect(await deadlock([one, other, chosen(0)])).toBeUndefined();
  });
});
