// Flushes of TLBs: under which locks and with what off they wait for ever, lazy CPUs, and batches that reclaim defers.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { never } from '../../properties/language/index.js';
import {
  actor,
  actors,
  any,
  array,
  type Block,
  bool,
  For,
  forAll,
  If,
  int,
  not,
  object,
  oneOf,
  perCpu,
  procedure,
  shared,
  source,
} from '../language/index.js';
import {
  flush_tlb_batched_pending,
  flush_tlb_mm,
  flush_tlb_range,
  kfree,
  local_irq_disable,
  local_irq_enable,
  set_tlb_ubc_flush_pending,
  spin_lock,
  spin_lock_irqsave,
  spin_unlock,
  spin_unlock_irqrestore,
  spinlock,
  type TlbEntries,
  tlb_flush_batched,
  try_to_unmap_flush,
} from './index.js';

const c = source('mm/rmap.c');
const tlb = perCpu('tlb', oneOf('none', 'rw'));
const state = shared({
  pte: oneOf('rw', 'ro', 'none'),
  page: object({ data: bool() }),
  ptl: spinlock(),
  mm: tlb_flush_batched(2),
});
const { pte, page, ptl, mm } = state;

/** What is found, with the lengths of the traces. */
const found = async (...of: Parameters<typeof explored>) =>
  (await explored(...of)).map((line) => line.replace(/ by .*/, (by) => ` in ${by.split(',').length} steps`));

describe('a flush that waits', () => {
  const flusher = (name: string, block: Block) =>
    actor(
      name,
      procedure(name, () => block),
    );
  test('must not be called with interrupts off: two CPUs wait for each other', async () => {
    const both = { off: local_irq_disable(), flush: flush_tlb_mm(tlb), on: local_irq_enable() };
    expect(await found({ state, actors: [flusher('a', both), flusher('b', both)] })).toMatchInlineSnapshot(`
      [
        "violated: 22 states, 28 transitions, depth 6, levels 1 2 3 4 5 4 3",
        "WARNING: lockdep_assert_irqs_enabled() in smp_call_function_many_cond(): violated in 2 steps",
        "no deadlock: violated in 6 steps",
      ]
    `);
  });
  test('must not be called under a lock that another CPU spins on with interrupts off', async () => {
    const holds = { lock: spin_lock(ptl), flush: flush_tlb_mm(tlb), unlock: spin_unlock(ptl) };
    const spins = procedure('spins', { flags: bool() }, ({ flags }) => ({
      lock: spin_lock_irqsave(ptl, flags),
      unlock: spin_unlock_irqrestore(ptl, flags),
    }));
    expect(await found({ state, actors: [flusher('a', holds), actor('b', spins)] })).toMatchInlineSnapshot(`
      [
        "violated: 18 states, 21 transitions, depth 7, levels 1 2 3 4 3 2 2 1",
        "no deadlock: violated in 3 steps",
      ]
    `);
    const plain = { lock: spin_lock(ptl), unlock: spin_unlock(ptl) };
    expect(await found({ state, actors: [flusher('a', holds), flusher('b', plain)] })).toMatchInlineSnapshot(`
      [
        "holds: 12 states, 12 transitions, depth 6, levels 1 2 2 2 2 2 1",
      ]
    `);
  });
});

describe('a lazy CPU, which is not interrupted', () => {
  const is_lazy = perCpu('is_lazy', bool());
  const generation = perCpu('generation', int(0, 1));
  const lazy = shared({ gen: int(0, 1), pte: oneOf('rw', 'none'), page: object({ data: bool() }) });
  const use = { use: c`*addr = 1`.test(tlb.mine.is('rw'), { yes: [lazy.page.data.set(true)] }) };
  const check = {
    check: c`next_tlb_gen = atomic64_read(&next->context.tlb_gen)`.test(generation.mine.ne(lazy.gen), {
      yes: [tlb.mine.set('none'), generation.mine.set(lazy.gen)],
    }),
  };
  const back = { back: c`is_lazy = false`(is_lazy.mine.set(false)) };
  const run = (returns: Block) => {
    const user = procedure('user', () => ({
      load: c`the CPU loads the pte`.test(lazy.pte.is('rw'), { yes: [tlb.mine.set('rw')] }),
      leave: c`enter_lazy_tlb()`(is_lazy.mine.set(true)),
      ...returns,
      ...use,
    }));
    const unmap = procedure('unmap', () => ({
      clear: c`ptep_get_and_clear()`(lazy.pte.set('none')),
      gen: c`inc_mm_tlb_gen(mm)`(lazy.gen.inc()),
      flush: flush_tlb_mm(tlb, { skips: (who) => is_lazy.of(who) }),
      free: kfree(lazy.page),
    }));
    return found({ state: lazy, actors: [actor('user', user), actor('unmap', unmap)] });
  };
  test('must compare generations when it returns, after it is not lazy any more', async () => {
    expect(await run({ ...back, ...check })).toMatchInlineSnapshot(`
      [
        "holds: 70 states, 112 transitions, depth 11, levels 1 2 4 6 8 10 11 11 8 5 3 1",
      ]
    `);
    expect(await run(back)).toMatchInlineSnapshot(`
      [
        "violated: 55 states, 84 transitions, depth 10, levels 1 2 4 6 8 9 8 7 5 4 1",
        "BUG: KASAN: slab-use-after-free in user: violated in 9 steps",
      ]
    `);
    expect(await run({ ...check, ...back })).toMatchInlineSnapshot(`
      [
        "violated: 81 states, 126 transitions, depth 11, levels 1 2 4 6 8 11 12 13 11 7 5 1",
        "BUG: KASAN: slab-use-after-free in user: violated in 10 steps",
      ]
    `);
  });
});

