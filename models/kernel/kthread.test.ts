// Kernel threads: when a thread that is asked to stop, or to park, sees it.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { never } from '../../properties/language/index.js';
import {
  actor,
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
} from '../language/index.js';
import {
  __set_current_state,
  kthread_park,
  kthread_parkme,
  kthread_should_park,
  kthread_should_stop,
  kthread_stop,
  kthread_unpark,
  schedule,
  set_current_state,
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
