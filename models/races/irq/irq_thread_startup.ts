// The thread of an interrupt is stopped before it has begun, and synchronize_irq() waits for ever.
//
// A handler counts its thread as active and wakes it up. If the thread has had no CPU since it was created, free_irq() stops
// it before it enters its function: it exits at once, and nobody takes the count back. Who waits for the threads of the
// line waits for ever.
//
// Fix 8707898e22fd, 5.18 [source: the patch; the release is memory]: request_irq() waits until the thread is in its function;
// from there on the thread does what was asked of it before it stops. Steps: [source: kernel/irq/manage.c after it;
// __irq_wake_thread(), __free_irq() and kthread() in kernel/kthread.c are memory]. Left out: what the thread does; threads
// that are shared or forced; the mask of a oneshot line. A synchronize_irq() of another user of the line stands
// behind the stop of the thread. The words of irq_line() promise what is broken here, so the steps are the kernel's own.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  atomic_dec,
  atomic_dec_and_test,
  atomic_inc,
  kthread_should_stop,
  kthread_stop,
  schedule,
  set_current_state,
  test_and_clear_bit,
  test_and_set_bit,
  wait_event,
  wait_queue_head,
  wake_up,
  wake_up_process,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  Goto,
  If,
  int,
  model,
  modifies,
  not,
  oneOf,
  procedure,
  Return,
  shared,
  source,
  when,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('kernel/irq/manage.c');
const handle = source('kernel/irq/handle.c');
const kthread_c = source('kernel/kthread.c');

export const settings = config({ fix: oneOf('none', 'wait_until_ready', 'sync_first', 'stop_undoes') });
const { fix } = settings;

export const state = shared({
  /** desc->action: its handler may run, and runs; under desc->lock. */
  action: bool(),
  inprogress: bool(),
  /** request_irq() has woken the thread for the first time. */
  started: bool(),
  /** IRQTF_RUNTHREAD and IRQTF_READY of action->thread_flags. */
  runthread: bool(),
  ready: bool(),
  /** Below 0 where the thread is done before the handler has counted it. */
  threads_active: int(-1, 1).starts(0),
  wait_for_threads: wait_queue_head(),
});
const { action, inprogress, started, runthread, ready, threads_active, wait_for_threads } = state;

const irq_thread = procedure('irq_thread', () => ({
  created: kthread_c`kthread(): schedule()`(when(started)),
  early: If(kthread_c`kthread(): test_bit(KTHREAD_SHOULD_STOP, &self->flags)`.test(kthread_should_stop()), {
    exit: Return(),
  }),
  ready: If(fix.is('wait_until_ready'), {
    set: c`irq_thread_set_ready(): set_bit(IRQTF_READY, &action->thread_flags)`(ready.set(true)),
    wake: wake_up(wait_for_threads),
  }),
  wait: set_current_state('INTERRUPTIBLE'),
  stop: If(kthread_should_stop(), {
    left: If(test_and_clear_bit(runthread), { run: Goto('running') }),
    exit: Return(),
  }),
  asked: If(test_and_clear_bit(runthread), { run: Goto('running') }),
  sleep: schedule(),
  again: Goto('wait'),
  running: set_current_state('RUNNING'),
  fn: c`action->thread_fn(action->irq, action->dev_id)`(),
  last: If(atomic_dec_and_test(threads_active), { wake: wake_up(wait_for_threads) }),
  next: Goto('wait'),
}));
const thread = actor('irq_thread', irq_thread);

const handler = procedure('handle_irq_event', () => ({
  begin: If(
    handle`handle_irq_event(): IRQD_IRQ_INPROGRESS`.test(action, {
      both: [modifies('full')],
      yes: [inprogress.set(true)],
    }),
    {
      set: If(test_and_set_bit(runthread), {}).Else({
        count: atomic_inc(threads_active),
        wake: wake_up_process(thread),
      }),
      end: handle`irqd_clear(&desc->irq_data, IRQD_IRQ_INPROGRESS)`(modifies('full'), inprogress.set(false)),
    },
  ),
}));

const synchronize = () => wait_event(wait_for_threads, threads_active.eq(0));
const driver = procedure('free_irq', () => ({
  setup: c`__setup_irq(): *old_ptr = new`(modifies('full'), action.set(true)),
  start: c`wake_up_process(action->thread)`(modifies('full'), started.set(true)),
  ready: If(fix.is('wait_until_ready'), { wait: wait_event(wait_for_threads, ready) }),
  remove: c`*action_ptr = action->next`(modifies('full'), action.set(false)),
  hardirq: c`__synchronize_hardirq(desc, true)`(when(not(inprogress))),
  first: If(fix.is('sync_first'), { threads: synchronize() }),
  stop: kthread_stop(thread),
  undo: If(fix.is('stop_undoes'), {
    left: If(test_and_clear_bit(runthread), { last: atomic_dec(threads_active) }),
  }),
  other: synchronize(),
}));

const task = actor('task', driver);
const hardirq = actor('hardirq', handler);

export const properties: Properties = {
  ends: sometimes(task.done),
  runs: sometimes(thread.at('irq_thread.fn'), 'the thread does what it was asked for'),
  runs_before_it_stops: sometimes(thread.at('irq_thread.left'), 'it is asked and stopped'),
};

export const race: Race = {
  subsystem: 'genirq',
  fix: { commit: '8707898e22fd', subject: 'genirq: Synchronize interrupt thread startup' },
  kinds: ['deadlock'],
  uses: ['kthread', 'wait queue', 'atomic', 'hardirq'],
  essence:
    'agrees: the thread is asked to stop before it looks for the first time, and what the handler has counted is left',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [286, 585, 21], { 'no deadlock': 17 }),
  row({ fix: 'wait_until_ready' }, [844, 2046, 24]),
  row({ fix: 'sync_first' }, [333, 684, 24]),
  row({ fix: 'stop_undoes' }, [288, 590, 21]),
];

export { irq_thread_startup as model };

const irq_thread_startup = model('irq_thread_startup', {
  about: 'a thread of an interrupt is stopped before it begins, and nobody takes back that it is active',
  settings,
  state,
  actors: [task, thread, hardirq],
  comparison: { candidates: 'fix', scenarios: { 'request, an interrupt, free': {} } },
});
