// percpu_ref: what may still happen after a kill, and what is over once it is confirmed.

import { expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { never, sometimes } from '../../properties/language/index.js';
import {
  actor,
  type Block,
  bool,
  finished,
  If,
  isLive,
  not,
  object,
  procedure,
  shared,
  source,
  when,
} from '../language/index.js';
import {
  kfree,
  kfree_rcu,
  kfree_rcu_callback,
  percpu_ref,
  percpu_ref_get,
  percpu_ref_is_dying,
  percpu_ref_is_zero,
  percpu_ref_kill,
  percpu_ref_put,
  percpu_ref_switch,
  percpu_ref_tryget,
  percpu_ref_tryget_live,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
} from './index.js';

const c = source('block/blk-core.c');
const state = shared({
  listed: bool().starts(true),
  q: object({ x: bool(), ref: percpu_ref(3), rcu: rcu_head() }),
  gone: bool(),
  confirmed: bool(),
});
const { listed, q, gone } = state;
const { ref } = q;
const actorOf = (name: string, block: Block) =>
  actor(
    name,
    procedure(name, () => block),
  );
const use = c`use the queue`(q.x.set(true));
const at_once = { free: kfree(q) };
const deferred = { free: kfree_rcu(q.rcu) };
const switches = (release: Block) =>
  percpu_ref_switch(
    'switch',
    ref,
    procedure('release', () => release),
  );
const callback = kfree_rcu_callback('rcu', q.rcu, q);

/** Finds the queue in a section of RCU, and uses it with a reference of its own. */
const user = (release: Block) =>
  actor(
    'user',
    procedure('enter', { got: bool() }, ({ got }) => ({
      lock: rcu_read_lock(),
      find: If(listed, { get: percpu_ref_tryget_live(ref, got) }),
      unlock: rcu_read_unlock(),
      enter: If(got, { use, put: If(percpu_ref_put(ref), release) }),
    })),
  );
const remove = actorOf('remove', {
  unlink: c`list_del_rcu()`(listed.set(false)),
  kill: percpu_ref_kill(ref),
});

test('an object lives until its last reference is put, also if that is the one of the kill', async () => {
  const leak = never(finished.and(isLive(q)), 'the object is never freed');
  const all = [user(deferred), remove, switches(deferred), callback];
  expect(await explored({ state, actors: all }, { leak })).toMatchInlineSnapshot(`
    [
      "holds: 92 states, 144 transitions, depth 19, levels 1 2 3 6 8 8 10 10 9 7 6 6 5 3 2 2 1 1 1 1",
    ]
  `);
});
test('an object that can be found after the kill may be freed under a reader that has no reference yet', async () => {
  const late = actorOf('remove', {
    kill: percpu_ref_kill(ref),
    unlink: c`list_del_rcu()`(listed.set(false)),
  });
  const all = [user(at_once), late, switches(at_once)];
  expect((await explored({ state, actors: all })).slice(1)).toMatchInlineSnapshot(`
    [
      "BUG: KASAN: slab-use-after-free in percpu_ref_tryget_live: violated by remove remove.kill, user enter.lock, user enter.find, user percpu_ref_tryget_live.lock, switch percpu_ref_switch_to_atomic_rcu.switch, switch percpu_ref_switch_to_atomic_rcu.put, switch release.free, user percpu_ref_tryget_live.look",
    ]
  `);
});
test('a reference may still be got after percpu_ref_kill() has returned', async () => {
  const kills = actorOf('remove', {
    kill: percpu_ref_kill(ref),
    gone: c`nobody gets one from here on`(gone.set(true)),
  });
  const gets = actor(
    'user',
    procedure('enter', { got: bool() }, ({ got }) => ({
      get: percpu_ref_tryget_live(ref, got),
      enter: If(got, { use, put: If(percpu_ref_put(ref), { last: c`last`() }) }),
    })),
  );
  const late = never(gone.and(gets.at('percpu_ref_tryget_live.get')), 'it is counted after the kill');
  expect(
    await explored({ state, actors: [gets, kills, switches({ last: c`release`() })] }, { late }),
  ).toMatchInlineSnapshot(`
    [
      "violated: 107 states, 208 transitions, depth 13, levels 1 2 5 9 12 13 12 12 13 11 8 5 3 1",
      "late: violated by user percpu_ref_tryget_live.lock, user percpu_ref_tryget_live.look, user percpu_ref_tryget_live.count, remove remove.kill, remove remove.gone",
    ]
  `);
});
test('after the confirmation none is got, and before it the count is not released', async () => {
  const { confirmed, gone: released } = state;
  const gets = actor(
    'user',
    procedure('enter', { got: bool() }, ({ got }) => ({
      get: percpu_ref_tryget_live(ref, got),
      enter: If(got, { use, put: If(percpu_ref_put(ref), { last: c`last`(released.set(true)) }) }),
    })),
  );
  const kills = actorOf('remove', { kill: percpu_ref_kill(ref) });
  const confirm = procedure('confirm', () => ({ confirm: c`confirm_kill()`(confirmed.set(true)) }));
  const switched = percpu_ref_switch(
    'switch',
    ref,
    procedure('release', () => ({ release: c`release`(released.set(true)) })),
    { confirm },
  );
  const properties = {
    late: never(confirmed.and(gets.at('percpu_ref_tryget_live.get')), 'it is counted after the confirmation'),
    early: never(released.and(not(confirmed)), 'it is released before the confirmation'),
    zero: never(percpu_ref_is_zero(ref).and(not(percpu_ref_is_dying(ref)))),
    both: sometimes(confirmed.and(not(released)).and(gets.at('enter.use'))),
  };
  expect(await explored({ state, actors: [gets, kills, switched] }, properties)).toMatchInlineSnapshot(`
    [
      "holds: 69 states, 108 transitions, depth 13, levels 1 2 4 6 7 8 7 8 8 7 5 3 2 1",
      "both: reached by user percpu_ref_tryget_live.lock, user percpu_ref_tryget_live.look, user percpu_ref_tryget_live.count, user percpu_ref_tryget_live.get, user percpu_ref_tryget_live.unlock, user enter.enter, remove remove.kill, switch percpu_ref_switch_to_atomic_rcu.switch, switch confirm.confirm",
    ]
  `);
});
test('an object may be freed without a kill, and its callback then touches nothing', async () => {
  const frees = actorOf('remove', { free: kfree(q) });
  expect(await explored({ state, actors: [frees, switches(at_once)] })).toMatchInlineSnapshot(`
    [
      "holds: 2 states, 1 transitions, depth 1, levels 1 1",
    ]
  `);
});
test('a second kill is reported, and drops no reference', async () => {
  const twice = actorOf('remove', { one: percpu_ref_kill(ref), two: percpu_ref_kill(ref) });
  expect(await explored({ state, actors: [twice, switches(at_once)] })).toMatchInlineSnapshot(`
    [
      "violated: 12 states, 13 transitions, depth 5, levels 1 1 2 3 3 2",
      "BUG: KASAN: slab-use-after-free in remove: violated by remove remove.one, switch percpu_ref_switch_to_atomic_rcu.switch, switch percpu_ref_switch_to_atomic_rcu.put, switch release.free, remove remove.two",
      "percpu_ref_kill_and_confirm called more than once!: violated by remove remove.one, remove remove.two",
    ]
  `);
});
test('one put too many is found where the count is switched', async () => {
  const puts = actorOf('puts', { one: percpu_ref_put(ref), kill: percpu_ref_kill(ref) });
  expect((await explored({ state, actors: [puts, switches(at_once)] })).slice(1)).toMatchInlineSnapshot(`
    [
      "percpu ref <= 0 after switching to atomic: violated by puts puts.one, puts puts.kill, switch percpu_ref_switch_to_atomic_rcu.switch",
    ]
  `);
});
test('percpu_ref_tryget() fails once the count is atomic and 0', async () => {
  const waits = actorOf('late', {
    wait: c`wait for the release`(when(gone)),
    get: If(percpu_ref_tryget(ref), { got: c`got`() }),
  });
  const gets = actorOf('early', {
    get: percpu_ref_get(ref),
    put: percpu_ref_put(ref),
    kill: percpu_ref_kill(ref),
  });
  const released = switches({ release: c`release`(gone.set(true)) });
  expect(
    await explored({ state, actors: [gets, waits, released] }, { got: never(waits.at('late.got')) }),
  ).toMatchInlineSnapshot(`
    [
      "holds: 9 states, 8 transitions, depth 8, levels 1 1 1 1 1 1 1 1 1",
    ]
  `);
});
