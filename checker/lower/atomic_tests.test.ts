// Atomic tests: one step that has an answer and the effects of that answer, for If, While and assignments; and steps
// that have a value.

import { describe, expect, test } from 'vitest';
import { spin_unlock, spinlock } from '../../models/kernel/index.js';
import {
  actor,
  type Bool,
  type BoolVar,
  bool,
  config,
  demands,
  demandsSoftly,
  Either,
  expects,
  expectsSoftly,
  given,
  If,
  type Int,
  type IntVar,
  ifElse,
  int,
  no,
  not,
  type OwnerVar,
  oneOf,
  procedure,
  rests,
  type Stmt,
  shared,
  source,
  While,
  when,
  yes,
} from '../../models/language/index.js';
import { refusalsIn, stepsOf, textOf } from './testing/small.js';

const c = source('mm/filemap.c');
const state = shared({
  lock: spinlock(),
  busy: bool(),
  refs: int(0, 2).starts(2),
  pmd: oneOf('none', 'huge', 'table'),
  freed: bool(),
});
const { lock, busy, refs, pmd, freed } = state;

const spin_trylock = (of: OwnerVar<'spinlock'>) =>
  c`spin_trylock(${of})`.test(of.isFree(), { yes: [of.take()] });
const test_and_set = (bit: BoolVar) => c`test_and_set_bit(${bit})`.test(bit, { both: [bit.set(true)] });
const dec_and_test = (v: IntVar) => c`atomic_dec_and_test(${v})`.test(v.eq(1), { both: [v.dec()] });
const nothing = c`nothing`;

