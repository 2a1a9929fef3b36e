// What must hold of the flagship race, S1 to S12 as kernel-mm people number the complaints in the model's README.
// S1 and S2 are assertions in the kernel's own code, and so in the model's: VM_BUG_ON_PAGE(page_mapped(page), page)
// or "BUG: Bad page cache" in delete_from_page_cache, BUG_ON(page_mapped(page)) in invalidate.

import { type Actor, all, allOf, any, anyOf, count, not } from '../models/language/index.js';
import { invalidate, munmap, truncate } from '../models/thp_truncate/model.js';
import {
  every_pmd_none,
  every_ptl_free,
  fix,
  i_mmap,
  mm,
  NR_INVALIDATE,
  NR_MMS,
  NR_SUBPAGES,
  NR_TRUNCATE,
  page,
  page_mapped,
} from '../models/thp_truncate/state.js';
import { always, never, type Properties, sometimes } from './language/index.js';

const deleted = page.mapping.is('none');
const mapped_by = count(NR_MMS, (i) => mm.at(i).pmd.is('huge'));
const in_i_mmap = count(NR_MMS, (i) => mm.at(i).in_i_mmap);
const deleters_exist = NR_TRUNCATE.plus(NR_INVALIDATE).ge(1);

export const thp_truncate: Properties = {
  // S1, S2: the assertions are in the code; here is what shows that they were put to the test.
  page_is_deleted: sometimes(deleted, 'S1: the page gets past the check in delete_from_page_cache', {
    given: deleters_exist,
  }),
  window_opens: sometimes(
    every_pmd_none.and(page_mapped),
    'S1, S2: every pmd is none, and the counters still say that the page is mapped',
  ),
  invalidate_unmaps: sometimes(
    invalidate.any((actor) =>
      actor.at('invalidate_inode_pages2_range.check_unmapped').and(not(every_ptl_free)),
    ),
    'S2: the BUG_ON is reached while a zap is under way',
    { given: NR_INVALIDATE.ge(1) },
  ),

  /** S1r */
  no_mapping_of_a_deleted_page: never(
    deleted.and(any(NR_MMS, (i) => mm.at(i).pmd.is('huge'))),
    'S1r: a pmd still maps a page that has left the page cache',
  ),
  deleted_before_munmap: sometimes(
    deleted.and(munmap.any((actor) => actor.at('zap_pmd_range.test_huge'))),
    'S1r: the page is deleted before munmap looks at its pmd',
    { given: deleters_exist },
  ),

  /** S5 */
  mapcount_not_negative: never(
    page.compound_mapcount.lt(-1).or(any(NR_SUBPAGES, (i) => page.subpage.at(i)._mapcount.lt(-1))),
    'S5: VM_BUG_ON_PAGE(page_mapcount(page) < 0), "nonzero mapcount" when freed',
  ),
  all_mappings_removed: sometimes(
    allOf(
      page.compound_mapcount.eq(-1),
      all(NR_SUBPAGES, (i) => page.subpage.at(i)._mapcount.eq(-1)),
    ),
    'S5: every counter falls to -1',
  ),

  /** S6 */
  pmds_and_mapcounts_agree: always(
    every_ptl_free.implies(
      allOf(
        page.compound_mapcount.plus(1).eq(mapped_by),
        all(NR_SUBPAGES, (i) => page.subpage.at(i)._mapcount.plus(1).eq(mapped_by)),
      ),
    ),
    'S6: while no pmd lock is held, each huge pmd counts once in every mapcount',
  ),
  pmds_and_mapcounts_disagree: sometimes(
    not(page.compound_mapcount.plus(1).eq(mapped_by)),
    'S6: under the pmd lock they may disagree',
  ),

  /** S12 */
  unmapped_before_leaving_i_mmap: always(
    all(NR_MMS, (i) => mm.at(i).in_i_mmap.or(mm.at(i).pmd.is('none'))).and(
      page.compound_mapcount.plus(1).le(in_i_mmap),
    ),
    'S12: a vma outside i_mmap contributes to no mapcount, so a walk of i_mmap misses nothing',
  ),
  vma_leaves_before_the_walk: sometimes(
    not(mm.at(0).in_i_mmap)
      .and(page.PG_locked.isOwnedBy(truncate.of(0)))
      .and(not(deleted)),
    'S12: truncate has locked the page, and a vma is gone already',
    { given: NR_TRUNCATE.ge(1) },
  ),

  no_lock_kept: never(
    any(NR_MMS, (i) => {
      const { ptl } = mm.at(i);
      const keeps = (actor: Actor<never>) => actor.done.and(ptl.isOwnedBy(actor));
      return anyOf(munmap.any(keeps), truncate.any(keeps), invalidate.any(keeps));
    }),
    'WARNING: lock held when returning to user space',
  ),

  truncate_waits_for_ptl: sometimes(
    truncate.any((actor) => actor.at('zap_pmd_range.take_ptl')).and(not(every_ptl_free)),
    'the fix: truncate waits for the pmd lock that a zap holds',
    { given: fix.is('unmap_mapping_page').and(NR_TRUNCATE.ge(1)) },
  ),
  everyone_finishes: sometimes(
    allOf(
      munmap.all((actor) => actor.done),
      truncate.all((actor) => actor.done),
      invalidate.all((actor) => actor.done),
      i_mmap.writer.isFree(),
    ),
    'there is a way to the end',
  ),
};
