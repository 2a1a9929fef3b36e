// Handlers, softirqs, kworkers and threads: what each is on its CPU, for locks that a task takes as well, and for sleeping.

import { describe, expect, test } from 'vitest';
import { lower } from '../../checker/index.js';
import { check } from '../../checker/testing/check.js';
import { never, type Properties } from '../../properties/language/index.js';
import {
  actor,
  type Block,
  bool,
  type CpuNode,
  cpu,
  model,
  procedure,
  type SingleActor,
  shared,
  source,
  when,
} from '../language/index.js';
import {
  call_rcu,
  call_srcu,
  hrtimer,
  hrtimer_interrupt,
  hrtimer_start,
  in_hardirq,
  in_interrupt,
  in_serving_softirq,
  irq_handler,
  irq_line,
  irq_thread,
  irq_wake_thread,
  kworker,
  mod_timer,
  mutex,
  mutex_lock,
  mutex_unlock,
  ordered_kworker,
  percpu_ref,
  percpu_ref_kill,
  percpu_ref_switch,
  rcu_callback,
  rcu_head,
  schedule_work,
  spin_lock,
  spin_lock_bh,
  spin_lock_irq,
  spin_unlock,
  spin_unlock_bh,
  spin_unlock_irq,
  spinlock,
  srcu_head,
  srcu_struct,
  tasklet_schedule,
  tasklet_softirq,
  tasklet_struct,
  timer_list,
  timer_softirq,
  work_struct,
} from './index.js';

const c = source('drivers/x.c');
const ss = srcu_struct('ss');
const state = shared({
  ...{ irq: irq_line({ requested: true }), timer: timer_list(), hr: hrtimer(), tasklet: tasklet_struct() },
  ...{ head: rcu_head(), late: srcu_head(ss), work: work_struct(), ref: percpu_ref(2) },
  ...{ lock: spinlock(), m: mutex(), x: bool() },
});
const { irq, timer, hr, tasklet, head, late, work, ref, lock, m, x } = state;
const p = (name: string, block: Block) => procedure(name, () => block);

/** What makes an actor due, and the actor. */
type Runs = readonly [due: Block, by: (block: Block, on?: CpuNode) => readonly SingleActor<string>[]];
const on = (at?: CpuNode) => (at === undefined ? {} : { on: at });
const hardirqs: { readonly [word: string]: Runs } = {
  irq_handler: [{}, (block, at) => [irq_handler('irq', irq, p('func', block), on(at))]],
  hrtimer_interrupt: [
    { arm: hrtimer_start(hr) },
    (block, at) => [hrtimer_interrupt('hrtimer', hr, p('func', block), on(at))],
  ],
};
const softirqs: { readonly [word: string]: Runs } = {
  timer_softirq: [
    { arm: mod_timer(timer) },
    (block, at) => [timer_softirq('softirq', timer, p('func', block), on(at))],
  ],
  tasklet_softirq: [
    { arm: tasklet_schedule(tasklet) },
    (block, at) => [tasklet_softirq('softirq', tasklet, p('func', block), on(at))],
  ],
  rcu_callback: [
    { post: call_rcu(head) },
    (block, at) => [rcu_callback('rcu', head, p('func', block), on(at))],
  ],
  percpu_ref_switch: [
    { kill: percpu_ref_kill(ref) },
    (block, at) => [percpu_ref_switch('switch', ref, p('func', block), on(at))],
  ],
};
const tasks: { readonly [word: string]: Runs } = {
  kworker: [
    { queue: schedule_work(work) },
    (block, at) => [kworker('kworker', work, p('func', block), on(at))],
  ],
  ordered_kworker: [
    { queue: schedule_work(work) },
    (block, at) => [ordered_kworker('kworker', { one: [work, p('func', block)] }, on(at))],
  ],
  irq_thread: [
    {},
    (block, at) => [
      irq_handler('irq', irq, p('wake', { wake: irq_wake_thread(irq) }), on(at)),
      irq_thread('thread', irq, p('func', block), on(at)),
    ],
  ],
};
const srcu: Runs = [
  { post: call_srcu(ss, late) },
  (block, at) => [rcu_callback('srcu', late, p('func', block), on(at))],
];

