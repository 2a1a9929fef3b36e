// Which words may sleep, and where they must not: each word in each context, with the message that is expected there, and
// every word of the library is on one of two lists.

import { describe, expect, test } from 'vitest';
import { explore, lower } from '../../checker/index.js';
import {
  actor,
  type Block,
  type BoolVar,
  bool,
  cpu,
  If,
  interrupt,
  model,
  not,
  object,
  procedure,
  shared,
  source,
  when,
} from '../language/index.js';
import * as k from './index.js';

const c = source('drivers/x.c');
const ss = k.srcu_struct('ss');
const state = shared({
  ...{
    lock: k.spinlock(),
    other: k.spinlock(),
    raw: k.raw_spinlock(),
    bit: k.bit_spinlock(),
    rw: k.rwlock(),
  },
  ...{ m: k.mutex(), held: k.mutex(), sem: k.rwsem(), heldSem: k.rwsem(), count: k.semaphore(1) },
  ...{
    page: k.page_lock(),
    done: k.completion(),
    wq: k.wait_queue_head(),
    x: k.wait_queue_head({ exclusive: 1 }),
  },
  ...{
    flag: bool(),
    seq: k.seqlock(),
    work: k.work_struct(),
    late: k.delayed_work(),
    queue: k.workqueue_struct(),
  },
  ...{
    irq: k.irq_line({ requested: true }),
    tasklet: k.tasklet_struct(),
    timer: k.timer_list(),
    hr: k.hrtimer(),
  },
  ...{
    head: k.rcu_head(),
    srcu: k.srcu_head(ss),
    ref: k.percpu_ref(2),
    dev: object({ node: k.list_node() }),
  },
});
const s = state;
const thread = actor(
  'thread',
  procedure('thread', () => ({ stop: c`it is asked to stop`(when(k.kthread_should_stop())) })),
);

