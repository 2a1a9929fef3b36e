// What lanes show beside the steps: what is repeated, held and left out, and where the race is.

import { describe, expect, test } from 'vitest';
import { thp_truncate } from '../../models/thp_truncate/model.js';
import { firstFound } from '../testing/found.js';
import { lock_order, starvedWriter, use_after_free } from '../testing/models.js';
import { filtered } from '../trace/filter.js';
import { renderLanes } from './lanes.js';

describe('lanes', () => {
  test('mark the steps that a run repeats for ever', async () => {
    expect(renderLanes(await starvedWriter())).toMatchInlineSnapshot(`
      "gets_in: violated in 7 steps, the last 6 again and again
        readers_writers NR_READERS=2 NR_WRITERS=1 writers_lock=for_writing
          DOWNGRADE=false

        ┃ beside a lane: its actor holds a lock

           ╷      reader[0]
           │ ╷    reader[1]
           │ │ ╷  writer[0]
        1  ● │ │  reader[0]: read.lock                           include/linux/rwsem.h
           ┃ │ │  down_read(sem)
           ┃ │ │  sem: held for reading
         ↻ steps 2 to 7, again and again:
        2  ● │ │  reader[0]: read.compare                    include/asm-generic/bug.h
           ┃ │ │  tested: low == high is true
        3  ┃ ● │  reader[1]: read.lock                           include/linux/rwsem.h
           ┃ ┃ │  down_read(sem)
           ┃ ┃ │  sem: held for reading
        4  ● ┃ │  reader[0]: read.unlock                         include/linux/rwsem.h
           │ ┃ │  up_read(sem)
           │ ┃ │  sem: no longer held for reading
        5  ● ┃ │  reader[0]: read.lock                           include/linux/rwsem.h
           ┃ ┃ │  down_read(sem)
           ┃ ┃ │  sem: held for reading
        6  ┃ ● │  reader[1]: read.compare                    include/asm-generic/bug.h
           ┃ ┃ │  tested: low == high is true
        7  ┃ ● │  reader[1]: read.unlock                         include/linux/rwsem.h
           ┃ │ │  up_read(sem)
           ┃ │ │  sem: no longer held for reading
         ↻ back to step 2
           │ │ │
           ○ │ │  reader[0]: next: read.compare
           │ │ │  holds sem for reading
           │ ○ │  reader[1]: next: read.lock
           │ │ ○  writer[0]: waits at write.down_write
           │ │ │  until sem can be taken for writing

        ✗ gets_in
          a writer waits for ever while readers come and go
          always (eventually (writer[0] at write.low))
          is false of this run
            false  writer[0] at write.low
      "
    `);
    expect(renderLanes(await starvedWriter(), { width: 120 })).toMatchInlineSnapshot(`
      "gets_in: violated in 7 steps, the last 6 again and again
        readers_writers NR_READERS=2 NR_WRITERS=1 writers_lock=for_writing DOWNGRADE=false

        ┃ beside a lane: its actor holds a lock

             reader[0]                           │   reader[1]                           │ writer[0]
           ──────────────────────────────────────┼───────────────────────────────────────┼───────────────────────────────────
        1  ┏ read.lock     include/linux/rwsem.h │                                       │
           ┃ down_read(sem)                      │                                       │
           ┃ sem: held for reading               │                                       │
         ↻ steps 2 to 7, again and again:
        2  ┃ read.compare                        │                                       │
           ┃ tested: low == high is true         │                                       │
           ┃                                     │                                       │
        3  ┃                                     │ ┏ read.lock     include/linux/rwsem.h │
           ┃                                     │ ┃ down_read(sem)                      │
           ┃                                     │ ┃ sem: held for reading               │
           ┃                                     │ ┃                                     │
        4  ┃ read.unlock   include/linux/rwsem.h │ ┃                                     │
           ┃ up_read(sem)                        │ ┃                                     │
           ┗ sem: no longer held for reading     │ ┃                                     │
        5  ┏ read.lock     include/linux/rwsem.h │ ┃                                     │
           ┃ down_read(sem)                      │ ┃                                     │
           ┃ sem: held for reading               │ ┃                                     │
           ┃                                     │ ┃                                     │
        6  ┃                                     │ ┃ read.compare                        │
           ┃                                     │ ┃ tested: low == high is true         │
        7  ┃                                     │ ┃ read.unlock   include/linux/rwsem.h │
           ┃                                     │ ┃ up_read(sem)                        │
           ┃                                     │ ┗ sem: no longer held for reading     │
         ↻ back to step 2
           ──────────────────────────────────────┼───────────────────────────────────────┼───────────────────────────────────
             next: read.compare                  │   next: read.lock                     │ waits at write.down_write
             holds sem for reading               │                                       │ until sem can be taken for writing

        ✗ gets_in
          a writer waits for ever while readers come and go
          always (eventually (writer[0] at write.low))
          is false of this run
            false  writer[0] at write.low
      "
    `);
  });

  test('mark the racy window, and how it is left open', async () => {
    const { trace, essence } = await firstFound(use_after_free);
    expect(renderLanes(trace, { essence })).toMatchInlineSnapshot(`
      "VM_BUG_ON_PAGE(page_count(page) == 0, page): violated in 7 steps
        use_after_free

        at the start: pte = present, page_count = 1
        ┃ beside a lane: its actor holds a lock

             munmap                             │   fault
           ─────────────────────────────────────┼─────────────────────────────────────
        1  ┏ zap_pte.lock                       │
           ┃ spin_lock(ptl)                     │
           ┃ ptl: free → munmap                 │
      ╔═ the racy window opens
      ║ 2  ┃                                    │   handle_pte_fault.look
      ║    ┃                                    │   if (pte == present)
      ║    ┃                                    │
      ║ 3  ┃ zap_pte.clear          mm/memory.c │
      ║    ┃ ptep_get_and_clear(): take the     │
      ║    ┃   pte, leave none                  │
      ║    ┃ pte: present → none                │
      ║ 4  ┃ zap_pte.free           mm/memory.c │
      ║    ┃ put_page(): drop the reference     │
      ║    ┃   that the mapping held            │
      ║    ┃ page_count: 1 → 0                  │
      ║ 5  ┃ zap_pte.unlock                     │
      ║    ┃ spin_unlock(ptl)                   │
      ║    ┗ ptl: munmap → free                 │
      ║                                         │
      ║ 6                                       │ ┏ handle_pte_fault.lock
      ║                                         │ ┃ spin_lock(ptl)
      ║                                         │ ┃ ptl: free → fault
      ║ 7                                       │ ┃ handle_pte_fault.use
      ║                                         │ ┃ ✗ VM_BUG_ON_PAGE(page_count(page)
      ║                                         │ ┃   == 0, page)
      ╚═ the racy window closes
           ─────────────────────────────────────┼─────────────────────────────────────
             done                               │   died at handle_pte_fault.use
                                                │   holds ptl

        ✗ VM_BUG_ON_PAGE(page_count(page) == 0, page)
          page_count == 0 turned true at step 4 (zap_pte.free)
          page_count = 0
      "
    `);
    const deadlock = await firstFound(lock_order);
    const lines = renderLanes(deadlock.trace, { essence: deadlock.essence }).split('\n');
    expect(lines.filter((line) => /^[╔║╚]/.test(line))).toMatchInlineSnapshot(`
      [
        "╔═ the racy window opens",
        "║ 1  ┏ zap.outer                          │",
        "║    ┃ spin_lock(i_mmap)                  │",
        "║    ┃ i_mmap: free → truncate            │",
        "║    ┃                                    │",
        "║ 2  ┃                                    │ ┏ rmap_walk.inner",
        "║    ┃                                    │ ┃ spin_lock(ptl)",
        "║    ┃                                    │ ┃ ptl: free → migrate",
        "╚═ the racy window never closes",
      ]
    `);
  });

  test('show each lock as a bar of its own, from the step that takes it to the one that drops it', async () => {
    const { trace } = await firstFound(thp_truncate);
    const bars = renderLanes(trace, { width: 160 })
      .split('\n')
      .filter((line) => /[┏┗]/.test(line));
    expect(bars).toMatchInlineSnapshot(`
      [
        "   4  ┏ zap_huge_pmd.lock                                include/linux/spinlock.h │",
        "   9  ┃                                                                           │ ┏  truncate_inode_pages_range.lock                   include/linux/pagemap.h",
        "  12  ┃                                                                           │ ┃┏ unmap_mapping_pages.lock_i_mmap                     include/linux/rwsem.h",
        "      ┃                                                                           │ ┃┗ i_mmap: no longer held for writing",
        "  16  ┃                                                                           │ ┃┏ delete_from_page_cache.lock_i_pages              include/linux/spinlock.h",
      ]
    `);
  });

  test('leave out what a filter hides, and say how much that is', async () => {
    const { trace, essence } = await firstFound(use_after_free);
    const view = filtered(trace, { only: ['munmap', 'pte', 'ptl'], hide: [] });
    expect(renderLanes(view, { essence })).toMatchInlineSnapshot(`
      "VM_BUG_ON_PAGE(page_count(page) == 0, page): violated in 7 steps
        use_after_free
        hidden here: 4 of 7 steps, 2 of 5 changes, 2 of 3 actors, 1 of 3 variables

        at the start: pte = present
        ┃ beside a lane: its actor holds a lock

             munmap
           ────────────────────────────────────────────────
        1  ┏ zap_pte.lock          include/linux/spinlock.h
           ┃ spin_lock(ptl)
           ┃ ptl: free → munmap
        ⋮
      ╔═ the racy window opened at step 2
      ║ 3  ┃ zap_pte.clear                      mm/memory.c
      ║    ┃ ptep_get_and_clear(): take the pte, leave none
      ║    ┃ pte: present → none
      ║ ⋮
      ║ 5  ┃ zap_pte.unlock        include/linux/spinlock.h
      ║    ┃ spin_unlock(ptl)
      ║    ┗ ptl: munmap → free
      ╚═ the racy window closes at step 7
        ⋮
           ────────────────────────────────────────────────
             done

        ✗ VM_BUG_ON_PAGE(page_count(page) == 0, page)
          page_count == 0 turned true at step 4 (zap_pte.free)
          page_count = 0
      "
    `);
    const nothing = filtered(trace, { only: ['bystander'], hide: [] });
    expect(renderLanes(nothing, { essence })).toMatchInlineSnapshot(`
      "VM_BUG_ON_PAGE(page_count(page) == 0, page): violated in 7 steps
        use_after_free
        hidden here: 7 of 7 steps, 5 of 5 changes, 2 of 3 actors

        at the start: page_count = 1


        ✗ VM_BUG_ON_PAGE(page_count(page) == 0, page)
          page_count == 0 turned true at step 4 (zap_pte.free)
          page_count = 0
      "
    `);
  });
});
