// mremap() moves a huge pmd against the order of the rmap walk: split_huge_page() finds it at neither place.
//
// An rmap walk visits the vmas of a page in the order of an interval tree. mremap() moves page table entries without the
// rmap lock, which is fine where the walk comes to the new place after the old one. But the new vma may have been merged
// with its neighbour, and then stand first: the walk sees it empty still, and the old place empty already.
//
// Fix dd18dbc2d42a, 3.15 [commit message]: for a huge pmd too take the rmap lock where the new place comes first, as
// 38a76013ad80 does for ptes. Steps: [source: mm/mremap.c, mm/huge_memory.c@3.16; commit message]. Left out: mmap_lock and
// the page lock, neither of which both take; what the split does to the pmd afterwards, for which mremap() waits. The walk
// of a migration holds the rmap lock for reading only [inference: as rmap_walk_anon() has since 4fc3f1d66b1e].

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  down_read,
  down_write,
  rwsem,
  spin_lock,
  spin_unlock,
  spinlock,
  up_read,
  up_write,
} from '../../kernel/index.js';
import {
  actor,
  array,
  bool,
  config,
  expects,
  For,
  If,
  ifElse,
  int,
  model,
  not,
  oneOf,
  procedure,
  record,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('mm/huge_memory.c');

export const settings = config({
  fix: oneOf('none', 'rmap_lock', 'read_lock', 'lock_always', 'walk_again'),
  /** Does the walk visit the new place first? */
  NEW_FIRST: bool().starts(true),
  /** Is it the walk of a migration, and not of a split? */
  MIGRATION: bool(),
});
const { fix, NEW_FIRST, MIGRATION } = settings;
const locks = fix.is('lock_always').or(fix.is('rmap_lock').and(NEW_FIRST));

export const state = shared({
  /** The old place and the new one. */
  place: array(
    2,
    record({
      ptl: spinlock(),
      pmd: oneOf('none', 'huge', 'found').startsAs((i) => (i === 0 ? 'huge' : 'none')),
    }),
  ),
  /** anon_vma->root->rwsem */
  anon_vma: rwsem(),
});
const { place, anon_vma } = state;

const move = procedure('move_huge_pmd', () => ({
  write: If(locks, { lock: down_write(anon_vma) }),
  read: If(fix.is('read_lock'), { lock: down_read(anon_vma) }),
  old_ptl: spin_lock(place.at(0).ptl),
  new_ptl: spin_lock(place.at(1).ptl),
  huge: If(place.at(0).pmd.is('huge'), {
    clear: c`pmd = pmdp_get_and_clear(mm, old_addr, old_pmd)`(place.at(0).pmd.set('none')),
    set: c`set_pmd_at(mm, new_addr, new_pmd, pmd)`(place.at(1).pmd.set('huge')),
  }),
  new_unlock: spin_unlock(place.at(1).ptl),
  old_unlock: spin_unlock(place.at(0).ptl),
  read_end: If(fix.is('read_lock'), { unlock: up_read(anon_vma) }),
  write_end: If(locks, { unlock: up_write(anon_vma) }),
}));

const walk = procedure('rmap_walk', { mapcount: int(0, 1) }, ({ mapcount }) => ({
  write: If(not(MIGRATION), { lock: down_write(anon_vma) }).Else({ lock: down_read(anon_vma) }),
  vmas: For(ifElse(fix.is('walk_again'), 4, 2), (i) => {
    const { ptl, pmd } = place.at(ifElse(NEW_FIRST, i.plus(1).mod(2), i.mod(2)));
    return {
      lock: spin_lock(ptl),
      check: If(pmd.is('huge'), {
        found: c`page_check_address_pmd(): pmdp_splitting_flush()`(pmd.set('found'), mapcount.set(1)),
      }),
      unlock: spin_unlock(ptl),
    };
  }),
  assert: c`BUG_ON(mapcount != page_mapcount(page))`(
    expects(mapcount.eq(1), 'kernel BUG at mm/huge_memory.c: mapcount 0 page_mapcount 1'),
  ),
  end: If(not(MIGRATION), { unlock: up_write(anon_vma) }).Else({ unlock: up_read(anon_vma) }),
}));

const mremap = actor('mremap', move);
const walker = actor('walk', walk);

export const properties: Properties = {
  found_before: sometimes(walker.done.and(place.at(0).pmd.is('found'))),
  found_after: sometimes(walker.done.and(mremap.done).and(place.at(1).pmd.is('found'))),
};

export const race: Race = {
  subsystem: 'mm/thp',
  fix: { commit: 'dd18dbc2d42a', subject: 'mm, thp: close race between mremap() and split_huge_page()' },
  kinds: ['bug'],
  uses: ['rwsem', 'pmd lock', 'rmap walk'],
  essence: 'agrees: the walk looks at the new place before the move, and at the old one after it',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [66, 89, 17], { 'kernel BUG at mm/huge_memory.c: mapcount 0 page_mapcount 1': 15 }),
  row({ fix: 'rmap_lock' }, [37, 36, 19]),
  row({ fix: 'read_lock' }, [37, 36, 19]),
  row({ fix: 'lock_always' }, [37, 36, 19]),
  row({ fix: 'walk_again' }, [97, 129, 23]),
  row({ fix: 'none', NEW_FIRST: false }, [60, 83, 17]),
  row({ fix: 'none', MIGRATION: true }, [66, 89, 17], {
    'kernel BUG at mm/huge_memory.c: mapcount 0 page_mapcount 1': 15,
  }),
  row({ fix: 'rmap_lock', MIGRATION: true }, [37, 36, 19]),
  row({ fix: 'read_lock', MIGRATION: true }, [96, 145, 19], {
    'kernel BUG at mm/huge_memory.c: mapcount 0 page_mapcount 1': 16,
  }),
  row({ fix: 'lock_always', MIGRATION: true }, [37, 36, 19]),
  row({ fix: 'walk_again', MIGRATION: true }, [97, 129, 23]),
];

export { mremap_rmap_order as model };

const mremap_rmap_order = model('mremap_rmap_order', {
  about: 'mremap() carries a huge pmd past an rmap walk that visits the new place first',
  settings,
  state,
  actors: [mremap, walker],
  comparison: {
    candidates: 'fix',
    scenarios: { split: {}, 'old place first': { NEW_FIRST: false }, migration: { MIGRATION: true } },
  },
});
