// mm/rmap.c, mm/page_vma_mapped.c: attempt 1, try_to_unmap(page, TTU_SYNC | TTU_IGNORE_MLOCK) [A7]. It was never
// posted: what it does is read off the functions it calls [inference].

import { bugOn } from '../../kernel/index.js';
import { Call, For, If, procedure, yes } from '../../language/index.js';
import { CONFIG_DEBUG_VM, fix, NR_VMAS, Vma, vma } from '../state.js';
import { is_trans_huge, split_huge_pmd } from './huge_memory.js';
import { i_mmap_lock_read, i_mmap_unlock_read, pmd_lock, pmd_unlock } from './locks.js';

/** try_to_unmap_one() with page_vma_mapped_walk(): a huge pmd comes back with pvmw.pte == NULL [A7: 4, 5]. */
const try_to_unmap_one = procedure('try_to_unmap_one', { k: Vma }, ({ k }) => ({
  ttu_split: If(fix.is('try_to_unmap_split'), {
    test_split: If(is_trans_huge(k), { split: Call(split_huge_pmd, { k }) }),
  }),
  load_pmd: If(is_trans_huge(k), {
    lock: pmd_lock(k),
    recheck: If(is_trans_huge(k), {
      debug: If(CONFIG_DEBUG_VM, {
        check_pte: bugOn(yes, 'VM_BUG_ON_PAGE(!pvmw.pte, page)'),
      }).Else({
        use_pte: bugOn(yes, 'Oops: NULL pointer dereference of pvmw.pte'),
      }),
    }),
    unlock: pmd_unlock(k),
  }).Else({
    // PVMW_SYNC, of patch 03/10 of the same series: none is not believed before ptl was taken once.
    sync: If(fix.isnt('try_to_unmap_no_sync'), {
      test_none: If(vma.at(k).pmd.is('none'), { take_ptl: pmd_lock(k), drop_ptl: pmd_unlock(k) }),
    }),
  }),
}));

/** rmap_walk_file(): every vma in i_mmap, under i_mmap_rwsem for reading [A7: 1]. */
export const try_to_unmap = procedure('try_to_unmap', () => ({
  lock_i_mmap: i_mmap_lock_read(),
  vmas: For(NR_VMAS, (k) => ({
    next_vma: If(vma.at(k).in_i_mmap, { unmap_one: Call(try_to_unmap_one, { k }) }),
  })),
  unlock_i_mmap: i_mmap_unlock_read(),
}));
