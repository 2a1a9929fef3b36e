// The worker clears PENDING without a barrier: work is lost.
//
// Who queues work stores its data and sets the PENDING bit; where it is set already, the work is to run, and will see the
// data. The worker clears the bit and runs the work. Its load of the data may come before the store that clears the bit:
// store buffering.
//
// Fix 346c09f80459, 4.6 [id: quoted by the fix of test_and_set_bit(); message: memory]: smp_mb() after the bit is cleared; the
// smp_wmb() before it orders nothing that matters here. The other side has the barrier of test_and_set_bit(), which
// test_and_set_bit_fails is about. Left out: the rest of the workqueue.

import { never, type Properties, sometimes } from '../../properties/language/index.js';
import { READ_ONCE, smp_mb, smp_wmb, WRITE_ONCE, xchg } from '../kernel/index.js';
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

export const settings = config({ fix: oneOf('none', 'wmb_after', 'smp_mb') });
const { fix } = settings;

export const state = shared({
  /** What the work is to do. */
  data: bool(),
  /** WORK_STRUCT_PENDING_BIT: the work is queued. */
  pending: bool().starts(true),
});
const { data, pending } = state;

/** The bit before it was set, and whether the work has seen the data. */
const was_pending = perActor('was_pending', bool());
const saw_data = perActor('saw_data', bool());

const queue_work = procedure('queue_work_on', () => ({
  data: WRITE_ONCE(data, true),
  set: was_pending.mine.assign(xchg(pending, true)),
}));

const work = procedure('process_one_work', () => ({
  wmb: smp_wmb(),
  clear: WRITE_ONCE(pending, false),
  barrier: If(fix.is('smp_mb'), { mb: smp_mb() }),
  wrong: If(fix.is('wmb_after'), { wmb: smp_wmb() }),
  run: saw_data.mine.assign(READ_ONCE(data)),
}));

const queuer = actor('queuer', queue_work);
const worker = actor('worker', work);

export const properties: Properties = {
  no_lost_work: never(
    queuer.done
      .and(worker.done)
      .and(was_pending.of(queuer))
      .and(not(saw_data.of(worker))),
    'the work has run without the data, and is not queued again',
  ),
  is_pending: sometimes(queuer.done.and(was_pending.of(queuer))),
  queues_again: sometimes(queuer.done.and(not(was_pending.of(queuer)))),
};

export const barrier: BarrierBug = {
  subsystem: 'workqueue',
  fix: { commit: '346c09f80459', subject: 'workqueue: fix ghost PENDING flag while doing MQ IO' },
  kinds: ['lost wake-up'],
  uses: ['memory barrier', 'test_and_set_bit', 'workqueue'],
  merged: 'smp_mb',
  shape: 'SB',
  litmus: { none: 'SB+mb+po', wmb_after: 'work_pending_clear.wmb_after', smp_mb: 'SB+mbs' },
};

export const manifest: Manifest = rowsOfCandidates({
  none: { interleavings: [13, 14, 4], tso: [27, 40, 6], buffer: 1, violated: { no_lost_work: 6 } },
  wmb_after: { interleavings: [13, 14, 4], tso: [27, 40, 6], buffer: 1, violated: { no_lost_work: 6 } },
  smp_mb: { interleavings: [13, 14, 4], tso: [25, 34, 7], buffer: 1 },
});

export { work_pending_clear as model };

const work_pending_clear = model('work_pending_clear', {
  about:
    'the worker clears PENDING and reads the data, while who queues the work stores data and finds it pending',
  settings,
  state,
  actors: [queuer, worker],
  comparison: comparedUnderTso('one work'),
});
