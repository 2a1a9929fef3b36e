// What must hold of the flagship race: S1 to S15 of the table in the model's README, each with the message that the
// kernel would print, each `always` or `never` with a `sometimes` that shows it is put to the test.
//
// Some are assertions in the code, and so in the model's: S1 is VM_BUG_ON_PAGE(page_mapped(page), page) or "BUG: Bad
// page cache", S2 BUG_ON(page_mapped(page)), S3 VM_BUG_ON_PAGE(!pvmw.pte, page), S5 also VM_BUG_ON_PAGE(page_mapcount
// (page) < 0, page), S9 also VM_BUG_ON_PAGE(page_count(page) <= 0, page), S11 VM_BUG_ON(!PageLocked(page)), S14 the
// WARN_ON of pmd_clear(), S15 and B2 "sleeping function called from invalid context", B3 lockdep's report.

import {
  type Actor,
  type Actors,
  all,
  allOf,
  any,
  anyOf,
  type Bool,
  count,
  not,
} from '../models/language/index.js';
import * as model from '../models/thp_truncate/model.js';
import {
  arch,
  every_ptl_free,
  fix,
  fixed_upstream,
  i_mmap,
  i_pages,
  mm,
  mmOf,
  mutant,
  NR_DONTNEED,
  NR_EXIT,
  NR_INVALIDATE,
  NR_MMS,
  NR_MUNMAP,
  NR_PUNCH_HOLE,
  NR_SUBPAGES,
  NR_TRUNCATE,
  NR_VMAS,
  no_pmd_maps,
  page,
  page_is_mapped,
  REFERENCES,
  vma,
  window_exists,
} from '../models/thp_truncate/state.js';
import { always, never, type Properties, sometimes } from './language/index.js';

const { munmap, truncate, punch, invalidate } = model;
const families: readonly Actors<never>[] = [
  munmap,
  model.exit,
  model.dontneed,
  model.partial,
  model.mremap,
  model.faulter,
  model.hash_fault,
  model.walker,
  truncate,
  punch,
  invalidate,
];
const anybody = (is: (actor: Actor<never>) => Bool) => anyOf(...families.map((family) => family.any(is)));
const all_done = allOf(...families.map((family) => family.all((actor) => actor.done))).called(
  'everyone is done',
);

const deleted = page.mapping.is('none');
const huge_pmds = count(NR_VMAS, (k) => vma.at(k).pmd.is('huge'));
const maps = (k: Parameters<typeof vma.at>[0]) => vma.at(k).pmd.isIn('huge', 'invalid');
const vmas_in_i_mmap = count(NR_VMAS, (k) => vma.at(k).in_i_mmap);

const deleters_exist = NR_TRUNCATE.plus(NR_PUNCH_HOLE).plus(NR_INVALIDATE).ge(1);
const zappers_exist = NR_MUNMAP.plus(NR_EXIT).plus(NR_DONTNEED).ge(1);

/** S1, S2: the assertions stand in the code; these show that they are put to the test. */
const deletion: Properties = {
  page_is_deleted: sometimes(deleted, 'S1: the page gets past the check in delete_from_page_cache', {
    given: deleters_exist,
  }),
  window_opens: sometimes(
    no_pmd_maps.and(page_is_mapped),
    'S1, S2: no pmd maps the page, and the counters still say that it is mapped',
    { given: window_exists.and(zappers_exist).and(mutant.isnt('rmap_before_clear')) },
  ),
  invalidate_checks_during_a_zap: sometimes(
    invalidate.any((actor) =>
      actor.at('invalidate_inode_pages2_range.check_unmapped').and(not(every_ptl_free)),
    ),
    'S2: the BUG_ON is reached while a zap is under way',
    { given: NR_INVALIDATE.ge(1).and(zappers_exist) },
  ),
  no_mapping_of_a_deleted_page: never(
    deleted.and(huge_pmds.ge(1)),
    'S1r, S13: a valid pmd still, or again, maps a page that has left the page cache',
  ),
};

