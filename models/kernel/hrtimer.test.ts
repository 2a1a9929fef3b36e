// High resolution timers: started, restarted by their callbacks, cancelled, and freed.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { programOf } from '../../checker/lower/testing/small.js';
import { check } from '../../checker/testing/check.js';
import {
  actor,
  type Block,
  bool,
  Either,
  If,
  int,
  object,
  procedure,
  shared,
  source,
} from '../language/index.js';
import {
  type HrtimerOptions,
  hrtimer,
  hrtimer_active,
  hrtimer_cancel,
  hrtimer_interrupt,
  hrtimer_start,
  hrtimer_try_to_cancel,
  kfree,
  mutex,
  mutex_lock,
  mutex_unlock,
  spin_lock,
  spin_unlock,
  spinlock,
} from './index.js';

const c = source('drivers/x.c');
const state = shared({
  dev: object({ x: bool(), timer: hrtimer() }),
  ...{ dying: bool(), again: bool(), lock: spinlock(), m: mutex() },
});
const { dev, dying, again, lock } = state;
const { timer } = dev;

const found = async (...of: Parameters<typeof explored>) =>
  (await explored(...of)).map((line) => line.replace(/ by .*/, (by) => ` in ${by.split(',').length} steps`));
const remove = (block: Block) =>
  procedure('remove', () => ({ start: hrtimer_start(timer), ...block, free: kfree(dev) }));
const fires = (block: Block, options: HrtimerOptions = {}) =>
  hrtimer_interrupt(
    'hrtimer',
    timer,
    procedure('dev_timer', () => block),
    options,
  );
const uses = { use: c`dev->x`(dev.x.set(true)) };
const run = (block: Block, body: Block = uses, options: HrtimerOptions = {}) =>
  found({ state, actors: [actor('remove', remove(block)), fires(body, options)] });

describe('a high resolution timer', () => {
  test('is neither armed nor running after hrtimer_cancel(), though its callback restarts it', async () => {
    const restarts = {
      ...uses,
      which: Either({
        stop: { no: c`HRTIMER_NORESTART`(again.set(false)) },
        go: { yes: c`HRTIMER_RESTART`(again.set(true)) },
      }),
    };
    expect(
      await run({ cancel: hrtimer_cancel(timer) }, restarts, { restarts: again }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 16 states, 17 transitions, depth 7, levels 1 1 2 2 2 2 3 3",
      ]
    `);
    expect(await run({}, uses)).toMatchInlineSnapshot(`
      [
        "violated: 11 states, 11 transitions, depth 5, levels 1 1 2 3 3 1",
        "ODEBUG: free active (active state 0) object type: hrtimer: violated in 2 steps",
        "BUG: KASAN: slab-use-after-free in hrtimer_run_queues: violated in 3 steps",
        "BUG: KASAN: slab-use-after-free in dev_timer: violated in 4 steps",
      ]
    `);
  });
  test('may be running after hrtimer_try_to_cancel(), which says so', async () => {
    expect(await run({ try: hrtimer_try_to_cancel(timer) })).toMatchInlineSnapshot(`
      [
        "violated: 14 states, 16 transitions, depth 6, levels 1 1 2 3 3 3 1",
        "BUG: KASAN: slab-use-after-free in dev_timer: violated in 5 steps",
      ]
    `);
    const loop = procedure('remove', { ret: int(-1, 1).starts(0) }, ({ ret }) => ({
      start: hrtimer_start(timer),
      try: ret.assign(hrtimer_try_to_cancel(timer)),
      done: If(ret.ge(0), { free: kfree(dev) }),
    }));
    expect(await found({ state, actors: [actor('remove', loop), fires(uses)] })).toMatchInlineSnapshot(`
      [
        "holds: 17 states, 19 transitions, depth 7, levels 1 1 2 3 4 3 2 1",
      ]
    `);
  });
  test('that another actor starts after the cancel is armed again', async () => {
    const starter = actor(
      'open',
      procedure('open', () => ({ open: If(dying, {}).Else({ start: hrtimer_start(timer) }) })),
    );
    const stop = { cancel: hrtimer_cancel(timer) };
    expect(
      (await found({ state, actors: [actor('remove', remove(stop)), fires(uses), starter] }))[0],
    ).toMatch(/^violated/);
  });
  test('may free itself in a callback that does not restart it', async () => {
    const frees = fires({ free: kfree(dev) });
    const start = actor(
      'start',
      procedure('start', () => ({ start: hrtimer_start(timer) })),
    );
    expect(await found({ state, actors: [start, frees] })).toMatchInlineSnapshot(`
      [
        "holds: 5 states, 4 transitions, depth 4, levels 1 1 1 1 1",
      ]
    `);
    const restarts = fires(
      { yes: c`HRTIMER_RESTART`(again.set(true)), free: kfree(dev) },
      { restarts: again },
    );
    expect(await found({ state, actors: [start, restarts] })).toMatchInlineSnapshot(`
      [
        "violated: 6 states, 5 transitions, depth 5, levels 1 1 1 1 1 1",
        "BUG: KASAN: slab-use-after-free in hrtimer_run_queues: violated in 5 steps",
      ]
    `);
  });
  test('is cancelled under a lock that its callback takes: a deadlock', async () => {
    const takes = { lock: spin_lock(lock), unlock: spin_unlock(lock) };
    expect(
      await run({ lock: spin_lock(lock), cancel: hrtimer_cancel(timer), unlock: spin_unlock(lock) }, takes),
    ).toMatchInlineSnapshot(`
      [
        "violated: 13 states, 15 transitions, depth 6, levels 1 1 2 3 2 3 1",
        "no deadlock: violated in 3 steps",
      ]
    `);
  });
  test('runs in atomic context, and is active while it runs', async () => {
    const sleeps = fires({ lock: mutex_lock(state.m), unlock: mutex_unlock(state.m) });
    const looks = actor(
      'looks',
      procedure('looks', () => ({
        start: hrtimer_start(timer),
        look: If(hrtimer_active(timer), { use: c`active`() }),
      })),
    );
    expect((await check(programOf({ state, actors: [looks, sleeps] }))).slice(1)).toMatchInlineSnapshot(`
      [
        "BUG: sleeping function called from invalid context: violated by 0 4 5",
      ]
    `);
  });
});
