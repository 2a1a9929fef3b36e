// A split of a huge pmd of shmem that has become a migration entry: VM_BUG_ON(!pmd_present()).
//
// A partial hole punch splits the huge pmd, under its lock. A migration of the page has put a migration entry there before.
// __split_huge_pmd_locked() handles such entries of anonymous memory, and treats one of a file as a page that is mapped.
//
// Fix 99fa8a48203d, 5.13 [commit message]: clear the entry, and drop no mapcount and no reference, for the entry has none;
// the file is faulted in again. Steps: [source: mm/huge_memory.c@5.12.9, @5.15]. Left out: i_mmap_rwsem, which neither side
// needs against the other: migration walks with it for reading, and a split of mprotect() has none; the copy of the page.
// Whether a page is mapped is one count here: a huge page that one process maps.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import { spin_lock, spin_unlock, spinlock } from '../../kernel/index.js';
import {
  actor,
  config,
  expects,
  expectsSoftly,
  given,
  If,
  int,
  model,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('mm/huge_memory.c');
const rmap = source('mm/rmap.c');
const migrate = source('mm/migrate.c');

export const settings = config({
  fix: oneOf('none', 'entry_only', 'skip_entry', 'no_assertion', 'put_entry'),
});
const { fix } = settings;
const knows_entries = fix.isIn('entry_only', 'put_entry');

export const state = shared({
  pmd_lock: spinlock(),
  pmd: oneOf('huge', 'migration entry', 'none'),
  /** compound_mapcount(page) + 1 */
  mapcount: int(-1, 1).starts(1),
});
const { pmd_lock, pmd, mapcount } = state;
const remove_rmap = () =>
  rmap`page_remove_rmap(page, true)`(
    expectsSoftly(mapcount.gt(0), 'BUG: Bad page map: mapcount underflow'),
    mapcount.dec(),
  );

const split = procedure('__split_huge_pmd_locked', () => ({
  lock: spin_lock(pmd_lock),
  skip: If(pmd.is('none').or(fix.is('skip_entry').and(pmd.is('migration entry'))), {})
    .ElseIf(pmd.is('migration entry').and(knows_entries), {
      entry: c`entry = pmd_to_swp_entry(old_pmd): pmdp_huge_clear_flush_notify()`(pmd.set('none')),
      put: If(fix.is('put_entry'), { rmap: remove_rmap() }),
    })
    .Else({
      clear: c`_pmd = pmdp_huge_clear_flush_notify(vma, haddr, pmd)`(
        given(
          fix.isnt('no_assertion'),
          expects(pmd.isnt('migration entry'), 'VM_BUG_ON(!pmd_present(*pmdp) && !pmd_trans_huge(*pmdp))'),
        ),
        pmd.set('none'),
      ),
      rmap: remove_rmap(),
    }),
  unlock: spin_unlock(pmd_lock),
}));

const migration = procedure('migrate_pages', () => ({
  lock: spin_lock(pmd_lock),
  huge: If(pmd.is('huge'), {
    entry: c`set_pmd_migration_entry(&pvmw, page)`(pmd.set('migration entry')),
    remove: remove_rmap(),
  }),
  unlock: spin_unlock(pmd_lock),
  copy: migrate`move_to_new_page(newpage, page, mode)`(),
  relock: spin_lock(pmd_lock),
  restore: If(pmd.is('migration entry'), {
    set: c`remove_migration_pmd(&pvmw, new)`(pmd.set('huge')),
    add: rmap`page_add_file_rmap(new, true)`(mapcount.inc()),
  }),
  unlock_again: spin_unlock(pmd_lock),
}));

const puncher = actor('punch', split);
const migrator = actor('migrate', migration);

export const properties: Properties = {
  nothing_is_mapped_after: never(
    puncher.done.and(migrator.done).and(pmd.isnt('none')),
    'the hole is punched, and its page is mapped',
  ),
  splits_a_page: sometimes(puncher.done.and(migrator.at('migrate_pages.lock'))),
  migrates: sometimes(migrator.done.and(pmd.is('huge'))),
};

export const race: Race = {
  subsystem: 'mm/thp',
  fix: { commit: '99fa8a48203d', subject: 'mm/thp: fix __split_huge_pmd_locked() on shmem migration entry' },
  kinds: ['bug', 'warning'],
  uses: ['pmd lock', 'migration entry', 'mapcount'],
  essence: 'agrees: the split finds the migration entry, before the migration has put the page back',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [34, 37, 15], { 'VM_BUG_ON(!pmd_present(*pmdp) && !pmd_trans_huge(*pmdp))': 8 }),
  row({ fix: 'entry_only' }, [34, 39, 15]),
  row({ fix: 'skip_entry' }, [39, 42, 15], { nothing_is_mapped_after: 14 }),
  row({ fix: 'no_assertion' }, [41, 46, 15], { 'BUG: Bad page map: mapcount underflow': 9 }),
  row({ fix: 'put_entry' }, [41, 46, 15], { 'BUG: Bad page map: mapcount underflow': 9 }),
];

export { split_migration_entry as model };

const split_migration_entry = model('split_migration_entry', {
  about: 'a split takes the migration entry of a huge page of shmem for the page itself',
  settings,
  state,
  actors: [puncher, migrator],
  comparison: { candidates: 'fix', scenarios: { 'hole punch, migration': {} } },
});
