// Reference counts: which put is the last, the reports of a wrong count, and that a saturated count does not change.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { never, sometimes } from '../../properties/language/index.js';
import {
  actor,
  actors,
  type Bool,
  bool,
  expects,
  If,
  int,
  not,
  procedure,
  shared,
  source,
} from '../language/index.js';
import {
  kref_get,
  kref_get_unless_zero,
  kref_put,
  refcount,
  refcount_dec,
  refcount_dec_and_lock,
  refcount_dec_and_test,
  refcount_dec_not_one,
  refcount_inc,
  spin_lock,
  spin_unlock,
  spinlock,
} from './index.js';

const c = source('drivers/x.c');
interface Several {
  all(of: (x: { readonly done: Bool }) => Bool): Bool;
}
const all = (who: Several) => who.all((x) => x.done);

describe('two puts of two references', () => {
  const state = shared({ refs: refcount(2).starts(2), frees: int(0, 2) });
  const wrong = (who: Several) => ({ not_freed_once: never(all(who).and(state.frees.ne(1))) });
  test('free the object once', async () => {
    const put = procedure('put', () => ({
      put: If(refcount_dec_and_test(state.refs), { free: c`kfree(dev)`(state.frees.inc()) }),
    }));
    const two = actors('put', 2, put);
    expect(await explored({ state, actors: [two] }, wrong(two))).toMatchInlineSnapshot(`
      [
        "holds: 6 states, 6 transitions, depth 3, levels 1 2 2 1",
      ]
    `);
  });
  test('free it twice if the count is read apart from the put', async () => {
    const put = procedure('put', () => ({
      dec: c`refs--`(state.refs.dec()),
      test: If(state.refs.eq(0), { free: c`kfree(dev)`(state.frees.inc()) }),
    }));
    const two = actors('put', 2, put);
    expect(await explored({ state, actors: [two] }, wrong(two))).toMatchInlineSnapshot(`
      [
        "violated: 19 states, 24 transitions, depth 6, levels 1 2 3 4 5 3 1",
        "not_freed_once: violated by put[0] put.dec, put[1] put.dec, put[0] put.test, put[0] put.free, put[1] put.test, put[1] put.free",
      ]
    `);
  });
});

describe('a wrong count warns, and is saturated', () => {
  const state = shared({ refs: refcount(2) });
  const runs = (...steps: readonly [string, Parameters<typeof If>[0] | ReturnType<typeof refcount_inc>][]) =>
    explored(
      {
        state,
        actors: [
          actor(
            'p',
            procedure('p', () => Object.fromEntries(steps) as never),
          ),
        ],
      },
      { saturated: sometimes(state.refs.eq(-1)) },
    );
  test('where a put finds a count of 0', async () => {
    expect(
      await runs(
        ['one', refcount_dec_and_test(state.refs)],
        ['two', refcount_dec_and_test(state.refs)],
        ['three', refcount_inc(state.refs)],
      ),
    ).toMatchInlineSnapshot(`
      [
        "violated: 4 states, 3 transitions, depth 3, levels 1 1 1 1",
        "saturated: reached by p p.one, p p.two",
        "refcount_t: underflow; use-after-free.: violated by p p.one, p p.two",
      ]
    `);
  });
  test('where a get raises it from 0', async () => {
    expect(
      await runs(['one', refcount_dec_and_test(state.refs)], ['two', refcount_inc(state.refs)]),
    ).toMatchInlineSnapshot(`
      [
        "violated: 3 states, 2 transitions, depth 2, levels 1 1 1",
        "saturated: reached by p p.one, p p.two",
        "refcount_t: addition on 0; use-after-free.: violated by p p.one, p p.two",
      ]
    `);
  });
  test('where a plain decrement drops the last reference', async () => {
    expect(await runs(['one', refcount_dec(state.refs)])).toMatchInlineSnapshot(`
      [
        "violated: 2 states, 1 transitions, depth 1, levels 1 1",
        "saturated: reached by p p.one",
        "refcount_t: decrement hit 0; leaking memory.: violated by p p.one",
      ]
    `);
  });
  test('where a plain decrement finds 0, with the same message as in the kernel', async () => {
    expect(
      await runs(['one', refcount_dec_and_test(state.refs)], ['two', refcount_dec(state.refs)]),
    ).toMatchInlineSnapshot(`
      [
        "violated: 3 states, 2 transitions, depth 2, levels 1 1 1",
        "saturated: reached by p p.one, p p.two",
        "refcount_t: decrement hit 0; leaking memory.: violated by p p.one, p p.two",
      ]
    `);
  });
  test('and once it is saturated, no put warns any more', async () => {
    expect(
      await runs(
        ['one', refcount_dec_and_test(state.refs)],
        ['two', refcount_inc(state.refs)],
        ['three', refcount_dec(state.refs)],
        ['four', refcount_dec_not_one(state.refs)],
        ['five', refcount_dec_and_test(state.refs)],
      ),
    ).toMatchInlineSnapshot(`
      [
        "violated: 6 states, 5 transitions, depth 5, levels 1 1 1 1 1 1",
        "saturated: reached by p p.one, p p.two",
        "refcount_t: addition on 0; use-after-free.: violated by p p.one, p p.two",
      ]
    `);
  });
  test('but refcount_dec_not_one() leaves 0 as it is, and the get after it warns as well', async () => {
    expect(
      await runs(
        ['one', refcount_dec_and_test(state.refs)],
        ['two', refcount_dec_not_one(state.refs)],
        ['three', refcount_inc(state.refs)],
      ),
    ).toMatchInlineSnapshot(`
      [
        "violated: 4 states, 3 transitions, depth 3, levels 1 1 1 1",
        "saturated: reached by p p.one, p p.two, p p.three",
        "refcount_t: underflow; use-after-free.: violated by p p.one, p p.two",
        "refcount_t: addition on 0; use-after-free.: violated by p p.one, p p.two, p p.three",
      ]
    `);
  });
});

