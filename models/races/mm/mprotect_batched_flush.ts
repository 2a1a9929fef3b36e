// mprotect() against reclaim, which clears a pte and flushes the TLB later: a store goes through after PROT_READ.
//
// Reclaim clears ptes under ptl, and flushes once for many pages, after ptl. mprotect() finds the pte none, has nothing to
// flush, and returns; until the flush a CPU still writes through its TLB.
//
// Fix 3ea277194daa [commit message]: reclaim notes the batch in mm->tlb_flush_batched, under ptl, and mprotect() flushes if
// it is noted. It clears the note after the flush, and so drops one that another reclaim, under the ptl of another table,
// has made between: 5ee2fa2f0636, 5.17 [docs: list of commits] counts batches, and clears only what it has seen. Steps:
// [source: mm/rmap.c, mm/mprotect.c@5.15; mm/rmap.c@6.5]. Left out: mmap_lock, which reclaim does not take; munmap() and
// mremap(), which skip the flush in the same way. A CPU has a writable entry while the pte is writable, then until a flush.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import { spin_lock, spin_unlock, spinlock } from '../../kernel/index.js';
import {
  actor,
  actors,
  any,
  array,
  bool,
  config,
  For,
  forAll,
  given,
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

const rmap = source('mm/rmap.c');
const c = source('mm/mprotect.c');

export const settings = config({
  fix: oneOf('none', 'note_batch', 'note_after_unlock', 'generation'),
  /** Pages, each in a page table of its own. */
  PAGES: int(1, 2),
});
const { fix, PAGES } = settings;

export const state = shared({
  page: array(
    PAGES,
    record({
      ptl: spinlock(),
      pte: oneOf('writable', 'read-only', 'none'),
      tlb_writable: bool().starts(true),
    }),
  ),
  /** mm->tlb_flush_batched: a note, or from 5.17 on two counts. */
  tlb_flush_batched: bool(),
  pending: int(0, PAGES),
  flushed: int(0, PAGES),
});
const { page, tlb_flush_batched, pending, flushed } = state;

/** A pte that is writable still is loaded again at once. */
const flush_tlb_mm = () => forAll(PAGES, (i) => page.at(i).tlb_writable.set(page.at(i).pte.is('writable')));
const set_pending = () =>
  rmap`set_tlb_ubc_flush_pending(mm): tlb_flush_batched`(
    given(fix.is('generation'), pending.inc()),
    given(fix.isnt('generation'), tlb_flush_batched.set(true)),
  );

const reclaim = procedure('try_to_unmap_one', { i: int(0, 1) }, ({ i }) => ({
  lock: spin_lock(page.at(i).ptl),
  clear: rmap`pteval = ptep_get_and_clear(mm, address, pvmw.pte)`(page.at(i).pte.set('none')),
  note: If(fix.isIn('note_batch', 'generation'), { set: set_pending() }),
  unlock: spin_unlock(page.at(i).ptl),
  late: If(fix.is('note_after_unlock'), { set: set_pending() }),
  flush: rmap`try_to_unmap_flush()`(page.at(i).tlb_writable.set(false)),
}));

const protect = procedure('change_pte_range', { pages: bool(), batch: int(0, 2) }, ({ pages, batch }) => ({
  tables: For(PAGES, (i) => ({
    lock: spin_lock(page.at(i).ptl),
    noted: If(fix.isnt('generation').and(tlb_flush_batched), {
      flush: rmap`flush_tlb_batched_pending(): flush_tlb_mm(mm)`(flush_tlb_mm()),
      forget: rmap`mm->tlb_flush_batched = false`(tlb_flush_batched.set(false)),
    }),
    counted: If(fix.is('generation'), {
      read: rmap`batch = atomic_read(&mm->tlb_flush_batched)`(batch.set(pending)),
      pending: If(batch.ne(flushed), {
        flush: rmap`flush_tlb_batched_pending(): flush_tlb_mm(mm)`(flush_tlb_mm()),
        seen: rmap`atomic_cmpxchg(&mm->tlb_flush_batched, batch, …)`(
          flushed.set(ifElse(pending.eq(batch), batch, flushed)),
        ),
      }),
    }),
    present: If(page.at(i).pte.is('writable'), {
      modify: c`ptep_modify_prot_commit(); pages++`(page.at(i).pte.set('read-only'), pages.set(true)),
    }),
    unlock: spin_unlock(page.at(i).ptl),
  })),
  changed: If(pages, { flush: c`flush_tlb_range(vma, start, end)`(flush_tlb_mm()) }),
}));

const kswapd = actors('kswapd', PAGES, reclaim, (i) => ({ i }));
const mprotect = actor('mprotect', protect);

export const properties: Properties = {
  no_store_after_mprotect: never(
    mprotect.done.and(any(PAGES, (i) => page.at(i).tlb_writable)),
    'mprotect(PROT_READ) has returned, and a CPU still writes through its TLB',
  ),
  protected_first: sometimes(mprotect.done.and(page.at(0).pte.is('read-only'))),
  unmapped_first: sometimes(kswapd.all((x) => x.done).and(not(mprotect.done))),
};

export const race: Race = {
  subsystem: 'mm',
  fix: {
    commit: '3ea277194daa',
    subject:
      'mm, mprotect: flush TLB if potentially racing with a parallel reclaim leaving stale TLB entries',
  },
  kinds: ['stale data'],
  uses: ['TLB flush', 'pte lock', 'plain flag', 'generation count'],
  essence: 'agrees: the pte is cleared before the test of mprotect, and flushed after its end',
  history:
    '3ea277194daa (`note_batch`) is refuted where there are two page tables: it drops the note of a second batch. 5ee2fa2f0636 (`generation`, 5.17) closes that.',
};

export const manifest: Manifest = [
  row({ fix: 'none', PAGES: 1 }, [33, 46, 10], { no_store_after_mprotect: 8 }),
  row({ fix: 'note_batch', PAGES: 1 }, [42, 58, 12]),
  row({ fix: 'note_after_unlock', PAGES: 1 }, [54, 78, 12], { no_store_after_mprotect: 8 }),
  row({ fix: 'generation', PAGES: 1 }, [45, 62, 13]),
  row({ fix: 'none', PAGES: 2 }, [258, 551, 18], { no_store_after_mprotect: 15 }),
  row({ fix: 'note_batch', PAGES: 2 }, [646, 1430, 22], { no_store_after_mprotect: 19 }),
  row({ fix: 'note_after_unlock', PAGES: 2 }, [819, 1867, 22], { no_store_after_mprotect: 15 }),
  row({ fix: 'generation', PAGES: 2 }, [840, 1830, 25]),
];

export { mprotect_batched_flush as model };

const mprotect_batched_flush = model('mprotect_batched_flush', {
  about: 'mprotect() does not flush for a pte that reclaim has cleared, and reclaim flushes later',
  settings,
  state,
  actors: [kswapd, mprotect],
  comparison: { candidates: 'fix', scenarios: { 'one page table': {}, 'two page tables': { PAGES: 2 } } },
});
