// Wait queues: which orders lose a wake-up, and where a queue is used that is gone.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { programOf, textOf } from '../../checker/lower/testing/small.js';
import { check } from '../../checker/testing/check.js';
import { never } from '../../properties/language/index.js';
import {
  actor,
  type Block,
  bool,
  Goto,
  If,
  not,
  object,
  procedure,
  shared,
  source,
  when,
} from '../language/index.js';
import {
  complete,
  completion,
  finish_wait,
  kfree,
  mutex,
  mutex_lock,
  mutex_unlock,
  prepare_to_wait,
  rcu_read_lock,
  rcu_read_unlock,
  schedule,
  wait_event,
  wait_event_interruptible,
  wait_event_timeout,
  wait_for_completion,
  wait_queue_head,
  wake_up,
  wake_up_interruptible,
  wake_up_process,
} from './index.js';

const c = source('drivers/x.c');
const state = shared({
  dev: object({ wq: wait_queue_head(), ready: bool(), done: completion() }),
  m: mutex(),
});
const { dev, m } = state;
const { wq, ready } = dev;
const actorOf = (name: string, block: Block) =>
  actor(
    name,
    procedure(name, () => block),
  );
const set = c`ready = true`(ready.set(true));
const run = (waiter: Block, waker: Block) =>
  explored({ state, actors: [actorOf('waiter', waiter), actorOf('waker', waker)] });
const wait = (): Block => ({ wait: wait_event(wq, ready) });

describe('a wake-up', () => {
  test('is not lost between wait_event() and who sets the condition, then wakes', async () => {
    expect(await run(wait(), { set, wake: wake_up(wq) })).toMatchInlineSnapshot(`
      [
        "holds: 18 states, 24 transitions, depth 5, levels 1 2 4 4 4 3",
      ]
    `);
  });
  test('is lost by who wakes before the condition is set', async () => {
    expect(await run(wait(), { wake: wake_up(wq), set })).toMatchInlineSnapshot(`
      [
        "violated: 19 states, 25 transitions, depth 5, levels 1 2 3 5 4 4",
        "no deadlock: violated by waiter wait_event.test, waker waker.wake, waiter wait_event.prepare, waiter wait_event.again, waker waker.set",
      ]
    `);
  });
  test('is lost by who tests the condition before it is on the queue', async () => {
    const tests_first = {
      test: If(not(ready), { prepare: prepare_to_wait(wq), sleep: schedule(), finish: finish_wait(wq) }),
    };
    expect(await run(tests_first, { set, wake: wake_up(wq) })).toMatchInlineSnapshot(`
      [
        "violated: 13 states, 15 transitions, depth 5, levels 1 2 4 3 2 1",
        "no deadlock: violated by waiter waiter.test, waker waker.set, waker waker.wake, waiter waiter.prepare",
      ]
    `);
  });
  test('that does not come at all leaves the waiter asleep, which waiting for the condition would hide', async () => {
    expect((await run(wait(), { set })).slice(1)).toMatchInlineSnapshot(`
      [
        "no deadlock: violated by waiter wait_event.test, waiter wait_event.prepare, waiter wait_event.again, waker waker.set",
      ]
    `);
    expect((await run({ wait: c`wait`(when(ready)) }, { set }))[0]).toMatch(/^holds/);
  });
  test('of tasks that sleep interruptibly does not wake others', async () => {
    expect((await run(wait(), { set, wake: wake_up_interruptible(wq) }))[0]).toMatch(/^violated/);
    const interruptible = { wait: wait_event_interruptible(wq, ready) };
    expect((await run(interruptible, { set, wake: wake_up_interruptible(wq) }))[0]).toMatch(/^holds/);
  });
  test('may come without a reason: then the condition must be tested again', async () => {
    const once = {
      prepare: prepare_to_wait(wq),
      test: If(not(ready), { sleep: schedule() }),
      finish: finish_wait(wq),
      use: c`use`(),
    };
    const loop = { wait: wait_event(wq, ready), use: c`use`() };
    const early = (block: Block, strays: boolean) => {
      const waiter = actorOf('waiter', block);
      const stray = strays ? [actorOf('stray', { wake: wake_up_process(waiter) })] : [];
      const waker = actorOf('waker', { set, wake: wake_up(wq) });
      return explored(
        { state, actors: [waiter, waker, ...stray] },
        { early: never(waiter.at('waiter.use').and(not(ready))) },
      );
    };
    expect((await early(once, false))[0]).toMatch(/^holds/);
    expect(await early(once, true)).toMatchInlineSnapshot(`
      [
        "violated: 45 states, 79 transitions, depth 7, levels 1 3 6 9 12 9 4 1",
        "early: violated by waiter waiter.prepare, waiter waiter.test, stray stray.wake, waiter waiter.sleep, waiter waiter.finish",
      ]
    `);
    expect((await early(loop, true))[0]).toMatch(/^holds/);
  });
  test('is waited for no longer than a time-out, behind which the condition may be false', async () => {
    const waiter = actorOf('waiter', { wait: wait_event_timeout(wq, ready), behind: c`behind`() });
    const late = never(waiter.at('waiter.behind').and(not(ready)), 'timed out');
    expect((await explored({ state, actors: [waiter] }, { late }))[1]).toMatchInlineSnapshot(
      `"late: violated by waiter wait_event_timeout.test, waiter wait_event_timeout.prepare, waiter wait_event_timeout.again, waiter wait_event_timeout.schedule, waiter wait_event_timeout.over, waiter wait_event_timeout.finish"`,
    );
  });
});

