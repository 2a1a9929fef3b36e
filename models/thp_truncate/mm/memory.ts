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
  by_ptes,
  CONFIG_DEBUG_VM,
  Mm,
  mm,
  mmOf,
  moves_pud,
  mutant,
  NR_PARTIAL_MUNMAP,
  NR_VMAS,
  nr_pages,
  page,
  page_kind,
  pmd_of,
  REFERENCES,
  table_of,
  Vma,
  visited,
  vma,
  walks_share_i_mmap,
} from '../state.js';
import { is_trans_huge, split_huge_pmd, zap_huge_pmd } from './huge_memory.js';
import {
  i_mmap_lock_read,
  i_mmap_lock_write,
  i_mmap_unlock_read,
  i_mmap_unlock_write,
  lock_page,
  pmd_lock,
  pmd_unlock,
  pte_lock,
  pte_unlock,
  under_page_lock,
  under_ptl,
  unlock_page,
} from './locks.js';
import { finish, gather } from './mmu_gather.js';
import { page_add_file_rmap, page_remove_rmap_small } from './rmap.js';

const c = source('mm/memory.c');

/** Of the huge page, a vma covers but a part; nobody makes a vma smaller but a partial munmap. */
const covers_part = (k: Int) => NR_PARTIAL_MUNMAP.ge(1).and(not(vma.at(k).whole));

/** What the new branch asks beside details->single_page: next - addr == HPAGE_PMD_SIZE && pmd_none(*pmd) [A6: U4]. */
const waits_for_zap = (pmd: Int, k: Int) =>
  vma
    .at(k)
    .whole.or(mutant.is('any_size'))
    .and(vma.at(pmd).pmd.is('none').or(mutant.is('without_pmd_none')));

/** PageTransCompound(details->single_page), and the fix where it should stand. */
const fix_applies = page_kind.isnt('small').and(not(mutant.isIn('lock_before_load', 'never_compound')));

/**
 * For whom a zap is, and of what: `details` is set by those who come through i_mmap, `fullmm` by exit; `single_page` is
 * the fix's, `one_page` a range of one small page, `part` a range that is less than the huge page.
 */
const zap = { fullmm: bool(), details: bool(), single_page: bool(), one_page: bool(), part: bool() };

/**
 * zap_pte_range(): the pte lock is always taken, and each pte and its mapcount go together under it [A1: Z9b].
 */
export const zap_pte_range = procedure(
  'zap_pte_range',
  { table: Vma, one_page: bool() },
  ({ table, one_page }) => ({
    lock: pte_lock(table),
    ptes: For(nr_pages, (i) => ({
      in_range: If(not(one_page).or(i.eq(0)), {
        test_pte: If(vma.at(table).pte.at(i), {
          clear_pte: c`ptep_get_and_clear_full() for subpage ${i}`(vma.at(table).pte.at(i).set(false)),
          remove_rmap: Call(page_remove_rmap_small, { i }),
        }),
      }),
    })),
    unlock: pte_unlock(table),
  }),
);

/**
 * zap_pmd_range() for the one pmd that covers the page in vma k [A1: Z1, Z2], with the branch of the fix [A6: U4] where
 * details->single_page is set. "Huge?", pmd_none() and "a table?" are separate loads.
 */
const zap_pmd_range = procedure(
  'zap_pmd_range',
  { pmd: Vma, k: Vma, ...zap },
  ({ pmd, k, fullmm, details, single_page, one_page, part }) => ({
    mutant: If(single_page.and(mutant.is('lock_before_load')), {
      lock_before: pmd_lock(pmd),
      unlock_before: pmd_unlock(pmd),
    }),

    test_huge: If(is_trans_huge(pmd).and(part.or(covers_part(k))), {
      split: Call(split_huge_pmd, { k: pmd, flushed: k }),
    })
      .ElseIf(is_trans_huge(pmd), {
        zap: Call(zap_huge_pmd, { k: pmd, fullmm, details }),
      })
      .Else({
        fixed: If(single_page.and(fix_applies), {
          test_none: If(waits_for_zap(pmd, k), {
            take_ptl: pmd_lock(pmd),
            drop: If(mutant.isnt('ptl_not_released'), { drop_ptl: pmd_unlock(pmd) }),
          }),
        }),
      }),

    ptes: If(by_ptes, {
      test_table: If(vma.at(pmd).pmd.is('table'), {
        zap_ptes: Call(zap_pte_range, { table: table_of(pmd), one_page }),
      }),
    }),
  }),
);

