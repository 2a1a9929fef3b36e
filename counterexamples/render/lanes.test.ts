// How a counterexample reads in a terminal.

import { describe, expect, test } from 'vitest';
import { properties as increment, model as increment_model } from '../../models/examples/increment.js';
import { thp_truncate } from '../../models/thp_truncate/model.js';
import { firstFound } from '../testing/found.js';
import { lock_order, overflow, starvedWriter, tracesOf, use_after_free } from '../testing/models.js';
import type { Trace } from '../trace/trace.js';
import { renderLanes } from './lanes.js';
import { ansi } from './style.js';
import { widthOf } from './wrap.js';

const report = 'VM_BUG_ON_PAGE(page_count(page) == 0, page)';
const useAfterFree = async (): Promise<Trace> => (await tracesOf(use_after_free)).get(report)!;

describe('lanes', () => {
  test('give each actor that takes part a column, and each step a place in it', async () => {
    expect(renderLanes(await useAfterFree())).toMatchInlineSnapshot(`
      "VM_BUG_ON_PAGE(page_count(page) == 0, page): violated in 7 steps
        use_after_free

        at the start: pte = present, page_count = 1
        ┃ beside a lane: its actor holds a lock

             munmap                             │   fault
           ─────────────────────────────────────┼─────────────────────────────────────
        1  ┏ zap_pte.lock                       │
           ┃ spin_lock(ptl)                     │
           ┃ ptl: free → munmap                 │
           ┃                                    │
        2  ┃                                    │   handle_pte_fault.look
           ┃                                    │   if (pte == present)
           ┃                                    │
        3  ┃ zap_pte.clear          mm/memory.c │
           ┃ ptep_get_and_clear(): take the     │
           ┃   pte, leave none                  │
           ┃ pte: present → none                │
        4  ┃ zap_pte.free           mm/memory.c │
           ┃ put_page(): drop the reference     │
           ┃   that the mapping held            │
           ┃ page_count: 1 → 0                  │
        5  ┃ zap_pte.unlock                     │
           ┃ spin_unlock(ptl)                   │
           ┗ ptl: munmap → free                 │
                                                │
        6                                       │ ┏ handle_pte_fault.lock
                                                │ ┃ spin_lock(ptl)
                                                │ ┃ ptl: free → fault
        7                                       │ ┃ handle_pte_fault.use
                                                │ ┃ ✗ VM_BUG_ON_PAGE(page_count(page)
                                                │ ┃   == 0, page)
           ─────────────────────────────────────┼─────────────────────────────────────
             done                               │   died at handle_pte_fault.use
                                                │   holds ptl

        ✗ VM_BUG_ON_PAGE(page_count(page) == 0, page)
          page_count == 0 turned true at step 4 (zap_pte.free)
          page_count = 0
      "
    `);
  });

  test('show the C files where there is room', async () => {
    expect(renderLanes(await useAfterFree(), { width: 160 })).toMatchInlineSnapshot(`
      "VM_BUG_ON_PAGE(page_count(page) == 0, page): violated in 7 steps
        use_after_free

        at the start: pte = present, page_count = 1
        ┃ beside a lane: its actor holds a lock

             munmap                                               │   fault
           ───────────────────────────────────────────────────────┼──────────────────────────────────────────────────
        1  ┏ zap_pte.lock                include/linux/spinlock.h │
           ┃ spin_lock(ptl)                                       │
           ┃ ptl: free → munmap                                   │
           ┃                                                      │
        2  ┃                                                      │   handle_pte_fault.look
           ┃                                                      │   if (pte == present)
           ┃                                                      │
        3  ┃ zap_pte.clear                            mm/memory.c │
           ┃ ptep_get_and_clear(): take the pte, leave none       │
           ┃ pte: present → none                                  │
        4  ┃ zap_pte.free                             mm/memory.c │
           ┃ put_page(): drop the reference that the mapping held │
           ┃ page_count: 1 → 0                                    │
        5  ┃ zap_pte.unlock              include/linux/spinlock.h │
           ┃ spin_unlock(ptl)                                     │
           ┗ ptl: munmap → free                                   │
                                                                  │
        6                                                         │ ┏ handle_pte_fault.lock  include/linux/spinlock.h
                                                                  │ ┃ spin_lock(ptl)
                                                                  │ ┃ ptl: free → fault
        7                                                         │ ┃ handle_pte_fault.use  include/asm-generic/bug.h
                                                                  │ ┃ ✗ VM_BUG_ON_PAGE(page_count(page) == 0, page)
           ───────────────────────────────────────────────────────┼──────────────────────────────────────────────────
             done                                                 │   died at handle_pte_fault.use
                                                                  │   holds ptl

        ✗ VM_BUG_ON_PAGE(page_count(page) == 0, page)
          page_count == 0 turned true at step 4 (zap_pte.free)
          page_count = 0
      "
    `);
  });

  test('become tracks where columns would be too narrow', async () => {
    expect(renderLanes(await useAfterFree(), { width: 60 })).toMatchInlineSnapshot(`
      "VM_BUG_ON_PAGE(page_count(page) == 0, page): violated in 7
        steps
        use_after_free

        at the start: pte = present, page_count = 1
        ┃ beside a lane: its actor holds a lock

           ╷    munmap
           │ ╷  fault
        1  ● │  munmap: zap_pte.lock      include/linux/spinlock.h
           ┃ │  spin_lock(ptl)
           ┃ │  ptl: free → munmap
        2  ┃ ●  fault: handle_pte_fault.look
           ┃ │  if (pte == present)
        3  ● │  munmap: zap_pte.clear                  mm/memory.c
           ┃ │  ptep_get_and_clear(): take the pte, leave none
           ┃ │  pte: present → none
        4  ● │  munmap: zap_pte.free                   mm/memory.c
           ┃ │  put_page(): drop the reference that the mapping
           ┃ │    held
           ┃ │  page_count: 1 → 0
        5  ● │  munmap: zap_pte.unlock    include/linux/spinlock.h
           │ │  spin_unlock(ptl)
           │ │  ptl: munmap → free
        6  │ ●  fault: handle_pte_fault.lock
           │ ┃  spin_lock(ptl)
           │ ┃  ptl: free → fault
        7  │ ●  fault: handle_pte_fault.use
           │ ┃  ✗ VM_BUG_ON_PAGE(page_count(page) == 0, page)
           │ │
           ○ │  munmap: done
           │ ○  fault: died at handle_pte_fault.use
           │ │  holds ptl

        ✗ VM_BUG_ON_PAGE(page_count(page) == 0, page)
          page_count == 0 turned true at step 4 (zap_pte.free)
          page_count = 0
      "
    `);
  });

  test('say of a property what it demands, why it matters, and the values that break it', async () => {
    const trace = (await tracesOf(increment_model, increment)).get('no_lost_update')!;
    expect(renderLanes(trace)).toMatchInlineSnapshot(`
      "no_lost_update: violated in 4 steps
        increment NR_ACTORS=2

        at the start: counter = 0

           adder[0]                     │ adder[1]
           ─────────────────────────────┼─────────────────────────────
        1  increment.load   increment.c │
           mine = counter               │
           mine: stays 0                │
                                        │
        2                               │ increment.load   increment.c
                                        │ mine = counter
                                        │ mine: stays 0
                                        │
        3  increment.store  increment.c │
           counter = mine + 1           │
           counter: 0 → 1               │
                                        │
        4                               │ increment.store  increment.c
                                        │ counter = mine + 1
                                        │ counter: stays 1
           ─────────────────────────────┼─────────────────────────────
           done                         │ done

        ✗ no_lost_update
          everyone who is done has counted
          always !(adder[0] is done && adder[1] is done) || counter == 2
          turned false at step 4 (increment.store)
            false  !(adder[0] is done && adder[1] is done) (since step 4)
              true  adder[0] is done (since step 3)
              true  adder[1] is done (since step 4)
            false  counter == 2 (counter = 1)
      "
    `);
  });

  test('show an example of what is reached in the same way', async () => {
    const trace = (await tracesOf(increment_model, increment)).get('two_hold_a_value')!;
    expect(renderLanes(trace)).toMatchInlineSnapshot(`
      "two_hold_a_value: reached in 2 steps
        increment NR_ACTORS=2

           adder[0]                    │ adder[1]
           ────────────────────────────┼────────────────────────────
        1  increment.load  increment.c │
           mine = counter              │
           mine: stays 0               │
                                       │
        2                              │ increment.load  increment.c
                                       │ mine = counter
                                       │ mine: stays 0
           ────────────────────────────┼────────────────────────────
           next: increment.store       │ next: increment.store

        ✓ two_hold_a_value
          two have loaded before either stores
          sometimes (adder[0] at increment.store ? 1 : 0) + (adder[1] at
            increment.store ? 1 : 0) >= 2
          turned true at step 2 (increment.load)
          adder[0] at increment.store = true, adder[1] at increment.store = true
      "
    `);
  });

  test('say at a deadlock what each actor waits for', async () => {
    const trace = (await tracesOf(lock_order)).get('no deadlock')!;
    expect(renderLanes(trace)).toMatchInlineSnapshot(`
      "no deadlock: violated in 2 steps
        lock_order

        ┃ beside a lane: its actor holds a lock

             truncate                           │   migrate
           ─────────────────────────────────────┼─────────────────────────────────────
        1  ┏ zap.outer                          │
           ┃ spin_lock(i_mmap)                  │
           ┃ i_mmap: free → truncate            │
           ┃                                    │
        2  ┃                                    │ ┏ rmap_walk.inner
           ┃                                    │ ┃ spin_lock(ptl)
           ┃                                    │ ┃ ptl: free → migrate
           ─────────────────────────────────────┼─────────────────────────────────────
             waits at zap.inner                 │   waits at rmap_walk.outer
             until ptl == free                  │   until i_mmap == free
             holds i_mmap                       │   holds ptl

        ✗ no deadlock
          some actor can go on until all are done or at rest, and no cycle of actors
            wait for locks of each other
          truncate waits for ptl, held by migrate; migrate waits for i_mmap, held by
            truncate: a cycle
          i_mmap = truncate, ptl = migrate
      "
    `);
  });

  test('say at a fault which step has no value', async () => {
    const trace = (await tracesOf(overflow)).get('no value out of range')!;
    expect(renderLanes(trace)).toMatchInlineSnapshot(`
      "no value out of range: violated in 3 steps
        overflow

        at the start: mapcount[0] = 0, mapcount[1] = 0

           fault
           ───────────────────────────────────────────
        1  page_add_file_rmap.pick         mm/memory.c
           find the subpage
           i: 0 → 1
        2  page_add_file_rmap.add          mm/memory.c
           atomic_inc(&page->_mapcount)
           mapcount[1]: 0 → 1
        3  page_add_file_rmap.add_again    mm/memory.c
           atomic_inc(&page->_mapcount)
           ✗ mapcount[1] would become 2, outside 0 … 1
           ───────────────────────────────────────────
           next: page_add_file_rmap.add_again

        ✗ no value out of range
          every assignment, index and division has a meaning
          mapcount[1] would become 2, outside 0 … 1
          mapcount[0] = 0, mapcount[1] = 1, fault:page_add_file_rmap.i = 1
      "
    `);
  });

  test('leave out the actor of whom there is nothing to say', async () => {
    expect(renderLanes(await useAfterFree())).not.toContain('bystander');
  });

  test.each([40, 60, 80, 100, 160])('have no line longer than %i characters', async (width) => {
    const traces = [
      await useAfterFree(),
      await starvedWriter(),
      ...(await tracesOf(increment_model, increment)).values(),
    ];
    const { trace: race, essence } = await firstFound(thp_truncate);
    for (const trace of [...traces, race]) {
      const lines = renderLanes(trace, { width, ...(trace === race && { essence }) }).split('\n');
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
    }
  });

  test('lose no word to narrowness', async () => {
    const words = (text: string) => text.replace(/[\s│─┼╷○●┃]/g, '');
    const trace = (await tracesOf(lock_order)).get('no deadlock')!;
    const narrow = words(renderLanes(trace, { width: 40 }));
    for (const { caption } of trace.steps) expect(narrow).toContain(words(caption));
  });

  test('are the same text in colour', async () => {
    const trace = await useAfterFree();
    const coloured = renderLanes(trace, { style: ansi });
    expect(coloured).toContain('\u001b[31m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape codes are what is taken out
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(renderLanes(trace));
  });
});
