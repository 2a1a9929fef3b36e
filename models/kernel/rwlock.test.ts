// Reader/writer spinlocks: readers behind a waiting writer, readers in interrupts, recursion; and attempts.

import { describe, expect, test } from 'vitest';
import { lower } from '../../checker/index.js';
import { explored } from '../../checker/lower/testing/explored.js';
import { check } from '../../checker/testing/check.js';
import { never, sometimes } from '../../properties/language/index.js';
import {
  actor,
  actors,
  type Block,
  bool,
  cpu,
  If,
  int,
  interrupt,
  model,
  perActor,
  procedure,
  shared,
  source,
  when,
} from '../language/index.js';
import {
  lockdep_assert_held,
  mutex,
  mutex_lock,
  mutex_unlock,
  read_lock,
  read_lock_bh,
  read_lock_irqsave,
  read_trylock,
  read_unlock,
  read_unlock_bh,
  read_unlock_irqrestore,
  rwlock,
  write_lock,
  write_lock_irq,
  write_trylock,
  write_unlock,
  write_unlock_irq,
} from './index.js';

const c = source('kernel/exit.c');
const cpu0 = cpu('cpu0');
const state = shared({ lock: rwlock(), m: mutex(), go: bool(), n: int(0, 3) });
const { lock, m, go, n } = state;
const flags = perActor('flags', bool()).mine;

const task = (name: string, block: () => Block, on?: typeof cpu0) =>
  actor(name, procedure(name, block), {}, on === undefined ? {} : { on });
const short = (lines: readonly string[]) => lines.map((line) => line.replace(/ states, .*/, ' states'));
/** What is found, without the counts, with the built-in checks of locks. */
const checked = async (...all: readonly ReturnType<typeof task>[]) =>
  (await check(lower(model('small', { about: '', state, actors: all })).program)).slice(1);

const read = () => ({ lock: read_lock(lock), unlock: read_unlock(lock) });
const write = () => ({ lock: write_lock(lock), unlock: write_unlock(lock) });

describe('a reader/writer lock', () => {
  test('lets readers in together, and a writer alone', async () => {
    const inside = procedure('inside', () => ({ in: read_lock(lock), out: read_unlock(lock) }));
    const readers = actors('reader', 2, inside);
    const writer = task('writer', write);
    const both = sometimes(readers.all((one) => one.at('inside.out')));
    const alone = never(readers.any((one) => one.at('inside.out')).and(writer.at('writer.unlock')));
    expect(await explored({ state, actors: [readers, writer] }, { both, alone })).toMatchInlineSnapshot(`
      [
        "holds: 22 states, 32 transitions, depth 6, levels 1 3 4 6 4 3 1",
        "both: reached by reader[0] inside.in, reader[1] inside.in",
      ]
    `);
  });

  test('keeps new readers out behind a waiting writer, so one reader may not wait for another', async () => {
    const first = () => ({ lock: read_lock(lock), wait: c`wait`(when(go)), unlock: read_unlock(lock) });
    const second = () => ({ lock: read_lock(lock), go: c`go`(go.set(true)), unlock: read_unlock(lock) });
    const pair = [task('first', first), task('second', second)];
    expect(short(await explored({ state, actors: [...pair, task('writer', write)] }))).toMatchInlineSnapshot(`
      [
        "violated: 38 states",
        "no deadlock: violated by first first.lock, writer writer.lock",
      ]
    `);
    expect(short(await explored({ state, actors: pair }))).toMatchInlineSnapshot(`
      [
        "holds: 12 states",
      ]
    `);
  });
});

describe('a second read_lock() of one actor', () => {
  const twice = () => ({
    one: read_lock(lock),
    two: read_lock(lock),
    out: read_unlock(lock),
    last: read_unlock(lock),
  });
  test('is a warning, and a deadlock if a writer waits in between', async () => {
    expect(await checked(task('p', twice))).toMatchInlineSnapshot(`
      [
        "WARNING: possible recursive locking detected (lock): violated by 0 1",
      ]
    `);
    expect(await checked(task('p', twice), task('writer', write))).toMatchInlineSnapshot(`
      [
        "WARNING: possible recursive locking detected (lock): violated by 0 1",
        "no deadlock: violated by 0 1 8",
      ]
    `);
  });
  test('is neither in an interrupt', async () => {
    const handler = interrupt('irq', procedure('irq', twice), { on: cpu0, level: 'softirq' });
    expect(
      await checked(
        handler,
        task('writer', () => ({ lock: write_lock_irq(lock), unlock: write_unlock_irq(lock) })),
      ),
    ).toMatchInlineSnapshot(`[]`);
  });
  test('is none with softirqs off', async () => {
    const bh = () => ({
      one: read_lock_bh(lock),
      two: read_lock_bh(lock),
      out: read_unlock_bh(lock),
      last: read_unlock_bh(lock),
    });
    expect(await checked(task('p', bh), task('writer', write))).toMatchInlineSnapshot(`[]`);
  });
});