/**
 * zap_pud_range() for vma k [source: mm/memory.c @5.12, @5.15]: a pud that is none is passed by without a lock, so the
 * branch of the fix is not reached. Unless mremap moves puds none is ever empty, and nothing is read here.
 */
export const zap_pud_range = procedure('zap_pud_range', { k: Vma, ...zap }, ({ k, ...how }) => ({
  puds: If(moves_pud, {
    test_none: If(vma.at(k).pud, { zap_pmds: Call(zap_pmd_range, { pmd: pmd_of(k), k, ...how }) }),
  }).Else({
    zap_pmd: Call(zap_pmd_range, { pmd: k, k, ...how }),
  }),
}));

/** What a walk of the mapping zaps. */
const walk = { single_page: bool(), one_page: bool(), part: bool() };

/** zap_page_range_single() [A3a: T2, A6: U3]: each vma has a batch of its own, flushed and freed under i_mmap_rwsem. */
const zap_page_range_single = procedure('zap_page_range_single', { k: Vma, ...walk }, ({ k, ...how }) => ({
  start: gather(),
  zap_puds: Call(zap_pud_range, { k, details: true, ...how }),
  end: finish(k),
}));

/** unmap_mapping_range_tree(): every vma that i_mmap holds, under its lock [A3d: C2b]. */
const unmap_mapping_range_tree = procedure('unmap_mapping_range_tree', walk, (how) => ({
  vmas: For(NR_VMAS, (i) => ({
    next_vma: If(vma.at(visited(i)).in_i_mmap, {
      zap_vma: Call(zap_page_range_single, { k: visited(i), ...how }),
    }),
  })),
}));

/** A walk holds i_mmap_rwsem for writing up to 5.17, for reading since. */
const walk_begins = () => ({
  shared: If(walks_share_i_mmap, { lock_i_mmap_shared: i_mmap_lock_read() }).Else({
    lock_i_mmap: i_mmap_lock_write(),
  }),
});
const walk_ends = () => ({
  shared_end: If(walks_share_i_mmap, { unlock_i_mmap_shared: i_mmap_unlock_read() }).Else({
    unlock_i_mmap: i_mmap_unlock_write(),
  }),
});

/** unmap_mapping_pages(): before the fix, the only way to unmap a page of the cache [A3a, A3d]. */
export const unmap_mapping_pages = procedure(
  'unmap_mapping_pages',
  { one_page: bool(), part: bool() },
  ({ one_page, part }) => ({
    ...walk_begins(),
    walk: Call(unmap_mapping_range_tree, { one_page, part }),
    ...walk_ends(),
  }),
);

/** unmap_mapping_page(): the merged fix [A6: U2]. */
export const unmap_mapping_page = procedure('unmap_mapping_page', () => ({
  check_locked: If(CONFIG_DEBUG_VM.and(mutant.isnt('page_lock_under_i_mmap')), {
    check: bugOn(page.PG_locked.isFree(), 'VM_BUG_ON(!PageLocked(page))'),
  }),
  ...walk_begins(),
  late: If(mutant.is('page_lock_under_i_mmap'), { lock_late: lock_page() }),
  details: If(mutant.is('single_page_unset'), {
    walk_without: Call(unmap_mapping_range_tree),
  }).Else({
    walk: Call(unmap_mapping_range_tree, { single_page: true }),
  }),
  late_end: If(mutant.is('page_lock_under_i_mmap'), { unlock_late: unlock_page() }),
  ...walk_ends(),
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
