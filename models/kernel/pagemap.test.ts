// Page locks, bit locks and semaphores: who may release them, and what waits for them.

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
  If,
  int,
  not,
  procedure,
  shared,
  source,
  when,
} from '../language/index.js';
import {
  bit_spin_is_locked,
  bit_spin_lock,
  bit_spin_trylock,
  bit_spin_unlock,
  bit_spinlock,
  clear_and_wake_up_bit,
  clear_bit_unlock,
  down,
  down_trylock,
  folio_test_locked,
  lock_page,
  mutex,
  mutex_lock,
  mutex_unlock,
  page_lock,
  semaphore,
  spin_lock,
  spin_unlock,
  spinlock,
  test_and_set_bit_lock,
  trylock_page,
  unlock_page,
  up,
  wait_on_bit,
  wait_on_bit_lock,
  wait_on_page_locked,
} from './index.js';

const c = source('mm/filemap.c');
const state = shared({
  page: page_lock(),
  bit: bit_spinlock(),
  flag: bool(),
  sem: semaphore(1),
  ptl: spinlock(),
  m: mutex(),
  uptodate: bool(),
  n: int(0, 2),
});
const { page, bit, flag, sem, ptl, m, uptodate, n } = state;
const task = (name: string, block: () => Block) => actor(name, procedure(name, block));
const short = (lines: readonly string[]) => lines.map((line) => line.replace(/ states, .*/, ' states'));
/** What is found, without the counts, with the built-in checks of locks. */
const checked = async (...all: readonly ReturnType<typeof task>[]) =>
  (await check(programOf({ state, actors: all }))).slice(1);

