// Pools of objects, and pointers to them: NULL, or a slot.

import { describe, expect, test } from 'vitest';
import { kfree, kmalloc } from '../../models/kernel/index.js';
import {
  actor,
  actors,
  allocates,
  bool,
  expects,
  If,
  int,
  not,
  object,
  pointer,
  pool,
  procedure,
  shared,
  source,
  when,
  yes,
} from '../../models/language/index.js';
import { explored } from './testing/explored.js';
import { refusalsIn, stepsOf } from './testing/small.js';

const c = source('drivers/x.c');
const Node = pool(2, { key: int(0, 3), busy: bool() });
const state = shared({ node: Node, head: pointer(Node) });
const { node, head } = state;

describe('a pool', () => {
  test('allocates its first unused slot, and a pointer selects the object', () => {
    const p = procedure('p', { own: pointer(Node) }, ({ own }) => ({
      alloc: own.assign(kmalloc(node, { mayFail: yes })),
      test: If(own.isNull(), { enomem: c`return -ENOMEM`() }).Else({
        init: c`own->key = 1`(own.get.key.set(1)),
        publish: c`head = own`(head.set(own)),
        free: kfree(own),
      }),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.alloc:
              /* include/linux/slab.h: own = kmalloc(node): true */
              when (!(node[0].lifetime != unused && node[1].lifetime != unused)); node[0].lifetime = node[0].lifetime == unused && (node[0].lifetime != unused ? 1 : 0) + (node[0].lifetime != unused && node[1].lifetime != unused ? 1 : 0) == 0 ? live : node[0].lifetime, node[1].lifetime = node[1].lifetime == unused && (node[0].lifetime != unused ? 1 : 0) + (node[0].lifetime != unused && node[1].lifetime != unused ? 1 : 0) == 1 ? live : node[1].lifetime, a:p.own = (node[0].lifetime != unused ? 1 : 0) + (node[0].lifetime != unused && node[1].lifetime != unused ? 1 : 0) == 0 ? node0 : (node[0].lifetime != unused ? 1 : 0) + (node[0].lifetime != unused && node[1].lifetime != unused ? 1 : 0) == 1 ? node1 : word 3 of 3;
              /* include/linux/slab.h: own = kmalloc(node): false */
              a:p.own = NULL;
      p.test:
              /* if (own == NULL) */
              when (a:p.own == NULL); /* reset: */ a:p.own = NULL;
              /* if (own != NULL) */
              when (a:p.own != NULL); goto p.init;
      p.enomem:
              /* drivers/x.c: return -ENOMEM */
              goto done;
      p.init:
              /* drivers/x.c: own->key = 1 */
              when (a:p.own == NULL); bug "BUG: kernel NULL pointer dereference in p"; /* reset: */ a:p.own = NULL;
              /* drivers/x.c: own->key = 1 */
              when (a:p.own != NULL && !((a:p.own != node0 || node[0].lifetime == live) && (a:p.own != node1 || node[1].lifetime == live))); bug "BUG: KASAN: slab-use-after-free in p"; /* reset: */ a:p.own = NULL;
              /* drivers/x.c: own->key = 1 */
              when (a:p.own != NULL && (a:p.own != node0 || node[0].lifetime == live) && (a:p.own != node1 || node[1].lifetime == live)); a:p.own->key = 1;
      p.publish:
              /* drivers/x.c: head = own */
              head = a:p.own;
      p.free:
              /* include/linux/slab.h: kfree(own) */
              when (!((a:p.own != node0 || node[0].lifetime == live) && (a:p.own != node1 || node[1].lifetime == live))); bug "BUG: KASAN: double-free"; /* reset: */ a:p.own = NULL;
              /* include/linux/slab.h: kfree(own) */
              when ((a:p.own != node0 || node[0].lifetime == live) && (a:p.own != node1 || node[1].lifetime == live)); node[0].lifetime = a:p.own == node0 ? freed : node[0].lifetime, node[1].lifetime = a:p.own == node1 ? freed : node[1].lifetime; /* reset: */ a:p.own = NULL; goto done;
      done:
              ;
      "
    `);
  });

  test('does not use a slot again, so a stale pointer is found; with typesafe it does, and the key must be checked', async () => {
    const found = async (reuse?: 'typesafe') => {
      const Cell = pool(
        reuse === undefined ? 2 : 1,
        { key: int(0, 2) },
        reuse === undefined ? {} : { reuse },
      );
      const s = shared({ cell: Cell, slot: pointer(Cell) });
      const write = procedure('write', { p: pointer(Cell) }, ({ p }) => ({
        alloc: p.assign(kmalloc(s.cell)),
        init: c`init`(p.get.key.set(1), s.slot.set(p)),
        unlink: c`unlink`(s.slot.set('NULL')),
        free: kfree(p),
        again: p.assign(kmalloc(s.cell)),
        other: c`init another`(p.get.key.set(2)),
      }));
      const look = procedure('look', { p: pointer(Cell) }, ({ p }) => ({
        load: c`p = slot`(p.set(s.slot)),
        test: If(not(p.isNull()), { key: c`read p->key`(expects(p.get.key.ne(2), 'wrong object')) }),
      }));
      const lines = await explored({ state: s, actors: [actor('writer', write), actor('reader', look)] });
      return lines.map((line) => line.replace(/, transitions.*/, ''));
    };
    expect(await found()).toMatchInlineSnapshot(`
      [
        "violated: 34 states, 52 transitions, depth 9, levels 1 2 3 4 5 5 5 5 3 1",
        "BUG: KASAN: slab-use-after-free in look: violated by writer write.alloc, writer write.init, reader look.load, writer write.unlink, writer write.free, reader look.test, reader look.key",
      ]
    `);
    expect(await found('typesafe')).toMatchInlineSnapshot(`
      [
        "violated: 32 states, 50 transitions, depth 9, levels 1 2 3 4 5 5 5 4 2 1",
        "wrong object: violated by writer write.alloc, writer write.init, reader look.load, writer write.unlink, writer write.free, writer write.again, writer write.other, reader look.test, reader look.key",
      ]
    `);
  });

  test('that is too small is an error of the model', async () => {
    const One = pool(1, { key: bool() });
    const s = shared({ one: One });
    const p = procedure('p', { at: pointer(One) }, ({ at }) => ({
      first: at.assign(kmalloc(s.one)),
      use: c`use`(at.get.key.set(true)),
    }));
    expect(await explored({ state: s, actors: [actors('a', 2, p)] })).toMatchInlineSnapshot(`
      [
        "violated: 5 states, 8 transitions, depth 2, levels 1 2 2",
        "no value out of range: violated by a[0] p.first, a[1] p.first: a[1]:p.at would become word 2 of 2, outside { NULL, one0 }",
      ]
    `);
  });

  test('has slots that pointers can be compared with, and an object may be allocated late', () => {
    const late = shared({
      dev: object({ n: bool() }, { starts: 'unused' }),
      node: Node,
      a: pointer(Node),
      b: pointer(Node),
    });
    const p = procedure('p', () => ({
      probe: c`probe`(allocates(late.dev)),
      use: c`use`(late.dev.n.set(true)),
      same: c`wait`(when(late.a.eq(late.b).and(late.a.eq(late.node.ref(1))))),
      direct: c`node[0].key = 1`(late.node.at(0).key.set(1)),
      second: c`a = &node[1]`(late.a.set(late.node.ref(1))),
    }));
    expect(stepsOf(p, late)).toMatchInlineSnapshot(`
      "p.probe:
              /* drivers/x.c: probe */
              when (dev.lifetime != unused); bug "the object is allocated twice";
              /* drivers/x.c: probe */
              when (dev.lifetime == unused); dev.lifetime = live;
      p.use:
              /* drivers/x.c: use */
              when (dev.lifetime != live); bug "BUG: KASAN: slab-use-after-free in p";
              /* drivers/x.c: use */
              when (dev.lifetime == live); dev.n = true;
      p.same:
              /* drivers/x.c: wait */
              when (a == b && a == node1);
      p.direct:
              /* drivers/x.c: node[0].key = 1 */
              when (node[0].lifetime != live); bug "BUG: KASAN: slab-use-after-free in p";
              /* drivers/x.c: node[0].key = 1 */
              when (node[0].lifetime == live); node[0].key = 1;
      p.second:
              /* drivers/x.c: a = &node[1] */
              a = node1; goto done;
      done:
              ;
      "
    `);
  });
});

describe('refused is', () => {
  const refusal = refusalsIn(import.meta.url);

  test('a pool that two variables share, or that is not in the state', () => {
    const twice = shared({ one: Node, two: Node });
    const p = procedure('p', () => ({ step: c`step`() }));
    expect(refusal(() => stepsOf(p, twice))).toContain("two variables are one pool: 'two'");
    const Other = pool(1, { key: bool() });
    const q = procedure('q', { at: pointer(Other) }, ({ at }) => ({ step: c`step`(at.get.key.set(true)) })); // <-
    expect(refusal(() => stepsOf(q, state))).toMatchInlineSnapshot(
      `"a pointer to a pool that is not in the state of the model 'small'"`,
    );
  });

  test('a field called lifetime, and no slots', () => {
    expect(
      refusal(() => {
        object({ lifetime: bool() }); // <-
      }),
    ).toMatchInlineSnapshot(`"an object has a 'lifetime' of its own"`);
    expect(
      refusal(() => {
        pool(0, { key: bool() }); // <-
      }),
    ).toMatchInlineSnapshot(`"pool(0, …): the length must be a whole number from 1 up"`);
  });
});
