// Locks that interrupts take, and who holds them with interrupts on, over all runs: contradictions, and what is none. Both
// engines.

import { describe, expect, test } from 'vitest';
import {
  local_irq_disable,
  local_irq_enable,
  mutex,
  mutex_lock,
  mutex_unlock,
  read_lock,
  read_unlock,
  rwlock,
  spin_lock,
  spin_lock_bh,
  spin_lock_irq,
  spin_trylock,
  spin_unlock,
  spin_unlock_bh,
  spin_unlock_irq,
  spinlock,
  write_lock,
  write_unlock,
} from '../../models/kernel/index.js';
import {
  actor,
  array,
  type Block,
  bool,
  cpu,
  If,
  int,
  interrupt,
  procedure,
  shared,
  source,
} from '../../models/language/index.js';
import { explore } from '../explore.js';
import type { CheckName } from '../ir/built_in_checks.js';
import { programOf } from '../lower/testing/small.js';
import { lockRules } from './lock_rules.js';

const c = source('drivers/x.c');
const state = shared({
  a: spinlock(),
  b: spinlock(),
  of: array(2, spinlock()),
  m: mutex(),
  rw: rwlock(),
  go: bool(),
  k: int(0, 1),
});
const { a, b, rw, go, of, k } = state;
const cpu0 = cpu('cpu0');

type Body = () => Block;
/** A handler, and tasks `p`, `q` on CPUs of their own. */
const program = (handler: Body, tasks: readonly Body[], level: 'hardirq' | 'softirq' = 'hardirq') =>
  programOf({
    state,
    actors: [
      interrupt('irq', procedure('irq', handler), { on: cpu0, level }),
      ...tasks.map((body, i) => actor('pq'[i]!, procedure('pq'[i]!, body))),
    ],
  });

/** What is reported of the rules of locks, with the lengths of the traces. */
async function found(of: ReturnType<typeof program>, without: readonly CheckName[] = []) {
  const results = await Promise.all(
    (['reference', 'compiled'] as const).map(async (engine) => {
      const { properties } = await explore(of, [], { engine, without });
      return properties.flatMap(({ check, verdict, finding }) =>
        check.kind === 'lockdep' ? [`${check.name}: ${finding ? finding.path.steps.length : verdict}`] : [],
      );
    }),
  );
  expect(results[1]).toEqual(results[0]);
  return results[0]!;
}

const locking = (lock: typeof a) => () => ({ lock: spin_lock(lock), unlock: spin_unlock(lock) });
const safe = (lock: typeof a) => () => ({ lock: spin_lock_irq(lock), unlock: spin_unlock_irq(lock) });
const holds = 'WARNING: inconsistent lock state: holds';

describe('a lock that a handler takes', () => {
  test('is held with interrupts on in a task of another CPU, where nobody deadlocks: both uses are reported', async () => {
    expect(await found(program(locking(a), [locking(a)]))).toEqual([
      'WARNING: inconsistent lock state (a: IN-HARDIRQ-W): 1',
      'WARNING: inconsistent lock state (a: HARDIRQ-ON-W): 1',
    ]);
    expect(await found(program(locking(a), [locking(a)]), ['irq-safety'])).toEqual([]);
  });

  test('is held with interrupts off: nothing is reported', async () => {
    // The task turns them off before; whether they are is a question to each state.
    expect(await found(program(locking(a), [safe(a)]))).toEqual([holds]);
    expect(await found(program(locking(a), [locking(b)]))).toEqual([]);
  });

  test('is held while interrupts come back on', async () => {
    const early = () => ({
      off: local_irq_disable(),
      lock: spin_lock(a),
      on: local_irq_enable(),
      unlock: spin_unlock(a),
    });
    expect(await found(program(locking(a), [early]))).toEqual([
      'WARNING: inconsistent lock state (a: IN-HARDIRQ-W): 1',
      'WARNING: inconsistent lock state (a: HARDIRQ-ON-W): 3',
    ]);
  });

  test('is none if the handler is never reached, or only tries it', async () => {
    const never = () => ({ test: If(go, { lock: spin_lock(a), unlock: spin_unlock(a) }) });
    expect(await found(program(never, [locking(a)]))).toEqual([holds]);
    const tries = () => ({ try: If(spin_trylock(a), { unlock: spin_unlock(a) }) });
    expect(await found(program(tries, [locking(a)]))).toEqual([holds]);
  });

  test('that a task only tries is held with interrupts on all the same', async () => {
    const tries = () => ({ try: If(spin_trylock(a), { unlock: spin_unlock(a) }) });
    expect(await found(program(locking(a), [tries]))).toEqual([
      'WARNING: inconsistent lock state (a: IN-HARDIRQ-W): 1',
      'WARNING: inconsistent lock state (a: HARDIRQ-ON-W): 1',
    ]);
  });

  test('counts by class, and through an index', async () => {
    const moving = () => ({
      move: c`k = 1`(k.set(1)),
      lock: spin_lock(of.at(k)),
      unlock: spin_unlock(of.at(k)),
    });
    expect(await found(program(moving, [locking(of.at(0))]))).toEqual([
      'WARNING: inconsistent lock state (of: IN-HARDIRQ-W): 2',
      'WARNING: inconsistent lock state (of: HARDIRQ-ON-W): 1',
    ]);
  });
});

