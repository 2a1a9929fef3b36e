// Calls: arguments and results. A call that stores nothing takes no step.

import { describe, expect, test } from 'vitest';
import {
  actor,
  actors,
  bool,
  Call,
  config,
  Either,
  For,
  Goto,
  If,
  int,
  localsOf,
  model,
  oneOf,
  procedure,
  shared,
  source,
  While,
} from '../../models/language/index.js';
import { always } from '../../properties/language/index.js';
import { explore } from '../explore.js';
import { lower } from './lower.js';
import { stepsOf, textOf } from './testing/small.js';

const c = source('mm/rmap.c');
const Pmd = oneOf('none', 'huge');
const state = shared({ pmd: Pmd.starts('huge'), n: int(0, 4), log: int(0, 9), busy: bool() });
const { pmd, n, log, busy } = state;
const step = c`step`();

describe('an argument', () => {
  const zap = procedure('zap', { i: int(0, 3), expected: Pmd }, ({ i, expected }) => ({
    test: If(pmd.is(expected), { store: c`store ${i}`(n.set(i)) }),
  }));

  test('that is constant costs neither a step nor a variable; one that is not given has the first value of its domain', () => {
    const p = procedure('p', () => ({ call: Call(zap, { i: 2 }), again: Call(zap, { expected: 'huge' }) }));
    expect(textOf({ state, actors: [actor('a', p)] })).toMatchInlineSnapshot(`
      "{ none, huge } pmd = huge;
      0 … 4 n = 0;
      0 … 9 log = 0;
      bool busy = false;

      actor a
      {
      p.call > zap.test:
              /* if (pmd == none) */
              when (pmd == none);
              /* if (pmd != none) */
              when (pmd != none); goto p.again > zap.test;
      p.call > zap.store:
              /* mm/rmap.c: store 2 */
              n = 2;
      p.again > zap.test:
              /* if (pmd == huge) */
              when (pmd == huge);
              /* if (pmd != huge) */
              when (pmd != huge); goto done;
      p.again > zap.store:
              /* mm/rmap.c: store 0 */
              n = 0; goto done;
      done:
              ;
      }
      "
    `);
  });

  test('that is a setting or a loop index is constant', () => {
    const settings = config({ WHICH: Pmd });
    const p = procedure('p', () => ({
      loop: For(2, (i) => ({ call: Call(zap, { i: i.plus(1), expected: settings.WHICH }) })),
    }));
    expect(stepsOf(p, state, settings, { WHICH: 'huge' })).toMatchInlineSnapshot(`
      "p.call[0] > zap.test:
              /* if (pmd == huge) */
              when (pmd == huge);
              /* if (pmd != huge) */
              when (pmd != huge); goto p.call[1] > zap.test;
      p.call[0] > zap.store:
              /* mm/rmap.c: store 1 */
              n = 1;
      p.call[1] > zap.test:
              /* if (pmd == huge) */
              when (pmd == huge);
              /* if (pmd != huge) */
              when (pmd != huge); goto done;
      p.call[1] > zap.store:
              /* mm/rmap.c: store 2 */
              n = 2; goto done;
      done:
              ;
      "
    `);
  });

  test('that is not constant is stored by the call, which then is a step', () => {
    const p = procedure('p', () => ({ call: Call(zap, { i: n.plus(1), expected: pmd }), last: step }));
    expect(textOf({ state, actors: [actor('a', p)] })).toMatchInlineSnapshot(`
      "{ none, huge } pmd = huge;
      0 … 4 n = 0;
      0 … 9 log = 0;
      bool busy = false;
      0 … 3 a:zap.i = 0;
      { none, huge } a:zap.expected = none;

      actor a
      {
      p.call:
              /* zap(i = n + 1, expected = pmd) */
              a:zap.i = n + 1, a:zap.expected = pmd;
      zap.test:
              /* if (pmd == expected) */
              when (pmd == a:zap.expected); /* reset: */ a:zap.expected = none;
              /* if (pmd != expected) */
              when (pmd != a:zap.expected); /* reset: */ a:zap.i = 0, a:zap.expected = none; goto p.last;
      zap.store:
              /* mm/rmap.c: store i */
              n = a:zap.i; /* reset: */ a:zap.i = 0;
      p.last:
              /* mm/rmap.c: step */
              goto done;
      done:
              ;
      }
      "
    `);
  });

  test('is passed on from call to call', () => {
    const outer = procedure('outer', { k: int(0, 2) }, ({ k }) => ({ inner: Call(zap, { i: k.plus(1) }) }));
    const p = procedure('p', () => ({ call: Call(outer, { k: 1 }) }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "zap.test:
              /* if (pmd == none) */
              when (pmd == none);
              /* if (pmd != none) */
              when (pmd != none); goto done;
      zap.store:
              /* mm/rmap.c: store 2 */
              n = 2; goto done;
      done:
              ;
      "
    `);
  });

  test('of an actor is the first value of its local', () => {
    const walk = procedure('walk', { from: int(0, 3), id: int(0, 3) }, ({ from, id }) => ({
      loop: While(from.lt(2), { next: c`next`(from.inc()) }),
      store: c`store ${id}`(n.set(id)),
    }));
    const walkers = actors('walker', 2, walk, (i) => ({ from: i, id: i.plus(1) }));
    expect(textOf({ state, actors: [walkers] })).toMatchInlineSnapshot(`
      "{ none, huge } pmd = huge;
      0 … 4 n = 0;
      0 … 9 log = 0;
      bool busy = false;
      0 … 3 walker[0]:walk.from = 0;
      0 … 3 walker[1]:walk.from = 1;

      actor walker[0]
      {
      walk.loop:
              /* while (from < 2): again */
              when (walker[0]:walk.from < 2);
              /* while (from < 2): leave */
              when (walker[0]:walk.from >= 2); /* reset: */ walker[0]:walk.from = 0; goto walk.store;
      walk.next:
              /* mm/rmap.c: next */
              walker[0]:walk.from = walker[0]:walk.from + 1; goto walk.loop;
      walk.store:
              /* mm/rmap.c: store 1 */
              n = 1; goto done;
      done:
              ;
      }

      actor walker[1]
      {
      walk.loop:
              /* while (from < 2): again */
              when (walker[1]:walk.from < 2);
              /* while (from < 2): leave */
              when (walker[1]:walk.from >= 2); /* reset: */ walker[1]:walk.from = 1; goto walk.store;
      walk.next:
              /* mm/rmap.c: next */
              walker[1]:walk.from = walker[1]:walk.from + 1; goto walk.loop;
      walk.store:
              /* mm/rmap.c: store 2 */
              n = 2; goto done;
      done:
              ;
      }
      "
    `);
  });
});

describe('a result', () => {
  const look = procedure('look', { found: bool() }, ({ found }) => ({
    test: If(pmd.is('huge'), { yes: c`yes`(found.set(true)) }),
  }));
  const { found } = localsOf(look);

  test('is a local of the callee, which stays live until the caller has read it', () => {
    const p = procedure('p', () => ({
      call: Call(look),
      test: If(found, { act: c`act`(pmd.set('none')) }),
      last: step,
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "look.test:
              /* if (pmd == huge) */
              when (pmd == huge); /* reset: */ a:look.found = false;
              /* if (pmd != huge) */
              when (pmd != huge); goto p.test;
      look.yes:
              /* mm/rmap.c: yes */
              a:look.found = true;
      p.test:
              /* if (look.found) */
              when (a:look.found); /* reset: */ a:look.found = false;
              /* if (!look.found) */
              when (!a:look.found); /* reset: */ a:look.found = false; goto p.last;
      p.act:
              /* mm/rmap.c: act */
              pmd = none;
      p.last:
              /* mm/rmap.c: step */
              goto done;
      done:
              ;
      "
    `);
  });

  test('is reset by the next call, also by one that begins an arm', () => {
    // The arm's call finds the pmd none; the result of the first call must be gone.
    const p = procedure('p', () => ({
      first: Call(look),
      clear: c`clear`(pmd.set('none'), busy.set(found)),
      choice: Either({ anew: { second: Call(look) }, keep: { stay: step } }),
      test: If(found, { stale: c`stale`(log.set(1)) }).Else({ fresh: c`fresh`(log.set(2)) }),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "look.test:
              /* if (pmd == huge) */
              when (pmd == huge); /* reset: */ a:look.found = false;
              /* if (pmd != huge) */
              when (pmd != huge); goto p.clear;
      p.first > look.yes:
              /* mm/rmap.c: yes */
              a:look.found = true;
      p.clear:
              /* mm/rmap.c: clear */
              pmd = none, busy = a:look.found;
      p.choice:
              /* look.test: if (pmd == huge) */
              when (pmd == huge); /* reset: */ a:look.found = false;
              /* look.test: if (pmd != huge) */
              when (pmd != huge); /* reset: */ a:look.found = false; goto p.test;
              /* p.stay: mm/rmap.c: step */
              goto p.test;
      p.second > look.yes:
              /* mm/rmap.c: yes */
              a:look.found = true;
      p.test:
              /* if (look.found) */
              when (a:look.found); /* reset: */ a:look.found = false;
              /* if (!look.found) */
              when (!a:look.found); /* reset: */ a:look.found = false; goto p.fresh;
      p.stale:
              /* mm/rmap.c: stale */
              log = 1; goto done;
      p.fresh:
              /* mm/rmap.c: fresh */
              log = 2; goto done;
      done:
              ;
      "
    `);
  });
});

test('a callee that begins an arm starts with its locals at their first values, whatever its last call stored', async () => {
  // `again` keeps x live from one iteration to the next, so only the new call itself can reset it.
  const add = procedure('add', { x: int(0, 3) }, ({ x }) => ({
    first: c`first`(n.set(1)),
    second: c`add what x is`(log.set(log.plus(x))),
    third: c`third`(x.set(3)),
    again: If(busy, { loop: Goto('second') }),
  }));
  const twice = procedure('twice', () => ({
    loop: For(2, () => ({ choice: Either({ call: { enter: Call(add) }, skip: {} }) })),
  }));
  const small = model('small', { about: '', state, actors: [actor('a', twice)] });
  const { program, properties } = lower(small, {}, { adds_nothing: always(log.eq(0)) });
  const report = await explore(program, properties);
  expect(report.properties[0]).toMatchObject({ check: { name: 'adds_nothing' }, verdict: 'holds' });
  expect(report.evidence).toMatchObject({ states: 11, exhaustive: true });
});
