// mm/memory.c: walking the vmas of a mapping and zapping what they map. The fix lives here: its branch in
// zap_pmd_range().

import { bugOn, down_write, spin_lock, spin_unlock, up_write } from '../../kernel/index.js';
import { bool, Call, For, If, procedure } from '../../language/index.js';
import { i_mmap, Mm, mm, mutant, NR_MMS, page } from '../state.js';
import { zap_huge_pmd } from './huge_memory.js';

/**
 * zap_pmd_range() for the one pmd that covers the page: Z1, Z2b and, with details->single_page, the new branch
 * U4 of [A6]. "Huge?" and pmd_none() are separate loads [A6].
 */
export const zap_pmd_range = procedure(
  'zap_pmd_range',
  { i: Mm, single_page: bool() },
  ({ i, single_page }) => {
    const { pmd, ptl } = mm.at(i);
    return {
      mutant: If(single_page.and(mutant.is('lock_before_load')), {
        lock_before: spin_lock(ptl),
        unlock_before: spin_unlock(ptl),
      }),

      test_huge: If(pmd.is('huge'), {
        zap: Call(zap_huge_pmd, { i }),
      }).Else({
        fixed: If(single_page.and(mutant.isnt('lock_before_load')), {
          test_none: If(pmd.is('none'), {
            take_ptl: spin_lock(ptl),
            drop: If(mutant.isnt('ptl_not_released'), {
              drop_ptl: spin_unlock(ptl),
            }),
          }),
        }),
      }),
    };
  },
);

/** unmap_mapping_range_tree(): every vma in the tree, under i_mmap_rwsem [A3d: C2]. */
const unmap_mapping_range_tree = procedure(
  'unmap_mapping_range_tree',
  { single_page: bool() },
  ({ single_page }) => ({
    vmas: For(NR_MMS, (i) => ({
      next_vma: If(mm.at(i).in_i_mmap, {
        zap_vma: Call(zap_pmd_range, { i, single_page }),
      }),
    })),
  }),
);

/** unmap_mapping_pages(): before the fix, the only way to unmap a page of the cache [A3a, A3d]. */
export const unmap_mapping_pages = procedure('unmap_mapping_pages', () => ({
  lock_i_mmap: down_write(i_mmap),
  walk: Call(unmap_mapping_range_tree),
  unlock_i_mmap: up_write(i_mmap),
}));

/** unmap_mapping_page(): the merged fix, U2 of [A6]. */
export const unmap_mapping_page = procedure('unmap_mapping_page', () => ({
  check_locked: bugOn(page.PG_locked.isFree(), 'VM_BUG_ON(!PageLocked(page))'),
  lock_i_mmap: down_write(i_mmap),
  details: If(mutant.is('single_page_unset'), {
    walk_without: Call(unmap_mapping_range_tree),
  }).Else({
    walk: Call(unmap_mapping_range_tree, { single_page: true }),
  }),
  unlock_i_mmap: up_write(i_mmap),
}));