type Word = () => Block[string];
/** Words that may sleep. */
const sleeps: { readonly [word: string]: Word } = {
  mutex_lock: () => k.mutex_lock(s.m),
  mutex_lock_nested: () => k.mutex_lock_nested(s.m, 1),
  down_read: () => k.down_read(s.sem),
  down_read_nested: () => k.down_read_nested(s.sem, 1),
  down_write: () => k.down_write(s.sem),
  down_write_nested: () => k.down_write_nested(s.sem, 1),
  down: () => k.down(s.count),
  lock_page: () => k.lock_page(s.page),
  folio_lock: () => k.folio_lock(s.page),
  wait_on_page_locked: () => k.wait_on_page_locked(s.page),
  folio_wait_locked: () => k.folio_wait_locked(s.page),
  wait_for_completion: () => k.wait_for_completion(s.done),
  wait_for_completion_timeout: () => If(k.wait_for_completion_timeout(s.done), {}),
  wait_event: () => k.wait_event(s.wq, s.flag),
  wait_event_interruptible: () => k.wait_event_interruptible(s.wq, s.flag),
  wait_event_interruptible_exclusive: () => k.wait_event_interruptible_exclusive(s.x, s.flag),
  wait_event_timeout: () => k.wait_event_timeout(s.wq, s.flag),
  wait_on_bit: () => k.wait_on_bit(s.flag),
  wait_on_bit_lock: () => k.wait_on_bit_lock(s.flag),
  synchronize_rcu: () => k.synchronize_rcu(),
  synchronize_rcu_bh: () => k.synchronize_rcu_bh(),
  synchronize_sched: () => k.synchronize_sched(),
  synchronize_srcu: () => k.synchronize_srcu(ss),
  rcu_barrier: () => k.rcu_barrier(),
  srcu_barrier: () => k.srcu_barrier(ss),
  flush_work: () => k.flush_work(s.work),
  flush_delayed_work: () => k.flush_delayed_work(s.late),
  cancel_work_sync: () => k.cancel_work_sync(s.work),
  cancel_delayed_work_sync: () => k.cancel_delayed_work_sync(s.late),
  disable_work_sync: () => k.disable_work_sync(s.work),
  drain_workqueue: () => k.drain_workqueue(s.queue, s.work),
  destroy_workqueue: () => k.destroy_workqueue(s.queue, s.work),
  request_irq: () => k.request_irq(s.irq),
  free_irq: () => k.free_irq(s.irq),
  disable_irq: () => k.disable_irq(s.irq),
  synchronize_irq: () => k.synchronize_irq(s.irq),
  tasklet_kill: () => k.tasklet_kill(s.tasklet),
  tasklet_disable: () => k.tasklet_disable(s.tasklet),
  kthread_stop: () => k.kthread_stop(thread),
  kthread_park: () => k.kthread_park(thread),
  kthread_parkme: () => k.kthread_parkme(),
  schedule: () => k.schedule(),
  schedule_timeout: () => k.schedule_timeout(),
};
/** Words that never sleep, although one like them does, or although they wait. */
const never: { readonly [word: string]: Word } = {
  spin_lock: () => k.spin_lock(s.other),
  spin_trylock: () => If(k.spin_trylock(s.other), { unlock: k.spin_unlock(s.other) }),
  mutex_trylock: () => If(k.mutex_trylock(s.m), { unlock: k.mutex_unlock(s.m) }),
  down_read_trylock: () => If(k.down_read_trylock(s.sem), { up: k.up_read(s.sem) }),
  down_write_trylock: () => If(k.down_write_trylock(s.sem), { up: k.up_write(s.sem) }),
  down_trylock: () => If(not(k.down_trylock(s.count)), { up: k.up(s.count) }),
  trylock_page: () => If(k.trylock_page(s.page), { unlock: k.unlock_page(s.page) }),
  folio_trylock: () => If(k.folio_trylock(s.page), { unlock: k.folio_unlock(s.page) }),
  complete: () => k.complete(s.done),
  complete_all: () => k.complete_all(s.done),
  try_wait_for_completion: () => If(k.try_wait_for_completion(s.done), {}),
  test_and_set_bit_lock: () => If(k.test_and_set_bit_lock(s.flag), {}),
  prepare_to_wait: () => k.prepare_to_wait(s.wq, 'RUNNING'),
  finish_wait: () => k.finish_wait(s.wq),
  wake_up: () => k.wake_up(s.wq),
  call_rcu: () => k.call_rcu(s.head),
  call_srcu: () => k.call_srcu(ss, s.srcu),
  schedule_work: () => k.schedule_work(s.work),
  schedule_delayed_work: () => k.schedule_delayed_work(s.late),
  cancel_work: () => k.cancel_work(s.work),
  cancel_delayed_work: () => k.cancel_delayed_work(s.late),
  disable_irq_nosync: () => k.disable_irq_nosync(s.irq),
  tasklet_schedule: () => k.tasklet_schedule(s.tasklet),
  tasklet_disable_nosync: () => k.tasklet_disable_nosync(s.tasklet),
  mod_timer: () => k.mod_timer(s.timer),
  timer_delete: () => k.timer_delete(s.timer),
  timer_delete_sync: () => k.timer_delete_sync(s.timer),
  hrtimer_start: () => k.hrtimer_start(s.hr),
  hrtimer_cancel: () => k.hrtimer_cancel(s.hr),
  percpu_ref_kill: () => k.percpu_ref_kill(s.ref),
  percpu_ref_put: () => k.percpu_ref_put(s.ref),
  list_add: () => k.list_add(s.dev.node),
  kfree: () => k.kfree(s.dev),
};

type Around = (op: Block[string], flags: BoolVar) => Block;
const between =
  (enter: (flags: BoolVar) => Block[string], leave: (flags: BoolVar) => Block[string]): Around =>
  (op, flags) => ({ enter: enter(flags), op, leave: leave(flags) });
