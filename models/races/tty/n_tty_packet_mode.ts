// n_tty_read() in packet mode: the state first, then the test, or the wake-up is lost.
//
// The reader looks for a status of the packet mode, finds none, and makes itself TASK_INTERRUPTIBLE; a flush in between
// sets the status and wakes a task that is still running. The reader sleeps although a status waits.
//
// Fix 1aa1bf111527 [commit message]: set_current_state() before the test. Steps: [source: drivers/tty/n_tty.c@3.16]; since
// 4.15 wait_woken() does it with a flag of the entry [source: kernel/sched/wait.c@4.15]. Left out: input, signals and
// time-outs, each of which would end the sleep and hide the bug. The lock of the flusher does not help: the reader's test
// does not take it.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  __set_current_state,
  set_current_state,
  spin_lock,
  spin_unlock,
  spinlock,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  Goto,
  given,
  If,
  model,
  not,
  oneOf,
  onlyIf,
  procedure,
  shared,
  source,
  when,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('drivers/tty/n_tty.c');

export const settings = config({
  fix: oneOf('none', 'state_first', 'wait_woken', 'wake_before_status', 'queue_late'),
});
const { fix } = settings;

export const state = shared({
  /** link->ctrl_status */
  status: bool(),
  /** The lock of tty->read_wait, the reader's entry there, and its WQ_FLAG_WOKEN. */
  wait_lock: spinlock(),
  queued: bool(),
  woken: bool(),
  /** Of the reader. */
  task_state: oneOf('RUNNING', 'INTERRUPTIBLE'),
  ctrl_lock: spinlock(),
});
const { status, wait_lock, queued, woken, task_state, ctrl_lock } = state;

const queue = () => ({
  lock: spin_lock(wait_lock),
  add: c`__add_wait_queue(&tty->read_wait, &wait)`(queued.set(true)),
  unlock: spin_unlock(wait_lock),
});
const set_state = () => set_current_state(task_state, 'INTERRUPTIBLE');
const schedule = () => c`schedule()`(when(task_state.is('RUNNING')));

const n_tty_read = procedure('n_tty_read', { slept: bool() }, ({ slept }) => ({
  early: If(fix.isnt('queue_late'), queue()),
  loop: If(fix.is('state_first'), { state: set_state() }),
  test: If(not(status), {
    late: If(fix.is('queue_late'), queue()),
    then: If(fix.isnt('state_first'), { state: set_state() }),
    skip: If(fix.is('wait_woken').and(woken), {}).Else({
      sleep: schedule(),
      slept: c`again`(slept.set(true)),
    }),
    running: If(fix.is('wait_woken'), {
      run: __set_current_state(task_state, 'RUNNING'),
      clear: c`wait->flags &= ~WQ_FLAG_WOKEN`(woken.set(false)),
    }),
    again: Goto('loop'),
  }),
  lock: spin_lock(ctrl_lock),
  take: c`cs = tty->link->ctrl_status; tty->link->ctrl_status = 0`(
    status.set(false),
    task_state.set('RUNNING'),
  ),
  unlock: spin_unlock(ctrl_lock),
  how: If(slept, { after_sleep: c`return cs`(queued.set(false)) }).Else({
    at_once: c`return cs`(queued.set(false)),
  }),
}));

const wake = () => ({
  lock: spin_lock(wait_lock),
  wake: c`wake_up_interruptible(&tty->link->read_wait)`(
    onlyIf(queued, task_state.set('RUNNING'), given(fix.is('wait_woken'), woken.set(true))),
  ),
  unlock: spin_unlock(wait_lock),
});
const flush = procedure('n_tty_packet_mode_flush', () => ({
  lock: spin_lock(ctrl_lock),
  early: If(fix.is('wake_before_status'), wake()),
  set: c`tty->ctrl_status |= TIOCPKT_FLUSHREAD`(status.set(true)),
  late: If(fix.isnt('wake_before_status'), wake()),
  unlock: spin_unlock(ctrl_lock),
}));

const reader = actor('reader', n_tty_read);
const flusher = actor('flusher', flush);

export const properties: Properties = {
  sleeps_with_a_status: never(
    flusher.done.and(reader.at('n_tty_read.sleep')).and(task_state.is('INTERRUPTIBLE')).and(status),
    'the reader sleeps although there is a status, and no wake-up comes',
  ),
  reads_at_once: sometimes(reader.at('n_tty_read.at_once')),
  reads_after_sleep: sometimes(reader.at('n_tty_read.after_sleep')),
};

export const race: Race = {
  subsystem: 'tty',
  fix: { commit: '1aa1bf111527', subject: 'tty: Fix missed wakeup from packet mode status update' },
  kinds: ['lost wake-up', 'deadlock'],
  uses: ['wait queue', 'task state'],
  essence: 'agrees: the test comes before the status, and the wake-up before the state',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [64, 90, 18], { sleeps_with_a_status: 11, 'no deadlock': 11 }),
  row({ fix: 'state_first' }, [71, 102, 19]),
  row({ fix: 'wait_woken' }, [97, 143, 21]),
  row({ fix: 'wake_before_status' }, [63, 92, 18], { sleeps_with_a_status: 11, 'no deadlock': 11 }),
  row({ fix: 'queue_late' }, [64, 90, 18], { sleeps_with_a_status: 11, 'no deadlock': 11 }),
];

export { n_tty_packet_mode as model };

const n_tty_packet_mode = model('n_tty_packet_mode', {
  about:
    'a reader of a pty in packet mode tests for a status before it sets its state, and misses the wake-up',
  settings,
  state,
  actors: [reader, flusher],
  comparison: { candidates: 'fix', scenarios: { 'one read, one flush': {} } },
});
