// Interrupt lines: disabled, enabled and freed, with handlers and threads under way.

import { describe, expect, test } from 'vitest';
import { lockCheckNames } from '../../checker/ir/built_in_checks.js';
import { explored } from '../../checker/lower/testing/explored.js';
import { programOf, type SmallModel } from '../../checker/lower/testing/small.js';
import { check } from '../../checker/testing/check.js';
import { never } from '../../properties/language/index.js';
import { actor, type Block, bool, If, not, object, procedure, shared, source } from '../language/index.js';
import {
  disable_irq,
  disable_irq_nosync,
  enable_irq,
  free_irq,
  type IrqFlags,
  irq_handler,
  irq_line,
  irq_thread,
  irq_wake_thread,
  kfree,
  mutex,
  mutex_lock,
  mutex_unlock,
  READ_ONCE,
  request_irq,
  spin_lock,
  spin_unlock,
  spinlock,
  synchronize_irq,
  WRITE_ONCE,
} from './index.js';

const c = source('drivers/x.c');
const state = shared({
  dev: object({ x: bool() }),
  irq: irq_line({ requested: true }),
  ...{ lock: spinlock(), m: mutex(), in_thread: bool(), gone: bool() },
});
const { dev, irq, lock, m, in_thread, gone } = state;

const found = async (actors: SmallModel['actors']) =>
  (await explored({ state, actors })).map((line) =>
    line.replace(/: \d+ states.*/, '').replace(/ by .*/, (by) => ` in ${by.split(',').length} steps`),
  );
const task = (block: Block) =>
  actor(
    'remove',
    procedure('remove', () => block),
  );
const handles = (block: Block, flags: IrqFlags = {}) =>
  irq_handler(
    'irq',
    irq,
    procedure('dev_irq', () => block),
    flags,
  );
const threads = (block: Block) =>
  irq_thread(
    'irq_7',
    irq,
    procedure('dev_thread', () => block),
  );
const use = { use: c`dev->x`(dev.x.set(true)) };
const free = { free: kfree(dev) };

describe('a handler', () => {
  test('does not run after disable_irq() or free_irq(), and may after less', async () => {
    const run = (block: Block) => found([task({ ...block, ...free }), handles(use)]);
    expect(await run({ stop: free_irq(irq) })).toEqual(['holds']);
    expect(await run({ stop: disable_irq(irq) })).toEqual(['holds']);
    const late = (steps: number) => [
      'violated',
      `BUG: KASAN: slab-use-after-free in dev_irq: violated in ${steps} steps`,
    ];
    // What begins between the wait and the free uses it, as does what had begun.
    expect(await run({ stop: synchronize_irq(irq) })).toEqual(late(5));
    expect(await run({ stop: disable_irq_nosync(irq) })).toEqual(late(4));
    // Enabled before it is freed.
    expect(await run({ stop: disable_irq(irq), go: enable_irq(irq) })).toEqual(late(7));
  });

  test('is disabled as often as it is enabled', async () => {
    const run = (block: Block) =>
      found([
        task({ off: disable_irq(irq), more: disable_irq_nosync(irq), ...block, ...free }),
        handles(use),
      ]);
    expect(await run({ on: enable_irq(irq) })).toEqual(['holds']);
    expect((await run({ on: enable_irq(irq), again: enable_irq(irq) }))[0]).toBe('violated');
  });

  test('may be disabled fifteen times at once; a sixteenth time is a fault, which says so', async () => {
    const off = (n: number) =>
      Object.fromEntries(Array.from({ length: n }, (_, i) => [`off${i}`, disable_irq_nosync(irq)]));
    expect(await found([task(off(15)), handles(use)])).toEqual(['holds']);
    const [, fault] = await explored({ state, actors: [task(off(16)), handles(use)] });
    expect(fault).toMatch(/^no value out of range: .* irq\.depth would become 16, outside 0 … 15$/);
  });

  test('begins only once it is requested, and a line is enabled and freed once', async () => {
    const own = shared({ line: irq_line(), x: bool() });
    const handler = irq_handler(
      'irq',
      own.line,
      procedure('h', () => ({ see: c`x`(own.x.set(true)) })),
    );
    const run = async (block: Block) =>
      (
        await explored({
          state: own,
          actors: [
            actor(
              'probe',
              procedure('probe', () => block),
            ),
            handler,
          ],
        })
      ).map((line) => line.replace(/ by .*/, (by) => ` in ${by.split(',').length} steps`));
    expect((await run({ wait: c`nothing`() }))[0]).toMatch(/^holds: 2 states/);
    expect(await run({ request: request_irq(own.line), free: free_irq(own.line) })).toHaveLength(1);
    expect((await run({ on: enable_irq(own.line) })).slice(1)).toEqual([
      'Unbalanced enable for IRQ: violated in 1 steps',
    ]);
    // A request enables the line, however often it was disabled before.
    expect(
      (
        await run({
          off: disable_irq_nosync(own.line),
          request: request_irq(own.line),
          on: enable_irq(own.line),
        })
      ).slice(1),
    ).toEqual(['Unbalanced enable for IRQ: violated in 3 steps']);
    expect((await run({ free: free_irq(own.line) })).slice(1)).toEqual([
      'Trying to free already-free IRQ: violated in 1 steps',
    ]);
  });

  test('that needs a lock of whoever disables it is waited for without end', async () => {
    const handler = handles({ lock: spin_lock(lock), unlock: spin_unlock(lock) });
    const held = { lock: spin_lock(lock), off: disable_irq(irq), unlock: spin_unlock(lock) };
    const all = await found([task(held), handler]);
    expect(all[0]).toBe('violated');
    expect(all.join()).toMatch(/deadlock/);
    expect(
      await found([
        task({ off: disable_irq(irq), lock: spin_lock(lock), unlock: spin_unlock(lock) }),
        handler,
      ]),
    ).toEqual(['holds']);
  });
});

