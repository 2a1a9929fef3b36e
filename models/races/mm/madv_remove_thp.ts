// __split_huge_pmd() locks the page: a deadlock for shmem, and what the lock is for in anonymous memory.
//
// kswapd holds the lock of a page and takes i_mmap_rwsem for the rmap walk. MADV_REMOVE holds i_mmap_rwsem, and from 5.8 on
// splits a huge pmd under the lock of the page: ABBA. The lock came with c444eb564fb1, so that reuse_swap_page(), which
// holds it, does not read mapcounts while a split moves them from the huge page to its subpages.
//
// Fix 1c2f67308af4 [commit message]: only for anonymous pages, of which no i_mmap_rwsem is held and for which alone
// reuse_swap_page() is. Steps: [source: mm/huge_memory.c, mm/swapfile.c, mm/rmap.c@5.12; commit messages]. Left out: the
// pmd lock, which is dropped for lock_page(); PageDoubleMap, which only lowers what is read in between; and all subpages
// but the one that a fault writes to. kswapd skips a page that is locked.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  down_read,
  down_write,
  lock_page,
  page_lock,
  rwsem,
  trylock_page,
  unlock_page,
  up_read,
  up_write,
} from '../../kernel/index.js';
import {
  actor,
  actors,
  bool,
  config,
  If,
  ifElse,
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

const c = source('mm/huge_memory.c');
const swapfile = source('mm/swapfile.c');

export const settings = config({
  fix: oneOf('none', 'anon_only', 'no_lock', 'trylock', 'lock_page_first'),
  page_kind: oneOf('shmem', 'anon'),
});
const { fix, page_kind } = settings;
const shmem = page_kind.is('shmem');
const locks = fix.is('none').or(fix.is('anon_only').and(page_kind.is('anon')));

export const state = shared({
  PG_locked: page_lock(),
  i_mmap_rwsem: rwsem(),
  /** Two pmds map the huge page: how many still count for the whole of it, and how many for the subpage alone. */
  compound_mapcount: int(0, 2).starts(2),
  subpage_mapcount: int(0, 1),
  reuse: oneOf('unknown', 'reused', 'copied'),
});
const { PG_locked, i_mmap_rwsem, compound_mapcount, subpage_mapcount, reuse } = state;

const split = procedure('__split_huge_pmd', { locked: bool() }, ({ locked }) => ({
  first: If(fix.is('lock_page_first'), { lock: lock_page(PG_locked) }),
  rmap: If(shmem, { lock: down_write(i_mmap_rwsem) }),
  locks: If(locks, { lock: lock_page(PG_locked) }),
  tries: If(fix.is('trylock'), { try: locked.assign(trylock_page(PG_locked)) }),
  page: c`atomic_inc(&page[i]._mapcount)`(subpage_mapcount.inc()),
  compound: c`atomic_add_negative(-1, compound_mapcount_ptr(page))`(compound_mapcount.dec()),
  do_unlock_page: If(locks.or(fix.is('lock_page_first')).or(locked), { unlock: unlock_page(PG_locked) }),
  rmap_end: If(shmem, { unlock: up_write(i_mmap_rwsem) }),
}));

const reclaim = procedure('shrink_page_list', () => ({
  try: If(trylock_page(PG_locked), {
    walk: down_read(i_mmap_rwsem),
    unmap: c`rmap_walk_file(): try_to_unmap_one()`(),
    walked: up_read(i_mmap_rwsem),
    unlock: unlock_page(PG_locked),
  }),
}));

/** Of another process, which maps the page too: is it the only one? */
const write_fault = procedure('reuse_swap_page', { mapcount: int(0, 2) }, ({ mapcount }) => ({
  lock: lock_page(PG_locked),
  subpage: swapfile`mapcount = atomic_read(&page[i]._mapcount) + 1`(mapcount.set(subpage_mapcount)),
  total: If(swapfile`mapcount + compound_mapcount(page) <= 1`.test(mapcount.plus(compound_mapcount).le(1)), {
    reuse: swapfile`reuse_swap_page(): true`(reuse.set('reused')),
  }).Else({ copy: swapfile`reuse_swap_page(): false`(reuse.set('copied')) }),
  unlock: unlock_page(PG_locked),
}));

const splitter = actor('madvise', split);
const kswapd = actors('kswapd', ifElse(shmem, 1, 0), reclaim);
const fault = actors('fault', ifElse(shmem, 0, 1), write_fault);

export const properties: Properties = {
  no_reuse_of_a_shared_page: never(
    reuse.is('reused'),
    'a process writes to an anonymous page that another one maps, and may see it',
  ),
  reclaimed: sometimes(
    kswapd.any((x) => x.at('shrink_page_list.unmap')),
    'unmapped',
    { given: shmem },
  ),
  copied: sometimes(reuse.is('copied').and(splitter.done), 'the page is copied', { given: not(shmem) }),
};

export const race: Race = {
  subsystem: 'mm',
  fix: { commit: '1c2f67308af4', subject: 'mm: thp: fix MADV_REMOVE deadlock on shmem THP' },
  kinds: ['deadlock', 'stale data'],
  uses: ['page lock', 'rwsem', 'lock order', 'mapcount'],
  essence:
    'agrees: kswapd holds the page and waits for i_mmap_rwsem, madvise holds that and waits for the page',
  history:
    'c444eb564fb1 (`none`), which closed the race of `no_lock` for anonymous memory, made the deadlock.',
};

export const manifest: Manifest = [
  row({ fix: 'none', page_kind: 'shmem' }, [29, 38, 10], { 'no deadlock': 2 }),
  row({ fix: 'anon_only', page_kind: 'shmem' }, [28, 38, 10]),
  row({ fix: 'no_lock', page_kind: 'shmem' }, [28, 38, 10]),
  row({ fix: 'trylock', page_kind: 'shmem' }, [37, 50, 10]),
  row({ fix: 'lock_page_first', page_kind: 'shmem' }, [23, 28, 10]),
  row({ fix: 'none', page_kind: 'anon' }, [18, 18, 9]),
  row({ fix: 'anon_only', page_kind: 'anon' }, [18, 18, 9]),
  row({ fix: 'no_lock', page_kind: 'anon' }, [33, 50, 8], { no_reuse_of_a_shared_page: 6 }),
  row({ fix: 'trylock', page_kind: 'anon' }, [44, 63, 9], { no_reuse_of_a_shared_page: 7 }),
  row({ fix: 'lock_page_first', page_kind: 'anon' }, [18, 18, 9]),
];

export { madv_remove_thp as model };

const madv_remove_thp = model('madv_remove_thp', {
  about:
    'MADV_REMOVE locks a page under i_mmap_rwsem, and kswapd takes i_mmap_rwsem under the lock of the page',
  settings,
  state,
  actors: [splitter, kswapd, fault],
  comparison: { candidates: 'fix', scenarios: { shmem: {}, anonymous: { page_kind: 'anon' } } },
});
