// mm/filemap.c: taking a page out of the page cache, and finding it there to map it; the fault that asks for it begins
// in mm/memory.c, and is modelled here too.

import { bugOn, warnOn } from '../../kernel/index.js';
import {
  type Bool,
  bool,
  Call,
  given,
  If,
  localsOf,
  not,
  procedure,
  Return,
  source,
} from '../../language/index.js';
import {
  CONFIG_DEBUG_VM,
  fault,
  inode,
  invalidate_puts,
  Mm,
  mutant,
  nr_pages,
  page,
  page_is_mapped,
  REFERENCES,
  vma,
} from '../state.js';
import {
  lock_page,
  mmap_read_lock,
  mmap_read_unlock,
  trylock_page,
  unlock_page,
  xa_lock,
  xa_unlock,
} from './locks.js';
import { do_set_pmd, pte_alloc } from './memory.js';
import { leave_mm } from './mmap.js';
import { one_by_one, page_mapped, page_mapped_result } from './util.js';

const c = source('mm/filemap.c');

/**
 * The repair after the report, which nobody can reach in this race: mapping_exiting() is false while a vma pins the
 * inode [A3e, inference]. Forced by a mutant, it steals the reference of a mapping that is on its way out.
 */
const reset_mapcount = () =>
  c`page_mapcount_reset(), page_ref_sub(page, mapcount)`(
    given(REFERENCES, page._refcount.set(page._refcount.minus(page.subpage.at(0)._mapcount.plus(1)))),
    page.subpage.at(0)._mapcount.set(-1),
  );

/** __delete_from_page_cache() with unaccount_page_cache_page(): D1 to D5 of [A3e]. */
export const delete_from_page_cache = procedure(
  'delete_from_page_cache',
  { by_invalidate: bool() },
  ({ by_invalidate }) => ({
    lock_i_pages: xa_lock(),
    look: If(one_by_one, { read: Call(page_mapped) }),
    unaccount: If(CONFIG_DEBUG_VM, {
      check_unmapped: bugOn(page_mapped_result, 'VM_BUG_ON_PAGE(page_mapped(page), page)'),
    }).Else({
      report_mapped: warnOn(page_mapped_result, 'BUG: Bad page cache: still mapped when deleted'),
      repair: If(mutant.is('mapcount_repaired'), {
        test_repair: If(page_is_mapped, { reset: reset_mapcount() }),
      }),
    }),
    clear_mapping: c`page_cache_delete(): empty the slots, page->mapping = NULL`(page.mapping.set('none')),
    unlock_i_pages: xa_unlock(),
    references: If(REFERENCES, {
      // invalidate drops a single reference up to 5.15, though the cache holds one for each subpage [A4].
      free: If(by_invalidate.and(invalidate_puts.is('one')), {
        put_one: c`put_page(): one reference`(page._refcount.dec()),
      }).Else({
        put_all: c`page_ref_sub(page, thp_nr_pages(page))`(
          page._refcount.set(page._refcount.minus(nr_pages)),
        ),
      }),
      // Of page_cache_free_page(), which invalidate does not call [source: mm/truncate.c @5.12].
      debug: If(CONFIG_DEBUG_VM.and(not(by_invalidate)), {
        check_count: bugOn(page._refcount.le(0), 'VM_BUG_ON_PAGE(page_count(page) <= 0, page)'),
      }),
    }),
  }),
);

const put_page = () => c`put_page()`(given(REFERENCES, page._refcount.dec()));

/** What a fault finds out of date: it gives up, and would retry [A5]. Only shmem_fault() looks at i_private. */
const beyond_i_size = (shmem: Bool) => inode.truncated.or(inode.punching.and(shmem));

/**
 * A fault on the vma of mm i: filemap_fault() and finish_fault(), filemap_map_pages() (`around`), or shmem_fault()
 * (`shmem`) [A5: F1 to F3]. shmem looks at i_size only before it locks the page, the others only under the lock.
 */
const map_page = procedure(
  '__do_fault',
  { i: Mm, around: bool(), shmem: bool() },
  ({ i, around, shmem }) => ({
    shmem: If(shmem, {
      check_i_size_unlocked: If(beyond_i_size(shmem), { sigbus_unlocked: Return() }),
    }),
    find: If(page.mapping.is('none'), { not_cached: Return() }),
    reference: If(REFERENCES, { get: c`get a reference to the page`(page._refcount.inc()) }),
    around: If(around, {
      trylock: If(not(trylock_page()), { put_skipped: put_page(), skipped: Return() }),
    }).Else({
      lock: lock_page(),
    }),
    test_mapping: If(page.mapping.is('none'), {
      unlock_deleted: unlock_page(),
      put_deleted: put_page(),
      deleted: Return(),
    }),
    filemap: If(not(shmem), {
      check_i_size: If(beyond_i_size(shmem), {
        unlock_sigbus: unlock_page(),
        put_sigbus: put_page(),
        sigbus: Return(),
      }),
    }),
    early: If(mutant.is('fault_unlocks_early'), { unlock_too_early: unlock_page() }),
    set: Call(do_set_pmd, { i }),
    late: If(mutant.isnt('fault_unlocks_early'), { unlock: unlock_page() }),
    unused: If(REFERENCES, {
      // The mapping keeps the reference, if there is one now.
      test_unused: If(not(localsOf(do_set_pmd).mapped), { put_unused: put_page() }),
    }),
  }),
);

/** do_read_fault(): fault-around first; where that maps nothing, the fault itself. shmem has both [source: mm/shmem.c]. */
const do_read_fault = procedure('do_read_fault', { i: Mm }, ({ i }) => ({
  map_pages: Call(map_page, { i, around: true }),
  test_mapped: If(not(vma.at(i).pmd.is('huge')), { fault: Call(map_page, { i, shmem: true }) }),
}));

/** handle_mm_fault() on the vma of mm i, mmap_lock held for reading. */
export const handle_mm_fault = procedure('handle_mm_fault', { i: Mm }, ({ i }) => ({
  locked: If(mutant.isnt('fault_without_mmap_lock'), { lock: mmap_read_lock(i) }),
  find_vma: If(vma.at(i).in_mm.or(mutant.is('fault_without_mmap_lock')), {
    kind: If(fault.is('shmem_read_fault'), {
      read: Call(do_read_fault, { i }),
    }).Else({
      huge: Call(map_page, { i, around: fault.is('filemap_map_pages'), shmem: fault.is('shmem_fault') }),
    }),
  }),
  unlocked: If(mutant.isnt('fault_without_mmap_lock'), { unlock: mmap_read_unlock(i) }),
  leave: leave_mm(i),
}));

/** A fault that maps a small page elsewhere under the same pmd: it fills in a page table, and no THP. */
export const handle_pte_fault = procedure('handle_pte_fault', { i: Mm }, ({ i }) => ({
  lock: mmap_read_lock(i),
  find_vma: If(vma.at(i).in_mm, { table: Call(pte_alloc, { i }) }),
  unlock: mmap_read_unlock(i),
  leave: leave_mm(i),
}));