test('write_lock() of a lock that one holds is recursion', async () => {
  expect(
    await checked(task('p', () => ({ one: write_lock(lock), two: write_lock(lock) }))),
  ).toMatchInlineSnapshot(`
    [
      "BUG: rwlock recursion (lock): violated by 0 1",
    ]
  `);
  expect(
    await checked(task('p', () => ({ one: read_lock(lock), two: write_lock(lock) }))),
  ).toMatchInlineSnapshot(`
    [
      "WARNING: possible recursive locking detected (lock): violated by 0 1",
      "no deadlock: violated by 0 1 3",
    ]
  `);
  expect(
    await checked(task('p', () => ({ one: write_lock(lock), two: read_lock(lock) }))),
  ).toMatchInlineSnapshot(`
    [
      "WARNING: possible recursive locking detected (lock): violated by 0 3",
      "no deadlock: violated by 0 3",
    ]
  `);
});

describe('a handler that reads', () => {
  const handler = interrupt('irq', procedure('irq', read), { on: cpu0 });
  test('comes while a task of its CPU reads, though a writer waits', async () => {
    const reader = task('reader', read, cpu0);
    expect(
      short(await explored({ state, actors: [reader, handler, task('writer', write)] })),
    ).toMatchInlineSnapshot(`
      [
        "holds: 40 states",
      ]
    `);
  });
  test('deadlocks with a writer of its CPU, unless that has interrupts off', async () => {
    expect(
      short(await explored({ state, actors: [task('writer', write, cpu0), handler] })),
    ).toMatchInlineSnapshot(`
      [
        "violated: 11 states",
        "no deadlock: violated by writer writer.lock, irq irq.interrupt",
      ]
    `);
    const safe = () => ({ lock: write_lock_irq(lock), unlock: write_unlock_irq(lock) });
    expect(
      short(await explored({ state, actors: [task('writer', safe, cpu0), handler] })),
    ).toMatchInlineSnapshot(`
      [
        "holds: 12 states",
      ]
    `);
  });
  test('that queued behind a waiting writer would deadlock with the reader that it interrupts', async () => {
    // As read_lock() would be without its rule for interrupts.
    const queued = interrupt(
      'irq',
      procedure('irq', () => ({
        lock: c`read_lock(lock)`(when(lock.writer.isFree()), lock.readers.take()),
        unlock: read_unlock(lock),
      })),
      { on: cpu0 },
    );
    const reader = task('reader', read, cpu0);
    expect(
      short(await explored({ state, actors: [reader, queued, task('writer', write)] })),
    ).toMatchInlineSnapshot(`
      [
        "violated: 40 states",
        "no deadlock: violated by reader reader.lock, irq irq.interrupt, writer writer.lock",
      ]
    `);
  });
});

test('interrupts come back with the flags', async () => {
  const reads = () => ({
    lock: read_lock_irqsave(lock, flags),
    read: c`read`(n.inc()),
    unlock: read_unlock_irqrestore(lock, flags),
  });
  const writer = interrupt('irq', procedure('irq', write), { on: cpu0 });
  expect(
    short(await explored({ state, actors: [task('reader', reads, cpu0), writer] })),
  ).toMatchInlineSnapshot(`
    [
      "holds: 14 states",
    ]
  `);
});

describe('an attempt', () => {
  const tries =
    (attempt: () => ReturnType<typeof read_trylock>, out: () => ReturnType<typeof read_unlock>) => () => ({
      try: If(attempt(), { out: out() }).Else({ failed: c`failed`(n.inc()) }),
    });
  const reader = tries(
    () => read_trylock(lock),
    () => read_unlock(lock),
  );
  const writer = tries(
    () => write_trylock(lock),
    () => write_unlock(lock),
  );
  test('never waits: the other order may be tried', async () => {
    expect(
      short(await explored({ state, actors: [task('a', reader), task('b', writer)] })),
    ).toMatchInlineSnapshot(`
      [
        "holds: 15 states",
      ]
    `);
  });
  test('to read fails behind a waiting writer', async () => {
    const holder = () => ({ lock: read_lock(lock), wait: c`wait`(when(n.gt(0))), unlock: read_unlock(lock) });
    const reading = task('holder', holder);
    const failed = never(n.gt(0).and(reading.at('holder.wait')));
    expect(
      short(
        await explored({ state, actors: [reading, task('try', reader), task('writer', write)] }, { failed }),
      ),
    ).toMatchInlineSnapshot(`
      [
        "violated: 32 states",
        "failed: violated by holder holder.lock, writer writer.lock, try try.try, try try.failed",
        "no deadlock: violated by holder holder.lock, try try.try, try try.out, writer writer.lock",
      ]
    `);
    expect(
      short(await explored({ state, actors: [reading, task('try', reader)] }, { failed })),
    ).toMatchInlineSnapshot(`
      [
        "violated: 6 states",
        "no deadlock: violated by holder holder.lock, try try.try, try try.out",
      ]
    `);
  });
});

test('sleeping under it is reported, and so is what needs it and runs without', async () => {
  const sleeps = () => ({
    lock: read_lock(lock),
    sleep: mutex_lock(m),
    wake: mutex_unlock(m),
    unlock: read_unlock(lock),
  });
  expect(await checked(task('p', sleeps))).toMatchInlineSnapshot(`
    [
      "BUG: sleeping function called from invalid context: violated by 0 1",
    ]
  `);
  const asserts = (held: boolean) => () => ({
    ...(held && { lock: read_lock(lock) }),
    assert: lockdep_assert_held(lock),
    ...(held && { unlock: read_unlock(lock) }),
  });
  expect(await checked(task('p', asserts(true)))).toEqual([]);
  expect(await checked(task('p', asserts(false)))).toMatchInlineSnapshot(`
    [
      "WARNING: lockdep_assert_held(): violated by 0",
    ]
  `);
});
