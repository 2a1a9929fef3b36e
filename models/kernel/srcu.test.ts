// SRCU: readers that may sleep, and grace periods that wait for the sections of one domain.

import { expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { never } from '../../properties/language/index.js';
import {
  actor,
  type Block,
  bool,
  If,
  not,
  object,
  oneOf,
  procedure,
  shared,
  source,
} from '../language/index.js';
import {
  call_srcu,
  kfree,
  mutex,
  mutex_lock,
  mutex_unlock,
  rcu_callback,
  srcu_barrier,
  srcu_head,
  srcu_read_lock,
  srcu_read_unlock,
  srcu_struct,
  synchronize_srcu,
} from './index.js';

const c = source('drivers/x.c');
const state = shared({ gp: oneOf('old', 'new'), old: object({ x: bool() }), m: mutex() });
const { gp, old, m } = state;
const [ss, other] = [srcu_struct('ss'), srcu_struct('other')];

/** A reader that sleeps in its section. */
const read = actor(
  'read',
  procedure('read', { p: oneOf('new', 'old') }, ({ p }) => ({
    lock: srcu_read_lock(ss),
    deref: c`p = srcu_dereference(gp, &ss)`(p.set(gp)),
    sleep: mutex_lock(m),
    use: If(p.is('old'), { x: c`use(p->x)`(old.x.set(true)) }),
    wake: mutex_unlock(m),
    unlock: srcu_read_unlock(ss),
  })),
);
const update = (wait: Block) =>
  actor(
    'update',
    procedure('update', () => ({ replace: c`gp = new`(gp.set('new')), ...wait, free: kfree(old) })),
  );

test('a reader may sleep, and synchronize_srcu() of its domain waits for it', async () => {
  const all = [read, update({ wait: synchronize_srcu(ss) })];
  expect(await explored({ state, actors: all })).toMatchInlineSnapshot(`
    [
      "holds: 55 states, 83 transitions, depth 11, levels 1 2 3 6 8 8 8 8 5 3 2 1",
    ]
  `);
});
test('synchronize_srcu() of another domain does not', async () => {
  const all = [read, update({ wait: synchronize_srcu(other) })];
  expect(await explored({ state, actors: all })).toMatchInlineSnapshot(`
    [
      "violated: 61 states, 98 transitions, depth 11, levels 1 2 3 5 7 8 9 9 7 6 3 1",
      "BUG: KASAN: slab-use-after-free in read: violated by read read.lock, read read.deref, read read.sleep, read read.use, update update.replace, update synchronize_srcu.begin, update synchronize_srcu.end, update update.free, read read.x",
    ]
  `);
});
test('a lock that the reader takes must not be held around it', async () => {
  const all = [read, update({ lock: mutex_lock(m), wait: synchronize_srcu(ss), unlock: mutex_unlock(m) })];
  expect(await explored({ state, actors: all })).toMatchInlineSnapshot(`
    [
      "violated: 60 states, 83 transitions, depth 13, levels 1 2 3 5 8 8 6 6 6 5 4 3 2 1",
      "no deadlock: violated by read read.lock, read read.deref, update update.replace, update update.lock, update synchronize_srcu.begin",
    ]
  `);
});
test('synchronize_srcu() in a section of its domain is reported, and waits for itself', async () => {
  const p = procedure('p', () => ({
    lock: srcu_read_lock(ss),
    wait: synchronize_srcu(ss),
    unlock: srcu_read_unlock(ss),
  }));
  expect(await explored({ state, actors: [actor('p', p)] })).toMatchInlineSnapshot(`
    [
      "violated: 4 states, 3 transitions, depth 3, levels 1 1 1 1",
      "Illegal synchronize_srcu() in same-type SRCU (or in RCU) read-side critical section: violated by p p.lock, p synchronize_srcu.begin",
      "no deadlock: violated by p p.lock, p synchronize_srcu.begin, p synchronize_srcu.begin",
    ]
  `);
});

test('call_srcu() frees after the sections of its domain, and srcu_barrier() waits for its callbacks', async () => {
  const posts = shared({
    gp: oneOf('old', 'new'),
    old: object({ x: bool(), rcu: srcu_head(ss) }),
    done: bool(),
  });
  const reader = actor(
    'read',
    procedure('read', { p: oneOf('new', 'old') }, ({ p }) => ({
      lock: srcu_read_lock(ss),
      deref: c`p = srcu_dereference(gp, &ss)`(p.set(posts.gp)),
      use: If(p.is('old'), { x: c`use(p->x)`(posts.old.x.set(true)) }),
      unlock: srcu_read_unlock(ss),
    })),
  );
  const free = procedure('free', () => ({ free: kfree(posts.old), done: c`done`(posts.done.set(true)) }));
  const callback = rcu_callback('rcu', posts.old.rcu, free);
  const run = (post: Block) => {
    const body = { replace: c`gp = new`(posts.gp.set('new')), ...post };
    const updater = actor(
      'update',
      procedure('update', () => body),
    );
    const late = never(updater.done.and(not(posts.done)), 'the callback is not over');
    return explored({ state: posts, actors: [reader, updater, callback] }, { late });
  };
  expect(await run({ post: call_srcu(ss, posts.old.rcu), wait: srcu_barrier(ss) })).toMatchInlineSnapshot(`
    [
      "holds: 93 states, 173 transitions, depth 13, levels 1 2 3 7 11 14 13 11 10 8 6 4 2 1",
    ]
  `);
  expect((await run({ post: call_srcu(ss, posts.old.rcu), wait: srcu_barrier(other) }))[1]).toMatch(
    /^late: violated/,
  );
  expect(await run({ free: kfree(posts.old), done: c`done`(posts.done.set(true)) })).toMatchInlineSnapshot(`
    [
      "violated: 35 states, 51 transitions, depth 8, levels 1 2 3 5 6 7 6 4 1",
      "BUG: KASAN: slab-use-after-free in read: violated by read read.lock, read read.deref, read read.use, update update.replace, update update.free, read read.x",
    ]
  `);
  const twice = await run({ post: call_srcu(ss, posts.old.rcu), again: call_srcu(ss, posts.old.rcu) });
  expect(twice.join()).toContain('call_srcu(): Leaked duplicate callback: violated by update');
});
