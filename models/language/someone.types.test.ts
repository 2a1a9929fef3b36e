// What must compile, and what must not, of actors as values: run by tsc.

import { describe, expectTypeOf, test } from 'vitest';
import { rwsem } from '../kernel/index.js';
import {
  actor,
  actors,
  type Bool,
  type BoolVar,
  bool,
  type Int,
  int,
  perActor,
  procedure,
  self,
  shared,
  someone,
  source,
} from './index.js';

const c = source('x.c');
const state = shared({ who: someone(), in: perActor(bool()), depth: perActor(int(0, 2)), sem: rwsem() });
const run = procedure('run', { to: someone() }, ({ to }) => ({ one: c`one`(state.who.set(to)) }));
const one = actor('one', run, { to: self });
const many = actors('many', 2, run, () => ({ to: one }));

describe('an actor as a value', () => {
  test('is one by its name, self, or what a variable names', () => {
    state.who.set(self);
    state.who.set('nobody');
    state.who.set(many.of(0));
    expectTypeOf(state.who.is(one)).toEqualTypeOf<Bool>();
    expectTypeOf(state.in.mine).toEqualTypeOf<BoolVar>();
    expectTypeOf(state.depth.count((x, who) => x.gt(0).and(who.is(self)))).toEqualTypeOf<Int>();
    state.in.copy(state.sem.readers);
    () => {
      // @ts-expect-error: several
      state.who.set(many);
      // @ts-expect-error: a word
      state.who.is('somebody');
      // @ts-expect-error: nobody has none
      state.in.of('nobody');
      // @ts-expect-error: a number is no set
      state.depth.copy(state.sem.readers);
      // @ts-expect-error: another domain
      state.in.copy(state.depth);
      // @ts-expect-error: an actor is no number
      procedure('p', { n: int(0, 1) }, ({ n }) => ({ one: c`one`(n.set(self)) }));
    };
  });
});
