// Per-CPU variables: what an interrupt and another task of the CPU can do to them, and the warning where a task may
// move.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { always } from '../../properties/language/index.js';
import {
  actor,
  type Block,
  cpu,
  int,
  interrupt,
  perCpu,
  procedure,
  type Stmt,
  shared,
} from '../language/index.js';
import {
  __this_cpu_add,
  get_cpu,
  local_bh_disable,
  local_bh_enable,
  local_irq_disable,
  local_irq_enable,
  mutex,
  mutex_trylock,
  preempt_disable,
  preempt_enable,
  put_cpu,
  smp_processor_id,
  this_cpu_dec,
  this_cpu_inc,
} from './index.js';

const state = shared({ unused: int(0, 1), m: mutex() });
const cpu0 = cpu('cpu0');
const stat = perCpu('stat', int(0, 3));

const short = (lines: readonly string[]) => lines.map((line) => line.replace(/ states, .*/, ' states'));

/** A task that runs the block, beside another task or an interrupt of its CPU that counts in two steps. */
const beside = async (block: () => Block, kind: 'task' | 'interrupt') => {
  const task = actor('task', procedure('task', block), {}, { on: cpu0 });
  const count = procedure('count', () => ({
    off: preempt_disable(),
    count: __this_cpu_add(stat, 1),
    on: preempt_enable(),
  }));
  const other =
    kind === 'task' ? actor('other', count, {}, { on: cpu0 }) : interrupt('irq', count, { on: cpu0 });
  const both = always(task.done.and(other.done).implies(stat.of(task).eq(2)), 'both are counted');
  return short(await explored({ state, actors: [task, other] }, { both }));
};
const between =
  (off: () => Stmt, on: () => Stmt, count = () => __this_cpu_add(stat, 1)) =>
  () => ({ off: off(), count: count(), on: on() });

describe('a number of a CPU', () => {
  test('that is loaded and stored with preemption off is lost to an interrupt, not to a task', async () => {
    const block = between(preempt_disable, preempt_enable);
    expect(await beside(block, 'task')).toMatchInlineSnapshot(`
      [
        "holds: 16 states",
      ]
    `);
    expect(await beside(block, 'interrupt')).toMatchInlineSnapshot(`
      [
        "violated: 33 states",
        "both: violated by task task.off, task __this_cpu_add.load, irq count.interrupt, irq count.off, irq __this_cpu_add.load, irq __this_cpu_add.store, irq count.on, task __this_cpu_add.store, task task.on",
      ]
    `);
    expect(await beside(between(local_irq_disable, local_irq_enable), 'interrupt')).toMatchInlineSnapshot(`
      [
        "holds: 18 states",
      ]
    `);
  });

  test('is counted in one step by this_cpu_inc(), with everything on', async () => {
    expect(await beside(() => ({ count: this_cpu_inc(stat) }), 'interrupt')).toMatchInlineSnapshot(`
      [
        "holds: 12 states",
      ]
    `);
    const back = () => ({ one: this_cpu_inc(stat), two: this_cpu_inc(stat), back: this_cpu_dec(stat) });
    expect(await beside(back, 'task')).toMatchInlineSnapshot(`
      [
        "holds: 20 states",
      ]
    `);
  });

  test('is used in a preemptible task with a warning', async () => {
    expect(await beside(() => ({ count: __this_cpu_add(stat, 1) }), 'task')).toMatchInlineSnapshot(`
      [
        "violated: 17 states",
        "both: violated by task __this_cpu_add.load, other count.off, other __this_cpu_add.load, other __this_cpu_add.store, other count.on, task __this_cpu_add.store",
        "BUG: using __this_cpu_add() in preemptible: violated by task __this_cpu_add.load",
      ]
    `);
  });
});

test('smp_processor_id() warns in a preemptible task alone', async () => {
  const at = async (block: () => Block) =>
    short(await explored({ state, actors: [actor('task', procedure('task', block))] }));
  expect(await at(() => ({ id: smp_processor_id() }))).toMatchInlineSnapshot(`
    [
      "violated: 2 states",
      "BUG: using smp_processor_id() in preemptible: violated by task task.id",
    ]
  `);
  expect(await at(() => ({ get: get_cpu(), id: smp_processor_id(), put: put_cpu() }))).toMatchInlineSnapshot(`
    [
      "holds: 4 states",
    ]
  `);
  const handler = procedure('handler', () => ({ id: smp_processor_id() }));
  expect(
    short(await explored({ state, actors: [interrupt('irq', handler, { on: cpu0, level: 'softirq' })] })),
  ).toMatchInlineSnapshot(`
    [
      "holds: 3 states",
    ]
  `);
});

test('local_bh_enable() with interrupts off, or in a hardirq, warns', async () => {
  const block = (off: () => Stmt) => () => ({ bh: local_bh_disable(), off: off(), on: local_bh_enable() });
  const at = async (off: () => Stmt) =>
    short(await explored({ state, actors: [actor('task', procedure('task', block(off)))] }));
  expect(await at(local_irq_disable)).toMatchInlineSnapshot(`
    [
      "violated: 4 states",
      "WARNING: lockdep_assert_irqs_enabled() in __local_bh_enable_ip(): violated by task task.bh, task task.off, task task.on",
    ]
  `);
  expect(await at(preempt_disable)).toMatchInlineSnapshot(`
    [
      "holds: 4 states",
    ]
  `);
  const handler = procedure('handler', block(preempt_disable));
  expect(
    short(await explored({ state, actors: [interrupt('irq', handler, { on: cpu0 })] })),
  ).toMatchInlineSnapshot(`
    [
      "violated: 5 states",
      "WARN_ON_ONCE(in_hardirq()) in __local_bh_enable_ip(): violated by irq handler.interrupt, irq handler.bh, irq handler.off, irq handler.on",
    ]
  `);
});

test('mutex_trylock() in an interrupt warns, in a task does not', async () => {
  const tries = procedure('tries', () => ({ try: mutex_trylock(state.m) }));
  expect(
    short(await explored({ state, actors: [interrupt('irq', tries, { on: cpu0 })] })),
  ).toMatchInlineSnapshot(`
    [
      "violated: 3 states",
      "WARN_ON_ONCE(!in_task()) in mutex_trylock(): violated by irq tries.interrupt, irq tries.try",
    ]
  `);
  expect(short(await explored({ state, actors: [actor('task', tries)] }))).toMatchInlineSnapshot(`
    [
      "holds: 2 states",
    ]
  `);
});
