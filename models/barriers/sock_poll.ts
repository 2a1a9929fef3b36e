// poll() of a socket without barriers: the task sleeps although there is data.
//
// poll() puts the task on the wait queue of the socket and looks for data; who brings data stores it and asks whether anybody
// waits. Each must see the store of the other: store buffering. Neither side had a barrier.
//
// Fix a57de0b4336e, 2.6.31 [id and message: memory]: smp_mb() on both sides, in sock_poll_wait() and in sk_has_sleeper(). One
// without the other is not enough. Left out: the lock of the wait queue, which orders its own holders alone; time-outs.

import { never, type Properties, sometimes } from '../../properties/language/index.js';
import { READ_ONCE, smp_mb, WRITE_ONCE } from '../kernel/index.js';
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
} from '../language/index.js';
import type { Manifest } from '../manifest.js';
import { type BarrierBug, comparedUnderTso, rowsOfCandidates } from './barrier.js';

export const settings = config({ fix: oneOf('none', 'poll_only', 'both') });
const { fix } = settings;

export const state = shared({
  /** The task is on the wait queue of the socket. */
  queued: bool(),
  /** tp->rcv_nxt != tp->copied_seq */
  data: bool(),
});
const { queued, data } = state;

/** Has poll() seen the data, and the receiving side the waiter? */
const saw_data = perActor('saw_data', bool());
const saw_waiter = perActor('saw_waiter', bool());

const poll = procedure('tcp_poll', () => ({
  queue: WRITE_ONCE(queued, true),
  barrier: If(fix.isnt('none'), { mb: smp_mb() }),
  look: saw_data.mine.assign(READ_ONCE(data)),
}));

const receive = procedure('sock_def_readable', () => ({
  data: WRITE_ONCE(data, true),
  barrier: If(fix.is('both'), { mb: smp_mb() }),
  ask: saw_waiter.mine.assign(READ_ONCE(queued)),
}));

const poller = actor('poller', poll);
const receiver = actor('receiver', receive);

export const properties: Properties = {
  no_sleep_with_data: never(
    poller.done
      .and(receiver.done)
      .and(not(saw_data.of(poller)))
      .and(not(saw_waiter.of(receiver))),
    'poll() sleeps although there is data, and nobody will wake it',
  ),
  returns_at_once: sometimes(poller.done.and(saw_data.of(poller))),
  is_woken: sometimes(saw_waiter.of(receiver)),
};

export const barrier: BarrierBug = {
  subsystem: 'net',
  fix: {
    commit: 'a57de0b4336e',
    subject: 'net: adding memory barrier to the poll and receive callbacks',
  },
  kinds: ['lost wake-up'],
  uses: ['memory barrier', 'wait queue'],
  merged: 'both',
  shape: 'SB',
  litmus: { none: 'SB', poll_only: 'SB+mb+po', both: 'SB+mbs' },
};

export const manifest: Manifest = rowsOfCandidates({
  none: { interleavings: [13, 14, 4], tso: [34, 58, 6], buffer: 1, violated: { no_sleep_with_data: 6 } },
  poll_only: { interleavings: [13, 14, 4], tso: [34, 53, 7], buffer: 1, violated: { no_sleep_with_data: 7 } },
  both: { interleavings: [13, 14, 4], tso: [31, 44, 8], buffer: 1 },
});

export { sock_poll as model };

const sock_poll = model('sock_poll', {
  about:
    'poll() puts the task on a wait queue and looks for data, while who brings data asks whether anybody waits',
  settings,
  state,
  actors: [poller, receiver],
  comparison: comparedUnderTso('one poll, one packet'),
});
