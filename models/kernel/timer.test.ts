// Timers, alone and with work that arms them: every order of teardown, and what is wrong with it.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { programOf } from '../../checker/lower/testing/small.js';
import { check } from '../../checker/testing/check.js';
import {
  actor,
  type Block,
  bool,
  cpu,
  If,
  interrupt,
  not,
  object,
  procedure,
  type Stmt,
  shared,
  source,
} from '../language/index.js';
import {
  add_timer,
  cancel_work_sync,
  kfree,
  kworker,
  mod_timer,
  mutex,
  mutex_lock,
  mutex_unlock,
  schedule_work,
  spin_lock,
  spin_unlock,
  spinlock,
  timer_delete,
  timer_delete_sync,
  timer_list,
  timer_pending,
  timer_shutdown_sync,
  timer_softirq,
  work_struct,
} from './index.js';

const c = source('drivers/x.c');
const state = shared({
  dev: object({ x: bool(), timer: timer_list(), work: work_struct() }),
  dying: bool(),
  lock: spinlock(),
  m: mutex(),
});
const { dev, dying, lock } = state;
const { timer, work } = dev;

const actorOf = (name: string, block: Block) =>
  actor(
    name,
    procedure(name, () => block),
  );
const uses = { use: c`dev->x`(dev.x.set(true)) };
const armed = (block: Block) => actorOf('remove', { arm: mod_timer(timer), ...block, free: kfree(dev) });
const fires = (block: Block) =>
  timer_softirq(
    'timer',
    timer,
    procedure('dev_timer', () => block),
  );

describe('a timer', () => {
  const run = (block: Block) => explored({ state, actors: [armed(block), fires(uses)] });
  test('may fire after its object is freed', async () => {
    expect(await run({})).toMatchInlineSnapshot(`
      [
        "violated: 10 states, 11 transitions, depth 5, levels 1 1 2 2 3 1",
        "ODEBUG: free active (active state 0) object type: timer_list: violated by remove remove.arm, remove remove.free",
        "BUG: KASAN: slab-use-after-free in dev_timer: violated by remove remove.arm, remove remove.free, timer run_timer_softirq.expire, timer dev_timer.use",
      ]
    `);
  });
  test('may be running after timer_delete()', async () => {
    expect(await run({ delete: timer_delete(timer) })).toMatchInlineSnapshot(`
      [
        "violated: 14 states, 16 transitions, depth 6, levels 1 1 2 3 3 3 1",
        "BUG: KASAN: slab-use-after-free in dev_timer: violated by remove remove.arm, timer run_timer_softirq.expire, remove remove.delete, remove remove.free, timer dev_timer.use",
      ]
    `);
  });
  test('is neither pending nor running after timer_delete_sync()', async () => {
    expect(await run({ delete: timer_delete_sync(timer) })).toMatchInlineSnapshot(`
      [
        "holds: 9 states, 8 transitions, depth 6, levels 1 1 2 2 1 1 1",
      ]
    `);
  });
  test('that is pending must not be added', async () => {
    const adds = actorOf('adds', { one: add_timer(timer), two: add_timer(timer) });
    expect(await explored({ state, actors: [adds] })).toMatchInlineSnapshot(`
      [
        "violated: 3 states, 2 transitions, depth 2, levels 1 1 1",
        "WARN_ON_ONCE(timer_pending(timer)) in add_timer(): violated by adds adds.one, adds adds.two",
      ]
    `);
  });
  test('that arms itself is stopped by timer_delete_sync() only until its callback has armed it', async () => {
    const rearms = { ...uses, again: mod_timer(timer) };
    const all = (block: Block) => explored({ state, actors: [armed(block), fires(rearms)] });
    expect((await all({ delete: timer_delete_sync(timer) }))[0]).toMatch(/^holds/);
    expect((await all({ delete: timer_delete(timer) }))[0]).toMatch(/^violated/);
  });
  test('is waited for under a lock that its callback takes: a deadlock', async () => {
    const holds = armed({
      lock: spin_lock(lock),
      delete: timer_delete_sync(timer),
      unlock: spin_unlock(lock),
    });
    const takes = fires({ lock: spin_lock(lock), unlock: spin_unlock(lock) });
    expect(await explored({ state, actors: [holds, takes] })).toMatchInlineSnapshot(`
      [
        "violated: 13 states, 15 transitions, depth 6, levels 1 1 2 3 2 3 1",
        "no deadlock: violated by remove remove.arm, remove remove.lock, timer run_timer_softirq.expire",
      ]
    `);
  });
  test('must not be waited for in a handler, and its callback must not sleep', async () => {
    const handler = procedure('handler', () => ({ delete: timer_delete_sync(timer) }));
    const sleeps = fires({ lock: mutex_lock(state.m), unlock: mutex_unlock(state.m) });
    const all = [
      actorOf('arm', { arm: mod_timer(timer) }),
      interrupt('irq', handler, { on: cpu('cpu0') }),
      sleeps,
    ];
    expect((await check(programOf({ state, actors: all }))).slice(1)).toMatchInlineSnapshot(`
      [
        "WARN_ON(in_hardirq()) in timer_delete_sync(): violated by 1 3",
        "BUG: sleeping function called from invalid context: violated by 0 4 5",
      ]
    `);
  });
});

