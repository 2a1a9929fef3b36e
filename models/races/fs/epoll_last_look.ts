// ep_poll() looks at two lists without their lock, and sleeps although an event is pending.
//
// To poll a nested epoll file, another thread takes its ready list away, looks at each file of it, and puts the list back;
// meanwhile events go to the overflow list, which is active then. A waiter reads the ready list, empty, and then whether the
// overflow list is active, which it is no more: it sleeps, and the thread that puts the list back does not wake it.
//
// Fix 65759097d804, 5.7 [commit message]: look last under ep->lock, which puts the waiter on the queue. `ovflist_first` is the
// first attempt, which was taken back [the patch, and the mail that withdraws it]: one list is always there, and a reader
// still misses both. Until 339ddb53d373 the end of the scan woke up (`wake_at_end`) [commit message]. Steps: [source:
// fs/eventpoll.c in these patches]. Left out: more events and waiters, time-outs, signals; ep->mtx, taken by waiters later.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  __set_current_state,
  read_lock_irqsave,
  read_unlock_irqrestore,
  rwlock,
  set_current_state,
  write_lock_irq,
  write_unlock_irq,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  If,
  model,
  not,
  oneOf,
  onlyIf,
  procedure,
  type Stmt,
  shared,
  source,
  when,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('fs/eventpoll.c');

export const settings = config({
  fix: oneOf('none', 'look_under_lock', 'ovflist_first', 'wake_at_end', 'queue_after_look'),
});
const { fix } = settings;

export const state = shared({
  lock: rwlock(),
  /** Is the file on ep->rdllist, on the list of the polling thread, on ep->ovflist? */
  rdllist: bool(),
  txlist: bool(),
  ovflist: oneOf('EP_UNACTIVE_PTR', 'empty', 'file'),
  /** The waiter is on ep->wq. */
  queued: bool(),
  task_state: oneOf('RUNNING', 'INTERRUPTIBLE'),
});
const { lock, rdllist, txlist, ovflist, queued, task_state } = state;

/** An entry leaves the queue as it is woken, but with the kernels of `wake_at_end`. */
const wake_up = () => onlyIf(queued, task_state.set('RUNNING'), queued.set(fix.is('wake_at_end')));
const take = () => c`list_splice_init(&ep->rdllist, &txlist)`(txlist.set(rdllist), rdllist.set(false));
const activate = () => c`WRITE_ONCE(ep->ovflist, NULL)`(ovflist.set('empty'));
const deactivate = () => c`WRITE_ONCE(ep->ovflist, EP_UNACTIVE_PTR)`(ovflist.set('EP_UNACTIVE_PTR'));
const put_back = () =>
  c`list_splice(&txlist, &ep->rdllist)`(rdllist.set(rdllist.or(txlist)), txlist.set(false));
/** Both, the second first with `ovflist_first`. */
const both = (one: () => Stmt, two: () => Stmt) =>
  If(fix.is('ovflist_first'), { two: two(), one: one() }).Else({ one: one(), two: two() });
const scan = procedure('ep_scan_ready_list', () => ({
  lock: write_lock_irq(lock),
  begin: both(take, activate),
  unlock: write_unlock_irq(lock),
  lock_again: write_lock_irq(lock),
  overflow: If(ovflist.is('file'), { add: c`list_add(&epi->rdllink, &ep->rdllist)`(rdllist.set(true)) }),
  end: both(deactivate, put_back),
  wakes: If(fix.is('wake_at_end'), { wake: c`wake_up(&ep->wq)`(onlyIf(rdllist, wake_up())) }),
  unlock_again: write_unlock_irq(lock),
}));

const poll_callback = procedure('ep_poll_callback', { flags: bool() }, ({ flags }) => ({
  lock: read_lock_irqsave(lock, flags),
  add: If(ovflist.isnt('EP_UNACTIVE_PTR'), { over: c`chain_epi_lockless(epi)`(ovflist.set('file')) }).Else({
    ready: c`list_add_tail_lockless(&epi->rdllink, &ep->rdllist)`(rdllist.set(true)),
  }),
  wake: c`if (waitqueue_active(&ep->wq)) wake_up(&ep->wq)`(wake_up()),
  unlock: read_unlock_irqrestore(lock, flags),
}));

const active = ovflist.isnt('EP_UNACTIVE_PTR');
const queue = () => c`__add_wait_queue_exclusive(&ep->wq, &wait)`(queued.set(true));
const wait = procedure('ep_poll', { ready: bool(), eavail: bool() }, ({ ready, eavail }) => ({
  lock: write_lock_irq(lock),
  under: If(fix.is('look_under_lock'), {
    state: __set_current_state(task_state, 'INTERRUPTIBLE'),
    look: c`eavail = ep_events_available(ep)`(eavail.set(rdllist.or(active))),
    sleeps: If(not(eavail), { queue: queue() }),
    unlock: write_unlock_irq(lock),
  }).Else({
    early: If(fix.isnt('queue_after_look'), { queue: queue() }),
    unlock: write_unlock_irq(lock),
    state: set_current_state(task_state, 'INTERRUPTIBLE'),
    one: c`!list_empty_careful(&ep->rdllist)`(ready.set(rdllist)),
    two: c`READ_ONCE(ep->ovflist) != EP_UNACTIVE_PTR`(eavail.set(ready.or(active))),
    late: If(fix.is('queue_after_look'), { queue: queue() }),
  }),
  sleep: If(not(eavail), { schedule: c`schedule_hrtimeout_range()`(when(task_state.is('RUNNING'))) }),
  end: c`__remove_wait_queue(&ep->wq, &wait)`(task_state.set('RUNNING'), queued.set(false)),
}));

const poller = actor('poll', scan);
const callback = actor('event', poll_callback);
const waiter = actor('wait', wait);

export const properties: Properties = {
  sleeps_with_an_event: never(
    poller.done.and(callback.done).and(waiter.at('ep_poll.schedule')).and(task_state.isnt('RUNNING')),
    'an event is pending, the thread that waits for it sleeps, and no wake-up comes',
  ),
  finds_it: sometimes(waiter.done.and(not(poller.done))),
  sleeps: sometimes(waiter.at('ep_poll.schedule').and(task_state.isnt('RUNNING'))),
};

export const race: Race = {
  subsystem: 'epoll',
  fix: { commit: '65759097d804', subject: 'epoll: call final ep_events_available() check under the lock' },
  kinds: ['lost wake-up', 'deadlock'],
  uses: ['rwlock', 'wait queue', 'task state', 'list'],
  essence: 'agrees: the waiter reads each of the lists while the file is on the other one',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [882, 1790, 26], { sleeps_with_an_event: 25, 'no deadlock': 25 }),
  row({ fix: 'look_under_lock' }, [479, 930, 26]),
  row({ fix: 'ovflist_first' }, [854, 1751, 26], { sleeps_with_an_event: 25, 'no deadlock': 25 }),
  row({ fix: 'wake_at_end' }, [793, 1636, 27]),
  row({ fix: 'queue_after_look' }, [825, 1725, 26], { sleeps_with_an_event: 25, 'no deadlock': 25 }),
];

export { epoll_last_look as model };

const epoll_last_look = model('epoll_last_look', {
  about: 'a waiter of epoll reads two lists without their lock while a file goes from one to the other',
  settings,
  state,
  actors: [poller, callback, waiter],
  comparison: {
    candidates: 'fix',
    scenarios: { 'an event is pending': {}, 'an event comes': { EVENT: true } },
  },
});
