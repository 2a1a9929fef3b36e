// asm/tlbflush.h and mm/rmap.c: TLBs, and flushes that are done at once or for a batch of pages.
//
// A CPU loads an entry of its TLB from a pte when it needs one, and goes on using it, whatever becomes of the pte, until a
// flush. The kernel promises that flush_tlb_range() and its like return when no CPU has an entry that was loaded before.
// Where a flush is an IPI, it also waits for every CPU that has interrupts off. The model: a variable of each CPU,
// `perCpu('tlb', oneOf('none', 'ro', 'rw'))` or `perCpu('tlb', bool())`, for one address; who uses it tests it and accesses
// the page in one step, `when(tlb.mine.is('rw'))`, and a load of an entry is one step that reads the pte. A flush drops the
// entries of one CPU after another, in any order, for until the last one is dropped that CPU may store. On x86 only the CPUs
// of the mm are interrupted: `skips` names others, such as lazy ones. `broadcast` is hardware that needs no interrupt.
// Reclaim flushes once for many pages: it notes that in the mm, under the pte lock; flush_tlb_batched_pending() flushes for
// who relies on entries being gone. Left out: that an entry may also go by itself, which only a step of the model can do
// (without it progress that rests on that is missed, no violation); ranges: an entry is named, and flushed or not.

import {
  type ActorRef,
  anyOf,
  atOnce,
  type Bool,
  type BoolVar,
  bool,
  conditionNode,
  describe,
  type EnumVar,
  exactly,
  If,
  type IntVar,
  ifElse,
  inline,
  int,
  ModelError,
  no,
  not,
  type Part,
  type PerActorVar,
  perActor,
  record,
  requireFunction,
  requireOptions,
  requireVariable,
  type SomeEffect,
  type Stmt,
  self,
  source,
} from '../language/index.js';
import { requireField, wholeOf } from './fields.js';
import { type CpuMask, interrupting } from './smp.js';

const rmap = source('mm/rmap.c');

/** What each CPU has in its TLB for an address: `perCpu('tlb', oneOf('none', 'ro', 'rw'))`, or a bool. */
export type Tlb = PerActorVar<BoolVar> | PerActorVar<EnumVar<string>> | TlbEntries;
/** Entries by what is asked of them and done to them: for several addresses of an array. */
export interface TlbEntries {
  /** Has the CPU any of them? */
  readonly has: (who: ActorRef) => Bool;
  /** They are dropped. */
  readonly drop: (who: ActorRef) => SomeEffect;
}

/** How a flush reaches the other CPUs. */
export interface FlushOptions {
  /** Hardware that asks nobody, as on arm64: a setting of the model. Otherwise a flush is an IPI. */
  readonly broadcast?: Bool;
  /** CPUs that are not interrupted: lazy ones, which compare generations when they return to the mm. */
  readonly skips?: CpuMask;
}

/** One variable, or several that are flushed together. */
export type Flushed = Tlb | readonly Tlb[];

const needs = "what each CPU has in its TLB, such as perCpu('tlb', oneOf('none', 'rw'))";

function entriesOf(tlb: Tlb, whose: string): TlbEntries {
  const { has, drop, of }: { has?: unknown; drop?: unknown; of?: unknown } = Object(tlb);
  if (typeof has === 'function' && typeof drop === 'function') return tlb as TlbEntries;
  if (typeof of !== 'function') throw new ModelError(`${whose} needs ${needs}, not ${describe(tlb)}`);
  const each = tlb as PerActorVar<BoolVar | EnumVar<string>>;
  if (!isBool(each.mine)) requireVariable(each.mine, 'enum', whose);
  return {
    has: (who) => hasEntry(each.of(who)),
    drop: (who) => dropEntry(each.of(who)),
  };
}
const isBool = (x: BoolVar | EnumVar<string>): x is BoolVar => 'and' in Object(x);
const hasEntry = (x: BoolVar | EnumVar<string>): Bool => (isBool(x) ? x : x.isnt('none'));
const dropEntry = (x: BoolVar | EnumVar<string>): SomeEffect => (isBool(x) ? x.set(false) : x.set('none'));

const flushOptions = (options: FlushOptions, whose: string): Required<FlushOptions> => {
  requireOptions(options, ['broadcast', 'skips'], whose);
  const { broadcast = no, skips = () => no } = options;
  conditionNode(broadcast, `broadcast: of ${whose}`);
  requireFunction(skips, `skips: (who) => … of ${whose}`);
  return { broadcast, skips };
};

/** Throws a ModelError unless these are what flush_tlb_range() is given. */
export function requireFlushed(tlb: Flushed, options: FlushOptions, whose: string): void {
  allEntries(tlb, whose);
  flushOptions(options, whose);
}

