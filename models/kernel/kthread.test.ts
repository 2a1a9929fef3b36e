// Kernel threads: when a thread that is asked to stop, or to park, sees it.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { programOf } from '../../checker/lower/testing/small.js';
import { check } from '../../checker/testing/check.js';
import { never } from '../../properties/language/index.js';
import {
  actor,
  actors,
  type Block,
  bool,
  Goto,
  If,
  not,
  procedure,
  Return,
  shared,
  source,
  While,
  when,
} from '../language/index.js';
import {
  __set_current_state,
  get_task_struct,
  kthread_park,
  kthread_parkme,
  kthread_should_park,
  kthread_should_stop,
  kthread_stop,
  kthread_unpark,
  put_task_struct,
  schedule,
  set_current_state,
  spin_lock,
  spin_unlock,
  spinlock,
} from './index.js';

const c = source('drivers/x.c');
const state = shared({ busy: bool() });

describe('a thread that is asked to stop', () => {
  const run = (block: Block) => {
    const thread = actor(
      'thread',
      procedure('thread', () => block),
    );
    const remove = actor(
      'remove',
      procedure('remove', () => ({ stop: kthread_stop(thread) })),
    );
    return explored({ state, actors: [thread, remove] });
  };
  test('sees it if it sets its state before it looks', async () => {
    const block = {
      set: set_current_state('INTERRUPTIBLE'),
      look: If(kthread_should_stop(), { run: __set_current_state('RUNNING'), out: Return() }),
      sleep: schedule(),
      again: Goto('set'),
    };
    expect(await run(block)).toMatchInlineSnapshot(`
      [
        "holds: 16 states, 20 transitions, depth 6, levels 1 2 3 4 4 1 1",
      ]
    `);
  });
  test('may sleep for ever if it looks first', async () => {
    const block = {
      look: While(not(kthread_should_stop()), { set: set_current_state('INTERRUPTIBLE'), sleep: schedule() }),
    };
    expect(await run(block)).toMatchInlineSnapshot(`
      [
        "violated: 13 states, 15 transitions, depth 4, levels 1 2 4 3 3",
        "no deadlock: violated by thread thread.look, remove kthread_stop.flag, remove kthread_stop.wake, thread thread.set",
      ]
    `);
  });
});

test('a thread that exits by itself is stopped with a reference of it, or after it was freed', async () => {
  const thread = actor(
    'thread',
    procedure('thread', () => ({ start: c`it is started`(when(state.busy)) })),
  );
  const start = c`wake_up_process(thread)`(state.busy.set(true));
  const run = (block: Block) => {
    const remove = actor(
      'remove',
      procedure('remove', () => block),
    );
    return explored({ state, actors: [thread, remove] });
  };
  expect(await run({ start, stop: kthread_stop(thread) })).toMatchInlineSnapshot(`
    [
      "violated: 9 states, 9 transitions, depth 5, levels 1 1 2 3 1 1",
      "BUG: KASAN: slab-use-after-free in kthread_stop: violated by remove remove.start, thread thread.start, remove kthread_stop.flag",
    ]
  `);
  expect(await run({ start, get: get_task_struct(thread) })).toMatchInlineSnapshot(`
    [
      "violated: 6 states, 5 transitions, depth 3, levels 1 1 2 2",
      "BUG: KASAN: slab-use-after-free in get_task_struct: violated by remove remove.start, thread thread.start, remove remove.get",
    ]
  `);
  const referenced = {
    get: get_task_struct(thread),
    start,
    stop: kthread_stop(thread),
    put: put_task_struct(thread),
  };
  expect(await run(referenced)).toMatchInlineSnapshot(`
    [
      "holds: 10 states, 11 transitions, depth 7, levels 1 1 1 2 2 1 1 1",
    ]
  `);
});
test('of two that park a thread the second is warned', async () => {
  const thread = actor(
    'thread',
    procedure('thread', () => ({ park: If(kthread_should_park(), { parkme: kthread_parkme() }) })),
  );
  const parks = actors(
    'park',
    2,
    procedure('park', () => ({ pin: get_task_struct(thread), park: kthread_park(thread) })),
  );
  const [, ...all] = await explored({ state, actors: [thread, parks] });
  expect(all.map((line) => line.replace(/ by .*/, ''))).toMatchInlineSnapshot(`
    [
      "BUG: KASAN: slab-use-after-free in get_task_struct: violated",
      "WARN_ON_ONCE(test_bit(KTHREAD_SHOULD_PARK, &kthread->flags)) in kthread_park(): violated",
    ]
  `);
});
test('a thread must not park in atomic context', async () => {
  const lock = shared({ lock: spinlock() });
  const p = procedure('p', () => ({
    lock: spin_lock(lock.lock),
    park: If(kthread_should_park(), { parkme: kthread_parkme() }),
    unlock: spin_unlock(lock.lock),
  }));
  const thread = actor('thread', p);
  const parks = actor(
    'park',
    procedure('park', () => ({ park: kthread_park(thread), unpark: kthread_unpark(thread) })),
  );
  expect((await check(programOf({ state: lock, actors: [thread, parks] }))).slice(1)).toMatchInlineSnapshot(`
    [
      "BUG: scheduling while atomic in kthread_parkme(): violated by 0 9 1 3",
      "BUG: KASAN: slab-use-after-free in kthread_park: violated by 0 2 6 7",
    ]
  `);
});
test('a parked thread does nothing until it is unparked, and stops when it is asked to', async () => {
  const thread = actor(
    'thread',
    procedure('thread', () => ({
      look: While(not(kthread_should_stop()), {
        park: If(kthread_should_park(), { parkme: kthread_parkme() }),
        work: c`work`(state.busy.set(true)),
        idle: c`idle`(state.busy.set(false)),
      }),
    })),
  );
  const cpu_down = actor(
    'cpu_down',
    procedure('cpu_down', () => ({
      park: kthread_park(thread),
      offline: c`the CPU is offline`(),
      unpark: kthread_unpark(thread),
      stop: kthread_stop(thread),
    })),
  );
  const works = never(state.busy.and(cpu_down.at('cpu_down.offline')), 'it works on a CPU that is offline');
  expect(await explored({ state, actors: [thread, cpu_down] }, { works })).toMatchInlineSnapshot(`
    [
      "holds: 36 states, 54 transitions, depth 15, levels 1 2 3 4 4 2 1 1 1 2 3 3 3 3 2 1",
    ]
  `);
});
