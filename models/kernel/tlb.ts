// include/asm-generic/tlb.h: struct mmu_gather, which unmaps, flushes, and only then frees.
//
// The kernel promises that what tlb_remove_page() and tlb_remove_table() are given is freed after the flush of the entries
// that led there. Page tables may still be read without an entry, by those who walk them with interrupts off: where the
// flush is an IPI, it has waited for them; where it is not, tables are freed after a grace period of RCU, or after
// tlb_remove_table_sync_one(), an IPI that does nothing. The model: what is gathered, in a local of the caller; the flush
// of tlbflush.h, where anything is to be flushed; then the caller's own blocks, for tables and for pages. How a table is
// freed (at once, by call_rcu(), after the IPI) stands in the block, since it is what goes wrong. Left out: that a full
// batch is flushed and freed before its end, which is tlb_flush_mmu() wherever the model says so; a second gather of the
// mm at the same time, which flushes what the first has cleared (mm_tlb_flush_nested()): a model with two of them has
// additional runs, and what it reports of them may be false; fullmm, where the mm has no users.

import {
  type Block,
  Body,
  type BoolVar,
  bool,
  exactly,
  If,
  inline,
  perActor,
  record,
  requireOptions,
  type Stmt,
  source,
  withoutArguments,
} from '../language/index.js';
import { requireField } from './fields.js';
import { kicking } from './smp.js';
import { type Flushed, type FlushOptions, flushed, requireFlushed } from './tlbflush.js';

const c = source('include/asm-generic/tlb.h');
const gather = source('mm/mmu_gather.c');

/** struct mmu_gather: a local of the procedure that unmaps. */
export interface MmuGather {
  /** Has an entry been cleared that no flush has covered yet? */
  readonly end: BoolVar;
  readonly pages: BoolVar;
  readonly tables: BoolVar;
}
export const mmu_gather = withoutArguments('mmu_gather', () =>
  record({ end: bool(), pages: bool(), tables: bool() }),
);

const requireGather = (tlb: MmuGather, whose: string): void =>
  requireField(tlb, 'tables', whose, 'an mmu_gather()');

const gathering = (word: string, made: (tlb: MmuGather) => readonly BoolVar[]) =>
  exactly(word, (tlb: MmuGather): Stmt => {
    requireGather(tlb, `${word}()`);
    return c`${word}(tlb)`(...made(tlb).map((x) => x.set(true)));
  });
/** A pte has been cleared, and holds no page: there is something to flush. */
export const tlb_remove_tlb_entry = gathering('tlb_remove_tlb_entry', ({ end }) => [end]);
/** A pte has been cleared: its page is freed after the flush. */
export const tlb_remove_page = gathering('tlb_remove_page', ({ end, pages }) => [end, pages]);
/** A page table has been unhooked: it is freed after the flush. */
export const tlb_remove_table = gathering('tlb_remove_table', ({ end, tables }) => [end, tables]);

/** Flushes what has been cleared since the last flush, and frees nothing. */
export const tlb_flush_mmu_tlbonly = inline(
  'tlb_flush_mmu_tlbonly',
  { pending: perActor(bool()) },
  ({ pending }, tlb: MmuGather, entries: Flushed, options: FlushOptions = {}) => {
    requireGather(tlb, 'tlb_flush_mmu_tlbonly()');
    const clear = [tlb.end.set(false)];
    return { end: If(tlb.end, { ...flushed('tlb_flush_mmu_tlbonly', pending, entries, options, clear) }) };
  },
);

/** The blocks that free what has been gathered, tables first. */
export interface FreeOptions extends FlushOptions {
  readonly tables?: Block;
  readonly pages?: Block;
}

const freeing = <N extends string>(word: N) =>
  inline(word, (tlb: MmuGather, entries: Flushed, options: FreeOptions = {}) => {
    requireGather(tlb, `${word}()`);
    requireOptions(options, ['tables', 'pages', 'broadcast', 'skips'], `${word}()`);
    const { tables, pages, ...how } = options;
    requireFlushed(entries, how, `${word}()`);
    const freed = (what: BoolVar, text: string, block: Block) =>
      If(gather`${text}`.test(what, { yes: [what.set(false)] }), { free: Body(block) });
    return {
      flush: tlb_flush_mmu_tlbonly(tlb, entries, how),
      ...(tables !== undefined && { tables: freed(tlb.tables, 'tlb_table_flush(tlb)', tables) }),
      ...(pages !== undefined && { pages: freed(tlb.pages, 'tlb_batch_pages_flush(tlb)', pages) }),
    };
  });
/** Flushes what has been cleared, and frees what has been gathered. */
export const tlb_flush_mmu = freeing('tlb_flush_mmu');
/**
 * The same, at the end of the gather.
 * Example: ``tlb_finish_mmu(batch, tlb, { pages: { put: c`put_page(page)`(flag.set(true)) } })``
 */
export const tlb_finish_mmu = freeing('tlb_finish_mmu');

/** An IPI that does nothing: whoever walked page tables with interrupts off before has ended. */
export const tlb_remove_table_sync_one = inline('tlb_remove_table_sync_one', () =>
  kicking('tlb_remove_table_sync_one'),
);