describe('a timer that queues work', () => {
  const rearms = procedure('dev_work', () => ({ ...uses, arm: mod_timer(timer) }));
  const queues = { ...uses, queue: schedule_work(work) };
  const run = async (block: Block) => {
    const all = [armed(block), fires(queues), kworker('kworker', work, rearms)];
    return (await explored({ state, actors: all }))[0]!.split(':')[0];
  };
  const del = () => timer_delete(timer);
  const del_sync = () => timer_delete_sync(timer);
  const cancel = () => cancel_work_sync(work);
  const shutdown = () => timer_shutdown_sync(timer);
  test.each<readonly [string, readonly (() => Stmt<string>)[], string]>([
    ['timer_delete(), cancel', [del, cancel], 'violated'],
    ['cancel, timer_delete_sync()', [cancel, del_sync], 'violated'],
    ['timer_delete_sync(), cancel', [del_sync, cancel], 'violated'],
    ['timer_delete_sync(), cancel, both twice', [del_sync, cancel, del_sync, cancel], 'violated'],
    ['timer_shutdown_sync(), cancel', [shutdown, cancel], 'holds'],
    ['cancel, timer_shutdown_sync()', [cancel, shutdown], 'violated'],
  ])('and is armed by it: %s', async (_, steps, verdict) => {
    const block = Object.fromEntries(steps.map((step, i) => [`step_${i}`, step()]));
    expect(await run(block)).toBe(verdict);
  });
  test('that a flag stops: once more before the timer, and once after the work', async () => {
    const stops = (of: Block) => ({ dying: If(not(dying), of) });
    const all = [
      armed({ dying: c`dying = true`(dying.set(true)), one: del_sync(), cancel: cancel(), two: del_sync() }),
      fires({ ...uses, ...stops({ queue: schedule_work(work) }) }),
      kworker(
        'kworker',
        work,
        procedure('dev_work', () => ({ ...uses, ...stops({ arm: mod_timer(timer) }) })),
      ),
    ];
    expect(await explored({ state, actors: all })).toMatchInlineSnapshot(`
      [
        "holds: 89 states, 166 transitions, depth 18, levels 1 1 2 3 3 4 5 6 6 7 8 8 7 6 6 7 5 3 1",
      ]
    `);
  });
  test('and that nothing arms again: the timer first, then the work', async () => {
    const once = kworker(
      'kworker',
      work,
      procedure('dev_work', () => uses),
    );
    const one_way = (block: Block) => explored({ state, actors: [armed(block), fires(queues), once] });
    expect((await one_way({ one: del_sync(), two: cancel() }))[0]).toMatch(/^holds/);
    expect(await one_way({ one: del(), two: cancel() })).toMatchInlineSnapshot(`
      [
        "violated: 58 states, 98 transitions, depth 11, levels 1 1 2 3 4 6 7 10 11 7 4 2",
        "ODEBUG: free active (active state 0) object type: work_struct: violated by remove remove.arm, timer run_timer_softirq.expire, remove remove.one, remove cancel_work_sync.grab, remove cancel_work_sync.wait, timer dev_timer.use, timer dev_timer.queue, remove remove.free",
        "BUG: KASAN: slab-use-after-free in dev_timer: violated by remove remove.arm, timer run_timer_softirq.expire, remove remove.one, remove cancel_work_sync.grab, remove cancel_work_sync.wait, remove remove.free, timer dev_timer.use",
        "BUG: KASAN: slab-use-after-free in dev_work: violated by remove remove.arm, timer run_timer_softirq.expire, remove remove.one, remove cancel_work_sync.grab, remove cancel_work_sync.wait, timer dev_timer.use, timer dev_timer.queue, remove remove.free, kworker process_one_work.begin, kworker dev_work.use",
      ]
    `);
  });
});

test('timer_pending() is evaluated in its own step', async () => {
  const asks = actorOf('asks', {
    arm: mod_timer(timer),
    ask: If(timer_pending(timer), { yes: c`pending`() }),
  });
  expect((await explored({ state, actors: [asks, fires({})] }))[0]).toMatch(/^holds/);
});
