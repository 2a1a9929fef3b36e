// Deadlocks, on both engines and by all searches.

import { describe, expect, test } from 'vitest';
import {
  down_read,
  down_write,
  mutex,
  mutex_lock,
  mutex_unlock,
  rwsem,
  spin_lock,
  spinlock,
} from '../../models/kernel/index.js';
import {
  actor,
  actors,
  array,
  type Block,
  bool,
  demands,
  Either,
  expects,
  finished,
  Goto,
  If,
  int,
  model,
  not,
  type Part,
  procedure,
  rests,
  type SingleActor,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { alwaysPossible, never } from '../../properties/language/index.js';
import { lower } from '../lower/lower.js';
import { explored } from '../lower/testing/explored.js';
import { sameReport } from '../testing/agree.js';

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

  test('that idles for ever is a deadlock unless the model says that it rests', async () => {
    expect(await explored({ state, actors: [server(), user] })).toEqual([
      'violated: 3 states, 2 transitions, depth 2, levels 1 1 1',
      'no deadlock: violated by user queue.queue, kworker worker.idle',
    ]);
  });

  test('that rests there is no deadlock, with the same states', async () => {
    expect(await explored({ state, actors: [server(rests()), user] })).toEqual([
      'holds: 3 states, 2 transitions, depth 2, levels 1 1 1',
    ]);
  });

  test('that is stuck elsewhere is a deadlock', async () => {
    const stuck = procedure('worker', () => ({
      idle: c`wait for work`(rests(), when(pending), pending.set(false)),
      flush: c`wait for an event that never comes`(when(busy)),
      again: Goto('idle'),
    }));
    expect(await explored({ state, actors: [actor('kworker', stuck), user] })).toEqual([
      'violated: 3 states, 2 transitions, depth 2, levels 1 1 1',
      'no deadlock: violated by user queue.queue, kworker worker.idle',
    ]);
  });

  test('that rests while another actor waits for it is a deadlock: only resting actors are not waited for', async () => {
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

describe('actors that wait for each other', () => {
  const state = shared({
    a: mutex(),
    b: mutex(),
    d: mutex(),
    s: spinlock(),
    sem: rwsem(),
    locks: array(2, mutex()),
    which: int(0, 1),
    flag: bool(),
    jiffies: bool(),
  });
  const { a, b, d, s, sem, locks, which, flag, jiffies } = state;
  const run = (name: string, body: Block) =>
    actor(
      name,
      procedure(`do_${name}`, () => body),
    );
  const timer = run('timer', { t: c`jiffies++`(jiffies.set(not(jiffies))), again: Goto('t') });
  const take = (name: string, first: typeof a, second: typeof a) =>
    run(name, {
      one: mutex_lock(first),
      two: mutex_lock(second),
      un_two: mutex_unlock(second),
      un_one: mutex_unlock(first),
    });
  /** The findings for actors beside a timer that goes on for ever. */
  const beside = async (...all: readonly SingleActor<never>[]) =>
    (await explored({ state, actors: [...all, timer] }, {}, ['stuck'])).slice(1);

  test('are a deadlock although a third one goes on', async () => {
    expect(await beside(take('p', a, b), take('q', b, a))).toEqual([
      'no deadlock: violated by p do_p.one, q do_q.one',
    ]);
    expect(await beside(take('p', a, b), take('q', a, b))).toEqual([]);
  });

  test('without locks are found by alwaysPossible', async () => {
    const p = run('p', { wait: c`wait for an event that never comes`(when(flag)) });
    const asked = { ends: alwaysPossible(p.done) };
    expect(await explored({ state, actors: [p, timer] }, asked, ['stuck'])).toEqual([
      'violated: 2 states, 2 transitions, depth 1, levels 1 1',
      'ends: violated by no step',
    ]);
    const q = run('q', { q: c`flag = true`(flag.set(true)) });
    expect((await explored({ state, actors: [p, q, timer] }, asked)).slice(1)).toEqual([]);
  });

  test('in a cycle of three', async () => {
    expect(await beside(take('p', a, b), take('q', b, d), take('r', d, a))).toEqual([
      'no deadlock: violated by p do_p.one, q do_q.one, r do_r.one',
    ]);
  });

  test('are found as soon as they wait, not only when no other actor can go on', async () => {
    const slow = run('slow', { one: c`step`(), two: c`step`(), three: c`step`() });
    const found = await explored({ state, actors: [take('p', a, b), take('q', b, a), slow] });
    expect(found.slice(1)).toEqual(['no deadlock: violated by p do_p.one, q do_q.one']);
  });

  test('one that waits for itself is a cycle of one', async () => {
    expect(await beside(run('p', { one: spin_lock(s), two: spin_lock(s) }))).toEqual([
      'no deadlock: violated by p do_p.one',
    ]);
    // A writer queues before it is locked out.
    expect(await beside(run('p', { one: down_read(sem), two: down_write(sem) }))).toEqual([
      'no deadlock: violated by p do_p.one, p do_p.two',
    ]);
  });

  test('a writer waits for each reader, and readers do not wait for each other', async () => {
    const reader = (name: string) => run(name, { read: down_read(sem), lock: mutex_lock(a) });
    const writer = run('w', { lock: mutex_lock(a), write: down_write(sem) });
    expect(await beside(reader('r'), writer)).toEqual([
      'no deadlock: violated by r do_r.read, w do_w.lock, w do_w.write',
    ]);
    const second = run('w', { lock: mutex_lock(a), read: down_read(sem), unlock: mutex_unlock(a) });
    expect(await beside(reader('r'), second)).toEqual([]);
  });

  test('an actor with another step is not kept by one lock', async () => {
    const either = (other: Block) =>
      run('p', { one: mutex_lock(a), two: Either({ lock: { take: mutex_lock(b) }, other }) });
    const q = run('q', { one: mutex_lock(b), two: mutex_lock(a) });
    expect(await beside(either({ leave: c`leave`(when(flag)) }), q)).toEqual([]);
    expect(await beside(either({ leave: c`leave`(), un: mutex_unlock(a) }), q)).toEqual([]);
    const r = run('r', { one: mutex_lock(d), two: mutex_lock(a) });
    expect(await beside(either({ lock_d: mutex_lock(d) }), q, r)).toEqual([
      'no deadlock: violated by p do_p.one, q do_q.one, r do_r.one',
    ]);
    expect(await beside(either({ lock_d: mutex_lock(d) }), q)).toEqual([]);
  });

  test('a step that its own locals disable for good does not count', async () => {
    const p = actor(
      'p',
      procedure('do_p', { mine: bool() }, ({ mine }) => ({
        read: c`mine = flag`(mine.set(flag)),
        one: mutex_lock(a),
        two: Either({ lock: { take: mutex_lock(b) }, leave: { leave: c`leave`(when(mine)) } }),
        last: If(mine, { use: c`use`() }),
      })),
    );
    const q = run('q', { one: mutex_lock(b), two: mutex_lock(a) });
    expect(await beside(p, q)).toEqual(['no deadlock: violated by p do_p.read, p do_p.one, q do_q.one']);
  });

  test('a lock that is selected by an index of its own actor counts, one by an index that others change does not', async () => {
    const own = (name: string, from: number) =>
      actor(
        name,
        procedure(`do_${name}`, { i: int(0, 1) }, ({ i }) => ({
          pick: c`pick`(i.set(from)),
          one: mutex_lock(locks.at(i)),
          flip: c`the other`(i.set(i.times(-1).plus(1))),
          two: mutex_lock(locks.at(i)),
        })),
      );
    expect(await beside(own('p', 0), own('q', 1))).toEqual([
      'no deadlock: violated by p do_p.pick, p do_p.one, p do_p.flip, q do_q.pick, q do_q.one, q do_q.flip',
    ]);
    const p = run('p', { one: mutex_lock(locks.at(0)), two: mutex_lock(locks.at(which)) });
    expect(await beside(p, run('q', { q: c`which = 1`(which.set(1)) }))).toEqual([]);
  });

  test('actors that all rest are no deadlock, and a cycle with one that does not is', async () => {
    const resting = (name: string, first: typeof a, second: typeof a, ...also: readonly Part[]) =>
      run(name, { one: mutex_lock(first), two: c`lock`(...also, second.take()) });
    expect(await beside(resting('p', a, b, rests()), resting('q', b, a, rests()))).toEqual([]);
    expect(await beside(resting('p', a, b, rests()), resting('q', b, a))).toEqual([
      'no deadlock: violated by p do_p.one, q do_q.one',
    ]);
  });

  test('beside an actor that is dead after a bug are no deadlock: the bug is reported', async () => {
    const dies = actor(
      'k',
      procedure('do_k', () => ({ bug: c`BUG()`(expects(flag, 'BUG')) })),
    );
    const late = (name: string, first: typeof a, second: typeof a) =>
      run(name, {
        wait: c`wait for the bug`(when(not(dies.at('do_k.bug')))),
        one: mutex_lock(first),
        two: mutex_lock(second),
      });
    expect(await beside(dies, late('p', a, b), late('q', b, a))).toEqual(['BUG: violated by k do_k.bug']);
  });

  test('an actor that spins on a lock that may be freed is in a deadlock all the same', async () => {
    const spins = (name: string, first: typeof a, second: typeof a) =>
      run(name, {
        one: mutex_lock(first),
        two: c`mutex_lock`(demands(not(flag), 'use after free'), second.take()),
      });
    const frees = run('f', { free: c`kfree()`(when(a.isFree()), flag.set(true)) });
    expect(await beside(spins('p', a, b), spins('q', b, a), frees)).toEqual([
      'use after free: violated by q do_q.one, f do_f.free, q do_q.two',
      'no deadlock: violated by p do_p.one, q do_q.one',
    ]);
  });

  test('there may be more of them than a number has bits', async () => {
    const many = actors(
      'w',
      33,
      procedure('waits', () => ({ wait: c`wait`(rests(), when(flag)) })),
    );
    const found = await explored({ state, actors: [many, take('p', a, b), take('q', b, a)] });
    expect(found.slice(1)).toEqual(['no deadlock: violated by p do_p.one, q do_q.one']);
  });
});

test('a report lists which actor waits for which lock of which holder', async () => {
  const state = shared({ a: mutex(), b: mutex(), flag: bool() });
  const take = (name: string, one: typeof state.a, other: typeof state.a) =>
    actor(
      name,
      procedure(`take_${name}`, () => ({ one: mutex_lock(one), two: mutex_lock(other) })),
    );
  const timer = actor(
    'timer',
    procedure('tick', () => ({ t: c`tick`(state.flag.set(not(state.flag))), again: Goto('t') })),
  );
  const found = async (...all: readonly SingleActor<never>[]) => {
    const { program } = lower(model('locks', { about: '', state, actors: all }), {});
    const report = await sameReport(program, []);
    return report!.properties.find(({ check }) => check.kind === 'deadlock')!.finding?.lockWaits;
  };
  expect(await found(timer, take('p', state.a, state.b), take('q', state.b, state.a))).toEqual([
    { thread: 1, lock: 1, holder: 2 },
    { thread: 2, lock: 0, holder: 1 },
  ]);
  expect(await found(take('p', state.a, state.a))).toEqual([{ thread: 0, lock: 0, holder: 0 }]);
  const waits = actor(
    'waits',
    procedure('wait', () => ({ wait: c`wait`(when(state.flag)) })),
  );
  expect(await found(waits)).toBeUndefined();
});
