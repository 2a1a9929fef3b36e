// waitqueue_active() without a barrier: a reader of a tty sleeps although there is input (x86 too).
//
// The reader queues its entry and tests for input; the writer stores input and tests whether the wait queue has an entry. Each
// store may still be in the store buffer of its CPU while the other CPU tests: no entry is found, and no input.
// set_current_state() is a barrier on the side of the reader; the other side has none.
//
// Fix e81107d4c6bd, 4.4 [docs: changelog of 4.1.11; the id is memory]: wake_up() without the test, whose lock orders the two.
// Steps: [source: drivers/tty/n_tty.c@3.16; kernel/sched/wait.c@4.15]. The store buffers of x86 are in the model, so `check`
// finds the race without --memory=tso: one store each, which an actor of the CPU writes to memory at any time; a barrier and
// a locked instruction wait until it has. The unlock of the reader's queue lock is behind its entry in the buffer, so that
// who takes the lock finds the entry. Left out: more input, signals, and polling.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  actor,
  bool,
  config,
  Goto,
  If,
  model,
  oneOf,
  procedure,
  rests,
  shared,
  source,
  when,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('drivers/tty/n_tty.c');
const wait_c = source('kernel/sched/wait.c');
const x86 = source('arch/x86: store buffer');

export const settings = config({
  fix: oneOf('none', 'wake_always', 'smp_mb', 'no_barrier', 'mb_after_the_question'),
});
const { fix } = settings;

export const state = shared({
  /** ldata->commit_head != ldata->read_tail */
  input: bool(),
  /** The reader's entry is on tty->read_wait. */
  queued: bool(),
  task_state: oneOf('RUNNING', 'INTERRUPTIBLE'),
  /** Stores that their CPU has made, and others do not see yet. */
  reader_buffer: oneOf('empty', 'queued'),
  writer_buffer: oneOf('empty', 'input'),
});
const { input, queued, task_state, reader_buffer, writer_buffer } = state;

const n_tty_read = procedure('n_tty_read', { slept: bool() }, ({ slept }) => ({
  add: c`add_wait_queue(&tty->read_wait, &wait)`(reader_buffer.set('queued')),
  state: If(fix.is('no_barrier'), {
    plain: c`__set_current_state(TASK_INTERRUPTIBLE)`(task_state.set('INTERRUPTIBLE')),
  }).Else({
    barrier: c`set_current_state(TASK_INTERRUPTIBLE)`(
      when(reader_buffer.is('empty')),
      task_state.set('INTERRUPTIBLE'),
    ),
  }),
  test: If(c`input_available_p(tty, 0)`.test(input), {
    read: c`__set_current_state(TASK_RUNNING)`(task_state.set('RUNNING')),
  }).Else({
    sleep: c`timeout = schedule_timeout(timeout)`(when(task_state.is('RUNNING')), slept.set(true)),
    again: Goto('state'),
  }),
  how: If(slept, { after_sleep: c`copy_from_read_buf(tty, &b, &nr)`() }).Else({
    at_once: c`copy_from_read_buf(tty, &b, &nr)`(),
  }),
}));

const wake = () => ({
  lock: wait_c`__wake_up(): spin_lock_irqsave(&q->lock, flags)`(
    when(writer_buffer.is('empty').and(reader_buffer.is('empty'))),
  ),
  wake: If(queued, { up: wait_c`autoremove_wake_function(): try_to_wake_up()`(task_state.set('RUNNING')) }),
});
const receive = procedure('n_tty_receive_buf_common', () => ({
  store: c`smp_store_release(&ldata->commit_head, ldata->read_head)`(writer_buffer.set('input')),
  mb: If(fix.is('smp_mb'), { barrier: c`smp_mb()`(when(writer_buffer.is('empty'))) }),
  ask: If(fix.is('wake_always'), wake()).Else({
    active: If(c`waitqueue_active(&tty->read_wait)`.test(queued), wake()).Else({
      late: If(fix.is('mb_after_the_question'), { barrier: c`smp_mb()`(when(writer_buffer.is('empty'))) }),
    }),
  }),
}));

const reader_cpu = procedure('reader_stores', () => ({
  drain: x86`the entry is in memory`(
    rests(),
    when(reader_buffer.isnt('empty')),
    queued.set(true),
    reader_buffer.set('empty'),
  ),
  next: Goto('drain'),
}));
const writer_cpu = procedure('writer_stores', () => ({
  drain: x86`the input is in memory`(
    rests(),
    when(writer_buffer.isnt('empty')),
    input.set(true),
    writer_buffer.set('empty'),
  ),
  next: Goto('drain'),
}));

const reader = actor('reader', n_tty_read);
const writer = actor('writer', receive);
const buffers = [actor('reader_cpu', reader_cpu), actor('writer_cpu', writer_cpu)];

export const properties: Properties = {
  sleeps_with_input: never(
    writer.done.and(reader.at('n_tty_read.sleep')).and(task_state.is('INTERRUPTIBLE')).and(input),
    'the reader sleeps although there is input, and no wake-up comes',
  ),
  reads_at_once: sometimes(reader.at('n_tty_read.at_once')),
  reads_after_sleep: sometimes(reader.at('n_tty_read.after_sleep')),
};

export const race: Race = {
  subsystem: 'tty',
  fix: {
    commit: 'e81107d4c6bd',
    subject: 'tty: fix stall caused by missing memory barrier in drivers/tty/n_tty.c',
  },
  kinds: ['lost wake-up', 'deadlock'],
  uses: ['wait queue', 'task state', 'store buffer', 'memory barrier'],
  essence: 'agrees: each looks for the other before its store has left the store buffer of its CPU',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [65, 104, 15], { sleeps_with_input: 7, 'no deadlock': 7 }),
  row({ fix: 'wake_always' }, [51, 76, 14]),
  row({ fix: 'smp_mb' }, [65, 101, 16]),
  row({ fix: 'no_barrier' }, [83, 152, 15], { sleeps_with_input: 6, 'no deadlock': 7 }),
  row({ fix: 'mb_after_the_question' }, [74, 120, 15], { sleeps_with_input: 8, 'no deadlock': 8 }),
];

export { n_tty_waitqueue_active as model };

const n_tty_waitqueue_active = model('n_tty_waitqueue_active', {
  about:
    'a writer looks for a sleeping reader before its input has left its store buffer, and the reader sleeps on',
  settings,
  state,
  actors: [reader, writer, ...buffers],
  comparison: { candidates: 'fix', scenarios: { 'one read, one input': {} } },
});