/** Where an actor must not sleep. */
const atomic: { readonly [context: string]: Around } = {
  spin_lock: between(
    () => k.spin_lock(s.lock),
    () => k.spin_unlock(s.lock),
  ),
  spin_lock_nested: between(
    () => k.spin_lock_nested(s.lock, 1),
    () => k.spin_unlock(s.lock),
  ),
  spin_lock_irqsave: between(
    (f) => k.spin_lock_irqsave(s.lock, f),
    (f) => k.spin_unlock_irqrestore(s.lock, f),
  ),
  spin_lock_irq: between(
    () => k.spin_lock_irq(s.lock),
    () => k.spin_unlock_irq(s.lock),
  ),
  spin_lock_bh: between(
    () => k.spin_lock_bh(s.lock),
    () => k.spin_unlock_bh(s.lock),
  ),
  spin_trylock: (op) => ({ try: If(k.spin_trylock(s.lock), { op, unlock: k.spin_unlock(s.lock) }) }),
  raw_spin_lock: between(
    () => k.raw_spin_lock(s.raw),
    () => k.raw_spin_unlock(s.raw),
  ),
  bit_spin_lock: between(
    () => k.bit_spin_lock(s.bit),
    () => k.bit_spin_unlock(s.bit),
  ),
  read_lock: between(
    () => k.read_lock(s.rw),
    () => k.read_unlock(s.rw),
  ),
  write_lock_bh: between(
    () => k.write_lock_bh(s.rw),
    () => k.write_unlock_bh(s.rw),
  ),
  write_seqlock: between(
    () => k.write_seqlock(s.seq),
    () => k.write_sequnlock(s.seq),
  ),
  'scoped_guard(spinlock)': (op) => ({
    guard: k.scoped_guard(k.spin_lock(s.lock), k.spin_unlock(s.lock), { op }),
  }),
  preempt_disable: between(
    () => k.preempt_disable(),
    () => k.preempt_enable(),
  ),
  get_cpu: between(
    () => k.get_cpu(),
    () => k.put_cpu(),
  ),
  local_bh_disable: between(
    () => k.local_bh_disable(),
    () => k.local_bh_enable(),
  ),
  local_irq_disable: between(
    () => k.local_irq_disable(),
    () => k.local_irq_enable(),
  ),
  local_irq_save: between(
    (f) => k.local_irq_save(f),
    (f) => k.local_irq_restore(f),
  ),
  rcu_read_lock_bh: between(
    () => k.rcu_read_lock_bh(),
    () => k.rcu_read_unlock_bh(),
  ),
  rcu_read_lock_sched: between(
    () => k.rcu_read_lock_sched(),
    () => k.rcu_read_unlock_sched(),
  ),
};
/** Where it may. */
const mayBe: { readonly [context: string]: Around } = {
  task: (op) => ({ op }),
  mutex_lock: between(
    () => k.mutex_lock(s.held),
    () => k.mutex_unlock(s.held),
  ),
  down_read: between(
    () => k.down_read(s.heldSem),
    () => k.up_read(s.heldSem),
  ),
  'guard(mutex)': (op) => ({ guard: k.guard(k.mutex_lock(s.held), k.mutex_unlock(s.held), { op }) }),
  'spin_unlock before': (op) => ({ lock: k.spin_lock(s.lock), unlock: k.spin_unlock(s.lock), op }),
};
const levels = ['softirq', 'hardirq', 'nmi'] as const;

const ofContext = /sleeping|atomic|Illegal|Voluntary|blocking ops|in_task|IRQ context|from interrupt/;
/** What is reported about the context. */
const found = async (block: (flags: BoolVar) => Block, level?: (typeof levels)[number]) => {
  const body = procedure('p', { flags: bool() }, ({ flags }) => block(flags));
  const one =
    level === undefined ? actor('p', body) : interrupt('p', body as never, { on: cpu('cpu0'), level });
  const { program } = lower(model('small', { about: '', state, actors: [one, thread] }));
  const { properties } = await explore(program, [], { engine: 'reference' });
  return properties.flatMap(({ check, verdict }) =>
    verdict === 'violated' && ofContext.test(check.name) ? [check.name] : [],
  );
};

const invalid = 'BUG: sleeping function called from invalid context';
const whileAtomic = (word: string) => `BUG: scheduling while atomic in ${word}()`;
/** What a word reports where it must not sleep. */
const saysOf = (word: string) => (/^(schedule|kthread_parkme)/.test(word) ? whileAtomic(word) : invalid);
/** What else it reports: in the step in which it sleeps, and where in_interrupt() is true, as with softirqs off. */
const alsoSays = (word: string, context = ''): readonly string[] => {
  if (word.startsWith('wait_event')) {
    return [whileAtomic(word === 'wait_event_timeout' ? 'schedule_timeout' : 'schedule')];
  }
  if (!context.includes('bh')) return [];
  if (word === 'free_irq') return ['Trying to free IRQ from IRQ context!'];
  return word === 'tasklet_kill' ? ['Attempt to kill tasklet from interrupt'] : [];
};

describe('in atomic context', () => {
  test.each(Object.entries(sleeps))('%s is reported', async (word, op) => {
    for (const [context, around] of Object.entries(atomic)) {
      const names = await found((flags) => around(op(), flags));
      expect([context, ...names.sort()]).toEqual([
        context,
        ...[saysOf(word), ...alsoSays(word, context)].toSorted(),
      ]);
    }
  });
  test.each(Object.entries(sleeps))('%s is reported in interrupts', async (word, op) => {
    for (const level of levels) {
      const names = await found(() => ({ op: op() }), level);
      expect([level, names.includes(saysOf(word))]).toEqual([level, true]);
    }
  });
  test.each(Object.entries(never))('%s is not', async (_, op) => {
    for (const context of ['spin_lock', 'spin_lock_irqsave', 'write_lock_bh', 'preempt_disable', 'get_cpu']) {
      const around = atomic[context]!;
      expect([context, ...(await found((flags) => around(op(), flags)))]).toEqual([context]);
    }
  });
});

