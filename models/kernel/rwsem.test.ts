// Reader/writer semaphores: attempts, downgrades, and a waiting writer between readers.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { programOf } from '../../checker/lower/testing/small.js';
import { check } from '../../checker/testing/check.js';
import { never, sometimes } from '../../properties/language/index.js';
import {
  actor,
  type Block,
  bool,
  If,
  int,
  procedure,
  type Stmt,
  shared,
  source,
  when,
} from '../language/index.js';
import {
  down_read,
  down_read_trylock,
  down_write,
  down_write_trylock,
  downgrade_write,
  rwsem,
  spin_lock,
  spin_unlock,
  spinlock,
  up_read,
  up_write,
} from './index.js';

const c = source('mm/mmap.c');
const state = shared({ sem: rwsem(), ptl: spinlock(), go: bool(), n: int(0, 3) });
const { sem, ptl, go, n } = state;
const task = (name: string, block: () => Block) => actor(name, procedure(name, block));
const short = (lines: readonly string[]) => lines.map((line) => line.replace(/ states, .*/, ' states'));

const read = () => ({ lock: down_read(sem), unlock: up_read(sem) });
const write = () => ({ lock: down_write(sem), unlock: up_write(sem) });
/** An attempt, which counts if it fails. */
const tries = (attempt: () => ReturnType<typeof down_read_trylock>, up: () => Stmt) => () => ({
  try: If(attempt(), { up: up() }).Else({ failed: c`failed`(n.inc()) }),
});
const triesToRead = tries(
  () => down_read_trylock(sem),
  () => up_read(sem),
);
const triesToWrite = tries(
  () => down_write_trylock(sem),
  () => up_write(sem),
);

describe('an attempt', () => {
  const holder = (lock: Stmt, up: Stmt) => task('holder', () => ({ lock, wait: c`wait`(when(go)), up }));
  const reader = () => holder(down_read(sem), up_read(sem));
  const other = task('other', () => ({ go: c`go`(go.set(true)) }));

  test('to read fails behind a writer that waits, and not beside a reader', async () => {
    const one = reader();
    const failed = never(n.gt(0).and(one.at('holder.wait')));
    expect(
      short(
        await explored(
          { state, actors: [one, task('try', triesToRead), task('writer', write), other] },
          { failed },
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "violated: 84 states",
        "failed: violated by holder holder.lock, writer writer.lock, try try.try, try try.failed",
      ]
    `);
    expect(
      short(await explored({ state, actors: [one, task('try', triesToRead), other] }, { failed })),
    ).toMatchInlineSnapshot(`
      [
        "holds: 18 states",
      ]
    `);
  });

  test('to write fails beside a reader, and never waits for it', async () => {
    const one = reader();
    const failed = sometimes(n.gt(0).and(one.at('holder.wait')));
    const got = sometimes(sem.writer.isFree().eq(false));
    expect(
      short(await explored({ state, actors: [one, task('try', triesToWrite), other] }, { failed, got })),
    ).toMatchInlineSnapshot(`
      [
        "holds: 23 states",
        "failed: reached by holder holder.lock, try try.try, try try.failed",
        "got: reached by try try.try",
      ]
    `);
  });

  test('under a spinlock is no sleep, down_read() is', async () => {
    const under = (inner: () => Block) => () => ({
      lock: spin_lock(ptl),
      ...inner(),
      unlock: spin_unlock(ptl),
    });
    const found = async (inner: () => Block) => {
      return (await check(programOf({ state, actors: [task('p', under(inner))] }))).slice(1);
    };
    expect(await found(triesToRead)).toEqual([]);
    expect(await found(() => ({ read: down_read(sem), up: up_read(sem) }))).toMatchInlineSnapshot(`
      [
        "BUG: sleeping function called from invalid context: violated by 0 1",
      ]
    `);
  });
});

test('downgrade_write() lets readers in, and keeps writers out', async () => {
  const writer = task('writer', () => ({
    lock: down_write(sem),
    down: downgrade_write(sem),
    wait: c`wait for the reader`(when(go)),
    up: up_read(sem),
  }));
  const reader = task('reader', () => ({ lock: down_read(sem), go: c`go`(go.set(true)), up: up_read(sem) }));
  const other = task('other', write);
  const together = never(writer.at('writer.wait').and(other.at('other.unlock')));
  expect(short(await explored({ state, actors: [writer, reader] }))).toMatchInlineSnapshot(`
    [
      "holds: 17 states",
    ]
  `);
  expect(short(await explored({ state, actors: [writer, other] }, { together }))).toMatchInlineSnapshot(`
    [
      "violated: 11 states",
      "no deadlock: violated by writer writer.lock, writer writer.down, other other.lock",
    ]
  `);
  expect(
    short(await explored({ state, actors: [writer, reader, other] }, { together })),
  ).toMatchInlineSnapshot(`
    [
      "violated: 56 states",
      "no deadlock: violated by writer writer.lock, writer writer.down, other other.lock",
    ]
  `);
});

test('a reader that waits for another one deadlocks with a writer that waits in between', async () => {
  const first = task('first', () => ({ lock: down_read(sem), wait: c`wait`(when(go)), up: up_read(sem) }));
  const second = task('second', () => ({ lock: down_read(sem), go: c`go`(go.set(true)), up: up_read(sem) }));
  expect(
    short(await explored({ state, actors: [first, second, task('writer', write)] })),
  ).toMatchInlineSnapshot(`
    [
      "violated: 38 states",
      "no deadlock: violated by first first.lock, writer writer.lock",
    ]
  `);
  expect(
    short(await explored({ state, actors: [first, second, task('third', read)] })),
  ).toMatchInlineSnapshot(`
    [
      "holds: 36 states",
    ]
  `);
});