describe('a queue that is freed by its waiter', () => {
  test('is used by who sets the condition, then wakes', async () => {
    expect(
      (await run({ ...wait(), free: kfree(dev) }, { set, wake: wake_up(wq) })).slice(1),
    ).toMatchInlineSnapshot(`
      [
        "BUG: KASAN: slab-use-after-free in waker: violated by waker waker.set, waiter wait_event.test, waiter waiter.free, waker waker.wake",
      ]
    `);
  });
  test('is not, as a completion', async () => {
    const waits = { wait: wait_for_completion(dev.done), free: kfree(dev) };
    expect((await run(waits, { done: complete(dev.done) }))[0]).toMatch(/^holds/);
  });
});

describe('sleeping', () => {
  const warned = async (block: Block) =>
    (await check(programOf({ state, actors: [actorOf('p', block)] }))).slice(1);
  test('in a section of RCU is reported', async () => {
    expect(
      await warned({ lock: rcu_read_lock(), sleep: schedule(), unlock: rcu_read_unlock() }),
    ).toMatchInlineSnapshot(`
      [
        "Voluntary context switch within RCU read-side critical section!: violated by 0 1",
      ]
    `);
  });
  test('on a lock between prepare_to_wait() and schedule() is reported', async () => {
    const locks = { lock: mutex_lock(m), unlock: mutex_unlock(m) };
    expect(
      await warned({ prepare: prepare_to_wait(wq), ...locks, finish: finish_wait(wq) }),
    ).toMatchInlineSnapshot(`
      [
        "WARNING: do not call blocking ops when !TASK_RUNNING: violated by 0 1",
      ]
    `);
  });
  test('costs nothing in a model in which nobody does', () => {
    const text = textOf({ state, actors: [actorOf('p', { lock: mutex_lock(m), unlock: mutex_unlock(m) })] });
    expect(text).not.toContain('task_state');
  });
});

test("a loop of one's own is the macro", async () => {
  const waiter = {
    prepare: prepare_to_wait(wq),
    test: If(not(ready), { sleep: schedule(), again: Goto('prepare') }),
    finish: finish_wait(wq),
  };
  expect((await run(waiter, { set, wake: wake_up(wq) }))[0]).toMatch(/^holds/);
});
