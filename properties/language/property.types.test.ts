// Properties that must compile, and that must not: run by tsc, which also fails where a `@ts-expect-error` expects no
// error. Code that must not compile is in functions that are never called.

import { describe, expectTypeOf, test } from 'vitest';
import { all, array, bool, config, int, count as number, shared } from '../../models/language/index.js';
import {
  always,
  alwaysPossible,
  contributes,
  eventually,
  lemma,
  never,
  once,
  type PropertyNode,
  property,
} from './index.js';

const { DEBUG } = config({ DEBUG: bool() });
const { woken, count } = shared({ woken: bool(), count: int(0, 3) });

describe('alwaysPossible', () => {
  test('takes a condition, with its past or without, and what it is about', () => {
    expectTypeOf(alwaysPossible(woken)).toEqualTypeOf<PropertyNode>();
    alwaysPossible(count.eq(3), 'the count can still reach three', { given: DEBUG });
    alwaysPossible(once(woken));
    () => {
      // @ts-expect-error a number is no condition
      alwaysPossible(count);
      // @ts-expect-error JavaScript's comparison is none either
      alwaysPossible(count > 2);
    };
  });

  test('assumes no fairness, since it is about what is possible', () => {
    () => {
      // @ts-expect-error a fair run is not asked for
      alwaysPossible(woken, 'woken', { fair: 'weak' });
    };
  });

  test('is a property and no formula: it is about all runs, so no formula of one run contains it', () => {
    always(never(woken));
    () => {
      // @ts-expect-error not as a part of a formula
      always(alwaysPossible(woken));
      // @ts-expect-error nor by itself as what a run must be
      property(alwaysPossible(woken));
      // @ts-expect-error nor the other way round
      alwaysPossible(alwaysPossible(woken));
    };
    expectTypeOf(eventually(woken)).not.toEqualTypeOf<PropertyNode>();
  });
});

describe('lemma', () => {
  test('takes a condition on the state, and what it is about', () => {
    expectTypeOf(lemma(woken)).toEqualTypeOf<PropertyNode>();
    lemma(
      all(2, (i) => count.eq(i)),
      'as long as it is woken',
      { given: DEBUG },
    );
    () => {
      // @ts-expect-error no statement about the past
      lemma(once(woken));
      // @ts-expect-error nor about the future
      lemma(eventually(woken));
      // @ts-expect-error a number is no condition
      lemma(count);
      // @ts-expect-error every run has to keep it, fair or not
      lemma(woken, 'woken', { fair: [] });
    };
  });

  test('is no part of a formula', () => {
    () => {
      // @ts-expect-error it is claimed for a proof, and states nothing of a run
      always(lemma(woken));
    };
  });
});

describe('contributes', () => {
  const { refs } = shared({ refs: array(2, int(0, 3)) });

  test('takes a counter and what it is, or one of each element', () => {
    expectTypeOf(
      contributes(
        count,
        number(2, () => woken),
      ),
    ).toEqualTypeOf<PropertyNode>();
    contributes(count, 1, 'always one', { given: DEBUG });
    contributes(2, (p) => [refs.at(p), number(2, () => woken).plus(1)], 'of each');
    () => {
      // @ts-expect-error what contributes is a number
      contributes(count, woken);
      // @ts-expect-error the counter is a number too
      contributes(woken, 1);
      // @ts-expect-error for each element: a counter and what it is
      contributes(2, (p) => refs.at(p));
    };
  });
});
