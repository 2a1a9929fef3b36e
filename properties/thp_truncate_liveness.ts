// Liveness of the flagship race, B4 of the facts in the model's README: deletions end, every wait for a pmd lock ends,
// a grace period ends. The properties apply to every candidate and every mutant, in runs in which no bug stops an
// actor: after a bug nothing need end. Weak fairness to every actor: an actor that can go on takes a step some time.

import { invalidate, munmap, truncate } from '../models/thp_truncate/model.js';
import {
  CONFIG_PREEMPT_RT,
  fix,
  mutant,
  NR_DONTNEED,
  NR_FAULT,
  NR_HASH_FAULT,
  NR_INVALIDATE,
  NR_MMS,
  NR_MUNMAP,
  NR_PTE_FAULT,
  NR_TRUNCATE,
  NR_WALKER,
} from '../models/thp_truncate/state.js';
import { eventually, leadsTo, negation, type Properties, property, weaklyFair } from './language/index.js';
import { somebody_is_dead } from './thp_truncate_actors.js';

/**
 * Liveness needs the whole graph of states, so these apply with few actors: more of them only wait for the same locks.
 */
const few = NR_MMS.le(1)
  .or(NR_MMS.le(2).and(NR_DONTNEED.plus(NR_FAULT).le(0)))
  .and(NR_HASH_FAULT.plus(NR_PTE_FAULT).plus(NR_WALKER).le(0));
const closes = fix.isIn('unmap_mapping_page', 'recheck_loop').and(mutant.is('none')).and(few);
const fair = weaklyFair();

export const thp_truncate_liveness: Properties = {
  /** L1 */
  truncate_ends: property(
    eventually(truncate.all((actor) => actor.done).or(somebody_is_dead)),
    'L1: truncate comes to its end; each further round of it finds less',
    { fair, given: few.and(NR_TRUNCATE.ge(1)).and(CONFIG_PREEMPT_RT.eq(false)) },
  ),
  /**
   * With CONFIG_PREEMPT_RT a real-time truncate may keep the CPU from a zap that it preempted inside its spinlock: the
   * scheduler is not fair. An actor that waits for a lock lends its priority to the holder; one that polls does not.
   */
  truncate_ends_on_rt: property(
    eventually(truncate.all((actor) => actor.done).or(somebody_is_dead)),
    'L1: truncate comes to its end, even if it is never preempted while it can go on',
    { given: few.and(NR_TRUNCATE.eq(1)).and(CONFIG_PREEMPT_RT) },
  ),
  /** L3 */
  munmap_gets_ptl: property(
    leadsTo(munmap.of(0).at('zap_huge_pmd.lock'), negation(munmap.of(0).at('zap_huge_pmd.lock'))),
    'L3: munmap does not spin on a pmd lock for ever',
    { fair, given: closes.and(NR_MUNMAP.ge(1)) },
  ),
  truncate_gets_ptl: property(
    leadsTo(truncate.of(0).at('zap_huge_pmd.lock'), negation(truncate.of(0).at('zap_huge_pmd.lock'))),
    'L3: truncate does not spin on a pmd lock for ever',
    { fair, given: closes.and(NR_TRUNCATE.ge(1)) },
  ),
  /** L4 */
  grace_period_ends: property(
    leadsTo(truncate.of(0).at('synchronize_rcu.end'), negation(truncate.of(0).at('synchronize_rcu.end'))),
    'L4: synchronize_rcu() returns, and truncate goes on',
    { fair, given: fix.is('synchronize_rcu').and(mutant.is('none')).and(few).and(NR_TRUNCATE.ge(1)) },
  ),
  /** L5 */
  invalidate_ends: property(
    eventually(invalidate.all((actor) => actor.done).or(somebody_is_dead)),
    'L5: invalidate returns, perhaps with -EBUSY',
    { fair, given: few.and(NR_INVALIDATE.ge(1)).and(CONFIG_PREEMPT_RT.eq(false)) },
  ),
};