describe('a softirq', () => {
  test('is kept out by spin_lock_bh() and spin_lock_irq(), a hardirq by the second alone', async () => {
    const bh = () => ({ lock: spin_lock_bh(a), unlock: spin_unlock_bh(a) });
    expect(await found(program(locking(a), [bh], 'softirq'))).toEqual([holds]);
    expect(await found(program(locking(a), [safe(a)], 'softirq'))).toEqual([holds]);
    expect(await found(program(locking(a), [locking(a)], 'softirq'))).toEqual([
      'WARNING: inconsistent lock state (a: IN-SOFTIRQ-W): 1',
      'WARNING: inconsistent lock state (a: SOFTIRQ-ON-W): 1',
    ]);
    expect(await found(program(locking(a), [bh], 'hardirq'))).toEqual([
      'WARNING: inconsistent lock state (a: IN-HARDIRQ-W): 1',
      'WARNING: inconsistent lock state (a: HARDIRQ-ON-W): 2',
    ]);
  });
});

describe('a lock for readers', () => {
  const reads = () => ({ lock: read_lock(rw), unlock: read_unlock(rw) });
  const writes = () => ({ lock: write_lock(rw), unlock: write_unlock(rw) });
  test('may be read in the handler and in a task with interrupts on', async () => {
    expect(await found(program(reads, [reads]))).toEqual([]);
  });
  test('may not be written in either', async () => {
    expect(await found(program(reads, [writes]))).toEqual([
      'WARNING: inconsistent lock state (rw: IN-HARDIRQ-R): 1',
      'WARNING: inconsistent lock state (rw: HARDIRQ-ON-W): 1',
    ]);
    expect(await found(program(writes, [reads]))).toEqual([
      'WARNING: inconsistent lock state (rw: IN-HARDIRQ-W): 1',
      'WARNING: inconsistent lock state (rw: HARDIRQ-ON-R): 1',
    ]);
  });
});

describe('a lock that is taken under one that a handler takes', () => {
  const nested = (outer: typeof a, inner: typeof a) => () => ({
    off: local_irq_disable(),
    one: spin_lock(outer),
    two: spin_lock(inner),
    drop: spin_unlock(inner),
    last: spin_unlock(outer),
    on: local_irq_enable(),
  });
  test('must not be held with interrupts on', async () => {
    expect(await found(program(locking(a), [nested(a, b), locking(b)]))).toEqual([
      'WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected (a: IN-HARDIRQ-W): 1',
      'WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected (b: HARDIRQ-ON-W): 1',
      'WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected (a -> b): 2',
    ]);
  });
  test('may be held with interrupts off; and one that is outside may be held with them on', async () => {
    expect(await found(program(locking(a), [nested(a, b), safe(b)]))).toEqual([holds]);
    const outside = () => ({
      sleep: mutex_lock(state.m),
      lock: spin_lock_irq(a),
      unlock: spin_unlock_irq(a),
      wake: mutex_unlock(state.m),
    });
    expect(await found(program(locking(a), [outside]))).toEqual([holds]);
  });
  test('is found without the order of locks being checked', async () => {
    const both = program(locking(a), [nested(a, b), locking(b)]);
    expect(await found(both, ['lock-order'])).toHaveLength(3);
    expect(await found(both, ['irq-safety'])).toEqual([]);
  });
});

test('a Program in which no interrupt takes a lock, or none that a task does, is asked nothing', () => {
  const idle = () => ({ go: c`go`(go.set(true)) });
  expect(lockRules(program(idle, [locking(a), locking(b)]), []).goals).toEqual([]);
  expect(lockRules(program(locking(a), [locking(b)]), []).goals).toEqual([]);
  expect(lockRules(program(locking(a), [locking(a)]), []).goals).toHaveLength(2);
});
