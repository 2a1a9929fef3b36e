// Queues: first in, first out, with unused cells at their first value.

import { describe, expect, test } from 'vitest';
import { spinlock } from '../../models/kernel/index.js';
import {
  actor,
  array,
  bool,
  config,
  Goto,
  int,
  not,
  oneOf,
  type Part,
  procedure,
  queue,
  record,
  rests,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { always, sometimes } from '../../properties/language/index.js';
import { explored } from './testing/explored.js';
import { programOf, refusalsIn, stepsOf } from './testing/small.js';

const c = source('kernel/workqueue.c');
const Item = oneOf('a', 'b', 'c');
const state = shared({ q: queue(Item, 2), got: Item, n: int(0, 3) });
const { q, got, n } = state;
const refusal = refusalsIn(import.meta.url);

test('a queue is its length and its cells; pop shifts them, and what is free has its first value', () => {
  const p = procedure('p', () => ({
    push: c`list_add_tail()`(q.push('b')),
    pop: c`list_first_entry(), list_del()`(when(not(q.isEmpty)), got.set(q.head), q.pop()),
    remove: c`list_del(c)`(when(q.has('c')), q.remove('c')),
    count: c`count`(n.set(q.count((x) => x.isnt('a')))),
  }));
  expect(stepsOf(p, state)).toMatchInlineSnapshot(`
    "p.push:
            /* kernel/workqueue.c: list_add_tail() */
            q[q.length] = b, q.length = q.length + 1;
    p.pop:
            /* kernel/workqueue.c: list_first_entry(), list_del() */
            when (q.length != 0); got = q[head], q[0] = q[1], q[1] = a, q.length = q.length - 1;
    p.remove:
            /* kernel/workqueue.c: list_del(c) */
            when ((q.length > 0 && q[0] == c) || (q.length > 1 && q[1] == c)); q[0] = q.length > 0 && q[0] == c ? q[1] : q[0], q[1] = (q.length > 0 && q[0] == c) || (q.length > 1 && q[1] == c) ? a : q[1], q.length = q.length - ((q.length > 0 && q[0] == c) || (q.length > 1 && q[1] == c) ? 1 : 0);
    p.count:
            /* kernel/workqueue.c: count */
            n = (q.length > 0 && q[0] != a ? 1 : 0) + (q.length > 1 && q[1] != a ? 1 : 0); goto done;
    done:
            ;
    "
  `);
  expect(programOf({ state, actors: [actor('a', p)] }).variables.map(({ name }) => name)).toEqual([
    'q.length',
    'q[0]',
    'q[1]',
    'got',
    'n',
  ]);
});

describe('a queue', () => {
  test('gives what was put in, in its order; a server takes it all', async () => {
    const producer = procedure('producer', () => ({
      first: c`queue a`(when(q.length.lt(2)), q.push('a')),
      second: c`queue b`(when(q.length.lt(2)), q.push('b')),
      third: c`queue c`(when(q.length.lt(2)), q.push('c')),
    }));
    const worker = procedure('worker', () => ({
      take: c`take`(rests(), when(not(q.isEmpty)), got.set(q.head), n.inc(), q.pop()),
      again: Goto('take'),
    }));
    const actors = [actor('producer', producer), actor('worker', worker)];
    const properties = {
      in_order: always(
        n
          .eq(2)
          .implies(got.is('b'))
          .and(n.eq(3).implies(got.is('c'))),
      ),
      all: sometimes(n.eq(3).and(q.isEmpty)),
      both: sometimes(
        q
          .all((x) => x.isnt('a'))
          .and(q.length.eq(2))
          .and(q.has('c')),
      ),
      unused: always(not(q.has('a').and(q.isEmpty))),
    };
    expect(await explored({ state, actors }, properties)).toMatchInlineSnapshot(`
      [
        "holds: 9 states, 10 transitions, depth 6, levels 1 1 2 1 2 1 1",
        "all: reached by producer producer.first, producer producer.second, worker worker.take, producer producer.third, worker worker.take, worker worker.take",
        "both: reached by producer producer.first, producer producer.second, worker worker.take, producer producer.third",
      ]
    `);
  });

  test('of which a value is removed closes the gap; a value that is not there changes nothing', async () => {
    const small = shared({ q: queue(int(0, 3), 3) });
    const p = procedure('p', () => ({
      one: c`1`(small.q.push(1)),
      two: c`2`(small.q.push(2)),
      three: c`3`(small.q.push(3)),
      absent: c`without 0`(small.q.remove(0)),
      remove: c`without 2`(small.q.remove(2)),
      first: c`without 1`(small.q.remove(1)),
    }));
    const a = actor('a', p);
    const properties = {
      gap: always(a.at('p.first').implies(small.q.length.eq(2).and(small.q.head.eq(1)).and(small.q.has(3)))),
      last: always(a.done.implies(small.q.length.eq(1).and(small.q.head.eq(3)))),
    };
    expect(await explored({ state: small, actors: [a] }, properties)).toMatchInlineSnapshot(`
      [
        "holds: 7 states, 6 transitions, depth 6, levels 1 1 1 1 1 1 1",
      ]
    `);
  });

  test('that is full takes no more, and an empty one gives nothing: an error of the model', async () => {
    const small = shared({ q: queue(bool(), 1), b: bool() });
    const one = (label: string, part: Part) =>
      explored({
        state: small,
        actors: [
          actor(
            'a',
            procedure(label, () => ({ do: c`do`(part) })),
          ),
        ],
      });
    const full = procedure('full', () => ({ one: c`1`(small.q.push(true)), two: c`2`(small.q.push(true)) }));
    expect(await explored({ state: small, actors: [actor('a', full)] })).toMatchInlineSnapshot(`
      [
        "violated: 2 states, 2 transitions, depth 1, levels 1 1",
        "no value out of range: violated by a full.one, a full.two: index 1 is outside 0 … 0 of q[0] and its neighbours",
      ]
    `);
    expect(await one('pop', small.q.pop())).toMatchInlineSnapshot(`
      [
        "violated: 1 states, 1 transitions, depth 0, levels 1",
        "no value out of range: violated by a pop.do: q.length would become -1, outside 0 … 1",
      ]
    `);
    expect(await one('head', small.b.set(small.q.head))).toMatchInlineSnapshot(`
      [
        "violated: 1 states, 1 transitions, depth 0, levels 1",
        "no value out of range: violated by a head.do: index -1 is outside 0 … 0 of q[0] and its neighbours",
      ]
    `);
  });

  test('may have its size from a setting, lie in a record, and be copied and compared with it', () => {
    const settings = config({ NR: int(1, 3).starts(2) });
    const two = shared({ x: array(2, record({ q: queue(int(0, 1), settings.NR) })) });
    const p = procedure('p', () => ({ copy: c`copy`(two.x.at(0).copy(two.x.at(1))) }));
    expect(stepsOf(p, two, settings)).toMatchInlineSnapshot(`
      "p.copy:
              /* kernel/workqueue.c: copy */
              x[0].q.length = x[1].q.length, x[0].q[0] = x[1].q[0], x[0].q[1] = x[1].q[1]; goto done;
      done:
              ;
      "
    `);
  });
});

test('what is no queue is refused with what to write', () => {
  const said = [
    () => queue(record({ x: bool() }), 2),
    () => queue(spinlock(), 2),
    () => queue(int(0, 3).starts(0, 1), 2),
    () => queue(int(0, 3), 0),
    () => q.push('d' as never),
    () => q.push(3 as never),
    () =>
      stepsOf(
        procedure('p', () => ({ twice: c`twice`(q.push('a'), q.push('b')) })),
        state,
      ),
    () =>
      stepsOf(
        procedure('p', () => ({ after: c`after`(q.pop(), got.set(q.head)) })),
        state,
      ),
    () =>
      stepsOf(
        procedure('p', () => ({ word: c`word`(q.push('d' as never)) })),
        state,
      ),
  ].map((make) => refusal(make).replace(/ \(at .*/, ''));
  expect(said).toMatchInlineSnapshot(`
    [
      "queue(…) has single values, not record({ x })",
      "queue(…) has single values, not spinlock()",
      "the values of a queue(…) start as one: its unused cells have the first value",
      "queue(…, 0): the length must be a whole number from 1 up",
      "not refused",
      "needs a word of an enum, not 3",
      "this step writes q[q.length] twice; make it two steps, or one effect",
      "this step reads q[head] after it has written it; effects of a step happen at once, so read it first, or exchange both in atOnce(…)",
      "'d' is none of a, b, c",
    ]
  `);
});
