// switch_mm_cid() without a barrier: two threads get the same concurrency id.
//
// A CPU that has not run an mm for long has its concurrency id taken away: another CPU marks the id with a lazy put, looks
// whether the CPU runs a thread of the mm, and if not, puts the id. A CPU that switches to such a thread stores rq->curr,
// and keeps the id unless it is marked. Each must see the store of the other: store buffering.
//
// Fix fe90f3967bdb, 6.9 [id and message: memory]: smp_mb() in switch_mm_cid() where a kernel thread is followed by a thread of
// the mm, since then no switch of page tables orders the two. The other side has the barrier of its cmpxchg. Left out: the
// cmpxchg that puts the id, of which it matters only whether it is reached; the other cases of the switch.

import { never, type Properties, sometimes } from '../../properties/language/index.js';
import { cmpxchg, READ_ONCE, smp_mb, smp_rmb, WRITE_ONCE } from '../kernel/index.js';
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

export const settings = config({ fix: oneOf('none', 'smp_rmb', 'smp_mb') });
const { fix } = settings;

export const state = shared({
  /** rq->curr is a thread of the mm. */
  runs_mm: bool(),
  /** The id of the mm on this CPU. */
  cid: oneOf('valid', 'lazy_put'),
});
const { runs_mm, cid } = state;

/** What the CPU that switches finds in the id, and the other one before it marks it. */
const found = perActor('found', oneOf('nothing', 'valid', 'lazy_put'));
const saw_running = perActor('saw_running', bool());

const switch_mm_cid = procedure('context_switch', () => ({
  curr: WRITE_ONCE(runs_mm, true),
  barrier: If(fix.is('smp_mb'), { mb: smp_mb() }),
  wrong: If(fix.is('smp_rmb'), { rmb: smp_rmb() }),
  cid: found.mine.assign(READ_ONCE(cid)),
}));

const remote_clear = procedure('sched_mm_cid_remote_clear', () => ({
  mark: found.mine.assign(cmpxchg(cid, 'valid', 'lazy_put')),
  look: saw_running.mine.assign(READ_ONCE(runs_mm)),
}));

const switcher = actor('switcher', switch_mm_cid);
const clearer = actor('clearer', remote_clear);

export const properties: Properties = {
  no_id_twice: never(
    switcher.done
      .and(found.of(switcher).is('valid'))
      .and(clearer.done)
      .and(not(saw_running.of(clearer))),
    'the thread uses an id that is put, and that another thread may get',
  ),
  keeps_the_id: sometimes(found.of(switcher).is('valid').and(saw_running.of(clearer))),
  takes_a_new_id: sometimes(found.of(switcher).is('lazy_put')),
};

export const barrier: BarrierBug = {
  subsystem: 'sched',
  fix: { commit: 'fe90f3967bdb', subject: 'sched: Add missing memory barrier in switch_mm_cid' },
  kinds: ['bug'],
  uses: ['memory barrier', 'cmpxchg', 'rq->curr'],
  merged: 'smp_mb',
  shape: 'SB',
  litmus: { none: 'mm_cid.0', smp_rmb: 'mm_cid.smp_rmb', smp_mb: 'mm_cid.1' },
};

export const manifest: Manifest = rowsOfCandidates({
  none: { interleavings: [13, 14, 4], tso: [22, 30, 5], buffer: 1, violated: { no_id_twice: 5 } },
  smp_rmb: { interleavings: [13, 14, 4], tso: [22, 30, 5], buffer: 1, violated: { no_id_twice: 5 } },
  smp_mb: { interleavings: [13, 14, 4], tso: [20, 25, 6], buffer: 1 },
});

export { mm_cid as model };

const mm_cid = model('mm_cid', {
  about: 'a CPU switches to a thread and keeps its concurrency id, while another CPU takes the id away',
  settings,
  state,
  actors: [switcher, clearer],
  comparison: comparedUnderTso('one switch, one clear'),
});
