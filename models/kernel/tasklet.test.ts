// Tasklets: scheduled, disabled, killed, and what is wrong with each order of teardown.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { programOf } from '../../checker/lower/testing/small.js';
import { check } from '../../checker/testing/check.js';
import {
  actor,
  type Block,
  bool,
  cpu,
  int,
  interrupt,
  object,
  procedure,
  shared,
  source,
} from '../language/index.js';
import {
  kfree,
  mutex,
  mutex_lock,
  mutex_unlock,
  tasklet_disable,
  tasklet_disable_nosync,
  tasklet_enable,
  tasklet_kill,
  tasklet_schedule,
  tasklet_softirq,
  tasklet_struct,
} from './index.js';

const c = source('drivers/x.c');
const state = shared({
  dev: object({ x: bool(), tasklet: tasklet_struct() }),

  n: int(0, 2),
  m: mutex(),
});
const { dev, n } = state;
const { tasklet } = dev;

const actorOf = (name: string, block: Block) =>
  actor(
    name,
    procedure(name, () => block),
  );
const runs = (block: Block) =>
  tasklet_softirq(
    'softirq',
    tasklet,
    procedure('dev_tasklet', () => block),
  );
const uses = { use: c`dev->x`(dev.x.set(true)) };
const found = async (...of: Parameters<typeof explored>) =>
  (await explored(...of)).map((line) => line.replace(/ by .*/, (by) => ` in ${by.split(',').length} steps`));

describe('a tasklet', () => {
  const run = (block: Block, body: Block = uses) =>
    found({
      state,
      actors: [
        actorOf('remove', { schedule: tasklet_schedule(tasklet), ...block, free: kfree(dev) }),
        runs(body),
      ],
    });
  test('that is queued or runs is not freed: tasklet_kill() waits for both', async () => {
    expect(await run({ kill: tasklet_kill(tasklet) })).toMatchInlineSnapshot(`
      [
        "holds: 10 states, 11 transitions, depth 7, levels 1 1 1 2 2 1 1 1",
      ]
    `);
    expect(await run({})).toMatchInlineSnapshot(`
      [
        "violated: 12 states, 11 transitions, depth 5, levels 1 1 2 3 3 2",
        "BUG: KASAN: slab-use-after-free in tasklet_action: violated in 3 steps",
        "BUG: KASAN: slab-use-after-free in dev_tasklet: violated in 4 steps",
      ]
    `);
  });
  test('that is disabled stays queued, and tasklet_kill() waits for ever', async () => {
    expect(
      await run({ disable: tasklet_disable(tasklet), kill: tasklet_kill(tasklet) }),
    ).toMatchInlineSnapshot(`
      [
        "violated: 14 states, 15 transitions, depth 9, levels 1 1 2 3 2 1 1 1 1 1",
        "no deadlock: violated in 3 steps",
      ]
    `);
  });
  test('that is disabled and freed runs later', async () => {
    const later = { disable: tasklet_disable(tasklet), enable: tasklet_enable(tasklet) };
    expect(await run(later)).toMatchInlineSnapshot(`
      [
        "violated: 22 states, 24 transitions, depth 8, levels 1 1 2 3 3 3 4 3 2",
        "BUG: KASAN: slab-use-after-free in tasklet_action: violated in 6 steps",
        "BUG: KASAN: slab-use-after-free in dev_tasklet: violated in 7 steps",
      ]
    `);
  });
  test('runs still after tasklet_disable_nosync(), and not after tasklet_disable()', async () => {
    const checked = (disable: Block) => {
      const remove = { schedule: tasklet_schedule(tasklet), ...disable, free: kfree(dev) };
      return found({ state, actors: [actorOf('remove', remove), runs(uses)] });
    };
    expect(await checked({ off: tasklet_disable_nosync(tasklet) })).toMatchInlineSnapshot(`
      [
        "violated: 15 states, 16 transitions, depth 6, levels 1 1 2 3 3 3 2",
        "BUG: KASAN: slab-use-after-free in tasklet_action: violated in 6 steps",
        "BUG: KASAN: slab-use-after-free in dev_tasklet: violated in 5 steps",
      ]
    `);
    expect(await checked({ off: tasklet_disable(tasklet) })).toMatchInlineSnapshot(`
      [
        "holds: 13 states, 14 transitions, depth 7, levels 1 1 2 3 3 1 1 1",
      ]
    `);
  });
  test('that schedules itself cannot do so while tasklet_kill() waits; another actor must be stopped before', async () => {
    const again = { ...uses, again: tasklet_schedule(tasklet) };
    expect(await run({ kill: tasklet_kill(tasklet) }, again)).toMatchInlineSnapshot(`
      [
        "holds: 14 states, 16 transitions, depth 8, levels 1 1 1 2 2 2 2 2 1",
      ]
    `);
    const all = [
      actorOf('remove', { kill: tasklet_kill(tasklet), free: kfree(dev) }),
      actorOf('irq', { schedule: tasklet_schedule(tasklet) }),
      runs(uses),
    ];
    expect(await found({ state, actors: all })).toMatchInlineSnapshot(`
      [
        "violated: 26 states, 28 transitions, depth 7, levels 1 2 3 5 6 4 3 2",
        "BUG: KASAN: slab-use-after-free in irq: violated in 4 steps",
        "BUG: KASAN: slab-use-after-free in tasklet_action: violated in 5 steps",
        "BUG: KASAN: slab-use-after-free in dev_tasklet: violated in 6 steps",
      ]
    `);
  });
  test('must not free itself', async () => {
    const frees = [actorOf('irq', { schedule: tasklet_schedule(tasklet) }), runs({ free: kfree(dev) })];
    expect(await found({ state, actors: frees })).toMatchInlineSnapshot(`
      [
        "violated: 5 states, 4 transitions, depth 4, levels 1 1 1 1 1",
        "BUG: KASAN: slab-use-after-free in tasklet_action: violated in 4 steps",
      ]
    `);
  });
  test('runs once for two requests before, and twice if the second comes while it runs', async () => {
    const count = runs({ count: c`n++`(n.inc()) });
    const twice = actorOf('irq', { one: tasklet_schedule(tasklet), two: tasklet_schedule(tasklet) });
    expect(await found({ state, actors: [twice, count] })).toMatchInlineSnapshot(`
      [
        "holds: 15 states, 16 transitions, depth 8, levels 1 1 2 3 3 2 1 1 1",
      ]
    `);
  });
  test('must not sleep, nor be killed in an interrupt', async () => {
    const handler = procedure('handler', () => ({ kill: tasklet_kill(tasklet) }));
    const all = [
      actorOf('arm', { schedule: tasklet_schedule(tasklet) }),
      interrupt('irq', handler, { on: cpu('cpu0') }),
      runs({ lock: mutex_lock(state.m), unlock: mutex_unlock(state.m) }),
    ];
    expect((await check(programOf({ state, actors: all }))).slice(1)).toMatchInlineSnapshot(`
      [
        "BUG: sleeping function called from invalid context: violated by 2 3",
        "Attempt to kill tasklet from interrupt: violated by 2 3 4",
      ]
    `);
  });
});
