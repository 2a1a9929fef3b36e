// The properties of the flagship race: S1 to S15, B2, B3 and I1 to I6 of the table in the model's README, each with the
// kernel's message. A caption begins with the tags that it is about, and each tag of an `always`, a `never` or an
// assertion is also that of a `sometimes`, which shows that the situation in question is reached.
//
// Some are assertions in the code, and so in the model: S1, S2 and S3 completely, and parts of S5, S9, S11, S14, S15,
// B2, B3 and I1 to I5. thp_truncate.test.ts lists the message of each.

import { all, allOf, any, anyOf, type Bool, count, not } from '../models/language/index.js';
import * as model from '../models/thp_truncate/model.js';
import {
  arch,
  attempt_2_clears,
  by_ptes,
  CHECK_I6,
  CONFIG_DEBUG_VM,
  entries_of,
  every_ptl_free,
  fix,
  fixed_upstream,
  huge_pmds,
  i_mmap,
  i_pages,
  invalidates_in_zap,
  maps_page,
  mm,
  mmOf,
  moves_pud,
  mremap_extent,
  mremap_to,
  mutant,
  NR_DONTNEED,
  NR_EXIT,
  NR_HASH_FAULT,
  NR_INVALIDATE,
  NR_MMS,
  NR_MREMAP,
  NR_MUNMAP,
  NR_PARTIAL_MUNMAP,
  NR_PUNCH_HOLE,
  NR_TRUNCATE,
  NR_VMAS,
  NR_WALKER,
  no_vma_maps,
  nr_pages,
  page,
  page_is_mapped,
  page_kind,
  powerpc_rules,
  REFERENCES,
  tries_to_unmap,
  unmap_range_first,
  vma,
  window_exists,
} from '../models/thp_truncate/state.js';
import { always, never, type Properties, sometimes } from './language/index.js';
import {
  a_zap_is_under_way,
  all_done,
  anybody,
  deleted,
  deleter_at,
  deleters_exist,
  faults_map_thps,
  healthy,
  holds_a_page_table_lock,
  is_mapped_anywhere,
  type Mover,
  race_exists,
  vmas_in_i_mmap,
  walk_begins,
  walk_ends,
  zapper_at,
  zappers_exist,
} from './thp_truncate_actors.js';

const { munmap, truncate, invalidate } = model;

/** S1, S2, S3: the assertions are in the code; these show that they are reached. */
const deletion: Properties = {
  page_is_deleted: sometimes(deleted, 'S1: the page gets past the check in delete_from_page_cache', {
    given: deleters_exist,
  }),
  window_opens: sometimes(
    no_vma_maps.and(page_is_mapped),
    'S1, S2: no vma maps the page, and the counters still say that it is mapped',
    { given: window_exists.and(zappers_exist).and(mutant.isnt('rmap_before_clear')) },
  ),
  invalidate_checks_during_a_zap: sometimes(
    invalidate.any((actor) =>
      actor.at('invalidate_inode_pages2_range.check_unmapped').and(a_zap_is_under_way),
    ),
    'S2: the BUG_ON is reached while a zap is under way',
    { given: NR_INVALIDATE.ge(1).and(zappers_exist) },
  ),
  attempt_1_meets_the_window: sometimes(
    anyOf(deleter_at('try_to_unmap_one.load_pmd'), deleter_at('__split_huge_pmd.lock'))
      .and(no_vma_maps)
      .and(page_is_mapped),
    'S3: try_to_unmap_one() comes to a pmd that is none while the page still counts as mapped',
    { given: tries_to_unmap.and(race_exists).and(not(by_ptes)).and(healthy) },
  ),
  no_mapping_of_a_deleted_page: never(
    deleted.and(is_mapped_anywhere),
    'S1r, S13: a valid pmd or pte still, or again, maps a page that has left the page cache',
  ),
  deleted_with_a_vma_left: sometimes(
    deleted.and(any(NR_VMAS, (k) => vma.at(k).in_i_mmap)),
    'S1r: the page is gone, and a vma could still map it',
    { given: deleters_exist },
  ),
  fault_finds_it_deleted: sometimes(
    model.faulter.any((actor) => actor.at('__do_fault.unlock_deleted')),
    'S13: a fault has found the page in the cache, and locks it when it is there no longer',
    { given: faults_map_thps.and(deleters_exist).and(healthy) },
  ),
};

