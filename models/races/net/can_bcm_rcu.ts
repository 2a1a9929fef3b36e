// CAN's broadcast manager frees an operation that a received frame still uses (CVE-2021-3609).
//
// bcm_rx_handler() runs in a softirq, in a section of RCU, and starts the hrtimer of its operation. Who removes the
// operation unregisters the handler, cancels the hrtimer, and frees: a handler that has begun before goes on with it.
//
// Fix d5f9023fa61e, 5.14 [commit message; the release is memory]: synchronize_rcu() between the two, after which no handler
// runs and the hrtimer stays cancelled. That was slow; f1b4e32aca08, 6.0, has the free alone wait, by call_rcu(), and sets
// RX_NO_AUTOTIMER first, so that handlers do not start the hrtimer [commit message]. A handler that has read the flag before
// starts it after the cancel, within its section, and the free comes with the timer armed [inference: no report is known to
// us]. Steps: [source: bcm_delete_rx_op(), bcm_remove_op() in the patches; bcm_rx_handler() is memory]. Left out: thrtimer,
// the socket, and that the callback reads it; the frame itself.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  call_rcu,
  hrtimer,
  hrtimer_cancel,
  hrtimer_interrupt,
  hrtimer_start,
  kfree,
  rcu_callback,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
  synchronize_rcu,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  If,
  model,
  not,
  object,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('net/can/bcm.c');
const af_can = source('net/can/af_can.c');

export const settings = config({
  fix: oneOf('none', 'synchronize_rcu', 'call_rcu', 'call_rcu_flag', 'cancel_in_callback', 'sync_late'),
});
const { fix } = settings;
const by_callback = fix.isIn('call_rcu', 'call_rcu_flag', 'cancel_in_callback');

export const state = shared({
  /** The handler is on the list of receivers. */
  registered: bool().starts(true),
  op: object({ frames: bool(), no_autotimer: bool(), timer: hrtimer(), rcu: rcu_head() }),
});
const { registered, op } = state;

const rx_handler = procedure('can_receive', () => ({
  lock: rcu_read_lock(),
  deliver: If(af_can`can_rcv_filter(): hlist_for_each_entry_rcu(r, …)`.test(registered), {
    frame: c`bcm_rx_handler(): op->rx_stamp = skb->tstamp`(op.frames.set(true)),
    flag: If(c`!(op->flags & RX_NO_AUTOTIMER)`.test(not(op.no_autotimer)), {
      start: hrtimer_start(op.timer),
    }),
  }),
  unlock: rcu_read_unlock(),
}));
const timeout = procedure('bcm_rx_timeout_handler', () => ({
  changed: c`bcm_send_to_user(op, &msg_head, NULL, 0)`(op.frames.set(false)),
}));

const cancel = () => If(hrtimer_cancel(op.timer), {});
const delete_op = procedure('bcm_delete_rx_op', () => ({
  flag: If(fix.is('call_rcu_flag'), { no: c`op->flags |= RX_NO_AUTOTIMER`(op.no_autotimer.set(true)) }),
  unregister: af_can`can_rx_unregister(): hlist_del_rcu(&r->list)`(registered.set(false)),
  sync: If(fix.is('synchronize_rcu'), { wait: synchronize_rcu() }),
  cancel: If(fix.isnt('cancel_in_callback'), { timer: cancel() }),
  late: If(fix.is('sync_late'), { wait: synchronize_rcu() }),
  free: If(by_callback, { call: call_rcu(op.rcu) }).Else({ kfree: kfree(op) }),
}));
const free_op = procedure('bcm_free_op_rcu', () => ({
  cancel: If(fix.is('cancel_in_callback'), { timer: cancel() }),
  free: kfree(op),
}));

const task = actor('task', delete_op);
const softirq = actor('softirq', rx_handler);
const timer = hrtimer_interrupt('hrtimer', op.timer, timeout);
const callback = rcu_callback('rcu', op.rcu, free_op);

export const properties: Properties = {
  ends: sometimes(task.done.and(softirq.done)),
  expires: sometimes(timer.at('bcm_rx_timeout_handler.changed'), 'the timer of a receiver expires'),
};

export const race: Race = {
  subsystem: 'CAN',
  fix: {
    commit: 'd5f9023fa61e',
    subject: 'can: bcm: delay release of struct bcm_op after synchronize_rcu()',
  },
  kinds: ['use-after-free'],
  uses: ['RCU', 'call_rcu', 'hrtimer', 'softirq'],
  essence: 'agrees: the handler finds the operation before it is unregistered, and uses it after it is freed',
  history:
    'f1b4e32aca08 (`call_rcu_flag`, 6.0) is refuted: a handler that has read the flag before starts the hrtimer after the cancel, and it is armed when the callback frees it. Neither a report nor a later fix is known to us.',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [62, 101, 11], {
    'ODEBUG: free active (active state 0) object type: hrtimer': 8,
    'BUG: KASAN: slab-use-after-free in can_receive': 6,
    'BUG: KASAN: slab-use-after-free in hrtimer_run_queues': 9,
    'BUG: KASAN: slab-use-after-free in bcm_rx_timeout_handler': 10,
  }),
  row({ fix: 'synchronize_rcu' }, [62, 108, 11]),
  row({ fix: 'call_rcu' }, [90, 151, 14], {
    'BUG: KASAN: slab-use-after-free in hrtimer_run_queues': 12,
    'BUG: KASAN: slab-use-after-free in bcm_rx_timeout_handler': 13,
    'ODEBUG: free active (active state 0) object type: hrtimer': 11,
  }),
  row({ fix: 'call_rcu_flag' }, [107, 185, 15], {
    'BUG: KASAN: slab-use-after-free in hrtimer_run_queues': 13,
    'BUG: KASAN: slab-use-after-free in bcm_rx_timeout_handler': 14,
    'ODEBUG: free active (active state 0) object type: hrtimer': 12,
  }),
  row({ fix: 'cancel_in_callback' }, [67, 116, 12]),
  row({ fix: 'sync_late' }, [80, 135, 13], {
    'ODEBUG: free active (active state 0) object type: hrtimer': 11,
    'BUG: KASAN: slab-use-after-free in hrtimer_run_queues': 12,
    'BUG: KASAN: slab-use-after-free in bcm_rx_timeout_handler': 13,
  }),
];

export { can_bcm_rcu as model };

const can_bcm_rcu = model('can_bcm_rcu', {
  about: 'a received frame starts the timer of an operation that is cancelled and freed (CVE-2021-3609)',
  settings,
  state,
  actors: [task, softirq, timer, callback],
  comparison: { candidates: 'fix', scenarios: { 'a frame, a removal': {} } },
});
