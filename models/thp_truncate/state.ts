// The state of the race: one file THP, mapped by the pmd of every mm, and the locks around it.
// [A1] … and [inference] are the tags of the facts that README.md lists.

import { mutex, rwsem, spinlock } from '../kernel/index.js';
import { all, any, array, bool, config, int, oneOf, record, shared } from '../language/index.js';

export const settings = config({
  /** What closes the race: nothing, or the merged commit 22061a1ffabd. */
  fix: oneOf('none', 'unmap_mapping_page'),
  /** One mistake in the fix or in what it relies on. */
  mutant: oneOf('none', 'lock_before_load', 'single_page_unset', 'ptl_not_released', 'ptl_released_early'),
  /** How many mms map the page, each with one vma and one pmd; each runs munmap. */
  NR_MMS: int(1, 3),
  /** The kernel has 512; two show that the counters fall one by one. */
  NR_SUBPAGES: int(1, 4).starts(2),
  NR_TRUNCATE: int(0, 2).starts(1),
  NR_INVALIDATE: int(0, 2),
  CONFIG_DEBUG_VM: bool().starts(true),
});
export const { fix, mutant, NR_MMS, NR_SUBPAGES, NR_TRUNCATE, NR_INVALIDATE, CONFIG_DEBUG_VM } = settings;

/** A mapcount as the kernel stores it: -1 is "not mapped"; -2 is there to be found out. */
const mapcount = int(-2, 3).starts(NR_MMS.minus(1));

export const state = shared({
  mm: array(
    NR_MMS,
    record({
      /** *pmd, an 8-byte word read and written at once [A1]. */
      pmd: oneOf('none', 'huge').starts('huge'),
      /** pmd_lock(mm, pmd). */
      ptl: spinlock(),
      /** Is the vma in mapping->i_mmap? */
      in_i_mmap: bool().starts(true),
    }),
  ),
  page: record({
    /** compound_mapcount_ptr(page). */
    compound_mapcount: mapcount,
    subpage: array(NR_SUBPAGES, record({ _mapcount: mapcount })),
    /** page->mapping: the page cache it is in. */
    mapping: oneOf('none', 'inode').starts('inode'),
    /** PG_locked of the head page; waiting for it sleeps. */
    PG_locked: mutex(),
  }),
  /** mapping->i_mmap_rwsem. */
  i_mmap: rwsem(),
  /** The xa_lock of mapping->i_pages. */
  i_pages: spinlock(),
});
export const { mm, page, i_mmap, i_pages } = state;

/** An index of an mm, for arguments. */
export const Mm = int(0, 2);

/** mm/util.c: page_mapped(). Read here at once; the kernel reads the counters one by one [A2]. */
export const page_mapped = page.compound_mapcount
  .ge(0)
  .or(any(NR_SUBPAGES, (i) => page.subpage.at(i)._mapcount.ge(0)))
  .called('page_mapped(page)');

/** mm/util.c: page_mapcount() of the head of a file THP is negative [A2]. */
export const page_mapcount_negative = page.subpage.at(0)._mapcount.lt(-1);

export const every_pmd_none = all(NR_MMS, (i) => mm.at(i).pmd.is('none'));
export const every_ptl_free = all(NR_MMS, (i) => mm.at(i).ptl.isFree());