const counters: Properties = {
  mapcount_not_negative: never(
    page.compound_mapcount.lt(-1).or(any(nr_pages, (i) => page.subpage.at(i)._mapcount.lt(-1))),
    'S5: VM_BUG_ON_PAGE(page_mapcount(page) < 0), "nonzero mapcount" when freed',
  ),
  all_mappings_removed: sometimes(
    allOf(
      page.compound_mapcount.eq(-1),
      all(nr_pages, (i) => page.subpage.at(i)._mapcount.eq(-1)),
    ),
    'S5: every mapcount falls to -1',
    { given: zappers_exist.or(deleters_exist).and(fix.isnt('try_to_unmap')) },
  ),
  pmds_and_mapcounts_agree: always(
    every_ptl_free.implies(
      allOf(
        page.compound_mapcount.plus(1).eq(huge_pmds),
        all(nr_pages, (i) => page.subpage.at(i)._mapcount.plus(1).eq(entries_of(i))),
      ),
    ),
    'S6, I2: while no page table lock is held, each huge pmd counts once in every mapcount, each pte in its own',
  ),
  pmds_and_mapcounts_disagree: sometimes(
    any(nr_pages, (i) => not(page.subpage.at(i)._mapcount.plus(1).eq(entries_of(i)))),
    'S6, I1, I2: under the pmd lock they may disagree',
    { given: zappers_exist.or(deleters_exist) },
  ),
  second_zap_finds_none: sometimes(
    anyOf(zapper_at('zap_huge_pmd.unlock_early'), deleter_at('zap_huge_pmd.unlock_early')),
    'S7: two zap the same pmd, and the second finds it none when it has the lock',
    { given: race_exists.and(not(tries_to_unmap)).and(not(by_ptes)).and(healthy) },
  ),
  rss_balanced: always(
    all_done.implies(
      all(NR_MMS, (i) => mm.at(i).rss.eq(count(NR_VMAS, (k) => mmOf(k).eq(i).and(vma.at(k).pmd.is('huge'))))),
    ),
    'S7, S8: "BUG: Bad rss-counter state": one zap, one decrement',
    { given: REFERENCES },
  ),
  rss_is_counted_down: sometimes(mm.at(0).rss.eq(0), 'S7, S8: a zap is counted', {
    given: REFERENCES.and(zappers_exist.or(deleters_exist)),
  }),
};

const references: Properties = {
  no_use_after_free: never(
    page._refcount.le(0).and(any(NR_VMAS, maps_page)),
    'S4: the page is freed while a pmd maps it',
    { given: REFERENCES },
  ),
  flushed_before_free: never(
    page._refcount.le(0).and(any(NR_VMAS, (k) => vma.at(k).tlb)),
    'S10: the page is freed while a TLB may still translate to it',
    { given: REFERENCES },
  ),
  stale_translation: sometimes(
    deleted.and(any(NR_VMAS, (k) => vma.at(k).tlb.and(not(maps_page(k))))),
    'S10: the page is deleted and its pmd gone, and a TLB still translates to it',
    { given: REFERENCES.and(race_exists) },
  ),
  references_balanced: always(
    all_done.implies(
      deleted
        .implies(page._refcount.eq(huge_pmds))
        .and(deleted.or(page._refcount.eq(huge_pmds.plus(nr_pages)))),
    ),
    'S9: the page cache and every mapping gave back what they took',
    { given: REFERENCES },
  ),
  count_is_checked: sometimes(
    deleter_at('delete_from_page_cache.check_count'),
    'S9: the page cache has put its references, and asks whether some are left',
    { given: REFERENCES.and(CONFIG_DEBUG_VM).and(NR_TRUNCATE.plus(NR_PUNCH_HOLE).ge(1)) },
  ),
  page_is_freed: sometimes(page._refcount.eq(0), 'S4, S9, S10: the last reference is put', {
    given: REFERENCES.and(deleters_exist),
  }),
};

