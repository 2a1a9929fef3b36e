// Spinlocks with interrupts and softirqs: which handler may run while one is held, and what goes wrong with the wrong
// function.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { always } from '../../properties/language/index.js';
import {
  actor,
  type Block,
  bool,
  cpu,
  If,
  int,
  interrupt,
  perActor,
  procedure,
  shared,
  source,
  when,
} from '../language/index.js';
import {
  get_cpu,
  local_irq_disable,
  local_irq_enable,
  put_cpu,
  raw_spin_lock_irqsave,
  raw_spin_unlock_irqrestore,
  raw_spinlock,
  read_lock,
  read_unlock_bh,
  rwlock,
  spin_is_locked,
  spin_lock,
  spin_lock_bh,
  spin_lock_irq,
  spin_lock_irqsave,
  spin_trylock,
  spin_trylock_irqsave,
  spin_unlock,
  spin_unlock_bh,
  spin_unlock_irq,
  spin_unlock_irqrestore,
  spinlock,
  write_lock,
  write_unlock_bh,
} from './index.js';

const c = source('drivers/x.c');
const cpu0 = cpu('cpu0');
const state = shared({ lock: spinlock(), raw: raw_spinlock(), n: int(0, 2), early: bool() });
const { lock, raw, n } = state;
const flags = perActor('flags', bool()).mine;

type Level = 'softirq' | 'hardirq';
const handler = procedure('handler', () => ({ lock: spin_lock(lock), unlock: spin_unlock(lock) }));
/** A task that runs the block, and a handler on its CPU that takes the lock. */
const beside = async (block: () => Block, level: Level = 'hardirq') => {
  const task = actor('task', procedure('task', block), {}, { on: cpu0 });
  const lines = await explored({ state, actors: [task, interrupt('irq', handler, { on: cpu0, level })] });
  return lines.map((line) => line.replace(/ states, .*/, ' states'));
};

