// Lists: what kernels with CONFIG_DEBUG_LIST report, and elements that RCU readers may still stand on.

import { expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { actor, type Block, bool, If, object, procedure, shared, source } from '../language/index.js';
import {
  kfree,
  kfree_rcu,
  kfree_rcu_callback,
  list_add,
  list_add_rcu,
  list_del,
  list_del_init,
  list_del_rcu,
  list_empty,
  list_has,
  list_node,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
  synchronize_rcu,
} from './index.js';

const c = source('drivers/x.c');
const state = shared({
  node: list_node(),
  o: object({ x: bool(), node: list_node('on'), rcu: rcu_head() }),
});
const { node, o } = state;
const actorOf = (name: string, block: Block) =>
  actor(
    name,
    procedure(name, () => block),
  );
const alone = (block: Block) => explored({ state, actors: [actorOf('p', block)] });

test('an element that is added twice, or deleted twice, is reported', async () => {
  expect(await alone({ one: list_add(node), two: list_add(node) })).toMatchInlineSnapshot(`
    [
      "violated: 3 states, 2 transitions, depth 2, levels 1 1 1",
      "list_add double add: violated by p p.one, p p.two",
    ]
  `);
  expect(
    await alone({ add: list_add(node), one: list_del(node), two: list_del(node) }),
  ).toMatchInlineSnapshot(`
    [
      "violated: 4 states, 3 transitions, depth 3, levels 1 1 1 1",
      "list_del corruption, ->next is LIST_POISON1: violated by p p.add, p p.one, p p.two",
    ]
  `);
});
test('an element that is deleted with list_del_init() may be deleted again, and added', async () => {
  const block = {
    add: list_add(node),
    one: list_del_init(node),
    two: If(list_empty(node), { two: list_del_init(node) }),
    again: list_add(node),
  };
  expect((await alone(block))[0]).toMatch(/^holds/);
});

const reader = actorOf('reader', {
  lock: rcu_read_lock(),
  find: If(list_has(o.node), { use: c`use the element`(o.x.set(true)) }),
  unlock: rcu_read_unlock(),
});

test('an element is freed after it is deleted and a grace period is over, and not before', async () => {
  const free = (block: Block) =>
    explored({ state, actors: [reader, actorOf('remove', { del: list_del_rcu(o.node), ...block })] });
  expect(await free({ free: kfree(o) })).toMatchInlineSnapshot(`
    [
      "violated: 20 states, 26 transitions, depth 6, levels 1 2 3 4 5 4 1",
      "BUG: KASAN: slab-use-after-free in reader: violated by reader reader.lock, reader reader.find, remove remove.del, remove remove.free, reader reader.use",
    ]
  `);
  expect((await free({ wait: synchronize_rcu(), free: kfree(o) }))[0]).toMatch(/^holds/);
  const early = [
    reader,
    actorOf('remove', { free: kfree_rcu(o.rcu), del: list_del_rcu(o.node) }),
    kfree_rcu_callback('rcu', o.rcu, o),
  ];
  expect((await explored({ state, actors: early }))[0]).toMatch(/^violated/);
});
test('an element that is freed on its list is found, and used', async () => {
  const all = [reader, actorOf('remove', { wait: synchronize_rcu(), free: kfree(o) })];
  expect((await explored({ state, actors: all })).slice(1)).toMatchInlineSnapshot(`
    [
      "BUG: KASAN: slab-use-after-free in reader: violated by remove synchronize_rcu.begin, reader reader.lock, reader reader.find, remove synchronize_rcu.end, remove remove.free, reader reader.use",
    ]
  `);
});
test('an element that is freed is neither added nor deleted', async () => {
  expect((await alone({ free: kfree(o), del: list_del(o.node) })).slice(1)).toMatchInlineSnapshot(`
    [
      "BUG: KASAN: slab-use-after-free in p: violated by p p.free, p p.del",
    ]
  `);
  expect((await alone({ free: kfree(o), add: list_add_rcu(o.node) }))[0]).toMatch(/^violated/);
});