const counters: Properties = {
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
    { given: zappers_exist.or(deleters_exist).and(fix.isnt('try_to_unmap')) },
  ),
  pmds_and_mapcounts_agree: always(
    every_ptl_free.implies(
      allOf(
        page.compound_mapcount.plus(1).eq(huge_pmds),
        all(NR_SUBPAGES, (i) => page.subpage.at(i)._mapcount.plus(1).eq(huge_pmds)),
      ),
    ),
    'S6, I2: while no pmd lock is held, each huge pmd counts once in every mapcount',
  ),
  pmds_and_mapcounts_disagree: sometimes(
    not(page.compound_mapcount.plus(1).eq(huge_pmds)),
    'S6: under the pmd lock they may disagree',
    { given: zappers_exist.or(deleters_exist) },
  ),
  rss_balanced: always(
    all_done.implies(
      all(NR_MMS, (i) => mm.at(i).rss.eq(count(NR_VMAS, (k) => mmOf(k).eq(i).and(vma.at(k).pmd.is('huge'))))),
    ),
    'S7, S8: "BUG: Bad rss-counter state": one zap, one decrement',
    { given: REFERENCES },
  ),
};

const references: Properties = {
  no_use_after_free: never(
    page._refcount.le(0).and(any(NR_VMAS, maps)),
    'S4: the page is freed while a pmd maps it',
    { given: REFERENCES },
  ),
  flushed_before_free: never(
    page._refcount.le(0).and(any(NR_VMAS, (k) => vma.at(k).tlb)),
    'S10: the page is freed while a TLB may still translate to it',
    { given: REFERENCES },
  ),
  references_balanced: always(
    all_done.implies(
      deleted
        .implies(page._refcount.eq(huge_pmds))
        .and(deleted.or(page._refcount.eq(huge_pmds.plus(NR_SUBPAGES)))),
    ),
    'S9: the page cache and every mapping gave back what they took',
    { given: REFERENCES },
  ),
  page_is_freed: sometimes(page._refcount.eq(0), 'S4, S9, S10: the last reference is put', {
    given: REFERENCES.and(deleters_exist),
  }),
};

const locks: Properties = {
  unmapped_before_leaving_i_mmap: always(
    all(NR_VMAS, (k) => vma.at(k).in_i_mmap.or(not(maps(k)))).and(
      page.compound_mapcount.plus(1).le(vmas_in_i_mmap),
    ),
    'S12, I4: a vma outside i_mmap contributes to no mapcount, so a walk of i_mmap misses nothing',
  ),
  vma_leaves_before_the_walk: sometimes(
    not(vma.at(0).in_i_mmap).and(not(deleted)).and(not(page.PG_locked.isFree())),
    'S12: somebody has locked the page to delete it, and a vma is gone already',
    { given: deleters_exist.and(NR_MUNMAP.plus(NR_EXIT).ge(1)).and(mutant.isnt('page_not_locked')) },
  ),
  no_lock_kept: never(
    anybody((actor) =>
      actor.done.and(
        anyOf(
          any(NR_VMAS, (k) => vma.at(k).ptl.isOwnedBy(actor)),
          page.PG_locked.isOwnedBy(actor),
          i_mmap.writer.isOwnedBy(actor),
          i_pages.isOwnedBy(actor),
        ),
      ),
    ),
    'B2: WARNING: lock held when returning to user space',
  ),
  deposit_present: always(
    all(NR_VMAS, (k) => maps(k).implies(vma.at(k).deposit)),
    'S14: a huge pmd without its deposited page table: flush_hash_hugepage() would find no slots',
    { given: arch.is('powerpc_hash') },
  ),
  truncate_waits_for_ptl: sometimes(
    truncate.any((actor) => actor.at('zap_pmd_range.take_ptl')).and(not(every_ptl_free)),
    'the fix: truncate waits for the pmd lock that a zap holds',
    { given: fixed_upstream.and(NR_TRUNCATE.ge(1)).and(zappers_exist).and(mutant.is('none')) },
  ),
  everyone_finishes: sometimes(all_done, 'there is a way to the end'),
};

export const thp_truncate: Properties = { ...deletion, ...counters, ...references, ...locks };