test('synchronize_irq() shows every earlier store to the handlers that begin after it', async () => {
  const tests = handles({ test: If(not(READ_ONCE(gone)), { use: c`dev->x`(dev.x.set(true)) }) });
  const removes = (waits: Block) => task({ gone: WRITE_ONCE(gone, true), ...waits, ...free });
  const verdict = async (actors: SmallModel['actors'], bufferSlots?: number) => {
    const [summary] = await check(
      programOf({ state, actors }, {}, { without: lockCheckNames, ...(bufferSlots && { bufferSlots }) }),
    );
    return summary!.split(':')[0];
  };
  const kept = [removes({ wait: synchronize_irq(irq) }), tests];
  expect([await verdict(kept), await verdict(kept, 2)]).toEqual(['holds', 'holds']);
  expect([await verdict([removes({}), tests]), await verdict([removes({}), tests], 2)]).toEqual([
    'violated',
    'violated',
  ]);
});

describe('a threaded handler', () => {
  const wakes = { wake: irq_wake_thread(irq) };
  test('is over after disable_irq() and free_irq(), thread included', async () => {
    const run = (block: Block) => found([task({ ...block, ...free }), handles(wakes), threads(use)]);
    expect(await run({ stop: free_irq(irq) })).toEqual(['holds']);
    expect(await run({ stop: disable_irq(irq) })).toEqual(['holds']);
    expect((await run({ stop: disable_irq_nosync(irq) }))[1]).toMatch(
      /^BUG: KASAN: slab-use-after-free in dev_thread/,
    );
  });

  test('whose thread needs a mutex of whoever disables it is waited for without end', async () => {
    const held = { lock: mutex_lock(m), off: disable_irq(irq), unlock: mutex_unlock(m) };
    const thread = threads({ lock: mutex_lock(m), unlock: mutex_unlock(m) });
    expect((await found([task(held), handles(wakes), thread])).join()).toMatch(/deadlock/);
  });

  test('does not run again before its thread is over with IRQF_ONESHOT, and does without', async () => {
    const thread = threads({ begin: c`begin`(in_thread.set(true)), end: c`end`(in_thread.set(false)) });
    // Its thread may begin before the handler that wakes it is over.
    const sees = { see: c`the thread is under way`(dev.x.set(in_thread)), ...wakes };
    const meets = async (flags: IrqFlags) =>
      (await explored({ state, actors: [handles(sees, flags), thread] }, { alone: never(dev.x) }))
        .slice(1)
        .map((line) => line.replace(/ by .*/, ''));
    expect(await meets({ oneshot: true })).toEqual([]);
    expect(await meets({})).toEqual(['alone: violated']);
  });
});