describe('where a task may sleep', () => {
  test.each(Object.entries(sleeps))('%s is not reported', async (_, op) => {
    for (const [context, around] of Object.entries(mayBe)) {
      expect([context, ...(await found((flags) => around(op(), flags)))]).toEqual([context]);
    }
  });
});

test('a section of RCU forbids what an atomic context does, and waiting for RCU in the words of RCU', async () => {
  const inside: Around = between(
    () => k.rcu_read_lock(),
    () => k.rcu_read_unlock(),
  );
  const illegal = (word: string) => `Illegal ${word}() in RCU read-side critical section`;
  const voluntary = 'Voluntary context switch within RCU read-side critical section!';
  const inSrcu = 'Illegal synchronize_srcu() in same-type SRCU (or in RCU) read-side critical section';
  const said: { readonly [word: string]: readonly string[] } = {
    ...{ synchronize_rcu: [illegal('synchronize_rcu'), invalid], synchronize_srcu: [inSrcu, invalid] },
    synchronize_rcu_bh: [illegal('synchronize_rcu_bh'), invalid],
    synchronize_sched: [illegal('synchronize_sched'), invalid],
    ...{ schedule: [voluntary], schedule_timeout: [voluntary] },
  };
  for (const [word, op] of Object.entries(sleeps)) {
    const names = await found((flags) => inside(op(), flags));
    const waits = word.startsWith('wait_event') ? [voluntary] : [];
    expect([word, ...names.sort()]).toEqual([
      word,
      ...[...(said[word] ?? [saysOf(word)]), ...waits].toSorted(),
    ]);
  }
  for (const [word, op] of Object.entries(never)) {
    expect([word, ...(await found((flags) => inside(op(), flags)))]).toEqual([word]);
  }
});

test('a section of SRCU forbids only to wait for its own domain', async () => {
  const inside: Around = between(
    () => k.srcu_read_lock(ss),
    () => k.srcu_read_unlock(ss),
  );
  for (const [word, op] of Object.entries(sleeps)) {
    const names = await found((flags) => inside(op(), flags));
    expect([word, names.length]).toEqual([word, word === 'synchronize_srcu' ? 1 : 0]);
  }
});

test('who has set its state to sleep must not block otherwise, and schedule() is what it is set for', async () => {
  const blocking = 'WARNING: do not call blocking ops when !TASK_RUNNING';
  const set: Around = between(
    () => k.set_current_state('UNINTERRUPTIBLE'),
    () => k.__set_current_state('RUNNING'),
  );
  for (const [word, op] of Object.entries(sleeps)) {
    const names = await found((flags) => set(op(), flags));
    const isMeant = /^(schedule|kthread_parkme)/.test(word);
    expect([word, ...names]).toEqual(isMeant ? [word] : [word, blocking]);
  }
});

test('mutex_trylock() is for tasks, and other trylocks may be used in interrupts', async () => {
  const inTask = 'WARN_ON_ONCE(!in_task()) in mutex_trylock()';
  for (const [word, op] of Object.entries(never)) {
    const names = await found(() => ({ op: op() }), 'hardirq');
    const said = { mutex_trylock: [inTask] }[word] ?? [];
    expect([word, ...names]).toEqual([word, ...said]);
  }
});

test('every word that may sleep, waits or tries is on a list', () => {
  // Named as functions that sleep in the kernel, or as their counterparts that do not.
  const named =
    /^(?!(is_|lockdep|type))((mutex|down|folio|lock|trylock|wait_(on|for|event)|try_wait|synchronize|flush_(?!tlb)|cancel|disable|drain|destroy|request|free_irq|kthread_(stop|park|parkme)$|schedule|tasklet_(kill|disable|schedule)|timer_delete|del_timer|hrtimer_(start|cancel)|rcu_barrier|srcu_barrier|call_)\w*)$/;
  const known = new Set([...Object.keys(sleeps), ...Object.keys(never)]);
  const others =
    /_(unlock|is_locked)$|^(mutex|folio_(get|put|try_get|ref_\w+|test_locked)|del_timer(_sync)?)$|^downgrade_write$/;
  const missing = Object.keys(k).filter((word) => named.test(word) && !known.has(word) && !others.test(word));
  expect(missing).toEqual([]);
});
