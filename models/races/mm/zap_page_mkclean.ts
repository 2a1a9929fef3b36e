// zap_pte_range() against page_mkclean(): what a CPU writes through its TLB is lost.
//
// munmap() takes a dirty pte away, marks the page dirty, and flushes the TLB after ptl. Writeback comes between: it finds no
// pte to clean, clears the dirty bit of the page, and writes the page out. A CPU then still writes to the page through its
// TLB; the page is clean, and is not written out again.
//
// Fix 1cf35d47712d, 3.15 [commit message]: for a dirty pte, flush before ptl is dropped. But page_mkclean() takes ptl only
// where page_mapped(), and the mapcount drops before the flush: the model refutes it, and so did 5df397dec7c4, 6.2 [docs: a
// mail that cites it], which drops the mapcount after the flush (`delay_rmap`). `walk_always` is 1cf35d47712d with a
// page_mkclean() that does not test page_mapped(), which its message argues from. Steps: [source: mm/memory.c,
// mm/rmap.c, mm/page-writeback.c@3.16, @5.15, @6.5]. Left out: the page lock, which munmap() does not take; the second
// mapping. A step of writeback reads the page at once: a store during the write dirties the page again, or is lost.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import { flush_tlb_page, flush_tlb_range, spin_lock, spin_unlock, spinlock } from '../../kernel/index.js';
import {
  actor,
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

const c = source('mm/memory.c');
const rmap = source('mm/rmap.c');
const writeback = source('mm/page-writeback.c');

export const settings = config({
  fix: oneOf('none', 'flush_under_ptl', 'walk_always', 'delay_rmap', 'flush_each'),
});
const { fix } = settings;
const under_ptl = fix.isnt('none').and(fix.isnt('flush_each'));

export const state = shared({
  ptl: spinlock(),
  pte: oneOf('dirty', 'clean', 'none'),
  mapcount: int(0, 1).starts(1),
  PG_dirty: bool(),
  /** Is there anything in the page that is not on the disk? */
  newer_than_disk: bool().starts(true),
});
const { ptl, pte, mapcount, PG_dirty, newer_than_disk } = state;

/** The CPU has the pte in its TLB, as dirty: it writes without looking at the pte again. */
const tlb = perCpu('tlb', bool());
const remove_rmap = () => rmap`page_remove_rmap(page)`(mapcount.dec());

const zap = procedure('zap_pte_range', { dirty: bool() }, ({ dirty }) => ({
  lock: spin_lock(ptl),
  clear: c`ptent = ptep_get_and_clear_full(mm, addr, pte)`(dirty.set(pte.is('dirty')), pte.set('none')),
  each: If(fix.is('flush_each'), { flush: flush_tlb_page(tlb) }),
  test: If(dirty, { set: c`set_page_dirty(page)`(PG_dirty.set(true)) }),
  rmap: If(fix.isnt('delay_rmap'), { remove: remove_rmap() }),
  early: If(under_ptl.and(dirty), { flush: flush_tlb_range(tlb) }),
  delayed: If(fix.is('delay_rmap'), { remove: remove_rmap() }),
  unlock: spin_unlock(ptl),
  late: flush_tlb_range(tlb),
}));

const clear_dirty = procedure('clear_page_dirty_for_io', () => ({
  mapped: If(fix.is('walk_always').or(mapcount.ne(0)), {
    lock: spin_lock(ptl),
    pte: If(pte.is('dirty'), {
      clear: rmap`page_mkclean_one(): ptep_clear_flush()`(pte.set('none')),
      flush: flush_tlb_page(tlb),
      clean: rmap`page_mkclean_one(): set_pte_at(mm, address, pte, entry)`(pte.set('clean')),
      set: writeback`set_page_dirty(page)`(PG_dirty.set(true)),
    }),
    unlock: spin_unlock(ptl),
  }),
  dirty: If(writeback`TestClearPageDirty(page)`.test(PG_dirty, { yes: [PG_dirty.set(false)] }), {
    write: writeback`mapping->a_ops->writepage(page)`(newer_than_disk.set(false)),
  }),
}));

const store = procedure('user', () => ({
  load: c`*addr: the CPU loads the entry`(rests(), when(pte.is('dirty')), tlb.mine.set(true)),
  store: c`*addr = 1`(rests(), when(tlb.mine), newer_than_disk.set(true)),
}));

const munmap = actor('munmap', zap);
const flusher = actor('writeback', clear_dirty);
const user = actor('user', store);

export const properties: Properties = {
  nothing_is_lost: never(
    munmap.done.and(flusher.done).and(newer_than_disk).and(not(PG_dirty)),
    'the page is clean and unmapped, and what was written to it is not on the disk',
  ),
  written_out_first: sometimes(flusher.done.and(not(newer_than_disk)).and(pte.isnt('none'))),
  stored_late: sometimes(user.done.and(pte.is('none'))),
};

export const race: Race = {
  subsystem: 'mm',
  fix: {
    commit: '1cf35d47712d',
    subject: "mm: split 'tlb_flush_mmu()' into tlb flushing and memory freeing parts",
  },
  kinds: ['stale data'],
  uses: ['TLB flush', 'pte lock', 'mapcount', 'page flag'],
  essence:
    'agrees: a CPU stores after the write-out and before the flush; that page_mkclean() finds nothing to clean follows',
  history:
    '1cf35d47712d (`flush_under_ptl`) is refuted: page_mkclean() takes no lock where page_mapped() is false, and the mapcount drops before the flush. 5df397dec7c4 (`delay_rmap`, 6.2) closes that.',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [198, 340, 19], { nothing_is_lost: 14 }),
  row({ fix: 'flush_under_ptl' }, [239, 396, 18], { nothing_is_lost: 17 }),
  row({ fix: 'walk_always' }, [160, 242, 19]),
  row({ fix: 'delay_rmap' }, [198, 323, 18]),
  row({ fix: 'flush_each' }, [201, 323, 19]),
];

export { zap_page_mkclean as model };

const zap_page_mkclean = model('zap_page_mkclean', {
  about: 'writeback cleans a page that munmap has unmapped, and a CPU still writes to it through its TLB',
  settings,
  state,
  actors: [munmap, flusher, user],
  comparison: { candidates: 'fix', scenarios: { 'munmap, writeback, a store': {} } },
});
