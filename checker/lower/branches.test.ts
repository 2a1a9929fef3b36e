// Branches and jumps: a test is one step, a jump takes none.

import { describe, expect, test } from 'vitest';
import {
  bool,
  config,
  Goto,
  If,
  int,
  oneOf,
  procedure,
  Return,
  shared,
  source,
} from '../../models/language/index.js';
import { stepsOf } from './testing/small.js';

const c = source('mm/memory.c');
const state = shared({ pmd: oneOf('none', 'huge', 'table'), busy: bool(), n: int(0, 4) });
const { pmd, busy, n } = state;
const settings = config({ fix: oneOf('none', 'merged'), TIMES: int(0, 3) });
const { fix } = settings;
const step = c`step`();

describe('If', () => {
  test('reads all conditions of its chain at once, in one step', () => {
    const p = procedure('p', () => ({
      test: If(pmd.is('huge'), { zap: c`zap`(pmd.set('none')) })
        .ElseIf(busy.and(n.lt(2)), { wait: step, count: c`count`(n.inc()) })
        .Else({ other: c`other`(busy.set(true)) }),
      last: step,
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.test:
              /* if (pmd == huge) */
              when (pmd == huge);
              /* if (pmd != huge && busy && n < 2) */
              when (pmd != huge && busy && n < 2); goto p.wait;
              /* if (pmd != huge && !(busy && n < 2)) */
              when (pmd != huge && !(busy && n < 2)); goto p.other;
      p.zap:
              /* mm/memory.c: zap */
              pmd = none; goto p.last;
      p.wait:
              /* mm/memory.c: step */
              ;
      p.count:
              /* mm/memory.c: count */
              n = n + 1; goto p.last;
      p.other:
              /* mm/memory.c: other */
              busy = true;
      p.last:
              /* mm/memory.c: step */
              goto done;
      done:
              ;
      "
    `);
  });

  test('without Else, or with an empty block, goes on after it', () => {
    const p = procedure('p', () => ({
      no_else: If(busy, { work: step }),
      empty: If(busy, {}).Else({ work_else: step }),
      last: If(busy, {}),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.no_else:
              /* if (busy) */
              when (busy);
              /* if (!busy) */
              when (!busy); goto p.empty;
      p.work:
              /* mm/memory.c: step */
              ;
      p.empty:
              /* if (busy) */
              when (busy); goto p.last;
              /* if (!busy) */
              when (!busy);
      p.work_else:
              /* mm/memory.c: step */
              ;
      p.last:
              /* if (busy) */
              when (busy); goto done;
              /* if (!busy) */
              when (!busy); goto done;
      done:
              ;
      "
    `);
  });

  test('that the settings decide takes no step', () => {
    const p = procedure('p', () => ({
      decided: If(fix.is('merged'), { merged: step }).Else({ unfixed: step }),
      nothing: If(fix.is('merged'), { more: step }),
      either_side: If(busy.and(fix.is('merged')), { hidden: step }),
    }));
    expect(stepsOf(p, state, settings)).toMatchInlineSnapshot(`
      "p.unfixed:
              /* mm/memory.c: step */
              goto done;
      done:
              ;
      "
    `);
    expect(stepsOf(p, state, settings, { fix: 'merged' })).toMatchInlineSnapshot(`
      "p.merged:
              /* mm/memory.c: step */
              ;
      p.more:
              /* mm/memory.c: step */
              ;
      p.either_side:
              /* if (busy) */
              when (busy);
              /* if (!busy) */
              when (!busy); goto done;
      p.hidden:
              /* mm/memory.c: step */
              goto done;
      done:
              ;
      "
    `);
  });

  test('has no arms that the settings rule out, and ends with an arm that they select', () => {
    const p = procedure('p', () => ({
      test: If(fix.is('merged').and(busy), { impossible: step })
        .ElseIf(busy, { possible: step })
        .ElseIf(fix.is('none'), { decided: step })
        .ElseIf(n.eq(1), { too_late: step })
        .Else({ never: step }),
    }));
    expect(stepsOf(p, state, settings)).toMatchInlineSnapshot(`
      "p.test:
              /* if (busy) */
              when (busy);
              /* if (!busy) */
              when (!busy); goto p.decided;
      p.possible:
              /* mm/memory.c: step */
              goto done;
      p.decided:
              /* mm/memory.c: step */
              goto done;
      done:
              ;
      "
    `);
  });
});

describe('jumps', () => {
  test('take no step, in any position', () => {
    const p = procedure('p', () => ({
      first: step,
      back: If(busy, { inner: If(n.eq(1), { again: Goto('first') }).Else({ out: Return() }) }),
      over: Goto('last'),
      skipped: step,
      last: step,
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.first:
              /* mm/memory.c: step */
              ;
      p.back:
              /* if (busy) */
              when (busy);
              /* if (!busy) */
              when (!busy); goto p.last;
      p.inner:
              /* if (n == 1) */
              when (n == 1); goto p.first;
              /* if (n != 1) */
              when (n != 1); goto done;
      p.last:
              /* mm/memory.c: step */
              goto done;
      done:
              ;
      "
    `);
  });

  test('reach any label of the blocks around them', () => {
    const p = procedure('p', () => ({
      outer: If(busy, {
        retry: step,
        deep: If(n.eq(1), { again: Goto('retry'), never: step }),
        end: Goto('outer'),
      }),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.outer:
              /* if (busy) */
              when (busy);
              /* if (!busy) */
              when (!busy); goto done;
      p.retry:
              /* mm/memory.c: step */
              ;
      p.deep:
              /* if (n == 1) */
              when (n == 1); goto p.retry;
              /* if (n != 1) */
              when (n != 1); goto p.outer;
      done:
              ;
      "
    `);
  });

  test('an empty procedure is done at once', () => {
    expect(
      stepsOf(
        procedure('p', () => ({})),
        state,
      ),
    ).toBe('done:\n        ;\n');
    expect(
      stepsOf(
        procedure('p', () => ({ out: Return(), never: step })),
        state,
      ),
    ).toBe('done:\n        ;\n');
  });
});
