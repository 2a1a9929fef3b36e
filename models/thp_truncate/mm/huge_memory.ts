// mm/huge_memory.c: taking a huge pmd away. The race window opens at clear_pmd and closes with the last decrement,
// all of it under ptl.

import { bugOn, spin_lock, spin_unlock } from '../../kernel/index.js';
import { Call, If, procedure, Return, source } from '../../language/index.js';
import { Mm, mm, mutant, page_mapcount_negative } from '../state.js';
import { page_remove_rmap } from './rmap.js';

const c = source('mm/huge_memory.c');

/** zap_huge_pmd(): steps Z3 to Z8u of [A1]. */
export const zap_huge_pmd = procedure('zap_huge_pmd', { i: Mm }, ({ i }) => {
  const { pmd, ptl } = mm.at(i);
  return {
    lock: spin_lock(ptl),
    recheck: If(pmd.isnt('huge'), {
      unlock_early: spin_unlock(ptl),
      lost: Return(),
    }),

    clear_pmd: c`pmdp_huge_get_and_clear_full(): take the huge pmd, leave none`(pmd.set('none')),

    early: If(mutant.is('ptl_released_early'), {
      unlock_too_early: spin_unlock(ptl),
      rmap_unlocked: Call(page_remove_rmap),
      unlocked: Return(),
    }),

    remove_rmap: Call(page_remove_rmap),
    check_mapcount: bugOn(page_mapcount_negative, 'VM_BUG_ON_PAGE(page_mapcount(page) < 0, page)'),
    unlock: spin_unlock(ptl),
  };
});
