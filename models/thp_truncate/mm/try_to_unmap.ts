// mm/rmap.c, mm/page_vma_mapped.c: attempt 1, try_to_unmap(page, TTU_SYNC | TTU_IGNORE_MLOCK) [A7]. It was never
// posted: what it does is read off the functions it calls [inference].

import { bugOn } from '../../kernel/index.js';
import { Call, For, If, procedure, yes } from '../../language/index.js';
import {
  by_ptes,
  CONFIG_DEBUG_VM,
  fix,
  moves_pud,
  NR_VMAS,
  page_kind,
  pmd_of,
  table_of,
  Vma,
  visited,
  vma,
} from '../state.js';
import { is_trans_huge, split_huge_pmd } from './huge_memory.js';
import { i_mmap_lock_read, i_mmap_unlock_read, pmd_lock, pmd_unlock } from './locks.js';
import { zap_pte_range } from './memory.js';

/**
 * try_to_unmap_one() with page_vma_mapped_walk(), for the pmd that covers the page in vma k: a huge pmd comes back with
 * pvmw.pte == NULL [A7: 4, 5]; ptes are taken away under the pte lock, as a zap takes them.
 */
const try_to_unmap_one = procedure('try_to_unmap_one', { pmd: Vma, k: Vma }, ({ pmd, k }) => ({
  // split_huge_pmd_address() takes the pmd lock without a look at the pmd.
  ttu_split: If(fix.is('try_to_unmap_split'), { split: Call(split_huge_pmd, { k: pmd, flushed: k }) }),
  load_pmd: If(is_trans_huge(pmd), {
    lock: pmd_lock(pmd),
    recheck: If(is_trans_huge(pmd), {
      debug: If(CONFIG_DEBUG_VM, {
        check_pte: bugOn(yes, 'VM_BUG_ON_PAGE(!pvmw.pte, page)'),
      }).Else({
        use_pte: bugOn(yes, 'Oops: NULL pointer dereference of pvmw.pte'),
      }),
    }),
    unlock: pmd_unlock(pmd),
  }).Else({
    // PVMW_SYNC, of patch 03/10 of the same series: none is not believed before ptl was taken once.
    sync: If(fix.isnt('try_to_unmap_no_sync').and(page_kind.isnt('small')), {
      test_none: If(vma.at(pmd).pmd.is('none'), { take_ptl: pmd_lock(pmd), drop_ptl: pmd_unlock(pmd) }),
    }),
  }),
  ptes: If(by_ptes, {
    map_pte: If(vma.at(pmd).pmd.is('table'), { unmap_ptes: Call(zap_pte_range, { table: table_of(pmd) }) }),
  }),
}));

/** rmap_walk_file(): every vma in i_mmap, under i_mmap_rwsem for reading [A7: 1]. */
export const try_to_unmap = procedure('try_to_unmap', () => ({
  lock_i_mmap: i_mmap_lock_read(),
  vmas: For(NR_VMAS, (i) => ({
    next_vma: If(vma.at(visited(i)).in_i_mmap, {
      puds: If(moves_pud, {
        test_pud: If(vma.at(visited(i)).pud, {
          unmap_pmds: Call(try_to_unmap_one, { pmd: pmd_of(visited(i)), k: visited(i) }),
        }),
      }).Else({
        unmap_one: Call(try_to_unmap_one, { pmd: visited(i), k: visited(i) }),
      }),
    }),
  })),
  unlock_i_mmap: i_mmap_unlock_read(),
}));
