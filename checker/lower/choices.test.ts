// Either and Choose: the choice and the first step of an arm are one step.

import { describe, expect, test } from 'vitest';
import {
  actor,
  bool,
  Call,
  Choose,
  config,
  Either,
  For,
  Goto,
  If,
  int,
  oneOf,
  procedure,
  Return,
  shared,
  source,
  While,
  when,
} from '../../models/language/index.js';
import { programOf, stepsOf } from './testing/small.js';

const c = source('mm/filemap.c');
const state = shared({ pmd: oneOf('none', 'huge'), busy: bool(), n: int(-1, 4).starts(-1) });
const { pmd, busy, n } = state;
const step = c`step`();

describe('Either', () => {
  test('goes on with any arm whose first step is enabled', () => {
    const p = procedure('p', () => ({
      fault: Either({
        minor: { find: c`find it`(when(pmd.is('huge')), n.inc()), map: step },
        major: { read: c`read it`(pmd.set('huge')) },
      }),
      last: step,
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.fault:
              /* p.find: mm/filemap.c: find it */
              when (pmd == huge); n = n + 1;
              /* p.read: mm/filemap.c: read it */
              pmd = huge; goto p.last;
      p.map:
              /* mm/filemap.c: step */
              ;
      p.last:
              /* mm/filemap.c: step */
              goto done;
      done:
              ;
      "
    `);
  });

  test('gives an arm that begins with no step one that does nothing', () => {
    const p = procedure('p', () => ({
      first: step,
      choice: Either({
        nothing: {},
        leave: { out: Return() },
        back: { again: Goto('first') },
        decided: { unrolled: For(0, () => ({ never: step })), more: step },
      }),
      last: step,
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.first:
              /* mm/filemap.c: step */
              ;
      p.choice:
              /* p.nothing: choose nothing */
              ;
              /* p.leave: choose leave */
              goto done;
              /* p.back: choose back */
              goto p.first;
              /* p.more: mm/filemap.c: step */
              ;
      p.last:
              /* mm/filemap.c: step */
              goto done;
      done:
              ;
      "
    `);
  });

  test('makes one step of the choice and a test that an arm begins with', () => {
    const p = procedure('p', () => ({
      choice: Either({
        branch: { test: If(busy, { then: step }).Else({ otherwise: step }) },
        loop: { walk: While(n.lt(2), { next: c`next`(n.inc()) }) },
        unrolled: { copies: For(2, () => ({ copy: step })) },
      }),
      last: step,
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.choice:
              /* p.test: if (busy) */
              when (busy);
              /* p.test: if (!busy) */
              when (!busy); goto p.otherwise;
              /* p.walk: while (n < 2): again */
              when (n < 2); goto p.next;
              /* p.walk: while (n < 2): leave */
              when (n >= 2); goto p.last;
              /* p.copy: mm/filemap.c: step */
              goto p.copy[1];
      p.then:
              /* mm/filemap.c: step */
              goto p.last;
      p.otherwise:
              /* mm/filemap.c: step */
              goto p.last;
      p.walk:
              /* while (n < 2): again */
              when (n < 2);
              /* while (n < 2): leave */
              when (n >= 2); goto p.last;
      p.next:
              /* mm/filemap.c: next */
              n = n + 1; goto p.walk;
      p.copy[1]:
              /* mm/filemap.c: step */
              ;
      p.last:
              /* mm/filemap.c: step */
              goto done;
      done:
              ;
      "
    `);
  });

  test('inside an arm is merged with the choice around it', () => {
    const p = procedure('p', () => ({
      outer: Either({
        left: { inner: Either({ one: { first: step }, two: {}, three: { third: step } }), rest: step },
        right: { fourth: step },
      }),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.outer:
              /* p.first: mm/filemap.c: step */
              ;
              /* p.two: choose two */
              ;
              /* p.third: mm/filemap.c: step */
              ;
              /* p.fourth: mm/filemap.c: step */
              goto done;
      p.rest:
              /* mm/filemap.c: step */
              goto done;
      done:
              ;
      "
    `);
  });

  test('lets an arm go back to its own beginning, and to the choice', () => {
    const p = procedure('p', () => ({
      choice: Either({
        retry: { try: step, again: If(busy, { here: Goto('try') }), anew: Goto('choice') },
        stop: {},
      }),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.choice:
              /* p.try: mm/filemap.c: step */
              goto p.again;
              /* p.stop: choose stop */
              goto done;
      p.try:
              /* mm/filemap.c: step */
              ;
      p.again:
              /* if (busy) */
              when (busy); goto p.try;
              /* if (!busy) */
              when (!busy); goto p.choice;
      done:
              ;
      "
    `);
  });

  test('begins an arm with a call: the choice, and the first step of the callee', () => {
    const callee = procedure('callee', { wanted: int(0, 2) }, ({ wanted }) => ({
      test: If(n.eq(wanted), { found: step }),
      last: step,
    }));
    const p = procedure('p', () => ({
      choice: Either({
        one: { call_one: Call(callee, { wanted: 1 }) },
        stored: { call_stored: Call(callee, { wanted: n }) },
      }),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.choice:
              /* callee.test: if (n == 1) */
              when (n == 1);
              /* callee.test: if (n != 1) */
              when (n != 1); goto p.call_one > callee.last;
              /* p.call_stored: callee(wanted = n) */
              a:callee.wanted = n; goto callee.test;
      p.call_one > callee.found:
              /* mm/filemap.c: step */
              ;
      p.call_one > callee.last:
              /* mm/filemap.c: step */
              goto done;
      callee.test:
              /* if (n == wanted) */
              when (n == a:callee.wanted); /* reset: */ a:callee.wanted = 0;
              /* if (n != wanted) */
              when (n != a:callee.wanted); /* reset: */ a:callee.wanted = 0; goto p.call_stored > callee.last;
      p.call_stored > callee.found:
              /* mm/filemap.c: step */
              ;
      p.call_stored > callee.last:
              /* mm/filemap.c: step */
              goto done;
      done:
              ;
      "
    `);
  });
});

describe('Choose', () => {
  test('has an arm for each value of a domain', () => {
    const p = procedure('p', () => ({
      word: Choose(oneOf('none', 'huge'), (v) => ({ set: c`*pmd = ${v}`(pmd.set(v)) })),
      truth: Choose(bool(), (v) => ({ store: c`busy = it`(busy.set(v)) })),
      number: Choose(int(-1, 0), (v) => ({ count: c`n = ${v}`(n.set(v)) })),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.word:
              /* p.set: mm/filemap.c: *pmd = none */
              pmd = none;
              /* p.set: mm/filemap.c: *pmd = huge */
              pmd = huge;
      p.truth:
              /* p.store: mm/filemap.c: busy = it */
              busy = false;
              /* p.store: mm/filemap.c: busy = it */
              busy = true;
      p.number:
              /* p.count: mm/filemap.c: n = -1 */
              n = -1; goto done;
              /* p.count: mm/filemap.c: n = 0 */
              n = 0; goto done;
      done:
              ;
      "
    `);
  });

  test('has one for each of 0 … n - 1, where n may be a setting', () => {
    const settings = config({ COUNT: int(1, 3) });
    const p = procedure('p', () => ({
      index: Choose(settings.COUNT, (i) => ({ odd: If(i.eq(1), { set: c`set`(n.set(i)) }) })),
    }));
    expect(stepsOf(p, state, settings, { COUNT: 3 })).toMatchInlineSnapshot(`
      "p.index:
              /* p.index_0: choose index_0 */
              goto done;
              /* p.set: mm/filemap.c: set */
              n = 1; goto done;
              /* p.index_2: choose index_2 */
              goto done;
      done:
              ;
      "
    `);
  });
});

test('no two locations of an actor have the same path', () => {
  const callee = procedure('callee', () => ({ a: step, b: While(busy, { spin: step }) }));
  const p = procedure('p', () => ({
    loop: For(2, () => ({
      choice: Either({ walk: { test: While(busy, { work: Call(callee) }) }, call: { first: Call(callee) } }),
      again: Choose(2, () => ({ second: Call(callee), third: Call(callee) })),
    })),
  }));
  const { locations } = programOf({ state, actors: [actor('a', p)] }).threads[0]!;
  const paths = locations.map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
});
