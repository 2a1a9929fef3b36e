// Atomic operations are one step; plain ones are a load and a store, and lose updates.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { never, sometimes } from '../../properties/language/index.js';
import {
  actor,
  actors,
  type Bool,
  bool,
  Goto,
  If,
  int,
  not,
  oneOf,
  procedure,
  record,
  shared,
  source,
} from '../language/index.js';
import {
  atomic_add_unless,
  atomic_dec_and_test,
  atomic_fetch_add,
  atomic_inc,
  atomic_inc_return,
  cmpxchg,
  nonatomic,
  set_bit,
  test_and_clear_bit,
  test_and_set_bit,
  try_cmpxchg,
  xchg,
} from './index.js';

const c = source('drivers/x.c');

describe('two increments', () => {
  const state = shared({ n: int(0, 2) });
  const lost = (who: ReturnType<typeof actors>) => ({
    lost: never(who.all((x) => x.done).and(state.n.eq(1))),
  });
  test('that are atomic count twice', async () => {
    const inc = actors(
      'inc',
      2,
      procedure('count', () => ({ inc: atomic_inc(state.n) })),
    );
    expect(await explored({ state, actors: [inc] }, lost(inc))).toMatchInlineSnapshot(`
      [
        "holds: 4 states, 4 transitions, depth 2, levels 1 2 1",
      ]
    `);
  });
  test('that are plain may count once', async () => {
    const inc = actors(
      'inc',
      2,
      procedure('count', () => ({ inc: nonatomic(state.n, (n) => n.plus(1)) })),
    );
    expect(await explored({ state, actors: [inc] }, lost(inc))).toMatchInlineSnapshot(`
      [
        "violated: 12 states, 14 transitions, depth 4, levels 1 2 3 4 2",
        "lost: violated by inc[0] nonatomic.load, inc[1] nonatomic.load, inc[0] nonatomic.store, inc[1] nonatomic.store",
      ]
    `);
  });
});

describe('bits', () => {
  test('may be lost where one is set by a store of the whole word; with set_bit() none is', async () => {
    const state = shared({ flags: record({ busy: bool(), dirty: bool() }) });
    const { busy, dirty } = state.flags;
    const setter = actor(
      'setter',
      procedure('set', () => ({ dirty: set_bit(dirty) })),
    );
    const plain = procedure('plain', { was: bool() }, ({ was }) => ({
      load: c`load flags`(was.set(dirty)),
      store: c`__set_bit(0, &flags)`(busy.set(true), dirty.set(was)),
    }));
    const lost = (p: { readonly done: Bool }) => ({
      lost: never(setter.done.and(p.done).and(not(dirty))),
    });
    const wrong = actor('wrong', plain);
    expect(await explored({ state, actors: [setter, wrong] }, lost(wrong))).toMatchInlineSnapshot(`
      [
        "violated: 8 states, 8 transitions, depth 3, levels 1 2 3 2",
        "lost: violated by wrong plain.load, setter set.dirty, wrong plain.store",
      ]
    `);
    const right = actor(
      'right',
      procedure('right', () => ({ busy: set_bit(busy) })),
    );
    expect(await explored({ state, actors: [setter, right] }, lost(right))).toMatchInlineSnapshot(`
      [
        "holds: 4 states, 4 transitions, depth 2, levels 1 2 1",
      ]
    `);
  });
  test('are a lock with test_and_set_bit(): one of two that try gets it', async () => {
    const state = shared({ locked: bool(), inside: int(0, 2) });
    const p = procedure('p', () => ({
      try: If(not(test_and_set_bit(state.locked)), {
        enter: c`enter`(state.inside.inc()),
        leave: c`leave`(state.inside.dec()),
        unlock: test_and_clear_bit(state.locked),
      }),
    }));
    const both = { both: never(state.inside.eq(2)), one: sometimes(state.inside.eq(1)) };
    expect(await explored({ state, actors: [actors('p', 2, p)] }, both)).toMatchInlineSnapshot(`
      [
        "holds: 16 states, 22 transitions, depth 5, levels 1 2 4 4 4 1",
        "one: reached by p[0] p.try, p[0] p.enter",
      ]
    `);
  });
});

describe('values', () => {
  const state = shared({ n: int(0, 3).starts(0), pmd: oneOf('none', 'huge', 'table') });
  test('of xchg(), cmpxchg() and fetch_add are the old ones, that of inc_return the new one', async () => {
    const p = procedure(
      'p',
      { a: int(0, 3), b: int(0, 3), d: oneOf('none', 'huge', 'table') },
      ({ a, b, d }) => ({
        one: a.assign(atomic_inc_return(state.n)),
        two: b.assign(atomic_fetch_add(2, state.n)),
        three: d.assign(xchg(state.pmd, 'huge')),
        seen: c`seen`(),
        four: d.assign(cmpxchg(state.pmd, 'huge', 'table')),
        last: If(d.is('huge').and(a.eq(1)).and(b.eq(1)).and(state.n.eq(3)).and(state.pmd.is('table')), {
          right: c`right`(),
        }),
      }),
    );
    const a = actor('a', p);
    expect(
      await explored({ state, actors: [a] }, { right: sometimes(a.at('p.right')) }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 8 states, 7 transitions, depth 7, levels 1 1 1 1 1 1 1 1",
        "right: reached by a p.one, a p.two, a p.three, a p.seen, a p.four, a p.last",
      ]
    `);
  });
  test('of try_cmpxchg() in a loop: each of two adds one', async () => {
    const add = procedure('add', { old: int(0, 3) }, ({ old }) => ({
      load: c`old = READ_ONCE(n)`(old.set(state.n)),
      swap: If(not(try_cmpxchg(state.n, old, old.plus(1))), { again: Goto('swap') }),
    }));
    const two = actors('add', 2, add);
    const lost = { lost: never(two.all((x) => x.done).and(state.n.ne(2))) };
    expect(await explored({ state, actors: [two] }, lost)).toMatchInlineSnapshot(`
      [
        "holds: 11 states, 14 transitions, depth 4, levels 1 2 3 4 1",
      ]
    `);
  });
  test('of dec_and_test: one of two puts is the last; add_unless() raises no count of 0', async () => {
    const count = shared({ n: int(0, 2).starts(2), last: int(0, 2), revived: bool() });
    const put = procedure('put', () => ({
      put: If(atomic_dec_and_test(count.n), { last: c`last`(count.last.inc()) }),
      get: If(count.n.eq(0), {
        try: If(atomic_add_unless(count.n, 1, 0), { revived: c`revived`(count.revived.set(true)) }),
      }),
    }));
    const two = actors('put', 2, put);
    const wrong = {
      two_last: never(two.all((x) => x.done).and(count.last.ne(1))),
      revived: never(count.revived),
    };
    expect(await explored({ state: count, actors: [two] }, wrong)).toMatchInlineSnapshot(`
      [
        "holds: 20 states, 30 transitions, depth 6, levels 1 2 4 5 4 3 1",
      ]
    `);
  });
});
