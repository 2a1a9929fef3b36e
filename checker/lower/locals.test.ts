// Locals: one copy for each actor, reset when no step reads them any more, so that states that differ only in dead
// locals are one state.

import { describe, expect, test } from 'vitest';
import {
  actors,
  array,
  bool,
  Call,
  If,
  int,
  oneOf,
  procedure,
  record,
  shared,
  source,
  While,
} from '../../models/language/index.js';
import { stepsOf, textOf } from './testing/small.js';

const c = source('mm/rmap.c');
const Pmd = oneOf('none', 'huge');
const state = shared({ pmd: Pmd.starts('huge'), n: int(0, 4), log: int(0, 9), busy: bool() });
const { pmd, n, busy } = state;
const step = c`step`();

describe('a local', () => {
  test('is one copy for each actor, and reset once no step reads it', () => {
    const p = procedure('p', { mine: int(0, 4), seen: Pmd }, ({ mine, seen }) => ({
      load: c`load`(mine.set(n), seen.set(pmd)),
      test: If(seen.is('huge'), { store: c`store`(n.set(mine)) }),
      last: step,
    }));
    expect(textOf({ state, actors: [actors('a', 2, p)] })).toMatchInlineSnapshot(`
      "{ none, huge } pmd = huge;
      0 … 4 n = 0;
      0 … 9 log = 0;
      bool busy = false;
      0 … 4 a[0]:p.mine = 0;
      { none, huge } a[0]:p.seen = none;
      0 … 4 a[1]:p.mine = 0;
      { none, huge } a[1]:p.seen = none;

      actor a[0]
      {
      p.load:
              /* mm/rmap.c: load */
              a[0]:p.mine = n, a[0]:p.seen = pmd;
      p.test:
              /* if (seen == huge) */
              when (a[0]:p.seen == huge); /* reset: */ a[0]:p.seen = none;
              /* if (seen != huge) */
              when (a[0]:p.seen != huge); /* reset: */ a[0]:p.mine = 0, a[0]:p.seen = none; goto p.last;
      p.store:
              /* mm/rmap.c: store */
              n = a[0]:p.mine; /* reset: */ a[0]:p.mine = 0;
      p.last:
              /* mm/rmap.c: step */
              goto done;
      done:
              ;
      }

      actor a[1]
      {
      p.load:
              /* mm/rmap.c: load */
              a[1]:p.mine = n, a[1]:p.seen = pmd;
      p.test:
              /* if (seen == huge) */
              when (a[1]:p.seen == huge); /* reset: */ a[1]:p.seen = none;
              /* if (seen != huge) */
              when (a[1]:p.seen != huge); /* reset: */ a[1]:p.mine = 0, a[1]:p.seen = none; goto p.last;
      p.store:
              /* mm/rmap.c: store */
              n = a[1]:p.mine; /* reset: */ a[1]:p.mine = 0;
      p.last:
              /* mm/rmap.c: step */
              goto done;
      done:
              ;
      }
      "
    `);
  });

  test('that no step reads is not stored', () => {
    const p = procedure('p', { mine: int(0, 4) }, ({ mine }) => ({
      load: c`load`(mine.set(n)),
      count: c`count`(mine.inc()),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.load:
              /* mm/rmap.c: load */
              ;
      p.count:
              /* mm/rmap.c: count */
              goto done;
      done:
              ;
      "
    `);
  });

  test('stays live in a loop that reads it, and is reset by each call', () => {
    const retry = procedure('retry', { tries: int(0, 2) }, ({ tries }) => ({
      again: While(tries.lt(2), { count: c`count`(tries.inc()) }),
    }));
    const p = procedure('p', () => ({ loop: While(busy, { call: Call(retry) }) }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.loop:
              /* while (busy): again */
              when (busy);
              /* while (busy): leave */
              when (!busy); goto done;
      retry.again:
              /* while (tries < 2): again */
              when (a:retry.tries < 2);
              /* while (tries < 2): leave */
              when (a:retry.tries >= 2); /* reset: */ a:retry.tries = 0; goto p.loop;
      retry.count:
              /* mm/rmap.c: count */
              a:retry.tries = a:retry.tries + 1; goto retry.again;
      done:
              ;
      "
    `);
  });

  test('in an indexed array is live as long as the whole array', () => {
    const p = procedure('p', { seen: array(2, bool()) }, ({ seen }) => ({
      first: c`first`(seen.at(0).set(busy)),
      second: c`second`(seen.at(1).set(true)),
      read: If(seen.at(n), { last: step }),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.first:
              /* mm/rmap.c: first */
              a:p.seen[0] = busy;
      p.second:
              /* mm/rmap.c: second */
              a:p.seen[1] = true;
      p.read:
              /* if (seen[n]) */
              when (a:p.seen[n]); /* reset: */ a:p.seen[0] = false, a:p.seen[1] = false;
              /* if (!seen[n]) */
              when (!a:p.seen[n]); /* reset: */ a:p.seen[0] = false, a:p.seen[1] = false; goto done;
      p.last:
              /* mm/rmap.c: step */
              goto done;
      done:
              ;
      "
    `);
  });

  test('may be a record, each field of which is reset separately', () => {
    const p = procedure('p', { details: record({ first: int(0, 4), single: bool() }) }, ({ details }) => ({
      fill: c`fill`(details.first.set(n), details.single.set(true)),
      one: c`one`(n.set(details.first)),
      two: If(details.single, { last: step }),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.fill:
              /* mm/rmap.c: fill */
              a:p.details.first = n, a:p.details.single = true;
      p.one:
              /* mm/rmap.c: one */
              n = a:p.details.first; /* reset: */ a:p.details.first = 0;
      p.two:
              /* if (details.single) */
              when (a:p.details.single); /* reset: */ a:p.details.single = false;
              /* if (!details.single) */
              when (!a:p.details.single); /* reset: */ a:p.details.single = false; goto done;
      p.last:
              /* mm/rmap.c: step */
              goto done;
      done:
              ;
      "
    `);
  });
});
