// TLBs and page tables: unhook, flush, free, in this order, by IPIs and by broadcasts.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { never } from '../../properties/language/index.js';
import {
  actor,
  actors,
  type Block,
  bool,
  If,
  object,
  oneOf,
  perCpu,
  procedure,
  shared,
  source,
  yes,
} from '../language/index.js';
import {
  call_rcu,
  type FreeOptions,
  flush_tlb_page,
  flush_tlb_range,
  kfree,
  local_irq_restore,
  local_irq_save,
  mmu_gather,
  rcu_callback,
  rcu_head,
  synchronize_rcu,
  tlb_finish_mmu,
  tlb_flush_mmu,
  tlb_flush_mmu_tlbonly,
  tlb_remove_page,
  tlb_remove_table,
  tlb_remove_table_sync_one,
  tlb_remove_tlb_entry,
} from './index.js';

const c = source('mm/memory.c');
const tlb = perCpu('tlb', oneOf('none', 'ro', 'rw'));
const state = shared({
  pte: oneOf('rw', 'ro', 'none'),
  pmd: oneOf('table', 'none'),
  page: object({ data: bool() }),
  table: object({ pte: bool(), rcu: rcu_head() }),
});
const { pte, pmd, page, table } = state;

const found = async (...of: Parameters<typeof explored>) =>
  (await explored(...of)).map((line) => line.replace(/ by .*/, (by) => ` in ${by.split(',').length} steps`));

/** A user that stores to the page: through its TLB, which it may load from the pte first. */
const store: Block = {
  load: c`the CPU loads the pte`.test(pte.is('rw'), { yes: [tlb.mine.set('rw')] }),
  store: c`*addr = 1`.test(tlb.mine.is('rw'), { yes: [page.data.set(true)] }),
};
const users = (n: number) =>
  actors(
    'user',
    n,
    procedure('user', () => store),
  );
const unmapper = (block: (g: { readonly tlb: Gather }) => Block) =>
  actor('munmap', procedure('zap', { tlb: mmu_gather() }, block));
type Gather = Parameters<typeof tlb_remove_page>[0];

const clear = () => c`ptep_get_and_clear()`(pte.set('none'));
const freed: FreeOptions = { pages: { put: kfree(page) } };

describe('a page that is unmapped', () => {
  const run = (block: (g: { readonly tlb: Gather }) => Block, n = 2) =>
    found({ state, actors: [users(n), unmapper(block)] });
  test('is freed after every CPU has dropped its entry: nobody stores to it then', async () => {
    const right =
      (how: FreeOptions = {}) =>
      ({ tlb: g }: { readonly tlb: Gather }) => ({
        clear: clear(),
        gather: tlb_remove_page(g),
        finish: tlb_finish_mmu(g, tlb, { ...freed, ...how }),
      });
    expect(await run(right())).toMatchInlineSnapshot(`
      [
        "holds: 158 states, 334 transitions, depth 12, levels 1 3 8 15 22 25 23 20 17 11 8 4 1",
      ]
    `);
    expect(await run(right({ broadcast: yes }))).toMatchInlineSnapshot(`
      [
        "holds: 158 states, 334 transitions, depth 12, levels 1 3 8 15 22 25 23 20 17 11 8 4 1",
      ]
    `);
  });
  test('must not be freed before the flush, nor flushed before it is unmapped, nor not flushed', async () => {
    expect(
      await run(() => ({ clear: clear(), free: kfree(page), flush: flush_tlb_page(tlb) })),
    ).toMatchInlineSnapshot(`
      [
        "violated: 153 states, 285 transitions, depth 10, levels 1 3 8 15 24 28 28 23 14 6 3",
        "BUG: KASAN: slab-use-after-free in user: violated in 4 steps",
      ]
    `);
    expect(
      await run(() => ({ flush: flush_tlb_page(tlb), clear: clear(), free: kfree(page) })),
    ).toMatchInlineSnapshot(`
      [
        "violated: 176 states, 325 transitions, depth 9, levels 1 3 8 15 27 37 36 30 16 3",
        "BUG: KASAN: slab-use-after-free in user: violated in 6 steps",
      ]
    `);
    expect(await run(() => ({ clear: clear(), free: kfree(page) }))).toMatchInlineSnapshot(`
      [
        "violated: 70 states, 112 transitions, depth 6, levels 1 3 8 14 19 16 9",
        "BUG: KASAN: slab-use-after-free in user: violated in 4 steps",
      ]
    `);
  });
  test('is not flushed for where nothing was gathered', async () => {
    expect(
      await run(
        ({ tlb: g }) => ({ clear: clear(), finish: tlb_finish_mmu(g, tlb, freed), free: kfree(page) }),
        1,
      ),
    ).toMatchInlineSnapshot(`
      [
        "violated: 24 states, 32 transitions, depth 6, levels 1 2 4 5 5 4 3",
        "BUG: KASAN: slab-use-after-free in user: violated in 6 steps",
      ]
    `);
    expect(
      await run(
        ({ tlb: g }) => ({
          clear: clear(),
          entry: tlb_remove_tlb_entry(g),
          flush: tlb_flush_mmu_tlbonly(g, tlb),
          finish: tlb_finish_mmu(g, tlb, freed),
          free: kfree(page),
        }),
        1,
      ),
    ).toMatchInlineSnapshot(`
      [
        "holds: 40 states, 58 transitions, depth 11, levels 1 2 4 5 5 5 4 4 4 3 2 1",
      ]
    `);
  });
  test('is freed once, by the batch that it is in', async () => {
    const twice = ({ tlb: g }: { readonly tlb: Gather }) => ({
      clear: clear(),
      gather: tlb_remove_page(g),
      full: tlb_flush_mmu(g, tlb, freed),
      finish: tlb_finish_mmu(g, tlb, freed),
    });
    expect(await run(twice, 1)).toMatchInlineSnapshot(`
      [
        "holds: 44 states, 64 transitions, depth 12, levels 1 2 4 5 5 5 4 4 4 4 3 2 1",
      ]
    `);
  });
  test('may be written by one CPU while another has dropped its entry already', async () => {
    const late = never(page.data.and(pte.is('ro')), 'a store through a stale entry, while the flush goes on');
    const protect = procedure('mprotect', () => ({
      change: c`pte_wrprotect()`(pte.set('ro')),
      flush: flush_tlb_range(tlb),
    }));
    expect(
      await found({ state, actors: [users(2), actor('mprotect', protect)] }, { late }),
    ).toMatchInlineSnapshot(`
      [
        "violated: 80 states, 164 transitions, depth 8, levels 1 3 8 15 19 17 12 4 1",
        "late: violated in 3 steps",
      ]
    `);
  });
});

