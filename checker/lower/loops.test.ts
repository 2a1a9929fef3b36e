// Loops: While tests before each iteration, in a step of its own; For is written out, and takes no step.

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
import { stepsOf } from './testing/small.js';

const c = source('mm/memory.c');
const state = shared({ pmd: oneOf('none', 'huge', 'table'), busy: bool(), n: int(0, 4) });
const { busy, n } = state;
const settings = config({ fix: oneOf('none', 'merged'), TIMES: int(0, 3) });
const { fix, TIMES } = settings;
const step = c`step`();

describe('While', () => {
  test('tests before each iteration, in a step of its own', () => {
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

  test('inside another distinguishes the copies by both indices, and folds what they decide', () => {
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

  test('has its own labels in each copy: Goto stays in it, or leaves it', () => {
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
