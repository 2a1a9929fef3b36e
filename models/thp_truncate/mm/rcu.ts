// kernel/rcu/tree.c: attempt 3, a grace period [A9]. The caller notes who is inside a reader when it starts, and
// waits until each of them has left once; later readers do not hold it up.

import { mightSleep } from '../../kernel/index.js';
import { all, forAll, not, procedure, source, when } from '../../language/index.js';
import { gp_waits_for, NR_VMAS, rcu, rcu_reader, vma } from '../state.js';

const c = source('kernel/rcu/tree.c');

/** Is a reader inside the pmd_lock section of vma k? Since 4.20 every holder of a spinlock is one. */
const consolidated = rcu.is('consolidated');

export const synchronize_rcu = procedure('synchronize_rcu', () => ({
  start: c`synchronize_rcu(): a grace period begins`(
    mightSleep(),
    forAll(NR_VMAS, (k) =>
      gp_waits_for
        .at(k)
        .set(consolidated.and(not(vma.at(k).ptl.isFree())).or(not(consolidated).and(rcu_reader.at(k)))),
    ),
  ),
  end: c`every reader of then has left`(when(all(NR_VMAS, (k) => not(gp_waits_for.at(k))))),
}));