const cpu0 = cpu('cpu0');
/** What is found, with all built-in checks. */
const checked = async (actors: readonly SingleActor<string>[], properties: Properties = {}) => {
  const { program, properties: lowered } = lower(
    model('small', { about: '', state, actors }),
    {},
    properties,
  );
  return check(program, lowered);
};
/** The names of what is found of a task and what it makes due: nothing if all holds. */
const found = async ([due, by]: Runs, block: Block, task: Block, at?: CpuNode) => {
  const one = actor('task', p('task', { ...due, ...task }), {}, on(at));
  const [, ...lines] = await checked([one, ...by(block, at)]);
  return lines.map((line) => line.replace(/: violated.*/, '')).sort();
};
const locks = { lock: spin_lock(lock), unlock: spin_unlock(lock) };
const withoutBh = { lock: spin_lock_bh(lock), unlock: spin_unlock_bh(lock) };
const withoutIrqs = { lock: spin_lock_irq(lock), unlock: spin_unlock_irq(lock) };
const inconsistent = (level: 'HARDIRQ' | 'SOFTIRQ') => [
  ...['HARDIRQ-ON', 'IN-HARDIRQ', 'IN-SOFTIRQ', 'SOFTIRQ-ON']
    .filter((use) => use.includes(level))
    .map((use) => `WARNING: inconsistent lock state (lock: ${use}-W)`),
];

describe('a lock that a task takes as well as', () => {
  test.each(Object.entries(hardirqs))('%s is taken with interrupts off', async (_, runs) => {
    expect(await found(runs, locks, locks)).toEqual(inconsistent('HARDIRQ'));
    expect(await found(runs, locks, withoutBh)).toEqual(inconsistent('HARDIRQ'));
    expect(await found(runs, locks, withoutIrqs)).toEqual([]);
  });
  test.each(Object.entries(softirqs))('%s is taken with softirqs off', async (_, runs) => {
    expect(await found(runs, locks, locks)).toEqual(inconsistent('SOFTIRQ'));
    expect(await found(runs, locks, withoutBh)).toEqual([]);
    expect(await found(runs, locks, withoutIrqs)).toEqual([]);
  });
  test.each(Object.entries({ ...tasks, srcu }))('%s needs neither', async (_, runs) => {
    expect(await found(runs, locks, locks)).toEqual([]);
  });
  test.each(Object.entries({ ...hardirqs, ...softirqs }))(
    '%s deadlocks where they share a CPU and it may come',
    async (_, runs) => {
      expect(await found(runs, locks, locks, cpu0)).toContain('no deadlock');
      expect(await found(runs, locks, withoutIrqs, cpu0)).toEqual([]);
    },
  );
  test.each(Object.entries(tasks))('%s shares its CPU without a deadlock', async (_, runs) => {
    expect(await found(runs, locks, locks, cpu0)).toEqual([]);
  });
});

describe('a mutex', () => {
  const sleeps = { lock: mutex_lock(m), unlock: mutex_unlock(m) };
  const invalid = 'BUG: sleeping function called from invalid context';
  test.each(Object.entries({ ...hardirqs, ...softirqs, srcu }))(
    'must not be taken in %s',
    async (_, runs) => {
      expect(await found(runs, sleeps, {})).toEqual([invalid]);
    },
  );
  test.each(Object.entries(tasks))('may be taken in %s', async (_, runs) => {
    expect(await found(runs, sleeps, {})).toEqual([]);
  });
});

test('a lock that is kept when a handler or a kworker is over is reported, each time', async () => {
  const kept = { lock: spin_lock(lock) };
  const all = Object.entries({ ...hardirqs, ...softirqs, ...tasks });
  for (const [word, runs] of all) {
    const names = await found(runs, kept, {});
    expect([word, names.filter((name) => name.includes('lock held'))]).toEqual([
      word,
      ['WARNING: lock held when returning to user space! (lock)'],
    ]);
  }
});

test('each asks for its context as what it is', async () => {
  const asks = async ([due, by]: Runs, cond: ReturnType<typeof in_hardirq>) => {
    const actors = [actor('task', p('task', due)), ...by({ ask: c`x = true`(when(cond), x.set(true)) })];
    const lines = await checked(actors, { met: never(x) });
    return lines.some((line) => line.startsWith('met: violated'));
  };
  const contexts = async (runs: Runs) => [
    await asks(runs, in_hardirq()),
    await asks(runs, in_serving_softirq()),
    await asks(runs, in_interrupt()),
  ];
  for (const runs of Object.values(hardirqs)) expect(await contexts(runs)).toEqual([true, false, true]);
  for (const runs of Object.values(softirqs)) expect(await contexts(runs)).toEqual([false, true, true]);
  for (const runs of Object.values(tasks)) expect(await contexts(runs)).toEqual([false, false, false]);
  expect(await contexts(srcu)).toEqual([false, false, true]);
});
