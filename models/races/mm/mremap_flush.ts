// mremap() drops a lock before it flushes (CVE-2018-18281): a CPU writes to a page that is free.
//
// mremap() moves a pte under the locks of both page tables. It drops the lock of the new one, and only then flushes the old
// address. A truncate finds the page at its new address, unmaps it, flushes that address, and frees the page; through the
// old address a CPU still writes to it.
//
// Fix eb66ae030829, 4.19 [commit message]: what a moved page lives by is the pte locks, so flush before either of them is
// dropped. Steps: [source: mm/mremap.c@4.15, @5.15]. Left out: mmap_lock, which neither takes; the rmap locks, which mremap()
// takes only where the new address comes first; the dirty bit, by which the old code flushed under the old lock
// (`flush_under_old`) or after both (`none`).

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import { flush_tlb_page, flush_tlb_range, spin_lock, spin_unlock, spinlock } from '../../kernel/index.js';
import {
  actor,
  array,
  bool,
  config,
  If,
  int,
  model,
  not,
  oneOf,
  perCpu,
  procedure,
  rests,
  shared,
  source,
  when,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('mm/mremap.c');
const rmap = source('mm/rmap.c');

export const settings = config({
  fix: oneOf('none', 'flush_first', 'flush_under_old', 'flush_under_new'),
  /** Do both addresses lie in one page table? Then there is one lock. */
  TABLES: int(1, 2).starts(2),
  /** Is it reclaim that unmaps the page, and not truncate? */
  RECLAIM: bool(),
});
const { fix, TABLES, RECLAIM } = settings;
const two_tables = TABLES.eq(2);

export const state = shared({
  ptl: array(TABLES, spinlock()),
  old_pte: bool().starts(true),
  new_pte: bool(),
  page_freed: bool(),
});
const { ptl, old_pte, new_pte, page_freed } = state;
const [old_ptl, new_ptl] = [ptl.at(0), ptl.at(TABLES.minus(1))];

/** The CPU has the old address in its TLB, writable. */
const tlb = perCpu('tlb', bool());

const move = procedure('move_ptes', () => ({
  lock_old: spin_lock(old_ptl),
  two: If(two_tables, { lock_new: spin_lock(new_ptl) }),
  present: If(old_pte, {
    clear: c`pte = ptep_get_and_clear(mm, old_addr, old_pte)`(old_pte.set(false)),
    set: c`set_pte_at(mm, new_addr, new_pte, pte)`(new_pte.set(true)),
  }),
  first: If(fix.is('flush_first'), { flush: flush_tlb_range(tlb) }),
  drop_old_first: If(fix.is('flush_under_new').and(two_tables), {
    unlock_old: spin_unlock(old_ptl),
    flush: flush_tlb_range(tlb),
    unlock_new: spin_unlock(new_ptl),
  }).Else({
    two_end: If(two_tables, { unlock_new: spin_unlock(new_ptl) }),
    under_old: If(fix.isIn('flush_under_old', 'flush_under_new'), { flush: flush_tlb_range(tlb) }),
    unlock_old: spin_unlock(old_ptl),
  }),
  late: If(fix.is('none'), { flush: flush_tlb_range(tlb) }),
}));

/** Finds the page by its file, at either address; reclaim looks at a pte before it takes its lock, truncate does not. */
const unmap = procedure('rmap_walk', { unmapped: bool() }, ({ unmapped }) => ({
  old: If(not(RECLAIM).or(old_pte), {
    lock: spin_lock(old_ptl),
    pte: If(old_pte, {
      clear: rmap`ptep_clear_flush(vma, old_addr, pte)`(old_pte.set(false), unmapped.set(true)),
      flush: flush_tlb_page(tlb),
    }),
    unlock: spin_unlock(old_ptl),
  }),
  new: If(not(RECLAIM).or(new_pte), {
    lock: spin_lock(new_ptl),
    pte: If(new_pte, {
      clear: rmap`ptep_clear_flush(vma, new_addr, pte)`(new_pte.set(false), unmapped.set(true)),
    }),
    unlock: spin_unlock(new_ptl),
  }),
  last: If(unmapped, { free: rmap`free_page_and_swap_cache(page)`(page_freed.set(true)) }),
}));

const load = procedure('user', () => ({ load: c`*old_addr`(rests(), when(old_pte), tlb.mine.set(true)) }));

const mremap = actor('mremap', move);
const unmapper = actor('unmap', unmap);
const user = actor('user', load);

export const properties: Properties = {
  no_write_to_a_free_page: never(
    page_freed.and(tlb.of(user)),
    'the page is free, and a CPU still writes to it through the old address',
  ),
  freed_at_the_old_address: sometimes(page_freed.and(not(mremap.done))),
  moved_and_freed: sometimes(mremap.done.and(page_freed)),
};

export const race: Race = {
  subsystem: 'mm',
  fix: { commit: 'eb66ae030829', subject: 'mremap: properly flush TLB before releasing the page' },
  kinds: ['use-after-free', 'stale data'],
  uses: ['TLB flush', 'pte lock'],
  essence: 'agrees: the page is freed through its new address before the old one is flushed',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [163, 259, 20], { no_write_to_a_free_page: 17 }),
  row({ fix: 'flush_first' }, [122, 170, 20]),
  row({ fix: 'flush_under_old' }, [130, 190, 20]),
  row({ fix: 'flush_under_new' }, [139, 202, 20]),
  row({ fix: 'none', RECLAIM: true }, [217, 357, 19], { no_write_to_a_free_page: 15 }),
  row({ fix: 'flush_first', RECLAIM: true }, [183, 282, 19]),
  row({ fix: 'flush_under_old', RECLAIM: true }, [204, 327, 19], { no_write_to_a_free_page: 15 }),
  row({ fix: 'flush_under_new', RECLAIM: true }, [191, 303, 19]),
  row({ fix: 'none', TABLES: 1 }, [135, 210, 18], { no_write_to_a_free_page: 15 }),
  row({ fix: 'flush_first', TABLES: 1 }, [94, 121, 18]),
  row({ fix: 'flush_under_old', TABLES: 1 }, [94, 121, 18]),
  row({ fix: 'flush_under_new', TABLES: 1 }, [94, 121, 18]),
];

export { mremap_flush as model };

const mremap_flush = model('mremap_flush', {
  about:
    'mremap() moves a page and flushes the old address after another CPU may have freed it (CVE-2018-18281)',
  settings,
  state,
  actors: [mremap, unmapper, user],
  comparison: {
    candidates: 'fix',
    scenarios: { truncate: {}, reclaim: { RECLAIM: true }, 'one page table': { TABLES: 1 } },
  },
});
