// Hole punch of hugetlbfs tests whether a folio is mapped, without its lock: "still mapped when deleted".
//
// Migration holds the folio lock, and has replaced the ptes by migration entries: folio_mapped() is false, and the punch
// unmaps nothing. But the reference that the punch holds makes the migration fail; it puts the ptes back and drops the lock,
// and the punch deletes a folio that is mapped again.
//
// Fix 7b7387650dcf, 2025 [commit message]: lock the folio, then test. Steps: [source: fs/hugetlbfs/inode.c, mm/migrate.c@6.5;
// commit message]. Left out: the locks of the page table and of i_mmap, each of which covers one step here; the fault mutex,
// which keeps faults out in the meantime; reservations. Whether migration succeeds is tested in one step, as
// folio_ref_freeze() does; then the new folio is in the place of the old one, and mapped there.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import { folio_lock, folio_test_locked, folio_unlock, page_lock } from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  expects,
  If,
  int,
  model,
  not,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('fs/hugetlbfs/inode.c');
const migrate = source('mm/migrate.c');
const hugetlb = source('mm/hugetlb.c');
const pagemap = source('include/linux/pagemap.h');

export const settings = config({
  fix: oneOf('none', 'lock_first', 'ask_again', 'unmap_always', 'unmap_if_unlocked'),
});
const { fix } = settings;

export const state = shared({
  PG_locked: page_lock(),
  pte: oneOf('present', 'migration entry', 'none'),
  /** References beyond those of the page cache and of the mapping. */
  extra_refs: int(0, 1),
  in_page_cache: bool().starts(true),
  migrated: bool(),
});
const { PG_locked, pte, extra_refs, in_page_cache, migrated } = state;

const unmap = () => c`hugetlb_unmap_file_folio(h, mapping, folio, index)`(pte.set('none'));
const folio_mapped = pte.is('present');

const punch = procedure('remove_inode_single_folio', () => ({
  get: pagemap`filemap_get_folios(): folio_try_get()`(extra_refs.inc()),
  first: If(fix.is('lock_first'), { lock: folio_lock(PG_locked) }),
  always: If(fix.is('unmap_always'), { unmap: unmap() }).Else({
    mapped: If(folio_mapped, { unmap: unmap() }),
    busy: If(fix.is('unmap_if_unlocked').and(folio_test_locked(PG_locked)), { unmap: unmap() }),
  }),
  late: If(fix.isnt('lock_first'), { lock: folio_lock(PG_locked) }),
  again: If(fix.is('ask_again').and(folio_mapped), { unmap: unmap() }),
  delete: hugetlb`hugetlb_delete_from_page_cache(folio)`(
    expects(not(folio_mapped), 'BUG: Bad page cache in process: still mapped when deleted'),
    in_page_cache.set(false),
  ),
  unlock: folio_unlock(PG_locked),
  put: pagemap`folio_put(folio)`(extra_refs.dec()),
}));

const move = procedure('unmap_and_move_huge_page', () => ({
  lock: folio_lock(PG_locked),
  cached: If(in_page_cache, {
    unmap: migrate`try_to_migrate(src, 0)`.test(folio_mapped, { yes: [pte.set('migration entry')] }),
    freeze: migrate`folio_migrate_mapping(): folio_ref_freeze()`.test(extra_refs.eq(0), {
      yes: [migrated.set(true)],
    }),
    ptes: migrate`remove_migration_ptes(src, dst)`.test(pte.is('migration entry'), {
      yes: [pte.set('present')],
    }),
  }),
  unlock: folio_unlock(PG_locked),
}));

const puncher = actor('punch', punch);
const migrator = actor('migrate', move);

export const properties: Properties = {
  migrates: sometimes(migrated.and(migrator.done)),
  fails_to_migrate: sometimes(not(migrated).and(pte.is('present')).and(migrator.done)),
  punched: sometimes(puncher.done.and(pte.is('none')).and(not(in_page_cache))),
};

export const race: Race = {
  subsystem: 'mm/hugetlb',
  fix: { commit: '7b7387650dcf', subject: 'mm/hugetlb: fix folio is still mapped when deleted' },
  kinds: ['bug'],
  uses: ['folio lock', 'folio reference', 'migration entry', 'check-then-act'],
  essence:
    'agrees: the punch tests after the ptes have become migration entries, and before they are put back',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [62, 83, 13], { 'BUG: Bad page cache in process: still mapped when deleted': 10 }),
  row({ fix: 'lock_first' }, [39, 47, 13]),
  row({ fix: 'ask_again' }, [65, 88, 14]),
  row({ fix: 'unmap_always' }, [43, 59, 12]),
  row({ fix: 'unmap_if_unlocked' }, [89, 133, 14], {
    'BUG: Bad page cache in process: still mapped when deleted': 11,
  }),
];

export { hugetlb_punch_migration as model };

const hugetlb_punch_migration = model('hugetlb_punch_migration', {
  about: 'a hole punch of hugetlbfs finds a folio unmapped that a migration maps again',
  settings,
  state,
  actors: [puncher, migrator],
  comparison: { candidates: 'fix', scenarios: { 'one punch, one migration': {} } },
});
