// RCU: what grace periods wait for, and what the mutants of right code are caught with.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { programOf, textOf } from '../../checker/lower/testing/small.js';
import { check } from '../../checker/testing/check.js';
import { actor, actors, type Block, If, no, oneOf, procedure, source, yes } from '../language/index.js';
import {
  call_rcu,
  mutex_lock,
  mutex_unlock,
  rcu_callback,
  rcu_dereference,
  rcu_dereference_protected,
  rcu_read_lock,
  rcu_read_lock_bh,
  rcu_read_lock_sched,
  rcu_read_unlock,
  rcu_read_unlock_bh,
  rcu_read_unlock_sched,
  spin_lock,
  spin_unlock,
  synchronize_rcu,
  synchronize_rcu_bh,
  synchronize_sched,
} from './index.js';
import { free, read, replace, state, update, use } from './testing/replaced.js';

const c = source('drivers/x.c');

const { gp, old, lock } = state;

describe('an object that is replaced', () => {
  const with_reader = (block: Block) => explored({ state, actors: [actors('read', 2, read), update(block)] });
  test('may be freed after a grace period', async () => {
    expect(
      await with_reader({ replace: replace(), wait: synchronize_rcu(), free: free() }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 313 states, 683 transitions, depth 13, levels 1 3 6 14 26 41 51 55 50 35 18 8 4 1",
      ]
    `);
  });
  test('may not be freed without one', async () => {
    expect(await with_reader({ replace: replace(), free: free() })).toMatchInlineSnapshot(`
      [
        "violated: 201 states, 419 transitions, depth 11, levels 1 3 6 11 18 26 33 34 32 22 12 3",
        "BUG: KASAN: slab-use-after-free in read: violated by read[0] read.lock, read[0] read.deref, read[0] read.use, update update.replace, update update.free, read[0] read.x",
      ]
    `);
  });
  test('may not be freed after one that began before it was replaced', async () => {
    expect(
      await with_reader({ wait: synchronize_rcu(), replace: replace(), free: free() }),
    ).toMatchInlineSnapshot(`
      [
        "violated: 337 states, 731 transitions, depth 13, levels 1 3 8 15 23 33 41 46 48 44 37 23 12 3",
        "BUG: KASAN: slab-use-after-free in read: violated by update synchronize_rcu.begin, read[0] read.lock, read[0] read.deref, read[0] read.use, update synchronize_rcu.end, update update.replace, update update.free, read[0] read.x",
      ]
    `);
  });
  test('may not be used after the section', async () => {
    const late = procedure('read', { p: oneOf('new', 'old') }, ({ p }) => ({
      lock: rcu_read_lock(),
      deref: p.assign(rcu_dereference(gp)),
      unlock: rcu_read_unlock(),
      use: If(p.is('old'), { x: use() }),
    }));
    const all = [actor('read', late), update({ replace: replace(), wait: synchronize_rcu(), free: free() })];
    expect(await explored({ state, actors: all })).toMatchInlineSnapshot(`
      [
        "violated: 43 states, 64 transitions, depth 9, levels 1 2 3 6 8 7 6 5 3 2",
        "BUG: KASAN: slab-use-after-free in read: violated by read read.lock, read read.deref, read read.unlock, read read.use, update update.replace, update synchronize_rcu.begin, update synchronize_rcu.end, update update.free, read read.x",
      ]
    `);
  });
  test('is kept by the outer one of two sections', async () => {
    const nested = procedure('read', { p: oneOf('new', 'old') }, ({ p }) => ({
      lock: rcu_read_lock(),
      deref: p.assign(rcu_dereference(gp)),
      inner: rcu_read_lock(),
      leave: rcu_read_unlock(),
      use: If(p.is('old'), { x: use() }),
      unlock: rcu_read_unlock(),
    }));
    const all = [
      actor('read', nested),
      update({ replace: replace(), wait: synchronize_rcu(), free: free() }),
    ];
    expect(await explored({ state, actors: all })).toMatchInlineSnapshot(`
      [
        "holds: 55 states, 83 transitions, depth 11, levels 1 2 3 6 8 8 8 8 5 3 2 1",
      ]
    `);
  });
  test('may be handed from an old reader to a later one, which the grace period does not wait for', async () => {
    const hands = procedure('hands', { p: oneOf('new', 'old') }, ({ p }) => ({
      lock: rcu_read_lock(),
      deref: p.assign(rcu_dereference(gp)),
      hand: c`handed = p`(state.handed.set(p)),
      unlock: rcu_read_unlock(),
    }));
    const takes = procedure('takes', () => ({
      lock: rcu_read_lock(),
      use: If(state.handed.is('old'), { x: use() }),
      unlock: rcu_read_unlock(),
    }));
    const all = [
      actor('hands', hands),
      actor('takes', takes),
      update({ replace: replace(), wait: synchronize_rcu(), free: free() }),
    ];
    expect(await explored({ state, actors: all })).toMatchInlineSnapshot(`
      [
        "violated: 195 states, 405 transitions, depth 12, levels 1 3 6 13 22 30 34 33 25 14 8 5 1",
        "BUG: KASAN: slab-use-after-free in takes: violated by hands hands.lock, hands hands.deref, hands hands.hand, hands hands.unlock, update update.replace, update synchronize_rcu.begin, takes takes.lock, takes takes.use, update synchronize_rcu.end, update update.free, takes takes.x",
      ]
    `);
  });
});

describe('a section without rcu_read_lock()', () => {
  const all = (enter: Block, leave: Block, wait: Block) => [
    actor(
      'read',
      procedure('read', { p: oneOf('new', 'old') }, ({ p }) => ({
        ...enter,
        deref: p.assign(rcu_dereference_protected(gp, yes)),
        use: If(p.is('old'), { x: use() }),
        ...leave,
      })),
    ),
    update({ replace: replace(), ...wait, free: free() }),
  ];
  const under_lock = () => [{ lock: spin_lock(lock) }, { unlock: spin_unlock(lock) }] as const;
  test('is one where a spinlock is held, since 4.20', async () => {
    expect(
      await explored({ state, actors: all(...under_lock(), { wait: synchronize_rcu() }) }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 39 states, 57 transitions, depth 9, levels 1 2 3 6 8 8 5 3 2 1",
      ]
    `);
  });
  test('is none before, with PREEMPT', async () => {
    expect(
      await explored({
        state,
        actors: all(...under_lock(), { wait: synchronize_rcu({ consolidated: no }) }),
      }),
    ).toMatchInlineSnapshot(`
      [
        "violated: 43 states, 66 transitions, depth 9, levels 1 2 3 5 7 8 7 5 4 1",
        "BUG: KASAN: slab-use-after-free in read: violated by read read.lock, read read.deref, read read.use, update update.replace, update synchronize_rcu.begin, update synchronize_rcu.end, update update.free, read read.x",
      ]
    `);
  });
  test('is one for synchronize_sched()', async () => {
    expect(
      await explored({ state, actors: all(...under_lock(), { wait: synchronize_sched() }) }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 39 states, 57 transitions, depth 9, levels 1 2 3 6 8 8 5 3 2 1",
      ]
    `);
  });
  test.each([
    ['bh', rcu_read_lock_bh, rcu_read_unlock_bh, synchronize_rcu_bh, 'holds'],
    ['sched', rcu_read_lock_sched, rcu_read_unlock_sched, synchronize_sched, 'holds'],
    [
      'sched, for which synchronize_rcu_bh() does not wait',
      rcu_read_lock_sched,
      rcu_read_unlock_sched,
      synchronize_rcu_bh,
      'violated',
    ],
    ['bh, for synchronize_rcu() since 4.20', rcu_read_lock_bh, rcu_read_unlock_bh, synchronize_rcu, 'holds'],
    [
      'an rcu section, for which synchronize_sched() does not wait',
      rcu_read_lock,
      rcu_read_unlock,
      synchronize_sched,
      'violated',
    ],
  ])('is one of %s', async (_, enter, leave, wait, verdict) => {
    const [first] = await explored({
      state,
      actors: all({ enter: enter() }, { leave: leave() }, { wait: wait() }),
    });
    expect(first).toMatch(new RegExp(`^${verdict}:`));
  });
});

describe('misuse', () => {
  const alone = (block: Block) =>
    explored({
      state,
      actors: [
        actor(
          'p',
          procedure('p', () => block),
        ),
      ],
    });
  test('synchronize_rcu() in a section waits for itself', async () => {
    expect(
      await alone({ lock: rcu_read_lock(), wait: synchronize_rcu(), unlock: rcu_read_unlock() }),
    ).toMatchInlineSnapshot(`
      [
        "violated: 4 states, 3 transitions, depth 3, levels 1 1 1 1",
        "Illegal synchronize_rcu() in RCU read-side critical section: violated by p p.lock, p synchronize_rcu.begin",
        "no deadlock: violated by p p.lock, p synchronize_rcu.begin, p synchronize_rcu.begin",
      ]
    `);
  });
  test('who sleeps in a section, or in a callback, is reported', async () => {
    const sleeps = { m: mutex_lock(state.m), u: mutex_unlock(state.m) };
    const section = procedure('p', () => ({ lock: rcu_read_lock(), ...sleeps, unlock: rcu_read_unlock() }));
    const warned = async (...all: Parameters<typeof programOf>[0]['actors']) =>
      (await check(programOf({ state, actors: all }))).slice(1);
    expect(await warned(actor('p', section))).toMatchInlineSnapshot(`
      [
        "BUG: sleeping function called from invalid context: violated by 0 1",
      ]
    `);
    const callback = procedure('callback', () => sleeps);
    const post = update({ call: call_rcu(old.rcu) });
    expect(await warned(post, rcu_callback('rcu', old.rcu, callback))).toMatchInlineSnapshot(`
      [
        "BUG: sleeping function called from invalid context: violated by 1 2 3",
      ]
    `);
  });
  test('a section is left that was not entered', async () => {
    expect(await alone({ unlock: rcu_read_unlock() })).toMatchInlineSnapshot(`
      [
        "violated: 2 states, 1 transitions, depth 1, levels 1 1",
        "WARNING: bad unlock balance detected! (rcu_read_lock): violated by p p.unlock",
      ]
    `);
  });
  test('rcu_dereference() outside of a section', async () => {
    const p = procedure('p', { p: oneOf('new', 'old') }, ({ p }) => ({
      deref: p.assign(rcu_dereference(gp)),
    }));
    expect(await explored({ state, actors: [actor('p', p)] })).toMatchInlineSnapshot(`
      [
        "violated: 2 states, 1 transitions, depth 1, levels 1 1",
        "WARNING: suspicious RCU usage: suspicious rcu_dereference_check() usage!: violated by p p.deref",
      ]
    `);
  });
});

test('a model that uses none of it has nothing of it', () => {
  const text = textOf({ state, actors: [update({ lock: spin_lock(lock), unlock: spin_unlock(lock) })] });
  expect(text).not.toMatch(/rcu_nesting|grace_period|gp\[|turn/);
});
