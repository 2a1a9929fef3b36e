// Records as values, and effects under a condition.

import { describe, expect, test } from 'vitest';
import { kfree, spinlock } from '../../models/kernel/index.js';
import {
  actor,
  array,
  atOnce,
  bool,
  expects,
  forAll,
  int,
  object,
  oneOf,
  onlyIf,
  pointer,
  pool,
  procedure,
  record,
  same,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { never } from '../../properties/language/index.js';
import { explored } from './testing/explored.js';
import { refusalsIn, stepsOf } from './testing/small.js';

const c = source('mm/rmap.c');
const Page = record({ kind: oneOf('anon', 'file'), dirty: bool(), marks: array(2, bool()) });
const state = shared({
  page: array(2, Page),
  frame: Page,
  flag: bool(),
  n: int(0, 3),
  cells: array(2, int(0, 3)),
});
const { page, frame, flag, n, cells } = state;
const refusal = refusalsIn(import.meta.url);

describe('a record', () => {
  test('is set, copied and compared field by field', () => {
    const p = procedure('p', { old: Page }, ({ old }) => ({
      load: c`old = *page`(old.copy(page.at(1))),
      set: c`*page = (struct page) { … }`(page.at(0).set({ kind: 'file', dirty: flag })),
      retry: c`wait until it has changed`(when(same(old, page.at(1))), frame.copy(old)),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.load:
              /* mm/rmap.c: old = *page */
              a:p.old.kind = page[1].kind, a:p.old.dirty = page[1].dirty, a:p.old.marks[0] = page[1].marks[0], a:p.old.marks[1] = page[1].marks[1];
      p.set:
              /* mm/rmap.c: *page = (struct page) { … } */
              page[0].kind = file, page[0].dirty = flag;
      p.retry:
              /* mm/rmap.c: wait until it has changed */
              when (a:p.old.kind == page[1].kind && a:p.old.dirty == page[1].dirty && a:p.old.marks[0] == page[1].marks[0] && a:p.old.marks[1] == page[1].marks[1]); frame.kind = a:p.old.kind, frame.dirty = a:p.old.dirty, frame.marks[0] = a:p.old.marks[0], frame.marks[1] = a:p.old.marks[1]; /* reset: */ a:p.old.kind = anon, a:p.old.dirty = false, a:p.old.marks[0] = false, a:p.old.marks[1] = false; goto done;
      done:
              ;
      "
    `);
  });

  test('of an object is one of its fields, not of its lifetime', async () => {
    const Node = pool(2, { key: int(0, 3), next: bool() });
    const nodes = shared({ node: Node, head: pointer(Node), flag: bool() });
    const p = procedure('p', () => ({
      init: c`*p = …`(nodes.head.get.set({ key: 2 })),
      copy: c`*p = *q`(nodes.node.at(0).copy(nodes.node.at(1))),
    }));
    expect(stepsOf(p, nodes)).toMatchInlineSnapshot(`
      "p.init:
              /* mm/rmap.c: *p = … */
              when (head == NULL); bug "BUG: kernel NULL pointer dereference in p";
              /* mm/rmap.c: *p = … */
              when (head != NULL && !((head != node0 || node[0].lifetime == live) && (head != node1 || node[1].lifetime == live))); bug "BUG: KASAN: slab-use-after-free in p";
              /* mm/rmap.c: *p = … */
              when (head != NULL && (head != node0 || node[0].lifetime == live) && (head != node1 || node[1].lifetime == live)); head->key = 2;
      p.copy:
              /* mm/rmap.c: *p = *q */
              when (node[1].lifetime != live); bug "BUG: KASAN: slab-use-after-free in p";
              /* mm/rmap.c: *p = *q */
              when (node[1].lifetime == live && node[0].lifetime != live); bug "BUG: KASAN: slab-use-after-free in p";
              /* mm/rmap.c: *p = *q */
              when (node[1].lifetime == live && node[0].lifetime == live); node[0].key = node[1].key, node[0].next = node[1].next; goto done;
      done:
              ;
      "
    `);
  });
});

describe('onlyIf', () => {
  test('stores where its condition is true, and else what is there', () => {
    const p = procedure('p', () => ({
      store: c`if (flag) n++`(onlyIf(flag, expects(n.lt(3), 'full'), n.inc())),
      all: c`for each`(forAll(2, (i) => atOnce(cells.at(i).set(0), page.at(i).dirty.set(flag)))),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.store:
              /* mm/rmap.c: if (flag) n++ */
              when (!(!flag || n < 3)); bug "full";
              /* mm/rmap.c: if (flag) n++ */
              when (!flag || n < 3); n = flag ? n + 1 : n;
      p.all:
              /* mm/rmap.c: for each */
              cells[0] = 0, page[0].dirty = flag, cells[1] = 0, page[1].dirty = flag; goto done;
      done:
              ;
      "
    `);
  });

  test('checks no index that it does not use', async () => {
    const p = procedure('p', () => ({
      store: c`if (n < 2) cells[n] = 1`(onlyIf(n.lt(2), cells.at(n).set(1))),
      last: c`n = 3`(n.set(3)),
      again: c`if (n < 2) cells[n] = 2`(onlyIf(n.lt(2), cells.at(n).set(2))),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.store:
              /* mm/rmap.c: if (n < 2) cells[n] = 1 */
              cells[n] = n < 2 ? 1 : cells[n];
      p.last:
              /* mm/rmap.c: n = 3 */
              n = 3;
      p.again:
              /* mm/rmap.c: if (n < 2) cells[n] = 2 */
              cells[n] = n < 2 ? 2 : cells[n]; goto done;
      done:
              ;
      "
    `);
    expect(await explored({ state, actors: [actor('a', p)] })).toMatchInlineSnapshot(`
      [
        "holds: 4 states, 3 transitions, depth 3, levels 1 1 1 1",
      ]
    `);
  });

  test('checks the access to an object only where it is made', async () => {
    const Node = pool(1, { key: int(0, 3), flag: bool() });
    const objects = shared({
      dev: object({ n: int(0, 3) }),
      node: Node,
      p: pointer(Node),
      q: pointer(Node),
      gone: bool(),
    });
    const { dev, gone } = objects;
    const p = procedure('p', () => ({
      free: c`gone = true`(gone.set(true)),
      kfree: kfree(dev),
      use: c`if (!gone) dev->n = 1`(onlyIf(gone.eq(false), dev.n.set(1))),
      null: c`if (p) p->key = 1`(onlyIf(objects.q.isNull().and(gone.eq(false)), objects.p.get.key.set(1))),
    }));
    expect(
      await explored({ state: objects, actors: [actor('a', p)] }, { set: never(dev.n.eq(1)) }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 5 states, 4 transitions, depth 4, levels 1 1 1 1 1",
      ]
    `);
  });
});

describe('refused', () => {
  const locks = shared({ l: spinlock(), x: array(2, record({ l: spinlock() })) });
  const other = shared({ x: record({ y: bool() }) });
  test('with what to write instead', () => {
    const said = [
      () => page.at(0).set({ nothing: 1 } as never),
      () => page.at(0).set({ marks: true } as never),
      () => page.at(0).set({}),
      () => page.at(0).copy(n as never),
      () => page.at(0).copy(other.x as never),
      () => locks.x.at(0).copy(locks.x.at(1)),
      () => record({ set: bool() }),
      () => onlyIf(flag, when(flag) as never),
      () => onlyIf(flag, locks.l.take()),
    ].map((make) => refusal(make).replace(/ \(at .*/, ''));
    expect(said).toMatchInlineSnapshot(`
      [
        "the record has no field 'nothing'; there are kind, dirty, marks",
        "an array has no value: set its elements, as in forAll(n, (i) => a.at(i).set(…))",
        "set(…) of a record has values by field, { field: value, … }, and names none",
        "copy() needs a record, not a number: compare it, as in .eq(0)",
        "copy() needs two records with the same fields, not { kind, dirty, marks } and { y }",
        "a lock has no value: it is taken and dropped",
        "record(…) has a word 'set': name the field otherwise",
        "onlyIf() waits for nothing: say when(not(condition).or(…))",
        "onlyIf() cannot take or drop a lock, since C does so after the test: use If(condition, { lock: … }), or a test's yes: [lock.take()]",
      ]
    `);
  });

  test('is the same place under two conditions', () => {
    const p = procedure('p', () => ({
      both: c`both`(onlyIf(flag, n.set(1)), onlyIf(flag.eq(false), n.set(2))), // <-
    }));
    expect(refusal(() => stepsOf(p, state))).toMatchInlineSnapshot(
      `"this step writes n twice; make it two steps, or one effect"`,
    );
  });
});
