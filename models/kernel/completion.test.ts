// Completions: a waiter passes once for each complete(), and always after complete_all().

import { describe, expect, test } from 'vitest';
import { lower } from '../../checker/index.js';
import { explored } from '../../checker/lower/testing/explored.js';
import { check } from '../../checker/testing/check.js';
import { never } from '../../properties/language/index.js';
import {
  actor,
  actors,
  bool,
  expects,
  If,
  model,
  not,
  procedure,
  type Stmt,
  shared,
  source,
} from '../language/index.js';
import {
  complete,
  complete_all,
  completion,
  reinit_completion,
  spin_lock,
  spin_unlock,
  spinlock,
  try_wait_for_completion,
  wait_for_completion,
  wait_for_completion_timeout,
} from './index.js';

const c = source('drivers/x.c');

describe('a completion', () => {
  const state = shared({ done: completion(), gone: bool() });
  const waiters = (count: number) =>
    actors(
      'wait',
      count,
      procedure('wait', () => ({ wait: wait_for_completion(state.done) })),
    );
  const completer = (how: typeof complete) =>
    actor(
      'work',
      procedure('work', () => ({ complete: how(state.done) })),
    );

  test('that is completed before the wait lets one waiter pass, and one only', async () => {
    expect(await explored({ state, actors: [waiters(1), completer(complete)] })).toMatchInlineSnapshot(`
      [
        "holds: 3 states, 2 transitions, depth 2, levels 1 1 1",
      ]
    `);
    expect(await explored({ state, actors: [waiters(2), completer(complete)] })).toMatchInlineSnapshot(`
      [
        "violated: 4 states, 3 transitions, depth 2, levels 1 1 2",
        "no deadlock: violated by work work.complete, wait[0] wait.wait",
      ]
    `);
  });
  test('with complete_all() lets all waiters pass', async () => {
    expect(await explored({ state, actors: [waiters(2), completer(complete_all)] })).toMatchInlineSnapshot(`
      [
        "holds: 5 states, 5 transitions, depth 3, levels 1 1 2 1",
      ]
    `);
  });
  test('that is reinitialised beside a late complete() loses it', async () => {
    const again = procedure('again', () => ({
      reinit: reinit_completion(state.done),
      wait: wait_for_completion(state.done),
    }));
    expect(
      await explored({ state, actors: [actor('again', again), completer(complete)] }),
    ).toMatchInlineSnapshot(`
      [
        "violated: 6 states, 5 transitions, depth 3, levels 1 2 2 1",
        "no deadlock: violated by work work.complete, again again.reinit",
      ]
    `);
  });

  /** On the stack of its waiter: once the waiter has returned, the completer must not access it. */
  const onStack = () =>
    actor(
      'work',
      procedure('work', () => ({
        complete: c`complete(&on_stack)`(
          expects(not(state.gone), 'KASAN: stack-out-of-bounds'),
          state.done.set(1),
        ),
      })),
    );
  test('on the stack of its waiter is not accessed after the waiter has returned', async () => {
    const wait = procedure('wait', () => ({
      wait: wait_for_completion(state.done),
      ret: c`return`(state.gone.set(true)),
    }));
    expect(await explored({ state, actors: [actor('wait', wait), onStack()] })).toMatchInlineSnapshot(`
      [
        "holds: 4 states, 3 transitions, depth 3, levels 1 1 1 1",
      ]
    `);
  });
  test('on the stack of a waiter that gives up is', async () => {
    const wait = procedure('wait', () => ({
      wait: If(wait_for_completion_timeout(state.done), {}).Else({ timeout: c`-ETIMEDOUT`() }),
      ret: c`return`(state.gone.set(true)),
    }));
    expect(await explored({ state, actors: [actor('wait', wait), onStack()] })).toMatchInlineSnapshot(`
      [
        "violated: 11 states, 11 transitions, depth 4, levels 1 2 3 3 2",
        "KASAN: stack-out-of-bounds: violated by wait wait.wait, wait wait.timeout, wait wait.ret, work work.complete",
      ]
    `);
  });
  test('that is complete is never late, whatever the time', async () => {
    const wait = procedure('wait', () => ({
      complete: complete(state.done),
      wait: If(wait_for_completion_timeout(state.done), {}).Else({ timeout: c`-ETIMEDOUT`() }),
    }));
    const waiter = actor('wait', wait);
    expect(
      await explored({ state, actors: [waiter] }, { late: never(waiter.at('wait.timeout')) }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 3 states, 2 transitions, depth 2, levels 1 1 1",
      ]
    `);
  });
  test('that is tried is taken or not, without waiting', async () => {
    const two = actors(
      'try',
      2,
      procedure('try', () => ({ try: If(try_wait_for_completion(state.done), { got: c`got it`() }) })),
    );
    const both = { both: never(two.all((x) => x.at('try.got'))) };
    expect(await explored({ state, actors: [two, completer(complete)] }, both)).toMatchInlineSnapshot(`
      [
        "holds: 15 states, 20 transitions, depth 4, levels 1 3 5 5 1",
      ]
    `);
  });
});

test('waiting under a spinlock is reported, trying is not', async () => {
  const state = shared({ lock: spinlock(), done: completion() });
  const under = (wait: Stmt) => {
    const p = procedure('p', () => ({ lock: spin_lock(state.lock), wait, unlock: spin_unlock(state.lock) }));
    const work = procedure('work', () => ({ complete: complete(state.done) }));
    const actorsOf = [actor('p', p), actor('work', work)];
    return check(lower(model('small', { about: '', state, actors: actorsOf }), {}).program);
  };
  expect(await under(wait_for_completion(state.done))).toMatchInlineSnapshot(`
    [
      "violated: 8 states, 9 transitions, depth 5, levels 1 2 2 1 1 1",
      "BUG: sleeping function called from invalid context: violated by 0 1",
    ]
  `);
  expect(await under(try_wait_for_completion(state.done))).toMatchInlineSnapshot(`
    [
      "holds: 10 states, 11 transitions, depth 4, levels 1 2 2 3 2",
    ]
  `);
});
