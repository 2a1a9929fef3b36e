// hci_qca: timers queue work, work arms timers, and the close frees what both use.
//
// The idle timer queues work; the work that wakes the device arms the retransmission timer, which arms itself again. The
// close deletes the timers, without waiting for their functions, and then drains the workqueue: work that runs meanwhile
// arms a timer, and it fires after the free. To destroy the workqueue first is wrong too: a timer queues work on it.
//
// Fix e0d3da982c96, 6.2 [commit message]: timer_shutdown_sync() first, after which no mod_timer() arms; before it is 72ef98445aca
// [commit message], `destroy_sync`. Steps: [source: drivers/bluetooth/hci_qca.c@5.15, @6.19; kernel/time/timer.c@5.15, @6.5;
// kernel/workqueue.c@5.15]. Left out: the other two items of work, which neither arm a timer nor are queued by one; the lock
// of the state machine, which a close does not take; that shutdown clears the function of a running timer, which only warns.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  del_timer,
  del_timer_sync,
  destroy_workqueue,
  kfree,
  kworker,
  mod_timer,
  queue_work,
  type Timer,
  timer_list,
  timer_shutdown_sync,
  timer_softirq,
  work_struct,
  workqueue_struct,
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
import { free_active, type Race, use_after_free } from '../race.js';

const c = source('drivers/bluetooth/hci_qca.c');

export const settings = config({
  fix: oneOf('none', 'shutdown', 'destroy_sync', 'sync_destroy', 'flagged', 'destroy_shutdown', 'sync_twice'),
});
const { fix } = settings;
const flagged = fix.is('flagged');

export const state = shared({
  qca: object({
    tx_ibs_state: bool(),
    closing: bool(),
    tx_idle_timer: timer_list(),
    wake_retrans_timer: timer_list(),
    ws_awake_device: work_struct(),
    ws_tx_vote_off: work_struct(),
  }),
  workqueue: workqueue_struct(),
});
const { qca, workqueue } = state;
const { tx_idle_timer, wake_retrans_timer, ws_awake_device, ws_tx_vote_off } = qca;
const uses_qca = () => c`switch (qca->tx_ibs_state)`.test(qca.tx_ibs_state);

const tx_idle_timeout = procedure('hci_ibs_tx_idle_timeout', () => ({
  state: uses_qca(),
  queue: queue_work(workqueue, ws_tx_vote_off),
}));
const wake_retrans_timeout = procedure('hci_ibs_wake_retrans_timeout', () => ({
  state: uses_qca(),
  again: mod_timer(wake_retrans_timer),
}));
const awake_device = procedure('qca_wq_awake_device', () => ({
  state: uses_qca(),
  open: If(not(flagged.and(qca.closing)), { arm: mod_timer(wake_retrans_timer) }),
}));
const vote_off = procedure('qca_wq_serial_tx_clock_vote_off', () => ({ state: uses_qca() }));

const both = <S>(word: (timer: Timer) => S) => ({
  idle: word(tx_idle_timer),
  retrans: word(wake_retrans_timer),
});
const syncs_first = fix.isIn('flagged', 'sync_destroy', 'sync_twice');
const close = procedure('qca_close', () => ({
  armed: mod_timer(tx_idle_timer),
  queued: queue_work(workqueue, ws_awake_device),
  closing: If(flagged, { set: c`qca->closing = true`(qca.closing.set(true)) }),
  delete: If(fix.is('none'), both(del_timer)),
  shutdown: If(fix.is('shutdown'), both(timer_shutdown_sync)),
  sync: If(syncs_first, both(del_timer_sync)),
  destroy: destroy_workqueue(workqueue, ws_awake_device, ws_tx_vote_off),
  sync_late: If(fix.isIn('destroy_sync', 'sync_twice'), both(del_timer_sync)),
  shutdown_late: If(fix.is('destroy_shutdown'), both(timer_shutdown_sync)),
  free: kfree(qca),
}));

const idle = timer_softirq('idle', tx_idle_timer, tx_idle_timeout);
const retrans = timer_softirq('retrans', wake_retrans_timer, wake_retrans_timeout);
const awake = kworker('awake', ws_awake_device, awake_device);
const vote = kworker('vote', ws_tx_vote_off, vote_off);
const closer = actor('close', close);

export const properties: Properties = {
  retransmits: sometimes(retrans.at('hci_ibs_wake_retrans_timeout.again')),
  idles: sometimes(ws_tx_vote_off.running),
  closed: sometimes(closer.done),
};

export const race: Race = {
  subsystem: 'Bluetooth',
  fix: { commit: 'e0d3da982c96', subject: 'Bluetooth: hci_qca: Fix the teardown problem for real' },
  kinds: ['use-after-free', 'warning'],
  uses: ['timer', 'workqueue'],
  essence:
    'agrees but for what is reported first: the timer fires before del_timer_sync(), and queues work that is refused while the workqueue drains; the oops of the message is the same order, with the workqueue gone',
  history:
    '72ef98445aca (`destroy_sync`), which put del_timer_sync() in the place of del_timer() (`none`), is refuted; e0d3da982c96 says so.',
};

const late_queue = use_after_free('queue_work');
const late_retrans = use_after_free('hci_ibs_wake_retrans_timeout');
const active = free_active('timer_list');
const draining = 'workqueue: cannot queue work on a wq that is draining';
export const manifest: Manifest = [
  row({ fix: 'destroy_sync' }, [348, 983, 19], { [late_queue]: 12, [draining]: 6 }),
  row({ fix: 'none' }, [700, 2079, 21], {
    [use_after_free('hci_ibs_tx_idle_timeout')]: 14,
    [late_queue]: 14,
    [draining]: 8,
    [late_retrans]: 14,
    [active]: 12,
  }),
  row({ fix: 'sync_destroy' }, [297, 786, 18], { [late_retrans]: 14, [active]: 12 }),
  row({ fix: 'flagged' }, [482, 1373, 20], { [late_retrans]: 16, [active]: 14 }),
  row({ fix: 'destroy_shutdown' }, [348, 983, 19], { [late_queue]: 12, [draining]: 6 }),
  row({ fix: 'sync_twice' }, [298, 789, 18]),
  row({ fix: 'shutdown' }, [220, 586, 16]),
];

export { hci_qca_close as model };

const hci_qca_close = model('hci_qca_close', {
  about: 'a close deletes timers that work arms, and drains work that timers queue, in four wrong orders',
  settings,
  state,
  actors: [idle, retrans, awake, vote, closer],
  comparison: { candidates: 'fix', scenarios: { 'a timer and work are pending': {} } },
});
