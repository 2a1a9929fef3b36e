// Work items: what flushing and cancelling wait for, and the teardown orders that are wrong.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { programOf, textOf } from '../../checker/lower/testing/small.js';
import { check } from '../../checker/testing/check.js';
import { never, sometimes } from '../../properties/language/index.js';
import {
  actor,
  type Block,
  bool,
  If,
  int,
  not,
  object,
  procedure,
  shared,
  source,
} from '../language/index.js';
import {
  cancel_delayed_work_sync,
  cancel_work,
  cancel_work_sync,
  delayed_work,
  destroy_workqueue,
  disable_work_sync,
  drain_workqueue,
  enable_work,
  flush_delayed_work,
  flush_work,
  kfree,
  kworker,
  mod_delayed_work,
  mutex,
  mutex_lock,
  mutex_unlock,
  ordered_kworker,
  queue_work,
  rcu_read_lock,
  rcu_read_unlock,
  schedule_delayed_work,
  schedule_work,
  work_struct,
  workqueue_struct,
} from './index.js';

const c = source('drivers/x.c');
const state = shared({
  dev: object({ x: bool(), work: work_struct() }),
  m: mutex(),
  wq: workqueue_struct(),
  runs: int(0, 3),
});
const { dev, m, wq, runs } = state;
const { work } = dev;
const use = () => c`dev->x`(dev.x.set(true));

const actorOf = (name: string, block: Block) =>
  actor(
    name,
    procedure(name, () => block),
  );
const remove = (block: Block) =>
  actorOf('remove', { first: schedule_work(work), ...block, free: kfree(dev) });
const once = procedure('dev_work', () => ({ use: use() }));
/** An item that queues itself again. */
const again = procedure('dev_work', () => ({ use: use(), again: schedule_work(work) }));