describe('a lock that a handler of the same CPU takes', () => {
  test('deadlocks with spin_lock(), and not with interrupts off', async () => {
    expect(await beside(() => ({ lock: spin_lock(lock), unlock: spin_unlock(lock) }))).toMatchInlineSnapshot(`
      [
        "violated: 11 states",
        "no deadlock: violated by task task.lock, irq handler.interrupt",
      ]
    `);
    expect(
      await beside(() => ({
        lock: spin_lock_irqsave(lock, flags),
        unlock: spin_unlock_irqrestore(lock, flags),
      })),
    ).toMatchInlineSnapshot(`
      [
        "holds: 12 states",
      ]
    `);
    expect(
      await beside(() => ({ lock: spin_lock_irq(lock), unlock: spin_unlock_irq(lock) })),
    ).toMatchInlineSnapshot(`
      [
        "holds: 12 states",
      ]
    `);
  });

  test('needs spin_lock_bh() for a softirq, which does not exclude a hardirq', async () => {
    const block = () => ({ lock: spin_lock_bh(lock), unlock: spin_unlock_bh(lock) });
    expect(await beside(block, 'softirq')).toMatchInlineSnapshot(`
      [
        "holds: 12 states",
      ]
    `);
    expect(await beside(block, 'hardirq')).toMatchInlineSnapshot(`
      [
        "violated: 15 states",
        "no deadlock: violated by task spin_lock_bh.off, task spin_lock_bh.lock, irq handler.interrupt",
      ]
    `);
  });

  test('is no longer protected after spin_unlock_irq() inside an irqsave section', async () => {
    const inner = (unlock: typeof spin_unlock_irq) => () => ({
      outer: spin_lock_irqsave(lock, flags),
      inner: raw_spin_lock_irqsave(raw, flags),
      unlock: unlock(raw),
      last: spin_unlock(lock),
    });
    expect(await beside(inner(spin_unlock_irq))).toMatchInlineSnapshot(`
      [
        "violated: 19 states",
        "no deadlock: violated by task spin_lock_irqsave.save, task spin_lock_irqsave.lock, task raw_spin_lock_irqsave.save, task raw_spin_lock_irqsave.lock, task task.unlock, irq handler.interrupt",
      ]
    `);
    expect(await beside(inner(spin_unlock))).toMatchInlineSnapshot(`
      [
        "holds: 16 states",
      ]
    `);
  });

  test('may be tried', async () => {
    const tries =
      (attempt: () => ReturnType<typeof spin_trylock>, unlock: () => ReturnType<typeof spin_unlock>) =>
      () => ({
        try: If(attempt(), { unlock: unlock() }),
      });
    expect(
      await beside(
        tries(
          () => spin_trylock_irqsave(lock, flags),
          () => spin_unlock_irqrestore(lock, flags),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "holds: 10 states",
      ]
    `);
    expect(
      await beside(
        tries(
          () => spin_trylock(lock),
          () => spin_unlock(lock),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "violated: 11 states",
        "no deadlock: violated by task task.try, irq handler.interrupt",
      ]
    `);
  });
});

test('interrupts are disabled before the lock is taken: a CPU that spins takes no interrupt', async () => {
  // The holder waits for a handler on the CPU of the spinning actor.
  const flag = state.early;
  const holder = procedure('holder', () => ({
    lock: spin_lock(lock),
    wait: c`wait for the handler`(when(flag)),
    unlock: spin_unlock(lock),
  }));
  const answer = procedure('answer', () => ({ answer: c`answer`(flag.set(true)) }));
  const run = async (block: () => Block) => {
    const spinner = actor('spinner', procedure('spinner', block), {}, { on: cpu0 });
    const lines = await explored({
      state,
      actors: [actor('holder', holder), spinner, interrupt('ipi', answer, { on: cpu0 })],
    });
    return lines.map((line) => line.replace(/ states, .*/, ' states'));
  };
  expect(
    await run(() => ({ lock: spin_lock_irq(lock), unlock: spin_unlock_irq(lock) })),
  ).toMatchInlineSnapshot(`
    [
      "violated: 25 states",
      "no deadlock: violated by holder holder.lock, spinner spin_lock_irq.off",
    ]
  `);
  expect(await run(() => ({ lock: spin_lock(lock), unlock: spin_unlock(lock) }))).toMatchInlineSnapshot(`
    [
      "holds: 20 states",
    ]
  `);
});

test('increments under the lock in task and handler are both counted', async () => {
  const irq = procedure('irq', () => ({
    lock: raw_spin_lock_irqsave(raw, flags),
    count: c`n++`(n.inc()),
    unlock: raw_spin_unlock_irqrestore(raw, flags),
  }));
  const task = procedure('task', () => ({
    off: local_irq_disable(),
    locked: If(spin_is_locked(raw), { other: c`another CPU has it`() }),
    on: local_irq_enable(),
    lock: raw_spin_lock_irqsave(raw, flags),
    count: c`n++`(n.inc()),
    unlock: raw_spin_unlock_irqrestore(raw, flags),
  }));
  const [a, b] = [actor('task', task, {}, { on: cpu0 }), interrupt('irq', irq, { on: cpu('cpu1') })];
  const both = always(a.done.and(b.done).implies(n.eq(2)), 'both are counted');
  expect(await explored({ state, actors: [a, b] }, { both })).toMatchInlineSnapshot(`
    [
      "holds: 47 states, 75 transitions, depth 12, levels 1 2 3 4 5 7 7 7 4 2 2 2 1",
    ]
  `);
});

test('what turns softirqs or preemption on that nobody turned off is reported as the kernel does', async () => {
  const own = shared({ lock: spinlock(), rw: rwlock() });
  const unbalanced = 'DEBUG_LOCKS_WARN_ON(val > preempt_count()) in preempt_count_sub()';
  const run = async (block: Block) => {
    const one = actor(
      'task',
      procedure('task', () => block),
    );
    const [, ...lines] = await explored({ state: own, actors: [one] });
    return lines.map((line) => line.replace(/: violated.*/, ''));
  };
  expect(await run({ lock: spin_lock(own.lock), unlock: spin_unlock_bh(own.lock) })).toEqual([unbalanced]);
  expect(await run({ lock: read_lock(own.rw), unlock: read_unlock_bh(own.rw) })).toEqual([unbalanced]);
  expect(await run({ lock: write_lock(own.rw), unlock: write_unlock_bh(own.rw) })).toEqual([unbalanced]);
  expect(await run({ put: put_cpu() })).toEqual([unbalanced]);
  expect(await run({ get: get_cpu(), put: put_cpu() })).toEqual([]);
  expect(await run({ lock: spin_lock_bh(own.lock), unlock: spin_unlock_bh(own.lock) })).toEqual([]);
});
