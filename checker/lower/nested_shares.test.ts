// Shares of locks that their holder takes again: a second down_read() is granted unless a writer waits. Both engines.

import { describe, expect, test } from 'vitest';
import { down_read, down_write, type Rwsem, rwsem, up_read, up_write } from '../../models/kernel/index.js';
import { actor, array, type Block, If, int, procedure, shared, source } from '../../models/language/index.js';
import { sameReport } from '../testing/agree.js';
import { programOf, textOf } from './testing/small.js';

const c = source('mm/memory.c');
const state = shared({ sem: rwsem(), sems: array(2, rwsem()), k: int(0, 1) });
const { sem, sems, k } = state;
const down_read_trylock = (one: Rwsem) =>
  c`down_read_trylock()`.test(one.writer.isFree(), { yes: [one.readers.take()] });
const warning = (of: string) => `WARNING: possible recursive locking detected (${of})`;

const actorsOf = (bodies: readonly (() => Block)[]) =>
  bodies.map((body, i) => actor('abc'[i]!, procedure('pqr'[i]!, body)));

/** The findings for actors `a`, `b`, … that run these blocks, with the steps of their traces. */
async function found(...bodies: readonly (() => Block)[]) {
  const program = programOf({ state, actors: actorsOf(bodies) });
  const report = await sameReport(program, [], { without: ['lock-order'] });
  return report!.properties.flatMap(({ check, finding }) =>
    finding === undefined
      ? []
      : [`${check.name}: ${finding.path.steps.map((id) => program.steps[id]!.label)}`],
  );
}

const reads =
  (depth: number, drops = depth) =>
  () =>
    Object.fromEntries([
      ...Array.from({ length: depth }, (_, i) => [`read${i}`, down_read(sem)]),
      ['inside', c`read`()],
      ...Array.from({ length: drops }, (_, i) => [`up${i}`, up_read(sem)]),
    ]);

describe('a lock that is held for reading and taken for reading again', () => {
  test('is granted, with one warning each time', async () => {
    expect(await found(reads(2))).toEqual([`${warning('sem')}: p.read0,p.read1`]);
    expect(await found(reads(3))).toEqual([`${warning('sem')}: p.read0,p.read1`]);
  });

  test('is held until it has been dropped as often', async () => {
    const held = 'WARNING: lock held when returning to user space! (sem)';
    const recursion = `${warning('sem')}: p.read0,p.read1`;
    expect(await found(reads(2, 1))).toEqual([recursion, `${held}: p.read0,p.read1,p.read1,p.inside,p.up0`]);
    expect(await found(reads(2, 3))).toEqual([
      recursion,
      'WARNING: bad unlock balance detected! (sem): p.read0,p.read1,p.read1,p.inside,p.up0,p.up1,p.up2',
    ]);
  });

  test('keeps its holder waiting where a writer waits, and the writer waits for the first share: a deadlock', async () => {
    const writes = () => ({ write: down_write(sem), up: up_write(sem) });
    expect(await found(reads(2), writes)).toEqual([
      `${warning('sem')}: p.read0,p.read1`,
      'no deadlock: p.read0,p.read1,q.write',
    ]);
  });

  test('counts up to eight: more is out of range', async () => {
    expect(await found(reads(8))).toHaveLength(1);
    expect(await found(reads(9))).toContainEqual(expect.stringContaining('no value out of range'));
  });

  test('is no mistake with trylock', async () => {
    const tries = () => ({
      read: down_read(sem),
      again: If(down_read_trylock(sem), { inner: up_read(sem) }),
      up: up_read(sem),
    });
    expect(await found(tries)).toEqual([]);
  });

  test('is found through an index', async () => {
    const both = () => ({
      one: down_read(sems.at(0)),
      other: down_read(sems.at(k)),
      up_other: up_read(sems.at(k)),
      up: up_read(sems.at(0)),
    });
    expect(await found(both)).toEqual([`${warning('sems')}: p.one,p.other`]);
    const apart = () => ({
      one: down_read(sems.at(0)),
      other: down_read(sems.at(1)),
      up_other: up_read(sems.at(1)),
      up: up_read(sems.at(0)),
    });
    expect(await found(apart)).toEqual([]);
  });
});

test('only an actor that takes a share again has a counter', () => {
  const once = reads(1);
  const text = textOf({ state: shared({ sem: rwsem() }), actors: actorsOf([reads(2), once]) });
  expect(text).toMatchInlineSnapshot(`
    "{ free, a, b } sem.writer = free;
    bool sem.readers[a] = false;
    bool sem.readers[b] = false;
    0 … 7 sem.nested[a] = 0;

    actor a
    {
    p.read0:
            /* include/linux/rwsem.h: down_read(sem) */
            when (sem.writer == free); sem.readers[a] = true, sem.nested[a] = sem.nested[a] + (sem.readers[a] ? 1 : 0);
    p.read1:
            /* include/linux/rwsem.h: down_read(sem) */
            warning "WARNING: possible recursive locking detected (sem)";
    p.read1[warned]:
            /* include/linux/rwsem.h: down_read(sem) */
            when (sem.writer == free); sem.readers[a] = true, sem.nested[a] = sem.nested[a] + (sem.readers[a] ? 1 : 0);
    p.inside:
            /* mm/memory.c: read */
            ;
    p.up0:
            /* include/linux/rwsem.h: up_read(sem) */
            sem.readers[a] = 0 < sem.nested[a], sem.nested[a] = 0 < sem.nested[a] ? sem.nested[a] - 1 : 0;
    p.up1:
            /* include/linux/rwsem.h: up_read(sem) */
            when (!sem.readers[a]); bug "WARNING: bad unlock balance detected! (sem)";
            /* include/linux/rwsem.h: up_read(sem) */
            when (sem.readers[a] && 0 < sem.nested[a] && sem.readers[a]); warning "WARNING: lock held when returning to user space! (sem)"; sem.readers[a] = 0 < sem.nested[a], sem.nested[a] = 0 < sem.nested[a] ? sem.nested[a] - 1 : 0; goto done;
            /* include/linux/rwsem.h: up_read(sem) */
            when (sem.readers[a] && !(0 < sem.nested[a] && sem.readers[a])); sem.readers[a] = 0 < sem.nested[a], sem.nested[a] = 0 < sem.nested[a] ? sem.nested[a] - 1 : 0; goto done;
    done:
            ;
    }

    actor b
    {
    q.read0:
            /* include/linux/rwsem.h: down_read(sem) */
            when (sem.writer == free && !sem.readers[b]); sem.readers[b] = true;
    q.inside:
            /* mm/memory.c: read */
            ;
    q.up0:
            /* include/linux/rwsem.h: up_read(sem) */
            sem.readers[b] = false; goto done;
    done:
            ;
    }
    "
  `);
});
