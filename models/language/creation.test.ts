// Objects that a procedure creates and does not use are refused with their line; objects that are used in any way are
// not. In each test the mistake is on the line that is marked `// <-`.

import { describe, expect, test } from 'vitest';
import { bugOn, spin_lock, spinlock } from '../kernel/index.js';
import {
  type Block,
  type Bool,
  bool,
  If,
  ifElse,
  int,
  ModelError,
  not,
  oneOf,
  procedure,
  record,
  shared,
  source,
  unreached,
  unused,
  While,
  watchCreations,
  when,
  whereWritten,
} from './index.js';

const c = source('test.c');
const state = shared({ pmd: oneOf('none', 'huge'), n: int(0, 3), flag: bool(), ptl: spinlock() });
const { pmd, n, flag, ptl } = state;

/** The message that the body of a procedure is refused with, and its line as a distance from `here`. */
function refused(body: () => Block): { readonly problem: string; readonly line: number } | undefined {
  const here = whereWritten().line;
  try {
    procedure('p', body).body();
  } catch (error) {
    if (error instanceof ModelError) return { problem: error.message, line: (error.at?.line ?? 0) - here };
    throw error;
  }
  return undefined;
}

// As a model in plain JavaScript writes it: the types accept it, since every object is true.
const and = <T>(x: unknown, y: T): T => (x ? y : (x as never));

const operators =
  "JavaScript's &&, ||, ! and ?: drop one, and so does an argument too many; use .and(…), .or(…), not(…) and ifElse(…)";

describe('what a procedure creates and drops', () => {
  test.each<[string, () => Block, string]>([
    ['a condition', () => ({ s: If(and(pmd.is('none'), n.eq(0)), {}) }), 'expression is used nowhere'],
    ['a condition beside one', () => ({ s: c`s`(when(and(n.le(2), flag))) }), 'expression is used nowhere'],
    ['a number', () => ({ s: c`s`(n.set(and(n.plus(1), 2))) }), 'expression is used nowhere'],
    ['an effect', () => ({ s: c`s`(and(flag.set(true), n.inc())) }), 'effect is in no step'],
    ['a guard', () => ({ s: c`s`(and(when(flag), n.inc())) }), 'part is in no step'],
    ['a lock taken', () => ({ s: and(spin_lock(ptl), c`s`()) }), 'statement is in no block'],
    ['a negation', () => ({ s: c`s`(when(and(not(flag), n.eq(1)))) }), 'expression is used nowhere'],
  ])('is refused: %s', (_, body, problem) => {
    expect(refused(body)?.problem).toContain(problem);
  });

  test('is named with its line, and with what to write instead', () => {
    const here = whereWritten().line;
    const body = procedure('p', () => ({
      first: c`first`(flag.set(true)),
      second: If(and(pmd.is('none'), n.eq(0)), {}), // <-
    }));
    let error: unknown;
    try {
      body.body();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      message: `this expression is used nowhere: ${operators}`,
      at: { line: here + 3 },
    });
  });
});

describe('what is used is not refused', () => {
  const parts = (x: Bool) => ({ both: x.and(flag), not: not(x) });
  const chosen = ({ both, not: other }: ReturnType<typeof parts>) => {
    unused(other);
    return { s: c`s`(when(both)) };
  };

  test.each<[string, () => Block]>([
    [
      'in conditions',
      () => ({
        s: If(
          pmd
            .is('none')
            .and(n.eq(0))
            .or(flag.implies(n.ne(2))),
          {},
        ),
      }),
    ],
    ['in chains', () => ({ s: If(flag, {}).ElseIf(n.eq(1), { t: c`t`() }).Else({ u: c`u`() }) })],
    ['in captions', () => ({ s: c`n is ${n.plus(1)}`() })],
    ['in steps of the kernel', () => ({ s: bugOn(pmd.isIn('none', 'huge'), 'x'), l: spin_lock(ptl) })],
    ['twice', () => ((x) => ({ s: c`s`(when(x)), t: While(x, {}) }))(n.lt(2))],
    ['as a value', () => ({ s: c`s`(flag.set(ifElse(flag, n.eq(1), true)), n.set(ifElse(n.eq(1), 2, n))) })],
    ['on purpose', () => chosen(parts(n.eq(1)))],
  ])('%s', (_, body) => {
    expect(refused(body)).toBe(undefined);
  });

  test('objects outside of the procedure are not checked', () => {
    const busy = n.eq(1).and(flag);
    expect(refused(() => ({ s: c`s`(when(busy)) }))).toBe(undefined);
    expect(refused(() => ({ s: c`s`() }))).toBe(undefined);
  });
});

test('of a dropped tree the root is named, of several the first, and everything reachable from what is kept is used', () => {
  const watch = watchCreations();
  const kept = { inside: [n.eq(1).and(flag)] };
  const here = whereWritten().line;
  n.plus(1).eq(2).or(flag);
  flag.set(true);
  const created = watch.end();
  expect(unreached(created, [kept]).map(({ at, what }) => [at!.line - here, what.slice(0, 12)])).toEqual([
    [1, 'this express'],
    [2, 'this effect '],
  ]);
  expect(unreached(created, []).map(({ at }) => at!.line - here)).toEqual([-1, 1, 2]);
});

test('nothing is recorded without a watch', () => {
  n.eq(1);
  expect(watchCreations().end().nodes.size).toBe(0);
});

test('a record that has a field `at` is not taken for a source location', () => {
  const watch = watchCreations();
  const start = n.plus(1);
  const domain = record({ at: int(0, 3).starts(start) });
  expect(unreached(watch.end(), [domain])).toEqual([]);
});