describe('an item', () => {
  test('that is queued twice before it runs, runs once; a third time after it began, once more', async () => {
    const count = procedure('dev_work', () => ({ count: c`runs++`(runs.inc()) }));
    const queue = actorOf('queue', { one: schedule_work(work), two: schedule_work(work) });
    const reached = {
      twice: sometimes(runs.eq(2)),
      once: sometimes(queue.done.and(runs.eq(1)).and(not(work.pending))),
    };
    expect(
      await explored({ state, actors: [queue, kworker('kworker', work, count)] }, reached),
    ).toMatchInlineSnapshot(`
      [
        "holds: 15 states, 16 transitions, depth 8, levels 1 1 2 3 3 2 1 1 1",
        "twice: reached by queue queue.one, kworker process_one_work.begin, queue queue.two, kworker dev_work.count, kworker process_one_work.end, kworker process_one_work.begin, kworker dev_work.count",
        "once: reached by queue queue.one, queue queue.two, kworker process_one_work.begin, kworker dev_work.count",
      ]
    `);
  });
  test('is not freed while it is queued, nor while it runs, after flush_work()', async () => {
    expect(
      await explored({
        state,
        actors: [remove({ flush: flush_work(work) }), kworker('kworker', work, once)],
      }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 11 states, 13 transitions, depth 7, levels 1 1 2 2 2 1 1 1",
      ]
    `);
  });
  test('may be freed by its own function', async () => {
    const frees = procedure('dev_work', () => ({ use: use(), free: kfree(dev) }));
    const all = [actorOf('remove', { first: schedule_work(work) }), kworker('kworker', work, frees)];
    expect(await explored({ state, actors: all })).toMatchInlineSnapshot(`
      [
        "holds: 6 states, 5 transitions, depth 5, levels 1 1 1 1 1 1",
      ]
    `);
  });
  test('is used after it is freed, where no actor waits', async () => {
    expect(
      await explored({ state, actors: [remove({}), kworker('kworker', work, once)] }),
    ).toMatchInlineSnapshot(`
      [
        "violated: 10 states, 11 transitions, depth 5, levels 1 1 2 2 3 1",
        "ODEBUG: free active (active state 0) object type: work_struct: violated by remove remove.first, remove remove.free",
        "BUG: KASAN: slab-use-after-free in dev_work: violated by remove remove.first, remove remove.free, kworker process_one_work.begin, kworker dev_work.use",
      ]
    `);
  });
  test('may run still after cancel_work(), which does not wait', async () => {
    expect(
      await explored({
        state,
        actors: [remove({ cancel: cancel_work(work) }), kworker('kworker', work, once)],
      }),
    ).toMatchInlineSnapshot(`
      [
        "violated: 14 states, 16 transitions, depth 6, levels 1 1 2 3 3 3 1",
        "BUG: KASAN: slab-use-after-free in dev_work: violated by remove remove.first, kworker process_one_work.begin, remove remove.cancel, remove remove.free, kworker dev_work.use",
      ]
    `);
  });
});

describe('an item that queues itself', () => {
  test('is flushed for one turn only: freed after that, it is queued, or runs', async () => {
    expect(
      await explored({
        state,
        actors: [remove({ flush: flush_work(work) }), kworker('kworker', work, again)],
      }),
    ).toMatchInlineSnapshot(`
      [
        "violated: 27 states, 40 transitions, depth 11, levels 1 1 2 2 2 3 3 3 3 3 3 1",
        "ODEBUG: free active (active state 0) object type: work_struct: violated by remove remove.first, remove flush_work.begin, kworker process_one_work.begin, kworker dev_work.use, kworker dev_work.again, kworker process_one_work.end, remove flush_work.end, remove remove.free",
        "BUG: KASAN: slab-use-after-free in dev_work: violated by remove remove.first, remove flush_work.begin, kworker process_one_work.begin, kworker dev_work.use, kworker dev_work.again, kworker process_one_work.end, remove flush_work.end, remove remove.free, kworker process_one_work.begin, kworker dev_work.use",
      ]
    `);
  });
  test('is cancelled by cancel_work_sync(), for it cannot be queued meanwhile', async () => {
    expect(
      await explored({
        state,
        actors: [remove({ cancel: cancel_work_sync(work) }), kworker('kworker', work, again)],
      }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 17 states, 21 transitions, depth 8, levels 1 1 2 3 3 2 2 2 1",
      ]
    `);
  });
  test('is disabled until enable_work()', async () => {
    const stops = remove({ disable: disable_work_sync(work), late: schedule_work(work) });
    expect(
      await explored({ state, actors: [stops, kworker('kworker', work, again)] }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 19 states, 23 transitions, depth 9, levels 1 1 2 3 3 3 2 2 1 1",
      ]
    `);
    const starts = remove({
      disable: disable_work_sync(work),
      enable: enable_work(work),
      late: schedule_work(work),
    });
    const [first] = await explored({ state, actors: [starts, kworker('kworker', work, again)] });
    expect(first).toMatch(/^violated/);
  });
});

describe('a deadlock', () => {
  const locks = procedure('dev_work', () => ({ lock: mutex_lock(m), unlock: mutex_unlock(m) }));
  const queued = (block: Block) => actorOf('remove', { first: schedule_work(work), ...block });
  test('of who cancels an item under a lock that the item takes', async () => {
    const cancels = queued({ lock: mutex_lock(m), cancel: cancel_work_sync(work), unlock: mutex_unlock(m) });
    expect(
      await explored({ state, actors: [cancels, kworker('kworker', work, locks)] }),
    ).toMatchInlineSnapshot(`
      [
        "violated: 15 states, 18 transitions, depth 6, levels 1 1 2 3 3 3 2",
        "no deadlock: violated by remove remove.first, remove remove.lock, kworker process_one_work.begin, remove cancel_work_sync.grab",
      ]
    `);
  });
  test('of an item that flushes itself', async () => {
    const flushes = procedure('dev_work', () => ({ flush: flush_work(work) }));
    expect(
      await explored({ state, actors: [queued({}), kworker('kworker', work, flushes)] }),
    ).toMatchInlineSnapshot(`
      [
        "violated: 4 states, 3 transitions, depth 3, levels 1 1 1 1",
        "no deadlock: violated by remove remove.first, kworker process_one_work.begin, kworker flush_work.begin",
      ]
    `);
  });
  test('of an item that flushes one behind it on an ordered workqueue, and not on another', async () => {
    const two = shared({ one: work_struct(), two: work_struct() });
    const flushes = procedure('one', () => ({ flush: flush_work(two.two) }));
    const nothing = procedure('two', () => ({ nothing: c`nothing`() }));
    const queues = actorOf('queue', { one: schedule_work(two.one), two: schedule_work(two.two) });
    const ordered = ordered_kworker('kworker', { one: [two.one, flushes], two: [two.two, nothing] });
    expect((await explored({ state: two, actors: [queues, ordered] })).slice(1)).toMatchInlineSnapshot(`
      [
        "no deadlock: violated by queue queue.one, queue queue.two, kworker process_one_work.one.begin, kworker flush_work.begin",
      ]
    `);
    const own = [kworker('k1', two.one, flushes), kworker('k2', two.two, nothing)];
    expect(await explored({ state: two, actors: [queues, ...own] })).toMatchInlineSnapshot(`
      [
        "holds: 29 states, 44 transitions, depth 9, levels 1 1 2 3 5 6 5 3 2 1",
      ]
    `);
  });
});

describe('a workqueue', () => {
  const none = procedure('dev_work', () => ({ nothing: c`nothing`() }));
  test('that is destroyed accepts no item except from its own items', async () => {
    const destroys = actorOf('remove', { first: queue_work(wq, work), destroy: destroy_workqueue(wq, work) });
    const irq = actorOf('irq', { late: queue_work(wq, work) });
    expect(
      await explored({ state, actors: [destroys, irq, kworker('kworker', work, none)] }),
    ).toMatchInlineSnapshot(`
      [
        "violated: 35 states, 53 transitions, depth 8, levels 1 2 4 6 8 5 3 3 3",
        "BUG: KASAN: slab-use-after-free in queue_work: violated by remove remove.first, remove destroy_workqueue.drain, kworker process_one_work.begin, kworker dev_work.nothing, kworker process_one_work.end, remove destroy_workqueue.wait, remove destroy_workqueue.free, irq irq.late",
        "workqueue: cannot queue work on a wq that is draining: violated by remove remove.first, remove destroy_workqueue.drain, kworker process_one_work.begin, irq irq.late",
      ]
    `);
    const chained = procedure('dev_work', () => ({
      again: If(runs.eq(0), { count: c`runs++`(runs.inc()), queue: queue_work(wq, work) }),
    }));
    expect(
      await explored({ state, actors: [destroys, kworker('kworker', work, chained)] }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 21 states, 28 transitions, depth 12, levels 1 1 2 2 2 2 2 2 2 2 1 1 1",
      ]
    `);
  });
  test('that is drained may be used again', async () => {
    const drains = actorOf('remove', {
      first: queue_work(wq, work),
      drain: drain_workqueue(wq, work),
      again: queue_work(wq, work),
    });
    const idle = never(drains.at('remove.again').and(work.running));
    expect(
      await explored({ state, actors: [drains, kworker('kworker', work, none)] }, { idle }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 15 states, 17 transitions, depth 11, levels 1 1 2 2 2 1 1 1 1 1 1 1",
      ]
    `);
  });
});

describe('delayed work', () => {
  const later = shared({ dev: object({ x: bool(), work: delayed_work() }), wq: workqueue_struct() });
  const uses = procedure('dev_work', () => ({ use: c`dev->x`(later.dev.x.set(true)) }));
  const stops = (block: Block) =>
    actorOf('remove', { first: schedule_delayed_work(later.dev.work), ...block, free: kfree(later.dev) });
  const run = (block: Block) =>
    explored({ state: later, actors: [stops(block), kworker('kworker', later.dev.work, uses)] });
  test('is a timer until it begins', async () => {
    expect(await run({})).toMatchInlineSnapshot(`
      [
        "violated: 10 states, 11 transitions, depth 5, levels 1 1 2 2 3 1",
        "ODEBUG: free active (active state 0) object type: timer_list: violated by remove remove.first, remove remove.free",
        "BUG: KASAN: slab-use-after-free in dev_work: violated by remove remove.first, remove remove.free, kworker process_one_work.begin, kworker dev_work.use",
      ]
    `);
  });
  test('is not waited for by flush_work() or drain_workqueue() while it is on its timer', async () => {
    const { work: late } = later.dev;
    const flushed = await run({ flush: flush_work(late) });
    expect(flushed.map((line) => line.replace(/ by .*/, ''))).toMatchInlineSnapshot(`
      [
        "violated: 21 states, 29 transitions, depth 7, levels 1 1 3 4 5 3 3 1",
        "ODEBUG: free active (active state 0) object type: timer_list: violated",
        "BUG: KASAN: slab-use-after-free in dev_work: violated",
      ]
    `);
    // It may have been queued before the flush, run and be waited for: then nothing is wrong.
    const remover = stops({ flush: flush_work(late) });
    const waited = sometimes(remover.at('remove.free').and(later.dev.x));
    const all = [remover, kworker('kworker', late, uses)];
    expect(await explored({ state: later, actors: all }, { waited })).toContainEqual(
      expect.stringMatching(/^waited: reached/),
    );
    expect(await run({ flush: flush_delayed_work(late) })).toMatchInlineSnapshot(`
      [
        "holds: 11 states, 13 transitions, depth 7, levels 1 1 2 2 2 1 1 1",
      ]
    `);
    const drained = await run({ drain: drain_workqueue(later.wq, late) });
    expect(drained.map((line) => line.replace(/ by .*/, ''))).toMatchInlineSnapshot(`
      [
        "violated: 22 states, 30 transitions, depth 8, levels 1 1 2 3 4 4 3 3 1",
        "ODEBUG: free active (active state 0) object type: timer_list: violated",
        "BUG: KASAN: slab-use-after-free in dev_work: violated",
      ]
    `);
  });
  test('that is modified while it is queued goes back to its timer', async () => {
    const { work: late } = later.dev;
    const mods = { now: queue_work(later.wq, late), mod: mod_delayed_work(late) };
    const remover = actorOf('remove', mods);
    const queued = never(remover.done.and(late.queued), 'it is on the queue still');
    expect(
      await explored({ state: later, actors: [remover, kworker('kworker', late, uses)] }, { queued }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 13 states, 15 transitions, depth 6, levels 1 1 2 3 3 2 1",
      ]
    `);
  });
  test('is a delayed_work(), not a work_struct()', () => {
    expect(() => schedule_delayed_work(work as never)).toThrow(
      'schedule_delayed_work() needs a delayed_work() of the shared state, not a record: say which of its fields',
    );
  });
  test('is cancelled before the object is freed', async () => {
    expect(
      await run({ mod: mod_delayed_work(later.dev.work), cancel: cancel_delayed_work_sync(later.dev.work) }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 22 states, 30 transitions, depth 8, levels 1 1 2 4 5 4 2 2 1",
      ]
    `);
  });
});

test('who waits for work in a section of RCU, or under a spinlock, is reported', async () => {
  const p = actorOf('p', {
    lock: rcu_read_lock(),
    cancel: cancel_work_sync(work),
    unlock: rcu_read_unlock(),
  });
  expect((await check(programOf({ state, actors: [p] }))).slice(1)).toMatchInlineSnapshot(`
    [
      "BUG: sleeping function called from invalid context: violated by 0 1",
    ]
  `);
});

test('an item that is never flushed has no variable for it', () => {
  expect(textOf({ state, actors: [remove({})] })).not.toContain('turn');
});