function allEntries(tlb: Flushed, whose: string): readonly TlbEntries[] {
  const all = (Array.isArray(tlb) ? (tlb as readonly Tlb[]) : [tlb as Tlb]).map((x) => entriesOf(x, whose));
  if (all.length === 0) throw new ModelError(`${whose} needs ${needs}: there is none`);
  return all;
}

/** The steps of a flush. `own`: parts of the step that begins it. */
export const flushed = (
  word: string,
  pending: PerActorVar<BoolVar>,
  tlb: Flushed,
  options: FlushOptions = {},
  own: readonly Part[] = [],
) => {
  const whose = `${word}()`;
  const { broadcast, skips } = flushOptions(options, whose);
  const all = allEntries(tlb, whose);
  const drop = (who: ActorRef) => atOnce(...all.map((x) => x.drop(who)));
  return interrupting({
    word,
    pending,
    mask: (who) => anyOf(...all.map((x) => x.has(who))).and(not(skips(who))),
    func: drop,
    own: [drop(self), ...own],
    everywhere: not(broadcast),
    isInterrupt: not(broadcast),
  });
};

const flushing = <N extends string>(word: N) =>
  inline(word, { pending: perActor(bool()) }, ({ pending }, tlb: Flushed, options: FlushOptions = {}) =>
    flushed(word, pending, tlb, options),
  );
/** Drops the entries of every CPU, and waits until it is done. Example: `flush_tlb_page(tlb)` */
export const flush_tlb_page = flushing('flush_tlb_page');
export const flush_tlb_range = flushing('flush_tlb_range');
export const flush_tlb_mm = flushing('flush_tlb_mm');

/** mm->tlb_flush_batched: how many batches reclaim has noted, and how many of them are flushed. */
export interface TlbFlushBatched {
  readonly pending: IntVar;
  readonly flushed: IntVar;
}
const batchesMax = 15;
/** `max`: how many batches are noted in all, at most 15. One more is a model error: the number is too small. */
export const tlb_flush_batched = exactly('tlb_flush_batched', (max: number) => {
  if (!Number.isInteger(max) || max < 1 || max > batchesMax) {
    throw new ModelError(`tlb_flush_batched(max) has 1 to ${batchesMax} batches, not ${describe(max)}`);
  }
  return record({ pending: int(0, max), flushed: int(0, max) });
});
const batchedNamed = (mm: TlbFlushBatched, whose: string) => {
  requireField(mm, 'flushed', whose, 'a tlb_flush_batched()');
  return wholeOf(mm.pending);
};

/**
 * Reclaim has cleared a pte, and flushes later, with the batch of the task; to be called under the lock of the pte.
 * `flush_required`: a local of the task.
 */
export const set_tlb_ubc_flush_pending = exactly(
  'set_tlb_ubc_flush_pending',
  (mm: TlbFlushBatched, flush_required: BoolVar): Stmt => {
    const whole = batchedNamed(mm, 'set_tlb_ubc_flush_pending()');
    requireVariable(flush_required, 'bool', 'set_tlb_ubc_flush_pending()');
    return rmap`set_tlb_ubc_flush_pending(mm): ${whole}`(flush_required.set(true), mm.pending.inc());
  },
);

/** Flushes for the batch of the task, if it has one. What is in the batch must not be freed or written back before. */
export const try_to_unmap_flush = inline(
  'try_to_unmap_flush',
  { pending: perActor(bool()) },
  ({ pending }, flush_required: BoolVar, tlb: Flushed, options: FlushOptions = {}) => {
    requireVariable(flush_required, 'bool', 'try_to_unmap_flush()');
    return {
      required: If(flush_required, {
        ...flushed('try_to_unmap_flush', pending, tlb, options, [flush_required.set(false)]),
      }),
    };
  },
);

/**
 * For who relies on entries of the mm being gone, under the lock of the pte: flushes if reclaim has noted a batch that is
 * not flushed. A batch that is noted meanwhile stays noted.
 */
export const flush_tlb_batched_pending = inline(
  'flush_tlb_batched_pending',
  { pending: perActor(bool()), batch: int(0, batchesMax) },
  ({ pending, batch }, mm: TlbFlushBatched, tlb: Flushed, options: FlushOptions = {}) => {
    const whole = batchedNamed(mm, 'flush_tlb_batched_pending()');
    const isNoted = rmap`batch = atomic_read(&mm->tlb_flush_batched): ${whole} has one that is not flushed`;
    return {
      read: If(isNoted.test(mm.pending.ne(mm.flushed), { both: [batch.set(mm.pending)] }), {
        ...flushed('flush_tlb_batched_pending', pending, tlb, options),
        seen: rmap`atomic_cmpxchg(&mm->tlb_flush_batched, batch, …)`(
          mm.flushed.set(ifElse(mm.pending.eq(batch), batch, mm.flushed)),
        ),
      }),
    };
  },
);
