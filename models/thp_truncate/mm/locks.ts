// The locks of the story, each with the lock order of mm/rmap.c and mm/filemap.c as a check:
//   i_rwsem > mmap_lock > PG_locked > i_mmap_rwsem > pmd lock > i_pages
// Taking one while holding one further right is what lockdep would report [B3].

import {
  down_read,
  down_write,
  mightSleep,
  spin_lock,
  spin_unlock,
  up_read,
  up_write,
} from '../../kernel/index.js';
import { any, anyOf, type Bool, expects, given, type Int, not, source, yes } from '../../language/index.js';
import {
  by_ptes,
  fix,
  gp_waits_for,
  i_mmap,
  i_pages,
  inode,
  mm,
  moves_pud,
  NR_MMS,
  NR_VMAS,
  page,
  rcu,
  vma,
} from '../state.js';

const c = source('include/linux/pagemap.h');

const holds_i_pages = i_pages.isMine();
const holds_ptl = any(NR_VMAS, (k) =>
  vma
    .at(k)
    .ptl.isMine()
    .or(by_ptes.and(vma.at(k).pte_lock.isMine())),
).or(moves_pud.and(any(NR_MMS, (i) => mm.at(i).page_table_lock.isMine())));
const holds_i_mmap = anyOf(i_mmap.writer.isMine(), i_mmap.readers.isMine());
const holds_page = page.PG_locked.isMine();

const order = (...held: readonly Bool[]) =>
  expects(not(anyOf(...held)), 'WARNING: possible circular locking dependency detected');

const above_mmap_lock = order(holds_page, holds_i_mmap, holds_ptl, holds_i_pages);
export const mmap_read_lock = (i: Int) => down_read(mm.at(i).mmap_lock, above_mmap_lock);
export const mmap_read_unlock = (i: Int) => up_read(mm.at(i).mmap_lock);
export const mmap_write_lock = (i: Int) => down_write(mm.at(i).mmap_lock, above_mmap_lock);
export const mmap_write_unlock = (i: Int) => up_write(mm.at(i).mmap_lock);

/** inode_lock(): taken by whoever has no other lock yet. */
export const inode_lock = () => down_write(inode.i_rwsem, above_mmap_lock);
export const inode_unlock = () => up_write(inode.i_rwsem);

const above_page = order(holds_i_mmap, holds_ptl, holds_i_pages);
export const lock_page = () =>
  c`lock_page(): wait for PG_locked`(mightSleep(), above_page, page.PG_locked.take());
/** A test: did it get PG_locked? */
export const trylock_page = () => c`trylock_page()`.test(yes, { yes: [page.PG_locked.take()] });
export const unlock_page = () => c`unlock_page(): clear PG_locked`(page.PG_locked.drop());

const above_i_mmap = order(holds_ptl, holds_i_pages);
export const i_mmap_lock_write = () => down_write(i_mmap, above_i_mmap);
export const i_mmap_unlock_write = () => up_write(i_mmap);
export const i_mmap_lock_read = () => down_read(i_mmap, above_i_mmap);
export const i_mmap_unlock_read = () => up_read(i_mmap);

export const pmd_lock = (k: Int) => spin_lock(vma.at(k).ptl, order(holds_ptl, holds_i_pages));
/** spin_lock_nested(new_ptl, SINGLE_DEPTH_NESTING), as mremap takes its second pmd lock. */
export const pmd_lock_nested = (k: Int) => spin_lock(vma.at(k).ptl, order(holds_i_pages));
/** Leaving the section ends an RCU reader, where spinlock holders are readers [A9]. */
export const pmd_unlock = (k: Int) =>
  spin_unlock(
    vma.at(k).ptl,
    given(fix.is('synchronize_rcu').and(rcu.is('consolidated')), gp_waits_for.at(k).set(false)),
  );

/** pte_offset_map_lock(): the lock of the page table, whichever pmd points to it. */
export const pte_lock = (table: Int) => spin_lock(vma.at(table).pte_lock, order(holds_ptl, holds_i_pages));
export const pte_lock_nested = (table: Int) => spin_lock(vma.at(table).pte_lock, order(holds_i_pages));
export const pte_unlock = (table: Int) => spin_unlock(vma.at(table).pte_lock);
/** pud_lock(): one lock for every pud of an mm, so whoever moves one takes it once. */
export const pud_lock = (i: Int) => spin_lock(mm.at(i).page_table_lock, order(holds_ptl, holds_i_pages));
export const pud_unlock = (i: Int) => spin_unlock(mm.at(i).page_table_lock);

export const xa_lock = () => spin_lock(i_pages);
export const xa_unlock = () => spin_unlock(i_pages);

/** What must be held to change a pmd [A6: I1, I2], to map the page [A6: I3], to change the tree [A6: I5]. */
export const under_ptl = (k: Int) =>
  expects(vma.at(k).ptl.isMine(), 'assert_spin_locked(pmd_lockptr(mm, pmd))');
export const under_page_lock = () => expects(holds_page, 'VM_WARN_ON_ONCE(!PageLocked(page))');
export const under_i_mmap = () => expects(i_mmap.writer.isMine(), 'i_mmap_assert_write_locked(mapping)');
