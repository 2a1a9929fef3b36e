// Deadlocks, on both engines and by all searches.

import { describe, expect, test } from 'vitest';
import {
  actor,
  bool,
  finished,
  Goto,
  type Part,
  procedure,
  rests,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { never } from '../../properties/language/index.js';
import { explored } from '../lower/testing/explored.js';

const c = source('kernel/workqueue.c');

describe('a server', () => {
  const state = shared({ pending: bool(), busy: bool() });
  const { pending, busy } = state;
  const user = actor(
    'user',
    procedure('queue', () => ({ queue: c`queue_work()`(pending.set(true)) })),
  );
  const server = (...also: readonly Part[]) =>
    actor(
      'kworker',
      procedure('worker', () => ({
        idle: c`wait for work`(...also, when(pending), pending.set(false)),
        again: Goto('idle'),
      })),
    );

  test('that idles for ever is a deadlock if nobody says that it may', async () => {
    expect(await explored({ state, actors: [server(), user] })).toEqual([
      'violated: 3 states, 2 transitions, depth 2, levels 1 1 1',
      'no deadlock: violated by user queue.queue, kworker worker.idle',
    ]);
  });

  test('that rests there is none, with the same states', async () => {
    expect(await explored({ state, actors: [server(rests()), user] })).toEqual([
      'holds: 3 states, 2 transitions, depth 2, levels 1 1 1',
    ]);
  });

  test('that is stuck elsewhere is one', async () => {
    const stuck = procedure('worker', () => ({
      idle: c`wait for work`(rests(), when(pending), pending.set(false)),
      flush: c`wait for what nobody does`(when(busy)),
      again: Goto('idle'),
    }));
    expect(await explored({ state, actors: [actor('kworker', stuck), user] })).toEqual([
      'violated: 3 states, 2 transitions, depth 2, levels 1 1 1',
      'no deadlock: violated by user queue.queue, kworker worker.idle',
    ]);
  });

  test('that rests while another waits for it is one: only who rests is not waited for', async () => {
    const waits = procedure('flush', () => ({ flush: c`flush_work()`(when(busy)) }));
    expect(await explored({ state, actors: [server(rests()), actor('user', waits)] })).toEqual([
      'violated: 1 states, 0 transitions, depth 0, levels 1',
      'no deadlock: violated by no step',
    ]);
  });

  test('is finished where it rests and has nothing to do', async () => {
    const leak = { no_leak: never(finished.and(busy)), all: never(finished) };
    const worker = procedure('worker', () => ({
      idle: c`wait for work`(rests(), when(pending), pending.set(false), busy.set(true)),
      again: Goto('idle'),
    }));
    expect(await explored({ state, actors: [actor('kworker', worker), user] }, leak)).toEqual([
      'violated: 3 states, 2 transitions, depth 2, levels 1 1 1',
      'no_leak: violated by user queue.queue, kworker worker.idle',
      'all: violated by user queue.queue, kworker worker.idle',
    ]);
  });
});