describe('a test', () => {
  test('is two steps at one location: one for each answer, with its effects', () => {
    const p = procedure('p', () => ({
      try: If(spin_trylock(lock), { unlock: spin_unlock(lock) }).Else({ retry: nothing() }),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.try:
              /* mm/filemap.c: spin_trylock(lock): true */
              when (lock == free); lock = a;
              /* mm/filemap.c: spin_trylock(lock): false */
              when (lock != free); goto p.retry;
      p.unlock:
              /* include/linux/spinlock.h: spin_unlock(lock) */
              lock = free; goto done;
      p.retry:
              /* mm/filemap.c: nothing */
              goto done;
      done:
              ;
      "
    `);
  });

  test('is negated by not(), repeated by While, and its value may be ignored or stored', () => {
    const p = procedure('p', { got: bool(), last: bool() }, ({ got, last }) => ({
      taken: If(not(test_and_set(busy)), { first: nothing() }),
      until: While(not(spin_trylock(lock)), { relax: c`cpu_relax()`() }),
      spin: While(test_and_set(busy), {}),
      ignored: test_and_set(busy),
      stored: last.assign(dec_and_test(refs)),
      turned: got.assign(not(test_and_set(busy))),
      read: c`read ${got} and ${last}`(when(got.or(last))),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.taken:
              /* mm/filemap.c: test_and_set_bit(busy): true */
              when (busy); busy = true; goto p.until;
              /* mm/filemap.c: test_and_set_bit(busy): false */
              when (!busy); busy = true;
      p.first:
              /* mm/filemap.c: nothing */
              ;
      p.until:
              /* mm/filemap.c: spin_trylock(lock): true */
              when (lock == free); lock = a; goto p.spin;
              /* mm/filemap.c: spin_trylock(lock): false */
              when (lock != free);
      p.relax:
              /* mm/filemap.c: cpu_relax() */
              goto p.until;
      p.spin:
              /* mm/filemap.c: test_and_set_bit(busy): true */
              when (busy); busy = true; goto p.spin;
              /* mm/filemap.c: test_and_set_bit(busy): false */
              when (!busy); busy = true;
      p.ignored:
              /* mm/filemap.c: test_and_set_bit(busy): true */
              when (busy); busy = true;
              /* mm/filemap.c: test_and_set_bit(busy): false */
              when (!busy); busy = true;
      p.stored:
              /* mm/filemap.c: last = atomic_dec_and_test(refs): true */
              when (refs == 1); refs = refs - 1, a:p.last = true;
              /* mm/filemap.c: last = atomic_dec_and_test(refs): false */
              when (refs != 1); refs = refs - 1, a:p.last = false;
      p.turned:
              /* mm/filemap.c: got = !test_and_set_bit(busy): true */
              when (busy); busy = true, a:p.got = false;
              /* mm/filemap.c: got = !test_and_set_bit(busy): false */
              when (!busy); busy = true, a:p.got = true;
      p.read:
              /* mm/filemap.c: read got and last */
              when (a:p.got || a:p.last); warning "WARNING: lock held when returning to user space! (lock)"; /* reset: */ a:p.got = false, a:p.last = false; goto done;
      done:
              ;
      "
    `);
  });

  test('waits for the guards of both answers, and may fail where it says so', () => {
    const p = procedure('p', () => ({
      wait: If(c`wait, then try`.test(refs.eq(1), { both: [rests(), when(busy)], mayFail: freed }), {
        then: nothing(),
      }),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.wait:       /* rests here: not waited for */
              /* mm/filemap.c: wait, then try: true */
              when (busy && refs == 1);
              /* mm/filemap.c: wait, then try: false */
              when (busy && (refs != 1 || freed)); goto done;
      p.then:
              /* mm/filemap.c: nothing */
              goto done;
      done:
              ;
      "
    `);
  });

  test('keeps its step where the settings decide its answer, since the effects remain', () => {
    const settings = config({ DEBUG: bool() });
    const p = procedure('p', () => ({
      always: If(c`always`.test(yes, { both: [busy.set(true)], yes: [refs.set(1)], no: [refs.set(9)] }), {
        on: nothing(),
      }),
      never: While(c`never`.test(settings.DEBUG, { both: [given(settings.DEBUG, busy.set(no))] }), {
        off: nothing(),
      }),
    }));
    expect(stepsOf(p, state, settings)).toMatchInlineSnapshot(`
      "p.always:
              /* mm/filemap.c: always */
              busy = true, refs = 1;
      p.on:
              /* mm/filemap.c: nothing */
              ;
      p.never:
              /* mm/filemap.c: never */
              goto done;
      done:
              ;
      "
    `);
  });

  test('reports what it expects once, whatever it would answer; a warning has the effects of the answer', () => {
    const p = procedure('p', () => ({
      put: If(
        c`refcount_dec_and_test()`.test(refs.eq(1), {
          both: [
            demands(not(freed), 'use-after-free'),
            expects(pmd.is('none'), 'BUG'),
            expectsSoftly(refs.gt(0), 'underflow'),
            refs.set(ifElse(refs.gt(0), refs.minus(1), refs)),
          ],
          yes: [expects(not(busy), 'freed while busy')],
        }),
        { free: c`kfree()`(freed.set(true)) },
      ),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.put:
              /* mm/filemap.c: refcount_dec_and_test() */
              when (freed); bug "use-after-free";
              /* mm/filemap.c: refcount_dec_and_test() */
              when (!freed && pmd != none); bug "BUG";
              /* mm/filemap.c: refcount_dec_and_test(): true */
              when (!freed && refs == 1 && pmd == none && busy); bug "freed while busy";
              /* mm/filemap.c: refcount_dec_and_test(): true */
              when (!freed && refs == 1 && pmd == none && !busy && refs <= 0); warning "underflow"; refs = refs > 0 ? refs - 1 : refs;
              /* mm/filemap.c: refcount_dec_and_test(): true */
              when (!freed && refs == 1 && pmd == none && !busy && refs > 0); refs = refs > 0 ? refs - 1 : refs;
              /* mm/filemap.c: refcount_dec_and_test(): false */
              when (!freed && refs != 1 && pmd == none && refs <= 0); warning "underflow"; refs = refs > 0 ? refs - 1 : refs; goto done;
              /* mm/filemap.c: refcount_dec_and_test(): false */
              when (!freed && refs != 1 && pmd == none && refs > 0); refs = refs > 0 ? refs - 1 : refs; goto done;
      p.free:
              /* mm/filemap.c: kfree() */
              freed = true; goto done;
      done:
              ;
      "
    `);
  });

  test('that warns on arrival warns once, and then answers', () => {
    const p = procedure('p', () => ({
      lock: If(
        c`mutex_trylock()`.test(not(busy), {
          both: [demandsSoftly(not(freed), 'WARN')],
          yes: [busy.set(true)],
        }),
        { locked: nothing() },
      ),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.lock:
              /* mm/filemap.c: mutex_trylock() */
              when (freed); warning "WARN";
              /* mm/filemap.c: mutex_trylock(): true */
              when (!freed && !busy); busy = true; goto p.locked;
              /* mm/filemap.c: mutex_trylock(): false */
              when (!freed && busy); goto done;
      p.lock[warned]:
              /* mm/filemap.c: mutex_trylock(): true */
              when (!busy); busy = true;
              /* mm/filemap.c: mutex_trylock(): false */
              when (busy); goto done;
      p.locked:
              /* mm/filemap.c: nothing */
              goto done;
      done:
              ;
      "
    `);
  });

  test('as the first step of an arm is chosen with its answer', () => {
    const p = procedure('p', () => ({
      either: Either({ trylock: { try: If(spin_trylock(lock), { got: spin_unlock(lock) }) }, wait: {} }),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.either:
              /* p.try: mm/filemap.c: spin_trylock(lock): true */
              when (lock == free); lock = a;
              /* p.try: mm/filemap.c: spin_trylock(lock): false */
              when (lock != free); goto done;
              /* p.wait: choose wait */
              goto done;
      p.got:
              /* include/linux/spinlock.h: spin_unlock(lock) */
              lock = free; goto done;
      done:
              ;
      "
    `);
  });

  test('is at its label like any other step', () => {
    const p = procedure('p', () => ({ try: If(dec_and_test(refs), { last: nothing() }) }));
    const tester = actor('tester', p);
    const q = procedure('q', () => ({ wait: nothing(when(tester.at('p.try'))) }));
    expect(textOf({ state, actors: [tester, actor('a', q)] })).toContain('when (tester at p.try)');
  });
});

describe('a step with a value', () => {
  const cmpxchg = (v: IntVar, old: Int | number, to: number) =>
    c`cmpxchg(&${v})`.value(v, v.set(ifElse(v.eq(old), to, v)));
  const xchg = (v: BoolVar, to: Bool) => c`xchg(&${v})`.value(v, v.set(to));

  test('is stored in one step, and its value may be ignored', () => {
    const p = procedure('p', { old: int(0, 2), was: bool() }, ({ old, was }) => ({
      swap: old.assign(cmpxchg(refs, 2, 0)),
      ignored: cmpxchg(refs, 0, 1),
      exchange: was.assign(xchg(busy, yes)),
      read: c`read`(when(old.eq(2).or(was))),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.swap:
              /* mm/filemap.c: old = cmpxchg(&refs) */
              refs = refs == 2 ? 0 : refs, a:p.old = refs;
      p.ignored:
              /* mm/filemap.c: cmpxchg(&refs) */
              refs = refs == 0 ? 1 : refs;
      p.exchange:
              /* mm/filemap.c: was = xchg(&busy) */
              busy = true, a:p.was = busy;
      p.read:
              /* mm/filemap.c: read */
              when (a:p.old == 2 || a:p.was); /* reset: */ a:p.old = 0, a:p.was = false; goto done;
      done:
              ;
      "
    `);
  });
});

describe('refused is', () => {
  const refusal = refusalsIn(import.meta.url);
  const lowered = (make: () => Stmt) =>
    refusal(() =>
      stepsOf(
        procedure('p', () => ({ t: make() })),
        state,
      ),
    );

  test('a wait in only one of the answers', () => {
    expect(
      refusal(() => {
        const guard = when(busy) as never;
        c`try`.test(busy, { yes: [guard] }); // <-
      }),
    ).toMatchInlineSnapshot(
      `"the parts 'yes' and 'no' of a test cannot wait: put when(…) and rests() into 'both'"`,
    );
    expect(
      refusal(() => {
        c`try`.test(busy, { no: [given(yes, demands(busy, 'x'))] }); // <-
      }),
    ).toMatchInlineSnapshot(
      `"the parts 'yes' and 'no' of a test cannot demand anything on arrival, before there is an answer: put the demand into 'both', or use expects(…)"`,
    );
    expect(
      lowered(
        () => If(c`try`.test(busy, { no: [lock.take()] }), {}), // <-
      ),
    ).toMatchInlineSnapshot(`"a test cannot take a lock in the part 'no'"`);
  });

  test('to write twice, or to read after writing, in one answer', () => {
    expect(
      lowered(
        () => If(c`try`.test(busy, { both: [refs.set(1)], yes: [refs.set(0)] }), {}), // <-
      ),
    ).toMatchInlineSnapshot(`"this step writes refs twice; make it two steps, or one effect"`);
    expect(
      lowered(
        () => If(c`try`.test(busy, { both: [refs.set(1)], no: [freed.set(refs.eq(1))] }), {}), // <-
      ),
    ).toMatchInlineSnapshot(
      `"this step reads refs after it has written it; effects of a step happen at once, so read it first, or exchange both in atOnce(…)"`,
    );
    expect(
      lowered(
        () => If(c`fine`.test(busy, { yes: [refs.set(0)], no: [refs.set(1)] }), {}), // <-
      ),
    ).toBe('not refused');
  });

  test('a test in a chain, as a condition, and one that is not used', () => {
    expect(
      refusal(() => {
        // @ts-expect-error a test has no ElseIf
        If(test_and_set(busy), {}).ElseIf(busy, {}); // <-
      }),
    ).toMatchInlineSnapshot(
      `"a test takes no ElseIf(…), whose conditions are read at once with it: nest an If in its Else"`,
    );
    expect(
      refusal(() => {
        when(test_and_set(busy) as never); // <-
      }),
    ).toMatchInlineSnapshot(
      `"when() needs a condition, not a test: it is a step of its own, for If, While or .assign()"`,
    );
    expect(
      lowered(() => {
        c`try`.test(busy); // <-
        return If(busy, {});
      }),
    ).toMatchInlineSnapshot(`"this test is in no If, While or block"`);
  });
});
