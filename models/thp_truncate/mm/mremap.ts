// mm/mremap.c: moving a mapping to another place in its mm. At which level depends on extent, architecture and mapping;
// which locks keep a walk of the mapping from missing it depends on the level and on the kernel [A10].

import { Call, For, given, If, type Int, not, procedure, source } from '../../language/index.js';
import {
  by_ptes,
  destination_vma,
  Mm,
  mmOf,
  moves_page_table,
  moves_pud,
  moves_tables_under_rmap_locks,
  mremap_extent,
  mremap_to,
  mutant,
  nr_pages,
  REFERENCES,
  vma,
} from '../state.js';
import { move_huge_pmd, split_huge_pmd } from './huge_memory.js';
import {
  i_mmap_lock_write,
  i_mmap_unlock_write,
  mmap_write_lock,
  mmap_write_unlock,
  pmd_lock,
  pmd_lock_nested,
  pmd_unlock,
  pte_lock,
  pte_lock_nested,
  pte_unlock,
  pud_lock,
  pud_unlock,
  under_i_mmap,
  under_ptl,
} from './locks.js';
import { leave_mm, unlink_file_vma } from './mmap.js';

const c = source('mm/mremap.c');
/** copy_vma() and do_munmap(), which move_vma() calls. */
const mmap = source('mm/mmap.c');

const to = vma.at(destination_vma);

/** copy_vma(): *need_rmap_locks, if the new mapping comes before the old one in i_mmap [source: mm/mmap.c @5.12]. */
const needs_rmap_locks = mremap_to.is('left').and(mutant.isnt('moved_left_unlocked'));
/** move_pgt_entry(): `true` for puds and page tables since 97113eb39fa7, else what copy_vma() said. */
const locks_tables = needs_rmap_locks.or(moves_tables_under_rmap_locks);

const flush_old = (i: Int) =>
  If(REFERENCES, { flush_old: c`flush_tlb_range() of the old addresses`(vma.at(i).tlb.set(false)) });
/** A CPU may load the new translation at once, if there is one. */
const fill_new = (i: Int) => given(REFERENCES, to.tlb.set(vma.at(i).pmd.is('huge')));

/** move_normal_pud(): under pud_lock(), not the lock of any pmd, and the pmds go with the table unread. */
const move_normal_pud = procedure('move_normal_pud', { i: Mm }, ({ i }) => ({
  rmap: If(locks_tables, { take_rmap_locks: i_mmap_lock_write() }),
  lock: pud_lock(mmOf(i)),
  clear_old: c`pud_clear(old_pud)`(vma.at(i).pud.set(false)),
  set_new: c`the new pud points to the table of pmds`(to.pud.set(true), fill_new(i)),
  flushed: flush_old(i),
  unlock: pud_unlock(mmOf(i)),
  rmap_end: If(locks_tables, { drop_rmap_locks: i_mmap_unlock_write() }),
}));

/** move_normal_pmd(): a pmd that points to a page table, under both pmd locks. */
const move_normal_pmd = procedure('move_normal_pmd', { i: Mm }, ({ i }) => ({
  rmap: If(locks_tables, { take_rmap_locks: i_mmap_lock_write() }),
  lock_old: pmd_lock(i),
  lock_new: pmd_lock_nested(destination_vma),
  clear_old: c`pmd_clear(old_pmd)`(under_ptl(i), vma.at(i).pmd.set('none')),
  set_new: c`the new pmd points to the page table`(under_ptl(destination_vma), to.pmd.set('table')),
  unlock_new: pmd_unlock(destination_vma),
  unlock_old: pmd_unlock(i),
  rmap_end: If(locks_tables, { drop_rmap_locks: i_mmap_unlock_write() }),
}));

/** move_ptes(), pte by pte under both pte locks, after pte_alloc() of the new page table. */
const move_ptes = procedure('move_ptes', { i: Mm }, ({ i }) => ({
  lock_pmd: pmd_lock(destination_vma),
  alloc: c`pte_alloc(): a page table for the new addresses`(under_ptl(destination_vma), to.pmd.set('table')),
  unlock_pmd: pmd_unlock(destination_vma),
  rmap: If(needs_rmap_locks, { take_rmap_locks: i_mmap_lock_write() }),
  lock_old: pte_lock(i),
  lock_new: pte_lock_nested(destination_vma),
  ptes: For(nr_pages, (n) => ({
    test_pte: If(vma.at(i).pte.at(n), {
      clear_old: c`ptep_get_and_clear() of subpage ${n}`(vma.at(i).pte.at(n).set(false)),
      set_new: c`set_pte_at() for subpage ${n}`(to.pte.at(n).set(true)),
    }),
  })),
  unlock_new: pte_unlock(destination_vma),
  unlock_old: pte_unlock(i),
  rmap_end: If(needs_rmap_locks, { drop_rmap_locks: i_mmap_unlock_write() }),
}));

/** move_page_tables() for a page that a pmd maps: the huge pmd moves as one, or is split, which drops a file mapping. */
const move_huge = (i: Int) => ({
  test_huge: If(vma.at(i).pmd.is('huge'), {
    extent: If(mremap_extent.is('ptes'), { split: Call(split_huge_pmd, { k: i, flushed: i }) }).Else({
      rmap: If(needs_rmap_locks, { take_rmap_locks: i_mmap_lock_write() }),
      move: Call(move_huge_pmd, { i }),
      rmap_end: If(needs_rmap_locks, { drop_rmap_locks: i_mmap_unlock_write() }),
    }),
  }),
});

/** move_page_tables() for one that ptes map: get_old_pmd() finds a page table, or there is nothing to move. */
const move_tables = (i: Int) => ({
  test_table: If(vma.at(i).pmd.is('table'), {
    level: If(moves_page_table, { move_table: Call(move_normal_pmd, { i }) }).Else({
      move_each: Call(move_ptes, { i }),
    }),
  }),
});

/**
 * mremap(): copy_vma() makes a place for the mapping in i_mmap, move_page_tables() moves it, and the old vma is
 * unmapped [A10].
 */
export const move_vma = procedure('move_vma', { i: Mm }, ({ i }) => ({
  lock: mmap_write_lock(i),
  find_vma: If(vma.at(i).in_mm.and(not(to.in_mm)), {
    lock_i_mmap: i_mmap_lock_write(),
    copy_vma: mmap`copy_vma(): the new vma enters i_mmap`(
      under_i_mmap(),
      to.in_i_mmap.set(true),
      to.in_mm.set(true),
    ),
    unlock_i_mmap: i_mmap_unlock_write(),
    pud: If(moves_pud, { move_pud: Call(move_normal_pud, { i }) })
      .ElseIf(by_ptes, move_tables(i))
      .Else(move_huge(i)),
    detach: mmap`the old vma leaves its mm`(vma.at(i).in_mm.set(false)),
    unlink: Call(unlink_file_vma, { k: i }),
  }),
  unlock: mmap_write_unlock(i),
  leave: leave_mm(i),
}));
