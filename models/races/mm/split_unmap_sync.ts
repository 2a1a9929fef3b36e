// split_huge_page() misses a mapping that another CPU is just removing: VM_BUG_ON_PAGE(!unmap_success).
//
// The split unmaps a huge page by its reverse map. A zap of the same mapping has cleared the pmd, under its lock, and
// has yet to drop the mapcount. The walk reads the pmd without the lock, finds it none, and skips it; the split then
// finds the page mapped.
//
// Fix 732ed55823fc, 5.13 [commit message]: TTU_SYNC makes the walk take and drop the pmd lock, so the zap has dropped the
// mapcount. 504e070dc08f [commit message] makes a warning of the assertion: without CONFIG_DEBUG_VM the split fails with
// -EBUSY, and maps again what it has unmapped. Steps: [source: mm/huge_memory.c, mm/page_vma_mapped.c, mm/rmap.c@5.12.9,
// @5.15]. Left out: the page lock and i_mmap_rwsem for reading, neither of which a zap takes; subpages. Two processes map
// the page: one mapping the split removes itself, which is how it may be left half unmapped.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import { spin_lock, spin_unlock, spinlock } from '../../kernel/index.js';
import {
  actor,
  array,
  type Bool,
  config,
  expects,
  For,
  If,
  int,
  model,
  oneOf,
  procedure,
  record,
  shared,
  source,
  yes,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('mm/huge_memory.c');
const walk = source('mm/page_vma_mapped.c');
const rmap = source('mm/rmap.c');

export const settings = config({
  fix: oneOf('none', 'ttu_sync', 'sync_if_mapped', 'mapcount_first', 'no_assertion'),
});
const { fix } = settings;

export const state = shared({
  vma: array(2, record({ ptl: spinlock(), pmd: oneOf('huge', 'migration entry', 'none') })),
  /** total_mapcount(page) */
  mapcount: int(0, 2).starts(2),
  split: oneOf('not yet', 'done', 'EBUSY'),
});
const { vma, mapcount, split } = state;

/** try_to_unmap(page, TTU_SPLIT_FREEZE): `sync` takes the pmd lock although the pmd is none. */
const try_to_unmap = (sync: Bool) =>
  For(2, (i) => ({
    pmd: If(walk`if (pmd_trans_huge(pmde))`.test(vma.at(i).pmd.is('huge')), {
      lock: spin_lock(vma.at(i).ptl),
      still: If(vma.at(i).pmd.is('huge'), {
        freeze: rmap`set_pmd_migration_entry()`(vma.at(i).pmd.set('migration entry')),
        remove: rmap`page_remove_rmap(page, true)`(mapcount.dec()),
      }),
      unlock: spin_unlock(vma.at(i).ptl),
    }).Else({
      sync: If(sync, {
        lock: spin_lock(vma.at(i).ptl),
        unlock: spin_unlock(vma.at(i).ptl),
      }),
    }),
  }));

const splitter = procedure('split_huge_page_to_list', () => ({
  unmap: try_to_unmap(fix.is('ttu_sync')),
  again: If(fix.is('sync_if_mapped').and(mapcount.ne(0)), { unmap: try_to_unmap(yes) }),
  assert: If(fix.isnt('no_assertion'), {
    unmapped: c`unmap_page(page): VM_BUG_ON_PAGE(!unmap_success, page)`(
      expects(mapcount.eq(0), 'VM_BUG_ON_PAGE(!unmap_success, page)'),
    ),
  }),
  freeze: If(c`page_ref_freeze(head, 1 + extra_pins)`.test(mapcount.eq(0)), {
    split: c`__split_huge_page(page, list, end, flags)`(split.set('done')),
  }).Else({ busy: c`ret = -EBUSY; remap_page(head, thp_nr_pages(head))`(split.set('EBUSY')) }),
}));

const zap = procedure('zap_huge_pmd', () => ({
  lock: spin_lock(vma.at(0).ptl),
  huge: If(vma.at(0).pmd.is('huge'), {
    first: If(fix.is('mapcount_first'), { remove: rmap`page_remove_rmap(page, true)`(mapcount.dec()) }),
    clear: c`orig_pmd = pmdp_huge_get_and_clear_full(vma, addr, pmd, fullmm)`(vma.at(0).pmd.set('none')),
    late: If(fix.isnt('mapcount_first'), { remove: rmap`page_remove_rmap(page, true)`(mapcount.dec()) }),
  }),
  unlock: spin_unlock(vma.at(0).ptl),
}));

const split_actor = actor('split', splitter);
const zapper = actor('zap', zap);

export const properties: Properties = {
  no_split_of_a_mapped_page: never(split.is('done').and(mapcount.ne(0)), 'subpages with the wrong mapcount'),
  splits: sometimes(split.is('done')),
  zaps_first: sometimes(zapper.done.and(split.is('not yet')).and(vma.at(0).pmd.is('none'))),
};

export const race: Race = {
  subsystem: 'mm/thp',
  fix: { commit: '732ed55823fc', subject: 'mm/thp: try_to_unmap() use TTU_SYNC for safe splitting' },
  kinds: ['bug'],
  uses: ['pmd lock', 'mapcount', 'rmap walk'],
  essence:
    'agrees: the pmd is cleared before the walk reads it, and the mapcount drops after the split has read it',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [88, 134, 18], { 'VM_BUG_ON_PAGE(!unmap_success, page)': 11 }),
  row({ fix: 'ttu_sync' }, [72, 103, 18]),
  row({ fix: 'sync_if_mapped' }, [101, 154, 19]),
  row({ fix: 'mapcount_first' }, [78, 118, 18]),
  row({ fix: 'no_assertion' }, [85, 129, 17]),
];

export { split_unmap_sync as model };

const split_unmap_sync = model('split_unmap_sync', {
  about:
    'a split of a huge page skips a mapping that a zap has cleared and has yet to subtract from the mapcount',
  settings,
  state,
  actors: [split_actor, zapper],
  comparison: { candidates: 'fix', scenarios: { 'two mappings, one zap': {} } },
});