describe('a page lock', () => {
  const submit = task('submit', () => ({ lock: lock_page(page), submit: c`submit_bio()`(flag.set(true)) }));
  const end_io = task('end_io', () => ({
    wait: c`bio->bi_end_io`(when(flag)),
    read: c`SetPageUptodate`(uptodate.set(true)),
    unlock: unlock_page(page),
  }));
  const reader = task('reader', () => ({
    wait: wait_on_page_locked(page),
    look: If(uptodate, { use: c`use`() }),
  }));

  test('is released by the end of I/O, and nothing is held, unbalanced or taken again by that', async () => {
    expect(await checked(submit, end_io, reader)).toEqual([]);
    expect(short(await explored({ state, actors: [submit, end_io, reader] }))).toMatchInlineSnapshot(`
      [
        "holds: 20 states",
      ]
    `);
  });
  test('may be taken again by one actor, once another has released it', async () => {
    const again = task('submit', () => ({
      lock: lock_page(page),
      submit: c`submit_bio()`(flag.set(true)),
      wait: lock_page(page),
      unlock: unlock_page(page),
    }));
    expect(await checked(again, end_io)).toEqual([]);
    expect(await checked(again)).toMatchInlineSnapshot(`
      [
        "no deadlock: violated by 0 1",
      ]
    `);
  });
  test('that is not locked must not be unlocked', async () => {
    const twice = task('twice', () => ({
      lock: lock_page(page),
      one: unlock_page(page),
      two: unlock_page(page),
    }));
    expect(await checked(twice)).toMatchInlineSnapshot(`
      [
        "VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio): violated by 0 2 3",
      ]
    `);
  });
  test('is waited for asleep, tried without', async () => {
    const under = (inner: () => Block) => () => ({
      lock: spin_lock(ptl),
      ...inner(),
      unlock: spin_unlock(ptl),
    });
    expect(
      await checked(
        task(
          'p',
          under(() => ({ page: lock_page(page), up: unlock_page(page) })),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "BUG: sleeping function called from invalid context: violated by 0 1",
      ]
    `);
    expect(
      await checked(
        task(
          'p',
          under(() => ({ page: wait_on_page_locked(page) })),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "BUG: sleeping function called from invalid context: violated by 0 1",
      ]
    `);
    const tries = () => ({ try: If(trylock_page(page), { up: unlock_page(page) }) });
    expect(await checked(task('p', under(tries)))).toEqual([]);
  });
  test('keeps a second one out, who tries or waits', async () => {
    const tries = procedure('try', () => ({
      try: If(trylock_page(page), { in: c`in`(n.inc()), out: unlock_page(page) }),
    }));
    const both = actors('try', 2, tries);
    const together = never(both.all((one) => one.at('try.out')));
    expect(short(await explored({ state, actors: [both] }, { together }))).toMatchInlineSnapshot(`
      [
        "holds: 17 states",
      ]
    `);
  });
  test('in a cycle with a mutex is a deadlock where nobody can go on', async () => {
    const one = task('one', () => ({
      a: lock_page(page),
      b: mutex_lock(m),
      c: mutex_unlock(m),
      d: unlock_page(page),
    }));
    const two = task('two', () => ({
      a: mutex_lock(m),
      b: lock_page(page),
      c: unlock_page(page),
      d: mutex_unlock(m),
    }));
    expect(await checked(one, two)).toMatchInlineSnapshot(`
      [
        "no deadlock: violated by 0 5",
      ]
    `);
    const tries = task('two', () => ({
      a: mutex_lock(m),
      b: If(trylock_page(page), { c: unlock_page(page) }),
      d: mutex_unlock(m),
    }));
    expect(await checked(one, tries)).toEqual([]);
  });
  test('as a mutex refuses that another one unlocks it', async () => {
    // The tempting simplification: its unlock in the end of I/O is a mistake there.
    const locks = task('submit', () => ({ lock: mutex_lock(m), submit: c`submit_bio()`(flag.set(true)) }));
    const ends = task('end_io', () => ({ wait: c`bi_end_io`(when(flag)), unlock: mutex_unlock(m) }));
    expect(await checked(locks, ends)).toMatchInlineSnapshot(`
      [
        "WARNING: lock held when returning to user space! (m): violated by 0 1",
        "WARNING: bad unlock balance detected! (m): violated by 0 1 2 3",
      ]
    `);
  });
  test('says how it is given up', () => {
    const drops = procedure('drops', () => ({ drop: c`drop`(page.drop()) }));
    expect(() => programOf({ state, actors: [actor('a', drops)] })).toThrow(
      "anybody may release 'page': say .release()",
    );
    const releases = procedure('releases', () => ({ release: c`release`(ptl.release()) }));
    expect(() => programOf({ state, actors: [actor('a', releases)] })).toThrow(
      "only its holder gives up 'ptl': say .drop()",
    );
    const test_locked = procedure('t', () => ({ test: If(folio_test_locked(page), { x: c`x`() }) }));
    expect(programOf({ state, actors: [actor('a', test_locked)] }).steps).toHaveLength(3);
  });
});

describe('a bit spinlock', () => {
  test('is a spinlock: recursion, sleeping under it, balance and order are checked', async () => {
    const holding = (inner: () => Block) =>
      task('p', () => ({ lock: bit_spin_lock(bit), ...inner(), out: bit_spin_unlock(bit) }));
    expect(await checked(holding(() => ({})))).toEqual([]);
    expect(await checked(holding(() => ({ again: bit_spin_lock(bit) })))).toMatchInlineSnapshot(`
      [
        "BUG: spinlock recursion (bit): violated by 0 1",
      ]
    `);
    expect(
      await checked(holding(() => ({ sleep: mutex_lock(m), wake: mutex_unlock(m) }))),
    ).toMatchInlineSnapshot(`
      [
        "BUG: sleeping function called from invalid context: violated by 0 1",
      ]
    `);
    expect(await checked(task('p', () => ({ out: bit_spin_unlock(bit) })))).toMatchInlineSnapshot(`
      [
        "WARNING: bad unlock balance detected! (bit): violated by 0",
      ]
    `);
    expect(await checked(holding(() => ({ try: If(bit_spin_trylock(bit), { no: c`never`() }) })))).toEqual(
      [],
    );
    expect(
      await checked(holding(() => ({ test: If(not(bit_spin_is_locked(bit)), { no: c`never`(n.set(2)) }) }))),
    ).toEqual([]);
  });
});

describe('a bit that sleeps', () => {
  const holder = () => ({
    lock: wait_on_bit_lock(flag),
    in: c`in`(n.inc()),
    out: c`out`(n.dec()),
    unlock: clear_and_wake_up_bit(flag),
  });
  test('lets one in at a time, and lets a waiter go on without taking it', async () => {
    const waiter = () => ({ wait: wait_on_bit(flag), seen: c`seen`() });
    const two = never(n.eq(2));
    expect(
      short(
        await explored({ state, actors: [task('a', holder), task('b', holder), task('w', waiter)] }, { two }),
      ),
    ).toMatchInlineSnapshot(`
      [
        "holds: 48 states",
      ]
    `);
  });
  test('is tried by test_and_set_bit_lock(), which has the old value', async () => {
    const tries = () => ({
      try: If(not(test_and_set_bit_lock(flag)), {
        in: c`in`(n.inc()),
        out: c`out`(n.dec()),
        unlock: clear_bit_unlock(flag),
      }),
    });
    const wrong = () => ({
      try: If(test_and_set_bit_lock(flag), {
        in: c`in`(n.inc()),
        out: c`out`(n.dec()),
        unlock: clear_bit_unlock(flag),
      }),
    });
    const two = never(n.eq(2));
    expect(
      short(await explored({ state, actors: [task('a', tries), task('b', tries)] }, { two })),
    ).toMatchInlineSnapshot(`
      [
        "holds: 16 states",
      ]
    `);
    expect(
      short(await explored({ state, actors: [task('a', tries), task('b', wrong)] }, { two })),
    ).toMatchInlineSnapshot(`
      [
        "violated: 23 states",
        "two: violated by a a.try, a a.in, b b.try, b b.in",
      ]
    `);
  });
});

describe('a semaphore', () => {
  test('is given up by another than its taker, and keeps a second one out', async () => {
    const takes = () => ({ down: down(sem), go: c`go`(flag.set(true)) });
    const gives = () => ({ wait: c`wait`(when(flag)), up: up(sem) });
    const second = () => ({ down: down(sem), up: up(sem) });
    expect(
      short(await explored({ state, actors: [task('a', takes), task('b', gives), task('c', second)] })),
    ).toMatchInlineSnapshot(`
      [
        "holds: 12 states",
      ]
    `);
    expect(
      short(await explored({ state, actors: [task('a', takes), task('c', second)] })),
    ).toMatchInlineSnapshot(`
      [
        "violated: 7 states",
        "no deadlock: violated by a a.down, a a.go",
      ]
    `);
  });
  test('is tried as in C: the answer is true if there was none', async () => {
    const tries = () => ({
      try: If(down_trylock(sem), { failed: c`failed`(n.inc()) }).Else({ up: up(sem) }),
    });
    const failed = never(n.gt(0));
    expect(short(await explored({ state, actors: [task('a', tries)] }, { failed }))).toMatchInlineSnapshot(`
      [
        "holds: 3 states",
      ]
    `);
    expect(
      short(await explored({ state, actors: [task('a', tries), task('b', tries)] }, { failed })),
    ).toMatchInlineSnapshot(`
      [
        "violated: 15 states",
        "failed: violated by a a.try, b b.try, b b.failed",
      ]
    `);
  });
  test('is waited for asleep', async () => {
    const under = () => ({ lock: spin_lock(ptl), down: down(sem), up: up(sem), unlock: spin_unlock(ptl) });
    expect(await checked(task('p', under))).toMatchInlineSnapshot(`
      [
        "BUG: sleeping function called from invalid context: violated by 0 1",
      ]
    `);
  });
});