describe('a flush that reclaim defers', () => {
  /** A user that stores to the page: through its TLB, which it may load from the pte first. */
  const user = actor(
    'user',
    procedure('user', () => ({
      load: c`the CPU loads the pte`.test(pte.is('rw'), { yes: [tlb.mine.set('rw')] }),
      store: c`*addr = 1`.test(tlb.mine.is('rw'), { yes: [page.data.set(true)] }),
    })),
  );
  const reclaim = (note: boolean, flushFirst = true) =>
    actor(
      'kswapd',
      procedure('try_to_unmap', { flush_required: bool() }, ({ flush_required }) => ({
        lock: spin_lock(ptl),
        clear: c`ptep_get_and_clear()`(pte.set('none')),
        ...(note && { note: set_tlb_ubc_flush_pending(mm, flush_required) }),
        unlock: spin_unlock(ptl),
        ...(flushFirst
          ? { flush: try_to_unmap_flush(flush_required, tlb), free: kfree(page) }
          : { free: kfree(page), flush: try_to_unmap_flush(flush_required, tlb) }),
      })),
    );
  const mprotect = (asks: boolean) =>
    actor(
      'mprotect',
      procedure('mprotect', () => ({
        lock: spin_lock(ptl),
        ...(asks && { batched: flush_tlb_batched_pending(mm, tlb) }),
        present: If(not(pte.is('none')), {
          protect: c`pte_wrprotect()`(pte.set('ro')),
          flush: flush_tlb_range(tlb),
        }),
        unlock: spin_unlock(ptl),
      })),
    );
  const run = (note: boolean, asks: boolean, flushFirst = true) => {
    const task = mprotect(asks);
    const stale = never(
      task.done.and(tlb.of(user).is('rw')),
      'mprotect() has returned, and a CPU may store through its TLB',
    );
    return found({ state, actors: [user, reclaim(note, flushFirst), task] }, { stale });
  };
  test('is done by reclaim before the page is freed, if it is noted, and by who relies on it', async () => {
    expect(await run(true, true)).toMatchInlineSnapshot(`
      [
        "holds: 278 states, 563 transitions, depth 18, levels 1 3 5 7 8 10 14 18 22 24 25 27 29 27 23 17 11 5 2",
      ]
    `);
  });
  test('is not seen by who finds no pte and does not ask for a batch', async () => {
    expect(await run(true, false)).toMatchInlineSnapshot(`
      [
        "violated: 151 states, 292 transitions, depth 14, levels 1 3 5 7 9 11 13 18 21 21 17 12 7 4 2",
        "stale: violated in 8 steps",
      ]
    `);
  });
  test('must be noted, and must come before the page is freed', async () => {
    expect(await run(false, true)).toMatchInlineSnapshot(`
      [
        "violated: 130 states, 238 transitions, depth 15, levels 1 3 5 7 9 13 18 20 19 16 10 5 1 1 1 1",
        "stale: violated in 8 steps",
        "BUG: KASAN: slab-use-after-free in user: violated in 7 steps",
      ]
    `);
    expect(await run(true, true, false)).toMatchInlineSnapshot(`
      [
        "violated: 325 states, 646 transitions, depth 18, levels 1 3 5 7 8 10 14 19 25 28 30 31 31 33 29 22 16 10 3",
        "BUG: KASAN: slab-use-after-free in user: violated in 7 steps",
      ]
    `);
  });
  test('stays noted where another batch is noted while the first is flushed', async () => {
    const two = shared({
      ...{ ptl: array(2, spinlock()), pte: array(2, bool()), page: array(2, bool()) },
      mm: tlb_flush_batched(2),
    });
    const entries = perCpu('tlb_of', array(2, bool()));
    const both: TlbEntries = {
      has: (who) => any(2, (i) => entries.of(who).at(i)),
      drop: (who) => forAll(2, (i) => entries.of(who).at(i).set(false)),
    };
    /** Loads the second entry again, should it be flushed while its pte is there. */
    const load = (i: number) =>
      c`the CPU loads pte ${String(i)}`.test(not(two.pte.at(i)), { yes: [entries.mine.at(i).set(true)] });
    const user = actor(
      'user',
      procedure('user', () => ({ first: load(0), second: load(1), again: load(1) })),
    );
    const reclaim = actors(
      'kswapd',
      2,
      procedure('reclaim', { i: int(0, 1), flush_required: bool() }, ({ i, flush_required }) => ({
        lock: spin_lock(two.ptl.at(i)),
        clear: c`ptep_get_and_clear()`(two.pte.at(i).set(true)),
        note: set_tlb_ubc_flush_pending(two.mm, flush_required),
        unlock: spin_unlock(two.ptl.at(i)),
      })),
      (i) => ({ i }),
    );
    const protect = actor(
      'mprotect',
      procedure('mprotect', () => ({
        tables: For(2, (i) => ({
          lock: spin_lock(two.ptl.at(i)),
          batched: flush_tlb_batched_pending(two.mm, both),
          look: If(two.pte.at(i), { none: c`none: nothing to flush`(two.page.at(i).set(true)) }),
          unlock: spin_unlock(two.ptl.at(i)),
        })),
      })),
    );
    const stale = never(
      protect.done.and(any(2, (i) => two.page.at(i).and(entries.of(user).at(i)))),
      'mprotect() has seen no pte, and a CPU has its entry',
    );
    expect(await found({ state: two, actors: [user, reclaim, protect] }, { stale })).toMatchInlineSnapshot(`
      [
        "holds: 2115 states, 4865 transitions, depth 24, levels 1 4 9 17 28 43 60 79 98 114 128 144 162 169 168 171 169 149 120 99 82 58 31 11 1",
      ]
    `);
  });
});
