// Control: branches, loops, jumps. What each becomes is printed; a test is one step, everything else takes none.

import { describe, expect, test } from 'vitest';
import {
  bool,
  config,
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
} from '../../models/language/index.js';
import { stepsOf } from './small.js';

const c = source('mm/memory.c');
const state = shared({ pmd: oneOf('none', 'huge', 'table'), busy: bool(), n: int(0, 4) });
const { pmd, busy, n } = state;
const settings = config({ fix: oneOf('none', 'merged'), TIMES: int(0, 3) });
const { fix, TIMES } = settings;
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

  test('loses the arms that the settings rule out, and ends with one that they decide', () => {
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

describe('While', () => {
  test('tests before each turn, in a step of its own', () => {
    const p = procedure('p', () => ({
      walk: While(n.lt(2), { work: step, next: c`next`(n.inc()) }),
      last: step,
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.walk:
              /* while (n < 2): again */
              when (n < 2);
              /* while (n < 2): leave */
              when (n >= 2); goto p.last;
      p.work:
              /* mm/memory.c: step */
              ;
      p.next:
              /* mm/memory.c: next */
              n = n + 1; goto p.walk;
      p.last:
              /* mm/memory.c: step */
              goto done;
      done:
              ;
      "
    `);
  });

  test('with an empty body spins on its test', () => {
    const p = procedure('p', () => ({ spin: While(busy, {}) }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.spin:
              /* while (busy): again */
              when (busy); goto p.spin;
              /* while (busy): leave */
              when (!busy); goto done;
      done:
              ;
      "
    `);
  });

  test('that is always true takes no test, and nothing follows it', () => {
    const p = procedure('p', () => ({
      forever: While(fix.is('none'), { work: step, rest: step }),
      unreachable: step,
    }));
    expect(stepsOf(p, state, settings)).toMatchInlineSnapshot(`
      "p.work:
              /* mm/memory.c: step */
              ;
      p.rest:
              /* mm/memory.c: step */
              goto p.work;
      "
    `);
    expect(stepsOf(p, state, settings, { fix: 'merged' })).toMatchInlineSnapshot(`
      "p.unreachable:
              /* mm/memory.c: step */
              goto done;
      done:
              ;
      "
    `);
  });

  test('is left by Goto and Return', () => {
    const p = procedure('p', () => ({
      forever: While(fix.is('none'), {
        enough: If(n.eq(2), { out: Return() }),
        again: If(busy, { skip: Goto('forever') }),
        lost: If(n.eq(3), { away: Goto('cleanup') }),
        next: c`next`(n.inc()),
      }),
      cleanup: step,
    }));
    expect(stepsOf(p, state, settings)).toMatchInlineSnapshot(`
      "p.enough:
              /* if (n == 2) */
              when (n == 2); goto done;
              /* if (n != 2) */
              when (n != 2);
      p.again:
              /* if (busy) */
              when (busy); goto p.enough;
              /* if (!busy) */
              when (!busy);
      p.lost:
              /* if (n == 3) */
              when (n == 3); goto p.cleanup;
              /* if (n != 3) */
              when (n != 3);
      p.next:
              /* mm/memory.c: next */
              n = n + 1; goto p.enough;
      p.cleanup:
              /* mm/memory.c: step */
              goto done;
      done:
              ;
      "
    `);
  });
});

describe('For', () => {
  test('writes its body out once for each index', () => {
    const p = procedure('p', () => ({
      subpages: For(2, (i) => ({ add: c`add ${i}`(n.set(n.plus(i))), rest: step })),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.add[0]:
              /* mm/memory.c: add 0 */
              n = n;
      p.rest[0]:
              /* mm/memory.c: step */
              ;
      p.add[1]:
              /* mm/memory.c: add 1 */
              n = n + 1;
      p.rest[1]:
              /* mm/memory.c: step */
              goto done;
      done:
              ;
      "
    `);
  });

  test('may be as long as a setting says, or not run at all', () => {
    const p = procedure('p', () => ({
      loop: For(TIMES, () => ({ work: step })),
      below: For(TIMES.minus(1), () => ({ less: step })),
      last: step,
    }));
    expect(stepsOf(p, state, settings)).toMatchInlineSnapshot(`
      "p.last:
              /* mm/memory.c: step */
              goto done;
      done:
              ;
      "
    `);
    expect(stepsOf(p, state, settings, { TIMES: 2 })).toMatchInlineSnapshot(`
      "p.work[0]:
              /* mm/memory.c: step */
              ;
      p.work[1]:
              /* mm/memory.c: step */
              ;
      p.less[0]:
              /* mm/memory.c: step */
              ;
      p.last:
              /* mm/memory.c: step */
              goto done;
      done:
              ;
      "
    `);
  });

  test('inside another tells the copies apart by both indices, and folds what they decide', () => {
    const p = procedure('p', () => ({
      outer: For(2, (i) => ({
        inner: For(2, (k) => ({ differ: If(i.ne(k), { work: c`work ${i} ${k}`() }) })),
      })),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.work[0][1]:
              /* mm/memory.c: work 0 1 */
              ;
      p.work[1][0]:
              /* mm/memory.c: work 1 0 */
              goto done;
      done:
              ;
      "
    `);
  });

  test('has labels of its own in each copy: Goto stays in it, or leaves it', () => {
    const p = procedure('p', () => ({
      loop: For(2, () => ({
        retry: If(busy, { again: Goto('retry') }).ElseIf(n.eq(0), { out: Goto('last') }),
        work: step,
      })),
      last: step,
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.retry[0]:
              /* if (busy) */
              when (busy); goto p.retry[0];
              /* if (!busy && n == 0) */
              when (!busy && n == 0); goto p.last;
              /* if (!busy && n != 0) */
              when (!busy && n != 0);
      p.work[0]:
              /* mm/memory.c: step */
              ;
      p.retry[1]:
              /* if (busy) */
              when (busy); goto p.retry[1];
              /* if (!busy && n == 0) */
              when (!busy && n == 0); goto p.last;
              /* if (!busy && n != 0) */
              when (!busy && n != 0);
      p.work[1]:
              /* mm/memory.c: step */
              ;
      p.last:
              /* mm/memory.c: step */
              goto done;
      done:
              ;
      "
    `);
  });
});

describe('jumps', () => {
  test('take no step, wherever they stand', () => {
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
