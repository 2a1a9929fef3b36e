// A test_and_set_bit() that finds the bit set orders nothing: work is lost.
//
// Who queues work stores its data and sets the PENDING bit; where it is set already, the work is to run, and will see the
// data. The worker clears the bit, has a barrier, and reads the data. A failed test_and_set_bit() must order the store of the
// data before it: store buffering.
//
// Fix 415d83249709, 6.0 [id and message: memory]: asm-generic and arm64 looked at the bit first, and did nothing more where
// it was set; now the bit is set each time, which is a full barrier. `none` is LKMM's word for it: a cmpxchg that fails orders
// nothing. On x86 it is a fence, as is the `lock bts` that x86 has; early_test is what the look would be there. Left out: the
// rest of the workqueue.

import { never, type Properties, sometimes } from '../../properties/language/index.js';
import { cmpxchg, READ_ONCE, smp_mb, WRITE_ONCE, xchg } from '../kernel/index.js';
import {
  actor,
  bool,
  config,
  If,
  int,
  model,
  not,
  oneOf,
  perActor,
  procedure,
  shared,
} from '../language/index.js';
import type { Manifest } from '../manifest.js';
import { type BarrierBug, comparedUnderTso, rowsOfCandidates } from './barrier.js';

export const settings = config({ fix: oneOf('none', 'early_test', 'smp_mb', 'set_always') });
const { fix } = settings;

export const state = shared({
  /** What the work is to do. */
  data: bool(),
  /** WORK_STRUCT_PENDING_BIT: the work is queued. */
  pending: int(0, 1).starts(1),
});
const { data, pending } = state;

/** The bit before it was set, and whether the work has seen the data. */
const was_pending = perActor('was_pending', int(0, 1));
const saw_data = perActor('saw_data', bool());

const queue_work = procedure('queue_work_on', () => ({
  data: WRITE_ONCE(data, true),
  barrier: If(fix.is('smp_mb'), { mb: smp_mb() }),
  how: If(fix.is('set_always'), { set: was_pending.mine.assign(xchg(pending, 1)) }).Else({
    early: If(fix.is('early_test'), {
      test: was_pending.mine.assign(READ_ONCE(pending)),
      clear: If(was_pending.mine.eq(0), { set: was_pending.mine.assign(xchg(pending, 1)) }),
    }).Else({ fail: was_pending.mine.assign(cmpxchg(pending, 0, 1)) }),
  }),
}));

const work = procedure('process_one_work', () => ({
  clear: WRITE_ONCE(pending, 0),
  mb: smp_mb(),
  run: saw_data.mine.assign(READ_ONCE(data)),
}));

const queuer = actor('queuer', queue_work);
const worker = actor('worker', work);

export const properties: Properties = {
  no_lost_work: never(
    queuer.done
      .and(worker.done)
      .and(was_pending.of(queuer).eq(1))
      .and(not(saw_data.of(worker))),
    'the work has run without the data, and is not queued again',
  ),
  is_pending: sometimes(queuer.done.and(was_pending.of(queuer).eq(1))),
  queues_again: sometimes(queuer.done.and(was_pending.of(queuer).eq(0))),
};

export const barrier: BarrierBug = {
  subsystem: 'locking/atomic',
  fix: {
    commit: '415d83249709',
    subject: 'locking/atomic: Make test_and_*_bit() ordered on failure',
  },
  kinds: ['lost wake-up'],
  uses: ['memory barrier', 'test_and_set_bit', 'workqueue'],
  merged: 'set_always',
  shape: 'SB',
  litmus: {
    none: 'test_and_set_bit-fails.0',
    early_test: 'test_and_set_bit_fails.early_test',
    smp_mb: 'test_and_set_bit-fails.1',
    set_always: 'test_and_set_bit_fails.set_always',
  },
};

export const manifest: Manifest = rowsOfCandidates({
  none: { interleavings: [13, 14, 4], tso: [25, 34, 7], buffer: 1 },
  early_test: { interleavings: [22, 27, 6], tso: [56, 97, 9], buffer: 1, violated: { no_lost_work: 8 } },
  smp_mb: { interleavings: [13, 14, 4], tso: [31, 44, 8], buffer: 1 },
  set_always: { interleavings: [13, 14, 4], tso: [25, 34, 7], buffer: 1 },
});

export { test_and_set_bit_fails as model };

const test_and_set_bit_fails = model('test_and_set_bit_fails', {
  about:
    'who queues work stores its data and finds it pending, while the worker clears the bit and reads the data',
  settings,
  state,
  actors: [queuer, worker],
  comparison: comparedUnderTso('one work'),
});
