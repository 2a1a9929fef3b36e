// hci_qca: timers queue work, work arms timers, and the close frees what both use.
//
// The idle timer queues work; the work that wakes the device arms the retransmission timer, which arms itself again. The
// close deletes the timers, without waiting for their functions, and then drains the workqueue: work that runs meanwhile
// arms a timer, and it fires after the free. To destroy the workqueue first is wrong too: a timer queues work on it.
//
// Fix e0d3da982c96, 6.2 [docs; message: memory]: timer_shutdown_sync() first, after which nobody can arm; before it
// is 72ef98445aca [memory], `destroy_then_sync`. Steps: [source: drivers/bluetooth/hci_qca.c@5.15, @6.19; kernel/time/timer.c@5.15,
// @6.5; kernel/workqueue.c@5.15]. Timers and the workqueue are by hand. A function runs without the timer's lock, so an
// expiry and its end are steps; del_timer_sync() finds it not running and deletes it under that lock. Left out: two
// warnings, of work that is queued while the workqueue drains, and is dropped as here, and of a timer whose function
// shutdown forgets while it runs, as until 2025.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import { kfree } from '../../kernel/index.js';
import {
  actor,
  type BoolVar,
  bool,
  config,
  expects,
  Goto,
  If,
  inline,
  isLive,
  model,
  not,
  object,
  oneOf,
  procedure,
  record,
  rests,
  shared,
  source,
  when,
} from '../../language/index.js';
import type { Manifest } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('drivers/bluetooth/hci_qca.c');
const timers = source('kernel/time/timer.c');
const workqueue = source('kernel/workqueue.c');

export const settings = config({
  fix: oneOf(
    'none',
    'shutdown',
    'destroy_then_sync',
    'sync_then_destroy',
    'flag_then_sync',
    'destroy_then_shutdown',
    'sync_destroy_sync',
  ),
});
const { fix } = settings;

const timer = () => ({ pending: bool(), running: bool(), shut_down: bool() });
interface Timer {
  readonly pending: BoolVar;
  readonly running: BoolVar;
  readonly shut_down: BoolVar;
}

export const state = shared({
  qca: object({ tx_ibs_state: bool() }),
  /** qca->tx_idle_timer and qca->wake_retrans_timer */
  idle: record({ ...timer(), pending: bool().starts(true) }),
  retrans: record(timer()),
  /** qca->ws_awake_device and qca->ws_tx_vote_off are queued; is a work item of the workqueue run? */
  awake_queued: bool().starts(true),
  vote_queued: bool(),
  working: bool(),
  workqueue: oneOf('alive', 'draining', 'destroyed'),
  closing: bool(),
});
const { qca, idle, retrans, awake_queued, vote_queued, working, closing } = state;
const wq = state.workqueue;

const del_timer = (t: Timer) => timers`del_timer(&${t.pending})`(t.pending.set(false));
const del_timer_sync = (t: Timer) =>
  timers`del_timer_sync(&${t.pending})`(when(not(t.running)), t.pending.set(false));
const timer_shutdown_sync = (t: Timer) =>
  timers`timer_shutdown_sync(&${t.pending})`(
    when(not(t.running)),
    t.pending.set(false),
    t.shut_down.set(true),
  );
const expire = (t: Timer) =>
  timers`expire_timers(): call_timer_fn(&${t.pending})`(
    rests(),
    when(t.pending),
    expects(isLive(qca), 'BUG: KASAN: slab-use-after-free in expire_timers'),
    t.pending.set(false),
    t.running.set(true),
  );

const idle_timeout = procedure('hci_ibs_tx_idle_timeout', () => ({
  expire: expire(idle),
  state: c`switch (qca->tx_ibs_state)`.test(qca.tx_ibs_state),
  queue: workqueue`queue_work(qca->workqueue, &qca->ws_tx_vote_off)`.test(wq.is('alive'), {
    both: [expects(wq.isnt('destroyed'), 'BUG: kernel NULL pointer dereference in __queue_work')],
    yes: [vote_queued.set(true)],
  }),
  end: timers`base->running_timer = NULL`(idle.running.set(false)),
}));

const mod_timer = (t: Timer) =>
  timers`mod_timer(&${t.pending}, jiffies + delay)`(t.pending.set(not(t.shut_down)));

const wake_retrans_timeout = procedure('hci_ibs_wake_retrans_timeout', () => ({
  expire: expire(retrans),
  state: c`switch (qca->tx_ibs_state)`.test(qca.tx_ibs_state),
  again: mod_timer(retrans),
  end: timers`base->running_timer = NULL`(retrans.running.set(false)),
  next: Goto('expire'),
}));

const worker = procedure('process_one_work', () => ({
  idle: workqueue`worker_thread(): list_empty(&pool->worklist)`(
    rests(),
    when(awake_queued.or(vote_queued)),
    working.set(true),
  ),
  which: If(awake_queued, {
    awake: c`qca_wq_awake_device(work)`(awake_queued.set(false)),
    state: c`switch (qca->tx_ibs_state)`.test(qca.tx_ibs_state),
    flag: If(not(fix.is('flag_then_sync').and(closing)), { arm: mod_timer(retrans) }),
  }).Else({
    vote: c`qca_wq_serial_tx_clock_vote_off(work)`(vote_queued.set(false)),
    votes: c`serial_clock_vote(HCI_IBS_TX_VOTE_CLOCK_OFF, hu)`.test(qca.tx_ibs_state),
  }),
  done: workqueue`worker->current_work = NULL`(working.set(false)),
  next: Goto('idle'),
}));