const locks: Properties = {
  unmapped_before_leaving_i_mmap: always(
    allOf(
      all(NR_VMAS, (k) => vma.at(k).in_i_mmap.or(not(maps_page(k)))),
      page.compound_mapcount.plus(1).le(vmas_in_i_mmap),
      not(by_ptes).or(all(nr_pages, (i) => page.subpage.at(i)._mapcount.plus(1).le(vmas_in_i_mmap))),
    ),
    'S12, I4: a vma outside i_mmap contributes to no mapcount, so a walk of i_mmap misses nothing',
  ),
  vma_leaves_before_the_walk: sometimes(
    not(vma.at(0).in_i_mmap).and(not(deleted)).and(not(page.PG_locked.isFree())),
    'S12, I4, I5: somebody has locked the page to delete it, and a vma is gone already',
    { given: deleters_exist.and(NR_MUNMAP.plus(NR_EXIT).ge(1)).and(mutant.isnt('page_not_locked')) },
  ),
  no_lock_kept: never(
    anybody((actor) =>
      actor.done.and(
        anyOf(
          holds_a_page_table_lock(actor),
          page.PG_locked.isOwnedBy(actor),
          i_mmap.writer.isOwnedBy(actor),
          i_pages.isOwnedBy(actor),
        ),
      ),
    ),
    'B2: WARNING: lock held when returning to user space',
  ),
  somebody_sleeps: sometimes(
    anyOf(
      munmap.any((actor) => actor.at('unlink_file_vma.lock_i_mmap')),
      model.exit.any((actor) => actor.at('unlink_file_vma.lock_i_mmap')),
    ).and(not(i_mmap.writer.isFree()).or(not(i_mmap.readers.isFree()))),
    'B2: munmap sleeps until a walk of i_mmap is over',
    { given: deleters_exist.and(NR_MUNMAP.plus(NR_EXIT).ge(1)).and(healthy) },
  ),
  locks_nest: sometimes(
    anybody((actor) =>
      allOf(
        page.PG_locked.isOwnedBy(actor),
        i_mmap.writer.isOwnedBy(actor).or(i_mmap.readers.isOwnedBy(actor)),
        holds_a_page_table_lock(actor),
      ),
    ),
    'B3: one actor holds PG_locked, i_mmap_rwsem and a page table lock at once, taken in this order',
    {
      // Whoever unmaps the range first finds nothing left to zap under the page lock; only the fix takes it then.
      given: NR_TRUNCATE.plus(NR_INVALIDATE)
        .ge(1)
        .and(zappers_exist)
        .and(fixed_upstream.or(not(unmap_range_first)))
        .and(healthy),
    },
  ),
  mapping_is_stable: never(
    walk_begins.or(walk_ends).and(deleted),
    'S11: page->mapping is gone while unmap_mapping_page() walks it',
    { given: fixed_upstream },
  ),
  single_page_is_unmapped_in_a_zap: sometimes(
    walk_begins.and(a_zap_is_under_way),
    'S11: unmap_mapping_page() is called while a zap is under way',
    { given: fixed_upstream.and(race_exists).and(healthy) },
  ),
  deposit_present: always(
    all(NR_VMAS, (k) => vma.at(k).pmd.is('huge').implies(vma.at(k).deposit)),
    'S14: a valid huge pmd without its deposited page table: a hash fault would use slots that are not there',
    { given: arch.is('powerpc_hash') },
  ),
  hashed_only_where_huge: never(
    any(NR_VMAS, (k) => vma.at(k).pmd.isIn('none', 'table').and(vma.at(k).hashed)),
    'S14: H_PAGE_HASHPTE of a pmd that is not huge: its HPTEs would not be flushed any more',
    { given: arch.is('powerpc_hash') },
  ),
  zap_of_a_hashed_pmd: sometimes(
    any(NR_VMAS, (k) => allOf(vma.at(k).hashed, vma.at(k).deposit, not(vma.at(k).ptl.isFree()))),
    'S14: the lock of a pmd is taken whose hash slots are in use',
    { given: arch.is('powerpc_hash').and(NR_HASH_FAULT.ge(1)).and(zappers_exist) },
  ),
  pmd_clear_is_checked: sometimes(
    zapper_at('pmd_clear.check_hashed'),
    'S14: pmd_clear() looks for H_PAGE_HASHPTE',
    {
      given: arch
        .is('powerpc_hash')
        .and(CONFIG_DEBUG_VM)
        .and(invalidates_in_zap)
        .and(attempt_2_clears.isnt('huge_get_and_clear_last'))
        .and(zappers_exist),
    },
  ),
  lockless_walk_has_a_huge_pmd: sometimes(
    model.walker.any((actor) => actor.at('__find_linux_pte.dereference')),
    'S14: a lockless walk has loaded a huge pmd, and is about to follow it',
    { given: NR_WALKER.ge(1).and(powerpc_rules.isnt('since_5_8')) },
  ),
  grace_period_begins_in_a_zap: sometimes(
    deleter_at('synchronize_rcu.start').and(a_zap_is_under_way),
    'S15: synchronize_rcu() is called while somebody else is in a pmd lock section',
    { given: fix.is('synchronize_rcu').and(race_exists).and(healthy) },
  ),
  fault_maps_it_again: sometimes(
    model.faulter.any((actor) => actor.at('do_set_pmd.set_pmd')),
    'I1, I3: a fault maps the page again',
    {
      given: faults_map_thps.and(NR_DONTNEED.plus(NR_PARTIAL_MUNMAP).plus(NR_PUNCH_HOLE).ge(1)).and(healthy),
    },
  ),
  truncate_waits_for_ptl: sometimes(
    truncate.any((actor) => actor.at('zap_pmd_range.take_ptl')).and(a_zap_is_under_way),
    'the fix: truncate waits for the pmd lock that a zap holds',
    {
      given: fixed_upstream
        .and(NR_TRUNCATE.ge(1))
        .and(zappers_exist)
        .and(not(by_ptes))
        .and(mutant.is('none')),
    },
  ),
  everyone_finishes: sometimes(all_done, 'B2, S7, S8, S9: there is a way to the end'),
};

