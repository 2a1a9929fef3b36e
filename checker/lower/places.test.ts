// Places: arrays and records as variables of the Program, constant and varying indices, quantifiers.

import { describe, expect, test } from 'vitest';
import {
  actor,
  actors,
  all,
  any,
  array,
  Call,
  Choose,
  config,
  count,
  ifElse,
  int,
  not,
  oneOf,
  procedure,
  record,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { initialStates, take } from '../reference/semantics.js';
import { programOf, stepsOf, textOf } from './testing/small.js';

const c = source('mm/page.c');
const settings = config({ NR_MMS: int(1, 3), NR_SUBPAGES: int(1, 4).starts(2) });
const { NR_MMS, NR_SUBPAGES } = settings;
const state = shared({
  mm: array(
    NR_MMS,
    record({ pmd: oneOf('none', 'huge'), subpage: array(NR_SUBPAGES, int(-1, 3).starts(-1)) }),
  ),
  head: int(0, 5),
  k: int(0, 5),
});
const { mm, head, k } = state;

test('arrays and records become one variable for each scalar in them', () => {
  const p = procedure('p', () => ({ step: c`step`() }));
  const { variables } = programOf({ state, settings, actors: [actor('a', p)] }, { NR_MMS: 2 });
  expect(variables.map(({ name }) => name)).toEqual([
    'mm[0].pmd',
    'mm[0].subpage[0]',
    'mm[0].subpage[1]',
    'mm[1].pmd',
    'mm[1].subpage[0]',
    'mm[1].subpage[1]',
    'head',
    'k',
  ]);
});

test('a variable has its place as data, and a Program lists the threads that are copies of one actor', () => {
  const p = procedure('p', { own: array(2, int(0, 1)) }, ({ own }) => ({
    step: c`step`(own.at(1).set(1)),
    read: c`read`(when(own.at(1).eq(1))),
  }));
  const program = programOf({ state, settings, actors: [actors('a', 2, p), actor('b', p)] });
  expect(program.actors).toEqual([{ name: 'a', threads: [0, 1] }]);
  const places = new Map(program.variables.map(({ name, place }) => [name, place]));
  expect(places.get('mm[0].subpage[1]')).toEqual(['mm', 0, 'subpage', 1]);
  expect(places.get('head')).toEqual(['head']);
  expect(places.get('a[1]:p.own[1]')).toEqual(['p', 'own', 1]);
});

test('first values may depend on the indices, outermost first, and on settings', () => {
  const first = shared({
    grid: array(
      2,
      array(
        3,
        int(0, 12).startsAs((i = 0, j = 0) => 10 * i + j),
      ),
    ),
    same: array(2, int(0, 9).starts(NR_MMS.plus(1))),
    each: array(
      3,
      int(0, 9).startsAs((i = 0) => NR_MMS.times(i)),
    ),
    many: int(0, 9).starts(4, 2, NR_MMS.times(2)),
  });
  const p = procedure('p', () => ({ step: c`step`() }));
  const { variables } = programOf({ state: first, settings, actors: [actor('a', p)] }, { NR_MMS: 2 });
  expect(Object.fromEntries(variables.map(({ name, initial }) => [name, initial]))).toEqual({
    'grid[0][0]': [0],
    'grid[0][1]': [1],
    'grid[0][2]': [2],
    'grid[1][0]': [10],
    'grid[1][1]': [11],
    'grid[1][2]': [12],
    'same[0]': [3],
    'same[1]': [3],
    'each[0]': [0],
    'each[1]': [2],
    'each[2]': [4],
    many: [4, 2],
  });
});

describe('an index', () => {
  test('that is constant selects one variable', () => {
    const p = procedure('p', () => ({
      set: c`${mm.at(1).subpage.at(NR_SUBPAGES.minus(1))}`(mm.at(1).subpage.at(NR_SUBPAGES.minus(1)).dec()),
    }));
    expect(stepsOf(p, state, settings, { NR_MMS: 2 })).toMatchInlineSnapshot(`
      "p.set:
              /* mm/page.c: mm[1].subpage[1] */
              mm[1].subpage[1] = mm[1].subpage[1] - 1; goto done;
      done:
              ;
      "
    `);
  });

  test('that varies selects one of several', () => {
    const p = procedure('p', () => ({
      outer: c`outer`(mm.at(k).pmd.set('huge')),
      outer_only: c`outer only`(head.set(mm.at(k).subpage.at(1))),
      inner_only: c`inner only`(head.set(mm.at(0).subpage.at(k.minus(1)))),
      both: c`both`(mm.at(head).subpage.at(k).inc()),
    }));
    expect(stepsOf(p, state, settings, { NR_MMS: 2 })).toMatchInlineSnapshot(`
      "p.outer:
              /* mm/page.c: outer */
              mm[k].pmd = huge;
      p.outer_only:
              /* mm/page.c: outer only */
              head = mm[k].subpage[1];
      p.inner_only:
              /* mm/page.c: inner only */
              head = mm[0].subpage[k - 1];
      p.both:
              /* mm/page.c: both */
              mm[head].subpage[k] = mm[head].subpage[k] + 1; goto done;
      done:
              ;
      "
    `);
  });

  test('of an inner array that is out of range does not select an element of another array', () => {
    const missing = { head: int(0, 1).starts(0, 1), k: int(0, 2).starts(0, 1, 2) };
    const grid = shared({ ...missing, g: array(2, array(2, int(0, 1))) });
    const q = procedure('q', () => ({ both: c`both`(grid.g.at(grid.head).at(grid.k).inc()) }));
    const program = programOf({ state: grid, actors: [actor('a', q)] });
    const [step] = program.steps;
    const taken = initialStates(program).map((state) => {
      try {
        return take(step!, state, program).value.toArray().join('');
      } catch (fault) {
        return (fault as Error).message;
      }
    });
    const miss = 'index -1 is outside 0 … 3 of g[0][0] and its neighbours';
    expect(taken).toEqual(['001000', '010100', miss, '100010', '110001', miss]);
  });
});

describe('quantifiers', () => {
  test('are written out', () => {
    const p = procedure('p', () => ({
      some: c`some`(when(any(NR_MMS, (i) => mm.at(i).pmd.is('huge')))),
      every: c`every`(when(all(NR_MMS, (i) => any(NR_SUBPAGES, (j) => mm.at(i).subpage.at(j).ge(0))))),
      number: c`number`(head.set(count(NR_MMS, (i) => mm.at(i).pmd.is('huge')))),
    }));
    expect(stepsOf(p, state, settings, { NR_MMS: 2 })).toMatchInlineSnapshot(`
      "p.some:
              /* mm/page.c: some */
              when (mm[0].pmd == huge || mm[1].pmd == huge);
      p.every:
              /* mm/page.c: every */
              when ((mm[0].subpage[0] >= 0 || mm[0].subpage[1] >= 0) && (mm[1].subpage[0] >= 0 || mm[1].subpage[1] >= 0));
      p.number:
              /* mm/page.c: number */
              head = (mm[0].pmd == huge ? 1 : 0) + (mm[1].pmd == huge ? 1 : 0); goto done;
      done:
              ;
      "
    `);
  });

  test('over nothing are false, true and 0, and conditions on the index are folded', () => {
    const none = NR_MMS.minus(1);
    const p = procedure('p', () => ({
      some: c`some`(
        head.set(
          ifElse(
            any(none, () => k.eq(1)),
            1,
            2,
          ),
        ),
      ),
      every: c`every`(
        head.set(
          ifElse(
            all(none, () => k.eq(1)),
            3,
            4,
          ),
        ),
      ),
      number: c`number`(head.set(count(none, () => k.eq(1)))),
      others: c`others`(when(all(2, (i) => i.eq(1).or(mm.at(i).pmd.is('none'))))),
    }));
    expect(stepsOf(p, state, settings)).toMatchInlineSnapshot(`
      "p.some:
              /* mm/page.c: some */
              head = 2;
      p.every:
              /* mm/page.c: every */
              head = 3;
      p.number:
              /* mm/page.c: number */
              head = 0;
      p.others:
              /* mm/page.c: others */
              when (mm[0].pmd == none); goto done;
      done:
              ;
      "
    `);
  });

  test('over actors range over each copy', () => {
    const waits = procedure('waits', () => ({ first: c`first`(), last: c`last`() }));
    const waiters = actors('waiter', 2, waits);
    const p = procedure('p', () => ({
      wait: c`wait`(when(waiters.all((w) => w.done))),
      peek: c`peek`(head.set(waiters.count((w, i) => w.at('waits.last').or(i.eq(5))))),
      one: c`one`(
        when(
          waiters
            .of(1)
            .at('waits.first')
            .or(waiters.any((w) => w.done)),
        ),
      ),
    }));
    const text = textOf({ state, settings, actors: [actor('a', p), waiters] });
    expect(text.slice(text.indexOf('actor a'), text.indexOf('actor waiter'))).toMatchInlineSnapshot(`
      "actor a
      {
      p.wait:
              /* mm/page.c: wait */
              when (waiter[0] is done && waiter[1] is done);
      p.peek:
              /* mm/page.c: peek */
              head = (waiter[0] at waits.last ? 1 : 0) + (waiter[1] at waits.last ? 1 : 0);
      p.one:
              /* mm/page.c: one */
              when (waiter[1] at waits.first || waiter[0] is done || waiter[1] is done); goto done;
      done:
              ;
      }

      "
    `);
  });
});

test('a condition with a name is printed as its name, and defined for each of its meanings', () => {
  const mapped = (of: number) =>
    any(NR_SUBPAGES, (i) => mm.at(of).subpage.at(i).ge(0)).called('page_mapped(page)');
  const p = procedure('p', () => ({
    wait: c`wait`(when(mapped(0).and(k.eq(1)))),
    again: c`again`(when(mapped(0)), k.set(2)),
    other: c`other`(when(not(mapped(1)))),
  }));
  expect(textOf({ state, settings, actors: [actor('a', p)] }, { NR_MMS: 2 })).toMatchInlineSnapshot(`
    "{ none, huge } mm[0].pmd = none;
    -1 … 3 mm[0].subpage[0] = -1;
    -1 … 3 mm[0].subpage[1] = -1;
    { none, huge } mm[1].pmd = none;
    -1 … 3 mm[1].subpage[0] = -1;
    -1 … 3 mm[1].subpage[1] = -1;
    0 … 5 head = 0;
    0 … 5 k = 0;

    #define page_mapped(page)  (mm[0].subpage[0] >= 0 || mm[0].subpage[1] >= 0)
    #define page_mapped(page)  (mm[1].subpage[0] >= 0 || mm[1].subpage[1] >= 0)

    actor a
    {
    p.wait:
            /* mm/page.c: wait */
            when (page_mapped(page) && k == 1);
    p.again:
            /* mm/page.c: again */
            when (page_mapped(page)); k = 2;
    p.other:
            /* mm/page.c: other */
            when (!page_mapped(page)); goto done;
    done:
            ;
    }
    "
  `);
});

test('the bounds of an int may be settings, of variables, locals and arguments', () => {
  const sized = shared({ which: int(0, NR_MMS), last: int(NR_MMS.minus(1)), low: int(NR_MMS.minus(2), 0) });
  const callee = procedure('callee', { i: int(0, NR_MMS) }, ({ i }) => ({ use: c`use`(sized.which.set(i)) }));
  const p = procedure('p', { own: int(1, NR_MMS) }, ({ own }) => ({
    step: c`step`(own.set(2)),
    pick: Choose(int(0, NR_MMS), (i) => ({ call: c`call ${i}`(sized.which.set(i)) })),
    call: Call(callee, { i: own }),
  }));
  const ranges = (NR: number) =>
    programOf({ state: sized, settings, actors: [actor('a', p)] }, { NR_MMS: NR }).variables.map(
      ({ name, domain, initial }) =>
        domain.kind === 'int' ? `${name}: ${domain.min} … ${domain.max}, from ${initial}` : name,
    );
  expect(ranges(2)).toMatchInlineSnapshot(`
    [
      "which: 0 … 2, from 0",
      "last: 0 … 1, from 0",
      "low: 0 … 0, from 0",
      "a:p.own: 1 … 2, from 1",
      "a:callee.i: 0 … 2, from 0",
    ]
  `);
  const narrow = shared({ x: int(2, NR_MMS) });
  const q = procedure('q', () => ({ step: c`step`(narrow.x.set(2)) }));
  expect(() => stepsOf(q, narrow, settings, { NR_MMS: 1 })).toThrow(
    'int(2, 1) is empty under these settings',
  );
  const late = shared({ x: int(0, NR_MMS).starts(3) });
  expect(() => stepsOf(q, late, settings, { NR_MMS: 2 })).toThrow('x cannot be 3: not in 0 … 2');
});
