// Callbacks of RCU: they run after a grace period, and who waits for them.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { actor, type Block, bool, object, oneOf, procedure, shared, source } from '../language/index.js';
import {
  call_rcu,
  kfree,
  kfree_rcu,
  kfree_rcu_callback,
  rcu_barrier,
  rcu_callback,
  rcu_head,
  synchronize_rcu,
} from './index.js';
import { free, read, replace, state, update } from './testing/replaced.js';

const c = source('drivers/x.c');

const { old } = state;

describe('callbacks', () => {
  const free_old = () => procedure('free_old', () => ({ free: kfree(old) }));
  test('run after a grace period, and free the object that they lie in', async () => {
    const all = [
      actor('read', read),
      update({ replace: replace(), call: call_rcu(old.rcu) }),
      rcu_callback('rcu', old.rcu, free_old()),
    ];
    expect(await explored({ state, actors: all })).toMatchInlineSnapshot(`
      [
        "holds: 45 states, 67 transitions, depth 10, levels 1 2 3 6 8 9 6 4 3 2 1",
      ]
    `);
  });
  test('that are posted before the object is replaced run too early', async () => {
    const all = [
      actor('read', read),
      update({ call: kfree_rcu(old.rcu), replace: replace() }),
      kfree_rcu_callback('rcu', old.rcu, old),
    ];
    expect(await explored({ state, actors: all })).toMatchInlineSnapshot(`
      [
        "violated: 80 states, 146 transitions, depth 10, levels 1 2 5 8 12 14 12 11 9 5 1",
        "BUG: KASAN: slab-use-after-free in read: violated by update update.call, read read.lock, read read.deref, read read.use, rcu rcu_do_batch.begin, rcu kfree_rcu.free, read read.x",
      ]
    `);
  });
  test('that are posted twice are leaked, and reported', async () => {
    const all = [
      update({ one: call_rcu(old.rcu), two: call_rcu(old.rcu) }),
      rcu_callback('rcu', old.rcu, free_old()),
    ];
    expect(await explored({ state, actors: all })).toMatchInlineSnapshot(`
      [
        "violated: 13 states, 13 transitions, depth 7, levels 1 1 2 2 3 2 1 1",
        "BUG: KASAN: slab-use-after-free in update: violated by update update.one, rcu rcu_do_batch.begin, rcu free_old.free, update update.two",
        "call_rcu(): Double-freed CB: violated by update update.one, update update.two",
        "BUG: KASAN: double-free: violated by update update.one, rcu rcu_do_batch.begin, update update.two, rcu free_old.free, rcu rcu_do_batch.end, rcu rcu_do_batch.begin, rcu free_old.free",
        "ODEBUG: free active (active state 0) object type: rcu_head: violated by update update.one, rcu rcu_do_batch.begin, update update.two, rcu free_old.free",
      ]
    `);
  });
  test('of an object that is freed by hand are reported where it is freed', async () => {
    const all = [update({ call: call_rcu(old.rcu), free: free() }), rcu_callback('rcu', old.rcu, free_old())];
    expect(await explored({ state, actors: all })).toMatchInlineSnapshot(`
      [
        "violated: 10 states, 11 transitions, depth 5, levels 1 1 2 2 3 1",
        "BUG: KASAN: double-free: violated by update update.call, update update.free, rcu rcu_do_batch.begin, rcu free_old.free",
        "ODEBUG: free active (active state 0) object type: rcu_head: violated by update update.call, update update.free",
      ]
    `);
  });
  test('of a freed object cannot be posted', async () => {
    const all = [update({ free: free(), call: call_rcu(old.rcu) }), rcu_callback('rcu', old.rcu, free_old())];
    expect(await explored({ state, actors: all })).toMatchInlineSnapshot(`
      [
        "violated: 3 states, 2 transitions, depth 2, levels 1 1 1",
        "BUG: KASAN: slab-use-after-free in update: violated by update update.free, update update.call",
      ]
    `);
  });

  describe('of a module that is unloaded', () => {
    const module = shared({ text: object({ code: bool() }), head: rcu_head(), gp: oneOf('old', 'new') });
    const callback = procedure('callback', () => ({
      run: c`the code of the module`(module.text.code.set(true)),
    }));
    const unload = (block: Block) =>
      explored({
        state: module,
        actors: [
          actor(
            'exit',
            procedure('exit', () => ({ call: call_rcu(module.head), ...block, unload: kfree(module.text) })),
          ),
          rcu_callback('rcu', module.head, callback),
        ],
      });
    test('run in freed code if no actor waits', async () => {
      expect(await unload({})).toMatchInlineSnapshot(`
        [
          "violated: 10 states, 11 transitions, depth 5, levels 1 1 2 2 3 1",
          "BUG: KASAN: slab-use-after-free in callback: violated by exit exit.call, exit exit.unload, rcu rcu_do_batch.begin, rcu callback.run",
        ]
      `);
    });
    test('run in freed code after synchronize_rcu(), which does not wait for them', async () => {
      expect(await unload({ wait: synchronize_rcu() })).toMatchInlineSnapshot(`
        [
          "violated: 20 states, 27 transitions, depth 7, levels 1 1 2 4 5 3 3 1",
          "BUG: KASAN: slab-use-after-free in callback: violated by exit exit.call, exit synchronize_rcu.begin, exit synchronize_rcu.end, exit exit.unload, rcu rcu_do_batch.begin, rcu callback.run",
        ]
      `);
    });
    test('are over after rcu_barrier()', async () => {
      expect(await unload({ wait: rcu_barrier() })).toMatchInlineSnapshot(`
        [
          "holds: 11 states, 13 transitions, depth 7, levels 1 1 2 2 2 1 1 1",
        ]
      `);
    });
  });
});
