// waitqueue_active() without a barrier: a reader of a tty sleeps although there is input.
//
// The reader puts itself on the wait queue and looks for input; who brings input stores it and asks whether anybody waits.
// Each must see the store of the other: store buffering. set_current_state() is a barrier between the two accesses of the
// reader; the other side has none.
//
// Fix e81107d4c6bd, 4.4 [docs: 4.1.11 stable; id and message: memory]: wake_up() without the question, which takes the lock
// of the queue. Steps: [source: drivers/tty/n_tty.c@3.16; kernel/sched/wait.c@4.15]. The race n_tty_waitqueue_active has
// the same bug with store buffers as variables of its own; here the words for accesses and barriers say it, and the memory
// model is the checker's. Left out: more input, signals, and polling; the locks in
// try_to_wake_up(), of which its barrier before the state of the task stays.

import { never, type Properties, sometimes } from '../../properties/language/index.js';
import {
  __set_current_state,
  READ_ONCE,
  set_current_state,
  smp_mb,
  smp_store_release,
  smp_wmb,
  spin_lock,
  spin_unlock,
  spinlock,
  WRITE_ONCE,
} from '../kernel/index.js';
import {
  actor,
  bool,
  config,
  If,
  model,
  not,
  oneOf,
  perActor,
  procedure,
  shared,
  source,
  when,
} from '../language/index.js';
import type { Manifest } from '../manifest.js';
import { type BarrierBug, comparedUnderTso, rowsOfCandidates } from './barrier.js';

const c = source('drivers/tty/n_tty.c');

export const settings = config({
  fix: oneOf('none', 'smp_wmb', 'reader_without', 'smp_mb', 'wake_always'),
});
const { fix } = settings;

export const state = shared({
  /** ldata->commit_head != ldata->read_tail */
  input: bool(),
  /** tty->read_wait, and whether the reader's entry is on it. */
  lock: spinlock(),
  queued: bool(),
  /** Of the reader. */
  task_state: oneOf('RUNNING', 'INTERRUPTIBLE'),
});
const { input, lock, queued, task_state } = state;

/** Has the reader seen input, and the writer somebody who waits? */
const saw_input = perActor('saw_input', bool());
const saw_waiter = perActor('saw_waiter', bool());

const n_tty_read = procedure('n_tty_read', () => ({
  lock: spin_lock(lock),
  add: WRITE_ONCE(queued, true),
  unlock: spin_unlock(lock),
  state: If(fix.is('reader_without'), {
    plain: __set_current_state(task_state, 'INTERRUPTIBLE'),
  }).Else({ barrier: set_current_state(task_state, 'INTERRUPTIBLE') }),
  look: saw_input.mine.assign(READ_ONCE(input)),
  test: If(saw_input.mine, { running: __set_current_state(task_state, 'RUNNING') }).Else({
    sleep: c`timeout = schedule_timeout(timeout)`(when(READ_ONCE(task_state).is('RUNNING'))),
  }),
}));

const receive = procedure('n_tty_receive_buf_common', () => ({
  store: smp_store_release(input, true),
  barrier: If(fix.is('smp_mb').or(fix.is('reader_without')), { mb: smp_mb() }),
  wrong: If(fix.is('smp_wmb'), { wmb: smp_wmb() }),
  early: If(fix.is('wake_always'), { lock: spin_lock(lock) }),
  look: saw_waiter.mine.assign(READ_ONCE(queued)),
  late: If(fix.is('wake_always'), { unlock: spin_unlock(lock) }),
  ask: If(saw_waiter.mine, { ttwu: smp_mb(), wake: WRITE_ONCE(task_state, 'RUNNING') }),
}));

const reader = actor('reader', n_tty_read);
const writer = actor('writer', receive);

export const properties: Properties = {
  sleeps_with_input: never(
    reader
      .at('n_tty_read.sleep')
      .and(task_state.is('INTERRUPTIBLE'))
      .and(writer.done)
      .and(not(saw_waiter.of(writer))),
    'the reader sleeps although there is input, and nobody will wake it',
  ),
  reads_at_once: sometimes(reader.done.and(saw_input.of(reader))),
  is_woken: sometimes(reader.done.and(not(saw_input.of(reader)))),
};

export const barrier: BarrierBug = {
  subsystem: 'tty',
  fix: {
    commit: 'e81107d4c6bd',
    subject: 'tty: fix stall caused by missing memory barrier in drivers/tty/n_tty.c',
  },
  kinds: ['lost wake-up', 'deadlock'],
  uses: ['memory barrier', 'wait queue', 'task state'],
  merged: 'wake_always',
  shape: 'SB',
  litmus: {
    none: 'waitqueue_active.0',
    smp_wmb: 'waitqueue_active.smp_wmb',
    reader_without: 'SB+mb+po',
    smp_mb: 'waitqueue_active.1',
    wake_always: 'waitqueue_active.wake_always',
  },
};

export const manifest: Manifest = rowsOfCandidates({
  none: {
    interleavings: [61, 91, 11],
    tso: [149, 280, 17],
    buffer: 2,
    violated: { sleeps_with_input: 12, 'no deadlock': 12 },
  },
  smp_wmb: {
    interleavings: [61, 91, 11],
    tso: [149, 280, 17],
    buffer: 2,
    violated: { sleeps_with_input: 12, 'no deadlock': 12 },
  },
  reader_without: {
    interleavings: [61, 91, 11],
    tso: [283, 607, 19],
    buffer: 4,
    violated: { sleeps_with_input: 14, 'no deadlock': 14 },
  },
  smp_mb: { interleavings: [61, 91, 11], tso: [127, 215, 18], buffer: 2 },
  wake_always: { interleavings: [74, 110, 13], tso: [139, 234, 20], buffer: 2 },
});

export { waitqueue_active as model };

const waitqueue_active = model('waitqueue_active', {
  about: 'who brings input asks for sleepers before the input is seen, and a reader sleeps with input',
  settings,
  state,
  actors: [reader, writer],
  comparison: comparedUnderTso('one read, one input'),
});