const destroy_workqueue = inline('destroy_workqueue', () => ({
  drain: workqueue`wq->flags |= __WQ_DRAINING`(wq.set('draining')),
  flush: workqueue`flush_workqueue(wq)`(when(not(awake_queued.or(vote_queued).or(working)))),
  destroy: workqueue`wq is freed`(wq.set('destroyed')),
}));

const syncs = fix.is('sync_then_destroy').or(fix.is('sync_destroy_sync')).or(fix.is('flag_then_sync'));
const close = procedure('qca_close', () => ({
  closing: If(fix.is('flag_then_sync'), { flag: c`qca->closing = true`(closing.set(true)) }),
  delete: If(fix.is('none'), { idle: del_timer(idle), retrans: del_timer(retrans) }),
  shutdown: If(fix.is('shutdown'), {
    idle: timer_shutdown_sync(idle),
    retrans: timer_shutdown_sync(retrans),
  }),
  sync: If(syncs, { idle: del_timer_sync(idle), retrans: del_timer_sync(retrans) }),
  destroy: destroy_workqueue(),
  sync_after: If(fix.is('destroy_then_sync').or(fix.is('sync_destroy_sync')), {
    idle: del_timer_sync(idle),
    retrans: del_timer_sync(retrans),
  }),
  shutdown_after: If(fix.is('destroy_then_shutdown'), {
    idle: timer_shutdown_sync(idle),
    retrans: timer_shutdown_sync(retrans),
  }),
  free: kfree(qca),
}));

const idle_timer = actor('idle_timer', idle_timeout);
const retrans_timer = actor('retrans_timer', wake_retrans_timeout);
const kworker = actor('kworker', worker);
const closer = actor('close', close);

export const properties: Properties = {
  no_timer_is_freed: never(
    closer.done.and(idle.pending.or(retrans.pending)),
    'ODEBUG: free active (active state 0) object type: timer_list',
  ),
  arms: sometimes(retrans.pending),
  retransmits: sometimes(retrans_timer.at('hci_ibs_wake_retrans_timeout.again')),
  idles: sometimes(vote_queued),
  closed: sometimes(closer.done),
};

export const race: Race = {
  subsystem: 'Bluetooth',
  fix: { commit: 'e0d3da982c96', subject: 'Bluetooth: hci_qca: Fix the teardown problem for real' },
  kinds: ['use-after-free', 'bug'],
  uses: ['timer', 'workqueue'],
  essence: 'agrees: the timer fires before del_timer_sync(), and queues its work after the workqueue is gone',
  history:
    '72ef98445aca (`destroy_then_sync`), which put del_timer_sync() in the place of del_timer() (`none`), is refuted; e0d3da982c96 says so.',
};

export const manifest: Manifest = [
  {
    settings: { fix: 'destroy_then_sync' },
    violated: { 'BUG: kernel NULL pointer dereference in __queue_work': 12 },
    states: 276,
    transitions: 730,
    depth: 18,
  },
  {
    settings: { fix: 'none' },
    violated: {
      no_timer_is_freed: 12,
      'BUG: KASAN: slab-use-after-free in expire_timers': 13,
      'BUG: KASAN: slab-use-after-free in hci_ibs_tx_idle_timeout': 14,
      'BUG: kernel NULL pointer dereference in __queue_work': 14,
      'BUG: KASAN: slab-use-after-free in hci_ibs_wake_retrans_timeout': 14,
    },
    states: 624,
    transitions: 1664,
    depth: 20,
  },
  {
    settings: { fix: 'sync_then_destroy' },
    violated: {
      no_timer_is_freed: 12,
      'BUG: KASAN: slab-use-after-free in expire_timers': 13,
      'BUG: KASAN: slab-use-after-free in hci_ibs_wake_retrans_timeout': 14,
    },
    states: 295,
    transitions: 647,
    depth: 24,
  },
  {
    settings: { fix: 'flag_then_sync' },
    violated: {
      no_timer_is_freed: 14,
      'BUG: KASAN: slab-use-after-free in expire_timers': 15,
      'BUG: KASAN: slab-use-after-free in hci_ibs_wake_retrans_timeout': 16,
    },
    states: 445,
    transitions: 1077,
    depth: 26,
  },
  {
    settings: { fix: 'destroy_then_shutdown' },
    violated: { 'BUG: kernel NULL pointer dereference in __queue_work': 12 },
    states: 276,
    transitions: 730,
    depth: 18,
  },
  { settings: { fix: 'sync_destroy_sync' }, violated: {}, states: 295, transitions: 653, depth: 24 },
  { settings: { fix: 'shutdown' }, violated: {}, states: 195, transitions: 435, depth: 21 },
];

export { hci_qca_close as model };

const hci_qca_close = model('hci_qca_close', {
  about: 'a close deletes timers that work arms, and drains work that timers queue, in four wrong orders',
  settings,
  state,
  actors: [idle_timer, retrans_timer, kworker, closer],
  comparison: { candidates: 'fix', scenarios: { 'a timer and work are pending': {} } },
});
