// Guards: they unlock on every way out of their block.

import { describe, expect, test } from 'vitest';
import { lower } from '../../checker/lower/lower.js';
import { explored } from '../../checker/lower/testing/explored.js';
import { refusalsIn, stepsOf } from '../../checker/lower/testing/small.js';
import { always } from '../../properties/language/index.js';
import {
  actors,
  bool,
  For,
  Goto,
  If,
  int,
  model,
  procedure,
  Return,
  shared,
  source,
  While,
} from '../language/index.js';
import {
  guard,
  mutex,
  mutex_lock,
  mutex_unlock,
  scoped_cond_guard,
  scoped_guard,
  spin_lock,
  spin_trylock,
  spin_unlock,
  spinlock,
} from './index.js';

const c = source('drivers/x.c');
const state = shared({ outer: mutex(), inner: spinlock(), flag: bool(), n: int(0, 2) });
const { outer, inner, flag, n } = state;
const spinning = (block: Parameters<typeof scoped_guard>[2]) =>
  scoped_guard(spin_lock(inner), spin_unlock(inner), block);
const whole = (block: Parameters<typeof guard>[2]) => guard(mutex_lock(outer), mutex_unlock(outer), block);

describe('a guard', () => {
  test('unlocks at the end of its block, and before a Return, inner guards first', () => {
    const p = procedure('p', () => ({
      all: whole({
        some: spinning({
          test: If(flag, { out: Return() }),
          use: c`use`(n.set(1)),
        }),
        after: c`after`(n.set(2)),
      }),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "guard.lock:
              /* include/linux/mutex.h: mutex_lock(outer) */
              when (outer == free); outer = a;
      scoped_guard.lock:
              /* include/linux/spinlock.h: spin_lock(inner) */
              when (inner == free); inner = a;
      p.test:
              /* if (flag) */
              when (flag); goto scoped_guard.unlock[return];
              /* if (!flag) */
              when (!flag); goto p.use;
      guard.unlock[return]:
              /* include/linux/mutex.h: mutex_unlock(outer) */
              outer = free; goto done;
      scoped_guard.unlock[return]:
              /* include/linux/spinlock.h: spin_unlock(inner) */
              inner = free; goto guard.unlock[return];
      p.use:
              /* drivers/x.c: use */
              n = 1;
      scoped_guard.unlock:
              /* include/linux/spinlock.h: spin_unlock(inner) */
              inner = free;
      p.after:
              /* drivers/x.c: after */
              n = 2;
      guard.unlock:
              /* include/linux/mutex.h: mutex_unlock(outer) */
              outer = free; goto done;
      done:
              ;
      "
    `);
  });

  test('unlocks where a Goto leaves its block, and not where it stays in it; one step serves all that go the same way', () => {
    const p = procedure('p', () => ({
      again: spinning({
        retry: If(flag, { stay: Goto('retry') }),
        one: If(n.eq(1), { leave: Goto('again') }),
        two: If(n.eq(2), { leave: Goto('again') }),
      }),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "scoped_guard.lock:
              /* include/linux/spinlock.h: spin_lock(inner) */
              when (inner == free); inner = a;
      p.retry:
              /* if (flag) */
              when (flag); goto p.retry;
              /* if (!flag) */
              when (!flag);
      p.one:
              /* if (n == 1) */
              when (n == 1);
              /* if (n != 1) */
              when (n != 1); goto p.two;
      scoped_guard.unlock[goto again]:
              /* include/linux/spinlock.h: spin_unlock(inner) */
              inner = free; goto scoped_guard.lock;
      p.two:
              /* if (n == 2) */
              when (n == 2); goto scoped_guard.unlock[goto again];
              /* if (n != 2) */
              when (n != 2);
      scoped_guard.unlock:
              /* include/linux/spinlock.h: spin_unlock(inner) */
              inner = free; goto done;
      done:
              ;
      "
    `);
  });

  test('holds in every run: what it guards is never done by two at once, and nothing is held at the end', async () => {
    const p = procedure('p', () => ({
      all: whole({
        loop: While(flag, { off: c`off`(flag.set(false)), early: Return() }),
        each: For(2, (i) => ({ do: If(i.eq(n), { enter: c`enter`(n.inc()) }) })),
      }),
    }));
    const two = actors('p', 2, p);
    const of = model('guards', { about: '', state, actors: [two] });
    expect(
      await explored(of, { counted: always(two.all((x) => x.done).implies(n.eq(2))) }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 24 states, 24 transitions, depth 12, levels 1 2 2 2 2 2 2 2 2 2 2 2 1",
      ]
    `);
    const { program } = lower(of);
    expect(program.steps.filter(({ reports }) => reports !== undefined)).toEqual([]);
  });

  test('that only tries runs another block where the lock cannot be had', () => {
    const p = procedure('p', () => ({
      try: scoped_cond_guard(
        spin_trylock(inner),
        spin_unlock(inner),
        { busy: Return() },
        { use: c`use`(n.set(1)) },
      ),
      after: c`after`(n.set(2)),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "scoped_cond_guard.try:
              /* include/linux/spinlock.h: spin_trylock(inner): true */
              when (inner == free); inner = a;
              /* include/linux/spinlock.h: spin_trylock(inner): false */
              when (inner != free); goto done;
      p.use:
              /* drivers/x.c: use */
              n = 1;
      scoped_cond_guard.unlock:
              /* include/linux/spinlock.h: spin_unlock(inner) */
              inner = free;
      p.after:
              /* drivers/x.c: after */
              n = 2; goto done;
      done:
              ;
      "
    `);
  });

  test('lets nobody jump into its block', () => {
    const refusal = refusalsIn(import.meta.url);
    const p = procedure('p', () => ({
      jump: Goto('use'), // <-
      all: whole({ use: c`use`(n.set(1)) }),
    }));
    expect(refusal(() => stepsOf(p, state))).toMatchInlineSnapshot(
      `"Goto('use'): p has no such label in the blocks around it (there are jump, all)"`,
    );
  });
});