const movers_at = (is: (mover: Mover) => Bool) => model.mremap.any(is);
const goes_left = mremap_to.is('left');

/**
 * I6. Whether the walk misses a mapping depends on the level, and on whether it takes the lock of that level before it
 * goes on.
 */
const moves: Properties = {
  moves_where_the_walk_looks: never(
    movers_at((mover) =>
      not(i_mmap.writer.isOwnedBy(mover)).and(
        anyOf(
          mover.at('move_normal_pud.clear_old'),
          mover.at('move_normal_pmd.clear_old').and(goes_left.or(page_kind.is('small'))),
          mover.at('move_huge_pmd.clear_old').and(goes_left),
          mover.at('move_ptes.lock_old').and(goes_left),
        ),
      ),
    ),
    'I6: without i_mmap_rwsem, mremap moves a mapping backwards in the walk, or under a lock that the walk does not take',
    { given: fixed_upstream.and(NR_MREMAP.ge(1)).and(CHECK_I6) },
  ),
  mapping_is_between_two_places: sometimes(
    movers_at((mover) =>
      anyOf(
        mover.at('move_normal_pud.set_new'),
        mover.at('move_normal_pmd.set_new'),
        mover.at('move_huge_pmd.set_new'),
        any(nr_pages, (i) => mover.at('move_ptes.set_new').and(entries_of(i).lt(1))),
      ),
    ),
    'I6: mremap has taken the mapping from one place, and has yet to put it into the other',
    { given: NR_MREMAP.ge(1).and(by_ptes.or(moves_pud).or(mremap_extent.isnt('ptes'))) },
  ),
};

export const thp_truncate: Properties = { ...deletion, ...counters, ...references, ...locks, ...moves };
