// mm/memory.c: walking the vmas of a mapping, zapping what they map, and mapping a page again. The merged fix lives
// here: its branch in zap_pmd_range().

import { bugOn } from '../../kernel/index.js';
import {
  bool,
  Call,
  For,
  given,
  If,
  type Int,
  not,
  procedure,
  Return,
  source,
} from '../../language/index.js';
import {
  arch,
  CONFIG_DEBUG_VM,
  Mm,
  mm,
  mmOf,
  mutant,
  NR_PARTIAL_MUNMAP,
  NR_VMAS,
  page,
  REFERENCES,
  Vma,
  vma,
} from '../state.js';
import { is_trans_huge, split_huge_pmd, zap_huge_pmd } from './huge_memory.js';
import {
  i_mmap_lock_write,
  i_mmap_unlock_write,
  lock_page,
  pmd_lock,
  pmd_unlock,
  under_page_lock,
  under_ptl,
  unlock_page,
} from './locks.js';
import { finish, gather } from './mmu_gather.js';
import { page_add_file_rmap } from './rmap.js';

const c = source('mm/memory.c');

/** next - addr != HPAGE_PMD_SIZE; nobody makes a vma smaller but a partial munmap. */
const covers_part = (k: Int) => NR_PARTIAL_MUNMAP.ge(1).and(not(vma.at(k).whole));

/** What the new branch asks beside details->single_page: next - addr == HPAGE_PMD_SIZE && pmd_none(*pmd) [A6: U4]. */
const waits_for_zap = (k: Int) =>
  vma
    .at(k)
    .whole.or(mutant.is('any_size'))
    .and(vma.at(k).pmd.is('none').or(mutant.is('without_pmd_none')));

/**
 * zap_pmd_range() for the one pmd that covers the page [A1: Z1, Z2], with the branch of the fix [A6: U4] where
 * details->single_page is set. "Huge?" and pmd_none() are separate loads. `details` is set by those who come through
 * i_mmap, `fullmm` by exit.
 */
export const zap_pmd_range = procedure(
  'zap_pmd_range',
  { k: Vma, fullmm: bool(), details: bool(), single_page: bool() },
  ({ k, fullmm, details, single_page }) => ({
    mutant: If(single_page.and(mutant.is('lock_before_load')), {
      lock_before: pmd_lock(k),
      unlock_before: pmd_unlock(k),
    }),

    test_huge: If(is_trans_huge(k).and(covers_part(k)), {
      split: Call(split_huge_pmd, { k }),
    })
      .ElseIf(is_trans_huge(k), {
        zap: Call(zap_huge_pmd, { k, fullmm, details }),
      })
      .Else({
        fixed: If(single_page.and(not(mutant.isIn('lock_before_load', 'never_compound'))), {
          test_none: If(waits_for_zap(k), {
            take_ptl: pmd_lock(k),
            drop: If(mutant.isnt('ptl_not_released'), { drop_ptl: pmd_unlock(k) }),
          }),
        }),
      }),
  }),
);

/** zap_page_range_single() [A3a: T2, A6: U3]: each vma has a batch of its own, flushed and freed under i_mmap_rwsem. */
const zap_page_range_single = procedure(
  'zap_page_range_single',
  { k: Vma, single_page: bool() },
  ({ k, single_page }) => ({
    start: gather(),
    zap_pmds: Call(zap_pmd_range, { k, details: true, single_page }),
    end: finish(k),
  }),
);

/** unmap_mapping_range_tree(): every vma that i_mmap holds, under its lock [A3d: C2b]. */
const unmap_mapping_range_tree = procedure(
  'unmap_mapping_range_tree',
  { single_page: bool() },
  ({ single_page }) => ({
    vmas: For(NR_VMAS, (k) => ({
      next_vma: If(vma.at(k).in_i_mmap, { zap_vma: Call(zap_page_range_single, { k, single_page }) }),
    })),
  }),
);

/** unmap_mapping_pages(): before the fix, the only way to unmap a page of the cache [A3a, A3d]. */
export const unmap_mapping_pages = procedure('unmap_mapping_pages', () => ({
  lock_i_mmap: i_mmap_lock_write(),
  walk: Call(unmap_mapping_range_tree),
  unlock_i_mmap: i_mmap_unlock_write(),
}));

/** unmap_mapping_page(): the merged fix [A6: U2]. */
export const unmap_mapping_page = procedure('unmap_mapping_page', () => ({
  check_locked: If(CONFIG_DEBUG_VM.and(mutant.isnt('page_lock_under_i_mmap')), {
    check: bugOn(page.PG_locked.isFree(), 'VM_BUG_ON(!PageLocked(page))'),
  }),
  lock_i_mmap: i_mmap_lock_write(),
  late: If(mutant.is('page_lock_under_i_mmap'), { lock_late: lock_page() }),
  details: If(mutant.is('single_page_unset'), {
    walk_without: Call(unmap_mapping_range_tree),
  }).Else({
    walk: Call(unmap_mapping_range_tree, { single_page: true }),
  }),
  late_end: If(mutant.is('page_lock_under_i_mmap'), { unlock_late: unlock_page() }),
  unlock_i_mmap: i_mmap_unlock_write(),
}));

/** do_set_pmd(), the page locked by the caller: counters first, the pmd last [A5: F4]. */
export const do_set_pmd = procedure('do_set_pmd', { i: Mm, mapped: bool() }, ({ i, mapped }) => {
  const { pmd, deposit, tlb } = vma.at(i);
  return {
    test_none: If(not(pmd.is('none')).or(covers_part(i)), { fallback: Return() }),
    lock: pmd_lock(i),
    recheck: If(pmd.is('none'), {
      counted: If(REFERENCES, {
        inc_rss: c`add_mm_counter(mm, mm_counter_file(page), HPAGE_PMD_NR)`(mm.at(mmOf(i)).rss.inc()),
      }),
      add_rmap: Call(page_add_file_rmap),
      hash: If(arch.is('powerpc_hash'), {
        deposit: c`deposit_prealloc_pte(): a page table for the hash slots`(deposit.set(true)),
      }),
      set_pmd: c`set_pmd_at(): the page is mapped`(
        under_ptl(i),
        under_page_lock(),
        pmd.set('huge'),
        given(REFERENCES, tlb.set(true), mapped.set(true)),
      ),
    }),
    unlock: pmd_unlock(i),
  };
});

/** __pte_alloc(): a fault that maps small pages fills in a page table, under ptl and only over none [A6: I1]. */
export const pte_alloc = procedure('__pte_alloc', { i: Mm }, ({ i }) => ({
  test_none: If(vma.at(i).pmd.is('none'), {
    lock: pmd_lock(i),
    recheck: If(vma.at(i).pmd.is('none'), {
      populate: c`pmd_populate(): none becomes a page table`(under_ptl(i), vma.at(i).pmd.set('table')),
    }),
    unlock: pmd_unlock(i),
  }),
}));
