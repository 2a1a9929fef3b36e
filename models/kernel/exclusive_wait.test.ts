// Exclusive waiters, of which a wake-up wakes the first that sleeps: what is passed on, and what is lost.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { never } from '../../properties/language/index.js';
import {
  actor,
  actors,
  bool,
  If,
  int,
  not,
  procedure,
  type Stmt,
  shared,
  source,
  when,
} from '../language/index.js';
import {
  finish_wait,
  prepare_to_wait_exclusive,
  schedule,
  schedule_timeout,
  wait_event,
  wait_event_interruptible_exclusive,
  wait_queue_head,
  wake_up,
  wake_up_all,
  wake_up_nr,
} from './index.js';

const c = source('kernel/x.c');
const state = shared({ wq: wait_queue_head({ exclusive: 2 }), n: int(0, 2), flag: bool() });
const { wq, n, flag } = state;

const found = async (...of: Parameters<typeof explored>) =>
  (await explored(...of)).map((line) => line.replace(/ by .*/, (by) => ` in ${by.split(',').length} steps`));

/** Waits for a token, and takes it. */
const take = procedure('take', () => ({
  wait: wait_event_interruptible_exclusive(wq, n.gt(0)),
  take: c`n--`(n.dec()),
}));
const takers = actors('taker', 2, take);
const give = (count: number, wake: Stmt) =>
  actor(
    'giver',
    procedure('give', () => ({ give: c`n = ${String(count)}`(n.set(count)), wake })),
  );

describe('of two exclusive waiters', () => {
  test('one wake-up wakes one, so the other sleeps for ever, though there are two tokens', async () => {
    expect(await found({ state, actors: [takers, give(2, wake_up(wq))] })).toMatchInlineSnapshot(`
      [
        "violated: 170 states, 336 transitions, depth 11, levels 1 3 8 16 26 35 35 26 10 4 4 2",
        "no deadlock: violated in 10 steps",
      ]
    `);
  });
  test('both are woken by wake_up_all(), by wake_up_nr(2), and where they are not exclusive', async () => {
    expect(await found({ state, actors: [takers, give(2, wake_up_all(wq))] })).toMatchInlineSnapshot(`
      [
        "holds: 163 states, 340 transitions, depth 8, levels 1 3 8 16 26 35 36 28 10",
      ]
    `);
    expect(await found({ state, actors: [takers, give(2, wake_up_nr(wq, 2))] })).toMatchInlineSnapshot(`
      [
        "holds: 163 states, 340 transitions, depth 8, levels 1 3 8 16 26 35 36 28 10",
      ]
    `);
    const plain = actors(
      'taker',
      2,
      procedure('take', () => ({ wait: wait_event(wq, n.gt(0)), take: c`n--`(n.dec()) })),
    );
    expect(await found({ state, actors: [plain, give(2, wake_up(wq))] })).toMatchInlineSnapshot(`
      [
        "holds: 146 states, 303 transitions, depth 8, levels 1 3 8 16 25 32 30 22 9",
      ]
    `);
  });
  test('the first in the queue is woken first', async () => {
    const sleep = (name: string, first: boolean) =>
      actor(
        name,
        procedure(name, () => ({
          order: c`the other comes first`(when(first ? not(flag) : flag)),
          prepare: prepare_to_wait_exclusive(wq),
          queued: c`queued`(flag.set(true)),
          schedule: schedule(),
          woken: c`woken`(n.inc()),
        })),
      );
    const [first, second] = [sleep('first', true), sleep('second', false)];
    const wakes = actor(
      'wakes',
      procedure('wakes', () => ({
        both: c`both sleep`(when(wq.exclusive.of(second).gt(0))),
        wake: wake_up(wq),
      })),
    );
    const order = never(second.at('second.woken'), 'the second is woken');
    const [counts, ...wrong] = await found({ state, actors: [first, second, wakes] }, { order });
    expect(counts).toMatch(/^violated/);
    // The second one sleeps for ever; it is never woken.
    expect(wrong).toEqual([expect.stringMatching(/^no deadlock: violated/)]);
  });
  test('one that gives up must pass on its wake-up', async () => {
    const givesUp = (passes: boolean) =>
      actor(
        'gives_up',
        procedure('gives_up', () => ({
          prepare: prepare_to_wait_exclusive(wq, 'INTERRUPTIBLE'),
          test: If(n.eq(0), { schedule: schedule_timeout() }),
          finish: finish_wait(wq),
          ...(passes && { pass: wake_up(wq) }),
        })),
      );
    const taker = actor('taker', take);
    const run = (passes: boolean) => found({ state, actors: [givesUp(passes), taker, give(1, wake_up(wq))] });
    expect(await run(false)).toMatchInlineSnapshot(`
      [
        "violated: 159 states, 340 transitions, depth 10, levels 1 3 7 15 27 36 36 23 9 1 1",
        "no deadlock: violated in 8 steps",
      ]
    `);
    expect(await run(true)).toMatchInlineSnapshot(`
      [
        "holds: 184 states, 398 transitions, depth 10, levels 1 3 7 15 27 38 40 30 17 5 1",
      ]
    `);
  });
});

test('more exclusive waiters than there is room for are a model error', async () => {
  const three = actors('taker', 3, take);
  expect((await found({ state, actors: [three, give(2, wake_up_all(wq))] })).join()).toContain(
    'no value out of range: violated',
  );
});
