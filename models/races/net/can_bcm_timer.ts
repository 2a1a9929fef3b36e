// CAN's broadcast manager frees an operation whose hrtimer and tasklet start each other.
//
// The callback of the hrtimer schedules the tasklet, and the tasklet sends a frame and starts the hrtimer anew. Who removes
// the operation cancels the one and kills the other, and the first may have been started again by the second.
//
// a06393ed0316, 4.10, repeats both while one of the two is active; it looks at them one after the other, and the hrtimer may
// expire between two looks. "can: bcm: fix UAF of bcm op" (2022, for stable alone) turns the order round [commit message].
// Fix bf74aa86e111, 5.4 [docs: mail of the maintainer]: no tasklet; the callback runs in a softirq, sends by itself, and
// hrtimer_cancel() waits for it. Steps: [source: bcm_remove_op() in the patches; bcm_tx_timeout_tsklet() is memory]. The
// releases are memory. Left out: thrtimer, the throttle of receivers, which is alike; that an operation is changed.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  hrtimer,
  hrtimer_active,
  hrtimer_cancel,
  hrtimer_interrupt,
  hrtimer_start,
  kfree,
  tasklet_kill,
  tasklet_schedule,
  tasklet_softirq,
  tasklet_struct,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  Call,
  config,
  Goto,
  If,
  model,
  object,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('net/can/bcm.c');

export const settings = config({
  fix: oneOf('none', 'soft_timer', 'while_active', 'kill_then_cancel'),
});
const { fix } = settings;

export const state = shared({
  op: object({ frames: bool(), timer: hrtimer(), tsklet: tasklet_struct() }),
});
const { op } = state;

const tasklet_fn = procedure('bcm_tx_timeout_tsklet', () => ({
  send: c`bcm_can_tx(op)`(op.frames.set(true)),
  start: hrtimer_start(op.timer),
}));
const timeout = procedure('bcm_tx_timeout_handler', () => ({
  fn: If(fix.is('soft_timer'), { send: c`bcm_can_tx(op)`(op.frames.set(true)) }).Else({
    schedule: tasklet_schedule(op.tsklet),
  }),
}));

/** Its answer is not looked at. */
const cancel = () => If(hrtimer_cancel(op.timer), {});
const remove = procedure('bcm_remove_op', () => ({
  first: If(fix.is('while_active'), { look: Goto('sched') }),
  turn: If(fix.is('kill_then_cancel'), { kill: tasklet_kill(op.tsklet), cancel: cancel() }).Else({
    cancel: cancel(),
    kill: If(fix.isnt('soft_timer'), { kill: tasklet_kill(op.tsklet) }),
  }),
  once: If(fix.isIn('none', 'soft_timer'), { out: Goto('free') }),
  sched: If(c`test_bit(TASKLET_STATE_SCHED, &op->tsklet.state)`.test(op.tsklet.sched), {
    again: Goto('turn'),
  }),
  run: If(c`test_bit(TASKLET_STATE_RUN, &op->tsklet.state)`.test(op.tsklet.running), { again: Goto('turn') }),
  timer: If(c`hrtimer_active(&op->timer)`.test(hrtimer_active(op.timer)), { again: Goto('turn') }),
  free: kfree(op),
}));
const release = procedure('bcm_release', () => ({
  setup: hrtimer_start(op.timer),
  remove: Call(remove),
}));

const task = actor('task', release);
const hardirq = hrtimer_interrupt('hrtimer', op.timer, timeout, { restarts: fix.is('soft_timer') });
const softirq = tasklet_softirq('softirq', op.tsklet, tasklet_fn);

export const properties: Properties = {
  removes: sometimes(task.done),
  sends: sometimes(op.frames.and(task.at('bcm_remove_op.free')), 'frames were sent before'),
};

export const race: Race = {
  subsystem: 'CAN',
  fix: {
    commit: 'bf74aa86e111',
    subject: 'can: bcm: switch timer to HRTIMER_MODE_SOFT and remove hrtimer_tasklet',
  },
  kinds: ['use-after-free'],
  uses: ['hrtimer', 'tasklet', 'softirq'],
  essence: 'agrees: the tasklet starts the hrtimer after that was cancelled',
  history:
    'a06393ed0316 (`while_active`) is refuted, as a fix for stable of 2022 says. That fix (`kill_then_cancel`) is refuted as well: the hrtimer may expire between its tests of the tasklet and of the hrtimer. bf74aa86e111 has no tasklet.',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [105, 172, 22], {
    'ODEBUG: free active (active state 0) object type: hrtimer': 12,
    'BUG: KASAN: slab-use-after-free in hrtimer_run_queues': 13,
    'BUG: KASAN: slab-use-after-free in bcm_tx_timeout_handler': 14,
    'BUG: KASAN: slab-use-after-free in tasklet_action': 15,
    'BUG: KASAN: slab-use-after-free in bcm_tx_timeout_tsklet': 16,
  }),
  row({ fix: 'soft_timer' }, [10, 10, 6]),
  row({ fix: 'while_active' }, [180, 336, 18], {
    'ODEBUG: free active (active state 0) object type: hrtimer': 11,
    'BUG: KASAN: slab-use-after-free in hrtimer_run_queues': 12,
    'BUG: KASAN: slab-use-after-free in bcm_tx_timeout_handler': 13,
    'BUG: KASAN: slab-use-after-free in tasklet_action': 9,
    'BUG: KASAN: slab-use-after-free in bcm_tx_timeout_tsklet': 10,
  }),
  row({ fix: 'kill_then_cancel' }, [167, 310, 28], {
    'ODEBUG: free active (active state 0) object type: hrtimer': 21,
    'BUG: KASAN: slab-use-after-free in hrtimer_run_queues': 22,
    'BUG: KASAN: slab-use-after-free in bcm_tx_timeout_handler': 23,
    'BUG: KASAN: slab-use-after-free in tasklet_action': 19,
    'BUG: KASAN: slab-use-after-free in bcm_tx_timeout_tsklet': 20,
  }),
];

export { can_bcm_timer as model };

const can_bcm_timer = model('can_bcm_timer', {
  about: 'a timer and a tasklet start each other, and who frees both looks at them one after the other',
  settings,
  state,
  actors: [task, hardirq, softirq],
  comparison: { candidates: 'fix', scenarios: { 'send again and again, remove': {} } },
});
