// Whole models in the words of the library, as a user writes them: a known race each, with its fixes and its mutants.

import { describe, expect, test } from 'vitest';
import { lower } from '../../checker/index.js';
import { check } from '../../checker/testing/check.js';
import type { Properties } from '../../properties/language/index.js';
import type { Model } from '../language/index.js';
import * as check_then_access from './testing/check_then_access.js';
import * as driver from './testing/driver.js';
import * as irq from './testing/irq.js';
import * as qca from './testing/qca.js';

const found = async (
  { model, properties = {} }: { readonly model: Model; readonly properties?: Properties },
  settings: { readonly [name: string]: unknown } = {},
) => {
  const { program, properties: lowered } = lower(model, settings, properties);
  return (await check(program, lowered)).map((line) =>
    line.replace(/ by ((\d+ ?)+)$/, (_, steps: string) => ` in ${steps.trim().split(' ').length} steps`),
  );
};

test('a lock that an interrupt of the same CPU takes as well is a deadlock', async () => {
  expect(await found(irq)).toMatchInlineSnapshot(`
    [
      "violated: 11 states, 11 transitions, depth 5, levels 1 2 3 2 2 1",
      "no deadlock: violated in 2 steps",
      "WARNING: inconsistent lock state (lock: IN-HARDIRQ-W): violated in 1 steps",
      "WARNING: inconsistent lock state (lock: HARDIRQ-ON-W): violated in 1 steps",
    ]
  `);
});

test('an access after the completion that its object waits for to be freed is a use after free', async () => {
  expect(await found(check_then_access)).toMatchInlineSnapshot(`
    [
      "violated: 8 states, 8 transitions, depth 4, levels 1 1 2 2 2",
      "BUG: KASAN: slab-use-after-free in use: violated in 4 steps",
    ]
  `);
});

test('a timer that queues work that arms it is torn down by a shutdown alone', async () => {
  expect(await found(qca, { fix: 'none' })).toMatchInlineSnapshot(`
    [
      "violated: 84 states, 158 transitions, depth 19, levels 1 1 2 3 4 5 7 8 9 6 5 5 6 5 4 3 2 3 3 2",
      "BUG: KASAN: slab-use-after-free in queue_work: violated in 8 steps",
      "workqueue: cannot queue work on a wq that is draining: violated in 6 steps",
    ]
  `);
  expect(await found(qca, { fix: 'del_timer_sync_first' })).toMatchInlineSnapshot(`
    [
      "violated: 128 states, 232 transitions, depth 29, levels 1 1 2 2 2 2 3 3 3 4 4 4 6 7 7 6 6 7 9 10 10 9 6 5 3 2 1 1 1 1",
      "ODEBUG: free active (active state 0) object type: timer_list: violated in 18 steps",
      "WARNING: held lock freed!: violated in 21 steps",
      "BUG: KASAN: slab-use-after-free in spin_lock_irqsave: violated in 21 steps",
      "BUG: KASAN: slab-use-after-free in queue_work: violated in 21 steps",
      "BUG: KASAN: slab-use-after-free in hci_ibs_tx_idle_timeout: violated in 23 steps",
      "workqueue: cannot queue work on a wq that is draining: violated in 18 steps",
    ]
  `);
  expect(await found(qca, { fix: 'timer_shutdown_sync_first' })).toMatchInlineSnapshot(`
    [
      "holds: 48 states, 78 transitions, depth 20, levels 1 1 2 2 2 2 3 3 3 4 4 4 5 4 2 1 1 1 1 1 1",
    ]
  `);
});

describe('open() and close() race with remove()', () => {
  test('where a lookup needs the lock of the list, or RCU and kref_get_unless_zero()', async () => {
    expect(await found(driver, { fix: 'none', NR_OPEN: 2 })).toMatchInlineSnapshot(`
      [
        "violated: 547 states, 1280 transitions, depth 16, levels 1 3 6 12 22 34 46 56 62 66 68 59 45 35 24 7 1",
        "BUG: KASAN: slab-use-after-free in drv_open: violated in 9 steps",
        "refcount_t: addition on 0; use-after-free.: violated in 6 steps",
      ]
    `);
    expect(await found(driver, { fix: 'list_lock', NR_OPEN: 2 })).toMatchInlineSnapshot(`
      [
        "holds: 264 states, 555 transitions, depth 16, levels 1 3 3 3 5 7 13 21 27 31 30 31 30 26 19 11 3",
      ]
    `);
    expect(await found(driver, { fix: 'rcu_kref', NR_OPEN: 2 })).toMatchInlineSnapshot(`
      [
        "holds: 492 states, 1225 transitions, depth 16, levels 1 3 6 10 17 27 43 60 71 73 65 51 34 18 9 3 1",
      ]
    `);
  });
  test('and each part of the lookup under RCU is needed', async () => {
    expect(await found(driver, { fix: 'kref_get', NR_OPEN: 2 })).toMatchInlineSnapshot(`
      [
        "violated: 888 states, 2140 transitions, depth 22, levels 1 3 6 10 17 27 43 64 83 95 98 96 85 75 60 43 29 21 15 8 5 3 1",
        "BUG: KASAN: slab-use-after-free in drv_open: violated in 14 steps",
        "refcount_t: addition on 0; use-after-free.: violated in 7 steps",
      ]
    `);
    expect(await found(driver, { fix: 'no_rcu', NR_OPEN: 2 })).toMatchInlineSnapshot(`
      [
        "violated: 248 states, 577 transitions, depth 12, levels 1 3 6 12 22 32 38 38 33 27 20 12 4",
        "BUG: KASAN: slab-use-after-free in drv_open: violated in 9 steps",
      ]
    `);
    expect(await found(driver, { fix: 'kfree_at_once', NR_OPEN: 2 })).toMatchInlineSnapshot(`
      [
        "violated: 402 states, 988 transitions, depth 14, levels 1 3 6 10 17 27 40 52 59 59 53 39 24 9 3",
        "BUG: KASAN: slab-use-after-free in drv_open: violated in 8 steps",
      ]
    `);
  });
});
