// The built-in checks of locks, each with its counterpart: the mistake, and a program without it. Both engines.

import { describe, expect, test } from 'vitest';
import {
  down_read,
  down_write,
  downgrade_write,
  mutex,
  mutex_lock,
  mutex_unlock,
  rwsem,
  spin_lock,
  spin_unlock,
  spinlock,
  up_read,
  up_write,
} from '../../models/kernel/index.js';
import {
  actor,
  array,
  type Block,
  bool,
  Either,
  Goto,
  If,
  int,
  owner,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { explore } from '../explore.js';
import type { CheckName } from '../ir/built_in_checks.js';
import { programOf } from './testing/small.js';

const c = source('mm/filemap.c');
const state = shared({
  ptl: spinlock(),
  m: mutex(),
  sem: rwsem(),
  locks: array(2, spinlock()),
  read_lock: owner('rwlock', { spins: true }),
  k: int(0, 1),
  go: bool(),
});
const { ptl, m, sem, locks, k, go } = state;

/** What actors `a`, `b`, … that run these blocks report, with the lengths of the traces: the same for both engines. */
async function reported(bodies: readonly (() => Block)[], without: readonly CheckName[] = []) {
  const actors = bodies.map((body, i) => actor('abc'[i]!, procedure('pqr'[i]!, body)));
  const program = programOf({ state, actors }, {}, { without });
  const [reference, compiled] = await Promise.all(
    (['reference', 'compiled'] as const).map(async (engine) => {
      const { properties, evidence } = await explore(program, [], { engine, without: ['lock-order'] });
      const found = properties.flatMap(({ check, finding }) =>
        finding === undefined ? [] : [`${check.name} in ${finding.path.steps.length}`],
      );
      return { found, states: evidence.states };
    }),
  );
  expect(compiled).toEqual(reference);
  return reference!;
}
const found = async (bodies: readonly (() => Block)[], without: readonly CheckName[] = []) =>
  (await reported(bodies, without)).found;

describe('a lock that is held when its actor is done', () => {
  const keeps = () => ({ lock: spin_lock(ptl) });
  test('is a warning', async () => {
    expect(await found([keeps])).toEqual(['WARNING: lock held when returning to user space! (ptl) in 1']);
    expect(await found([keeps], ['lock-held'])).toEqual([]);
  });
  test('is none where every path drops it', async () => {
    const drops = () => ({
      lock: spin_lock(ptl),
      test: If(go, { one: spin_unlock(ptl) }).Else({ two: spin_unlock(ptl) }),
    });
    expect(await found([drops])).toEqual([]);
  });
  test('is found on the one path that keeps it, and through an index', async () => {
    const sometimes = () => ({ lock: down_read(sem), test: If(go, { unlock: up_read(sem) }) });
    expect(await found([sometimes])).toEqual(['WARNING: lock held when returning to user space! (sem) in 2']);
    const moves = () => ({
      lock: spin_lock(locks.at(k)),
      move: c`move`(k.set(1)),
      other: spin_lock(locks.at(k)),
      unlock: spin_unlock(locks.at(k)),
    });
    expect(await found([moves])).toEqual(['WARNING: lock held when returning to user space! (locks) in 4']);
  });
  test('costs no state', async () => {
    const [on, off] = [await reported([keeps, keeps]), await reported([keeps, keeps], ['lock-held'])];
    expect(on.states).toBe(off.states);
  });
});

describe('taking a lock that the actor holds', () => {
  test('is a bug where its waiters spin, even though the step would wait', async () => {
    const twice = () => ({ one: spin_lock(ptl), two: spin_lock(ptl) });
    expect(await found([twice])).toEqual(['BUG: spinlock recursion (ptl) in 2']);
    expect(await found([twice], ['lock-recursion'])).toEqual(['no deadlock in 1']);
    const once = () => ({
      one: spin_lock(ptl),
      drop: spin_unlock(ptl),
      two: spin_lock(ptl),
      last: spin_unlock(ptl),
    });
    expect(await found([once])).toEqual([]);
  });
  test('is a warning where its waiters sleep, and then it waits for ever', async () => {
    const twice = () => ({
      one: mutex_lock(m),
      two: mutex_lock(m),
      drop: mutex_unlock(m),
      again: mutex_unlock(m),
    });
    expect(await found([twice])).toEqual([
      'WARNING: possible recursive locking detected (m) in 2',
      'no deadlock in 2',
    ]);
  });
  test('is found through an index', async () => {
    const twice = () => ({ one: spin_lock(locks.at(0)), two: spin_lock(locks.at(k)) });
    expect(await found([twice])).toEqual(['BUG: spinlock recursion (locks) in 2']);
  });
  test('is found between reading and writing a rwsem, except for a downgrade', async () => {
    for (const [first, second] of [
      [down_read, down_write],
      [down_write, down_read],
      [down_read, down_read],
    ] as const) {
      const both = () => ({ one: first(sem), two: second(sem) });
      expect(await found([both])).toContain('WARNING: possible recursive locking detected (sem) in 2');
    }
    const down = () => ({ write: down_write(sem), downgrade: downgrade_write(sem), read: up_read(sem) });
    expect(await found([down])).toEqual([]);
  });
  test('is no mistake with trylock, which fails', async () => {
    const tries = () => ({
      lock: spin_lock(ptl),
      try: Either({
        got: { take: c`spin_trylock(): true`(ptl.take()), drop: spin_unlock(ptl) },
        failed: { no: c`spin_trylock(): false`() },
      }),
      unlock: If(ptl.isMine(), { drop_it: spin_unlock(ptl) }),
    });
    expect(await found([tries])).toEqual([]);
  });
});

describe('dropping a lock that the actor does not hold', () => {
  const free = () => ({ unlock: spin_unlock(ptl) });
  test('is a bug, when it is reached', async () => {
    expect(await found([free])).toEqual(['WARNING: bad unlock balance detected! (ptl) in 1']);
    const twice = () => ({ lock: mutex_lock(m), unlock: mutex_unlock(m), again: mutex_unlock(m) });
    expect(await found([twice])).toEqual(['WARNING: bad unlock balance detected! (m) in 3']);
    const wrong = () => ({ read: down_read(sem), up: up_write(sem) });
    expect(await found([wrong])).toEqual(['WARNING: bad unlock balance detected! (sem) in 2']);
  });
  test('is none where it is never reached', async () => {
    const guarded = () => ({ test: If(go, { unlock: spin_unlock(ptl) }) });
    expect(await found([guarded])).toEqual([]);
    const behind = () => ({ wait: c`wait`(when(go)), unlock: spin_unlock(ptl) });
    expect(await found([behind])).toEqual(['no deadlock in 0']);
  });
  test('does nothing to the holder if the check is off', async () => {
    const holder = () => ({ lock: spin_lock(ptl), unlock: spin_unlock(ptl) });
    expect(await found([holder, free], ['lock-balance'])).toEqual([]);
    const checked = await found([holder, free]);
    expect(checked).toEqual(['WARNING: bad unlock balance detected! (ptl) in 1']);
  });
});

describe('might_sleep()', () => {
  const message = 'BUG: sleeping function called from invalid context';
  test('warns before it waits, and the actor goes on', async () => {
    // q holds m and waits for the spinlock that p holds: p never gets m.
    const p = () => ({
      wait: c`wait`(when(go)),
      spin: spin_lock(ptl),
      lock: mutex_lock(m),
      unlock: mutex_unlock(m),
      drop: spin_unlock(ptl),
    });
    const q = () => ({
      lock: mutex_lock(m),
      go: c`go`(go.set(true)),
      spin: spin_lock(ptl),
      drop: spin_unlock(ptl),
      unlock: mutex_unlock(m),
    });
    expect(await found([p, q])).toEqual([`${message} in 5`, 'no deadlock in 5']);
    expect(await found([p, q], ['might-sleep'])).toEqual(['no deadlock in 4']);
  });
  test('is about every kind of lock whose waiters spin, and no other', async () => {
    const under = (lock: typeof state.read_lock) => () => ({
      spin: c`read_lock()`(lock.take()),
      sleep: mutex_lock(m),
      wake: mutex_unlock(m),
      drop: c`read_unlock()`(lock.drop()),
    });
    expect(await found([under(state.read_lock)])).toEqual([`${message} in 2`]);
    const nested = () => ({
      write: down_write(sem),
      lock: mutex_lock(m),
      unlock: mutex_unlock(m),
      up: up_write(sem),
    });
    expect(await found([nested])).toEqual([]);
  });
});

test('a loop that keeps its locks in order reports nothing', async () => {
  const loop = () => ({ lock: spin_lock(ptl), unlock: spin_unlock(ptl), again: Goto('lock') });
  expect(await found([loop, loop])).toEqual([]);
});
