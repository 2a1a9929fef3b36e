// Properties that must compile, and that must not: run by tsc, which also fails where a `@ts-expect-error` expects no
// error. Code that must not compile is in functions that are never called.

import { describe, expectTypeOf, test } from 'vitest';
import { bool, config, int, shared } from '../../models/language/index.js';
import { always, alwaysPossible, eventually, never, once, type PropertyNode, property } from './index.js';

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
