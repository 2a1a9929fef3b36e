// follow_page() takes the wrong lock for a hugetlb page of contiguous ptes (CVE-2022-3623): it returns the old page.
//
// A hugetlb page of 64K on arm64 is mapped by sixteen ptes. Their lock is mm->page_table_lock, as huge_pte_lock() says, and
// follow_page_pte() takes the lock of the page table. So a migration replaces the ptes between the read and the reference.
//
// Fix fac35ba763ed, 6.1 [commit message]: huge_pte_lock(). Steps: [source: mm/gup.c, mm/hugetlb.c,
// mm/migrate.c@5.15]. Left out: mmap_lock, which a migration does not take; the sixteen ptes, which change under one lock;
// the page lock, which follow_page() does not take. The reference of the old page goes when the migration is over: that it
// may be freed is what get_page() then complains about.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  folio_try_get,
  page_refcount,
  put_page,
  spin_lock,
  spin_unlock,
  spinlock,
} from '../../kernel/index.js';
import {
  actor,
  config,
  expects,
  If,
  ifElse,
  model,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('mm/gup.c');
const migrate = source('mm/migrate.c');

export const settings = config({
  fix: oneOf('none', 'huge_pte_lock', 'both_locks', 'try_get', 'try_get_recheck'),
});
const { fix } = settings;
const right_lock = fix.isIn('huge_pte_lock', 'both_locks');
const tries = fix.isIn('try_get', 'try_get_recheck');

export const state = shared({
  /** Of the page table, and of the mm. */
  ptl: spinlock(),
  page_table_lock: spinlock(),
  pte: oneOf('old', 'migration entry', 'new'),
  /** References of the old page: that of its mapping, and one of the migration. */
  refs: page_refcount(3),
  got: oneOf('nothing', 'old', 'new'),
});
const { ptl, page_table_lock, pte, refs, got } = state;

const follow = procedure('follow_page_pte', { page: oneOf('none', 'old', 'new') }, ({ page }) => ({
  lock: If(fix.isnt('huge_pte_lock'), { pte: spin_lock(ptl) }),
  right: If(right_lock, { lock: spin_lock(page_table_lock) }),
  read: c`pte = *ptep; page = vm_normal_page(vma, address, pte)`(
    page.set(ifElse(pte.is('old'), 'old', ifElse(pte.is('new'), 'new', 'none'))),
  ),
  which: If(page.is('old'), {
    get: If(tries, {
      try: If(folio_try_get(refs), {
        again: If(fix.is('try_get').or(pte.is('old')), { old: c`return page`(got.set('old')) }).Else({
          put: put_page(refs),
        }),
      }),
    }).Else({
      grab: c`try_grab_page(page, flags)`(
        expects(refs.ne(0), 'VM_BUG_ON_PAGE(page_ref_zero_or_close_to_overflow(page), page)'),
        refs.inc(),
        got.set('old'),
      ),
    }),
  }).ElseIf(page.is('new'), { new: c`try_grab_page(page, flags)`(got.set('new')) }),
  right_end: If(right_lock, { unlock: spin_unlock(page_table_lock) }),
  unlock: If(fix.isnt('huge_pte_lock'), { pte: spin_unlock(ptl) }),
}));

const move = procedure('unmap_and_move_huge_page', () => ({
  get: folio_try_get(refs),
  lock: spin_lock(page_table_lock),
  unmap: migrate`try_to_migrate_one(): set_huge_swap_pte_at()`(pte.set('migration entry')),
  drop: migrate`page_remove_rmap(subpage, true); put_page(page)`(refs.dec()),
  unlock: spin_unlock(page_table_lock),
  count: If(migrate`page_count(page) == expected_count`.test(refs.eq(1)), {
    relock: spin_lock(page_table_lock),
    remove: migrate`remove_migration_pte(): set_huge_pte_at(new)`(pte.set('new')),
    unlock_new: spin_unlock(page_table_lock),
    put: put_page(refs),
  }).Else({
    lock_again: spin_lock(page_table_lock),
    restore: migrate`remove_migration_pte(): set_huge_pte_at(old)`(pte.set('old'), refs.inc()),
    unlock_old: spin_unlock(page_table_lock),
    putback: put_page(refs),
  }),
}));

const follower = actor('move_pages', follow);
const migrator = actor('migrate', move);

export const properties: Properties = {
  no_old_page: never(
    got.is('old').and(pte.is('new')),
    'move_pages() works on a page that is not mapped any more: data is lost',
  ),
  finds_the_old: sometimes(got.is('old').and(pte.is('old'))),
  finds_the_new: sometimes(got.is('new')),
  migrates: sometimes(migrator.done.and(pte.is('new'))),
};

export const race: Race = {
  subsystem: 'mm/hugetlb',
  fix: {
    commit: 'fac35ba763ed',
    subject: 'mm/hugetlb: fix races when looking up a CONT-PTE/PMD size hugetlb page',
  },
  kinds: ['bug', 'stale data'],
  uses: ['pte lock', 'page reference', 'migration entry'],
  essence:
    'agrees: the migration counts the references before move_pages() takes its own, of a page that it gives up',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [113, 182, 15], {
    no_old_page: 12,
    'VM_BUG_ON_PAGE(page_ref_zero_or_close_to_overflow(page), page)': 14,
  }),
  row({ fix: 'huge_pte_lock' }, [52, 65, 15]),
  row({ fix: 'both_locks' }, [82, 121, 17]),
  row({ fix: 'try_get' }, [128, 212, 16], { no_old_page: 13 }),
  row({ fix: 'try_get_recheck' }, [152, 257, 17]),
];

export { hugetlb_follow_page as model };

const hugetlb_follow_page = model('hugetlb_follow_page', {
  about:
    'follow_page() takes the lock of the page table for ptes of hugetlb, which another lock protects (CVE-2022-3623)',
  settings,
  state,
  actors: [follower, migrator],
  comparison: { candidates: 'fix', scenarios: { 'move_pages, a migration': {} } },
});