describe('a page table that is freed', () => {
  /** Walks, with interrupts off, and reads each level from memory. */
  const walker = (off: boolean) =>
    actor(
      'gup_fast',
      procedure('gup_fast', { flags: bool() }, ({ flags }) => ({
        ...(off && { off: local_irq_save(flags) }),
        pmd: If(pmd.is('table'), { pte: c`pte = *ptep`.test(table.pte) }),
        ...(off && { on: local_irq_restore(flags) }),
      })),
    );
  const unhook = () => c`pmd_clear(pmd)`(pmd.set('none'));
  const run = (options: FreeOptions, off = true, ...others: readonly ReturnType<typeof actor>[]) =>
    found({
      state,
      actors: [
        walker(off),
        unmapper(({ tlb: g }) => ({
          unhook: unhook(),
          gather: tlb_remove_table(g),
          finish: tlb_finish_mmu(g, tlb, options),
        })),
        ...others,
      ],
    });
  const now: Block = { free: kfree(table) };
  test('waits for who walks with interrupts off, where the flush is an IPI', async () => {
    expect(await run({ tables: now })).toMatchInlineSnapshot(`
      [
        "holds: 39 states, 63 transitions, depth 10, levels 1 2 3 5 6 6 6 4 3 2 1",
      ]
    `);
    expect(await run({ tables: now }, false)).toMatchInlineSnapshot(`
      [
        "violated: 25 states, 37 transitions, depth 9, levels 1 2 4 3 3 3 3 3 2 1",
        "BUG: KASAN: slab-use-after-free in gup_fast: violated in 9 steps",
      ]
    `);
  });
  test('does not where the flush is a broadcast, but for RCU or an IPI of its own', async () => {
    expect(await run({ tables: now, broadcast: yes })).toMatchInlineSnapshot(`
      [
        "violated: 41 states, 67 transitions, depth 10, levels 1 2 3 5 6 5 5 5 4 3 2",
        "BUG: KASAN: slab-use-after-free in gup_fast: violated in 10 steps",
      ]
    `);
    expect(await run({ tables: { wait: synchronize_rcu(), ...now }, broadcast: yes })).toMatchInlineSnapshot(`
      [
        "holds: 50 states, 83 transitions, depth 12, levels 1 2 3 5 6 5 5 5 6 6 3 2 1",
      ]
    `);
    const later = rcu_callback(
      'rcu',
      table.rcu,
      procedure('tlb_remove_table_rcu', () => now),
    );
    expect(
      await run({ tables: { post: call_rcu(table.rcu) }, broadcast: yes }, true, later),
    ).toMatchInlineSnapshot(`
      [
        "holds: 54 states, 90 transitions, depth 13, levels 1 2 3 5 6 5 5 5 6 6 4 3 2 1",
      ]
    `);
    expect(
      await run({ tables: { sync: tlb_remove_table_sync_one(), ...now }, broadcast: yes }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 50 states, 83 transitions, depth 12, levels 1 2 3 5 6 5 5 5 6 6 3 2 1",
      ]
    `);
  });
});