describe('a lookup beside the last put', () => {
  const state = shared({ found: bool().starts(true), refs: refcount(2), freed: bool() });
  const { found, refs, freed } = state;
  const remove = actor(
    'remove',
    procedure('remove', () => ({
      unlink: c`list_del(&dev->node)`(found.set(false)),
      put: If(kref_put(refs), { free: c`kfree(dev)`(freed.set(true)) }),
    })),
  );
  const use = () => c`dev->x`(expects(not(freed), 'KASAN: slab-use-after-free'));
  test('by kref_get() raises a count from 0, and uses freed memory', async () => {
    const open = actor(
      'open',
      procedure('open', () => ({
        find: If(found, {
          get: kref_get(refs),
          use: use(),
          put: If(kref_put(refs), { free: c`kfree(dev)`(freed.set(true)) }),
        }),
      })),
    );
    expect(await explored({ state, actors: [open, remove] })).toMatchInlineSnapshot(`
      [
        "violated: 26 states, 35 transitions, depth 7, levels 1 2 4 5 6 3 4 1",
        "refcount_t: addition on 0; use-after-free.: violated by open open.find, remove remove.unlink, remove remove.put, open open.get",
        "KASAN: slab-use-after-free: violated by open open.find, remove remove.unlink, remove remove.put, open open.get, remove remove.free, open open.use",
      ]
    `);
  });
  test('by kref_get_unless_zero() does neither, as long as the memory stays', async () => {
    const open = actor(
      'open',
      procedure('open', () => ({
        find: If(found, {
          get: If(kref_get_unless_zero(refs), {
            use: use(),
            put: If(kref_put(refs), { free: c`kfree(dev)`(freed.set(true)) }),
          }),
        }),
      })),
    );
    expect(await explored({ state, actors: [open, remove] })).toMatchInlineSnapshot(`
      [
        "holds: 19 states, 28 transitions, depth 6, levels 1 2 4 5 5 1 1",
      ]
    `);
  });
});

test('refcount_dec_and_lock() drops the last reference under the lock, so a lookup under it finds none of them', async () => {
  const state = shared({
    lock: spinlock(),
    found: bool().starts(true),
    refs: refcount(3).starts(2),
    freed: bool(),
  });
  const { lock, found, refs, freed } = state;
  const put = () =>
    refcount_dec_and_lock(refs, lock, {
      unlink: c`list_del(&dev->node)`(found.set(false)),
      unlock: spin_unlock(lock),
      free: c`kfree(dev)`(freed.set(true)),
    });
  const two = actors(
    'put',
    2,
    procedure('put', () => ({ put: put() })),
  );
  const open = actor(
    'open',
    procedure('open', () => ({
      lock: spin_lock(lock),
      find: If(found, {
        get: refcount_inc(refs),
        unlock: spin_unlock(lock),
        use: c`dev->x`(expects(not(freed), 'use-after-free')),
        put: put(),
      }).Else({ none: spin_unlock(lock) }),
    })),
  );
  const leak = { leak: never(all(two).and(open.done).and(not(freed))) };
  expect(await explored({ state, actors: [two, open] }, leak)).toMatchInlineSnapshot(`
    [
      "holds: 77 states, 121 transitions, depth 12, levels 1 3 5 7 7 8 8 10 10 8 6 3 1",
    ]
  `);
});
