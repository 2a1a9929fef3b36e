// Inlines, which are written out where they are used; the blocks that they are given; and results of calls.

import { describe, expect, test } from 'vitest';
import { spin_lock, spin_unlock, spinlock } from '../../models/kernel/index.js';
import {
  actor,
  type Block,
  Body,
  type Bool,
  type BoolVar,
  bool,
  Call,
  For,
  Goto,
  If,
  type IntVar,
  inline,
  int,
  not,
  type OwnerVar,
  procedure,
  Return,
  type Stmt,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { explored } from './testing/explored.js';
import { programOf, refusalsIn, stepsOf } from './testing/small.js';

const c = source('include/linux/spinlock.h');
const state = shared({ lock: spinlock(), other: spinlock(), irqs: bool(), n: int(0, 3), flag: bool() });
const { lock, other, irqs, n, flag } = state;
const nothing = c`nothing`;

const spin_lock_irqsave = inline('spin_lock_irqsave', (of: OwnerVar<'spinlock'>, flags: BoolVar) => ({
  save: c`local_irq_save(${flags})`(flags.set(irqs), irqs.set(true)),
  lock: spin_lock(of),
}));
const nonatomic_inc = inline('nonatomic_inc', { loaded: int(0, 3) }, ({ loaded }, v: IntVar) => ({
  load: c`load ${v}`(loaded.set(v)),
  store: c`store ${v}`(v.set(loaded.plus(1))),
}));

describe('an inline', () => {
  test('is written out at each use, with its arguments and its own locals', () => {
    const p = procedure('p', { flags: bool() }, ({ flags }) => ({
      lock: spin_lock_irqsave(lock, flags),
      one: nonatomic_inc(n),
      two: nonatomic_inc(n),
      unlock: c`spin_unlock_irqrestore()`(lock.drop(), irqs.set(flags)),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "spin_lock_irqsave.save:
              /* include/linux/spinlock.h: local_irq_save(p.flags) */
              a:p.flags = irqs, irqs = true;
      spin_lock_irqsave.lock:
              /* include/linux/spinlock.h: spin_lock(lock) */
              when (lock == free); lock = a;
      p.one > nonatomic_inc.load:
              /* include/linux/spinlock.h: load n */
              a:nonatomic_inc.loaded = n;
      p.one > nonatomic_inc.store:
              /* include/linux/spinlock.h: store n */
              n = a:nonatomic_inc.loaded + 1; /* reset: */ a:nonatomic_inc.loaded = 0;
      p.two > nonatomic_inc.load:
              /* include/linux/spinlock.h: load n */
              a:nonatomic_inc.loaded = n;
      p.two > nonatomic_inc.store:
              /* include/linux/spinlock.h: store n */
              n = a:nonatomic_inc.loaded + 1; /* reset: */ a:nonatomic_inc.loaded = 0;
      p.unlock:
              /* include/linux/spinlock.h: spin_unlock_irqrestore() */
              lock = free, irqs = a:p.flags; /* reset: */ a:p.flags = false; goto done;
      done:
              ;
      "
    `);
  });

  test('is at its labels at each use', () => {
    const p = procedure('p', () => ({ one: nonatomic_inc(n), two: nonatomic_inc(n) }));
    const user = actor('user', p);
    const q = procedure('q', () => ({ wait: nothing(when(user.at('nonatomic_inc.store'))) }));
    const program = programOf({ state, actors: [user, actor('a', q)] });
    const asked = program.steps.find(({ label }) => label === 'q.wait')!.guard;
    expect(asked.op === 'at' && asked.locations.map((at) => program.threads[0]!.locations[at]!.path)).toEqual(
      ['p.one > nonatomic_inc.store', 'p.two > nonatomic_inc.store'],
    );
  });

  test('is left by its own Return, and may stand in another one and in a loop', () => {
    const wait_event = inline('wait_event', (cond: Bool) => ({
      test: If(cond, { out: Return() }),
      sleep: nothing(when(cond)),
    }));
    const both = inline('both', (x: Bool, y: Bool) => ({ x: wait_event(x), y: wait_event(y) }));
    const p = procedure('p', () => ({ twice: For(2, (i) => ({ wait: both(flag, n.eq(i)) })) }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.wait[0] > both.x > wait_event.test:
              /* if (flag) */
              when (flag); goto p.wait[0] > both.y > wait_event.test;
              /* if (!flag) */
              when (!flag);
      p.wait[0] > both.x > wait_event.sleep:
              /* include/linux/spinlock.h: nothing */
              when (flag);
      p.wait[0] > both.y > wait_event.test:
              /* if (n == 0) */
              when (n == 0); goto p.wait[1] > both.x > wait_event.test;
              /* if (n != 0) */
              when (n != 0);
      p.wait[0] > both.y > wait_event.sleep:
              /* include/linux/spinlock.h: nothing */
              when (n == 0);
      p.wait[1] > both.x > wait_event.test:
              /* if (flag) */
              when (flag); goto p.wait[1] > both.y > wait_event.test;
              /* if (!flag) */
              when (!flag);
      p.wait[1] > both.x > wait_event.sleep:
              /* include/linux/spinlock.h: nothing */
              when (flag);
      p.wait[1] > both.y > wait_event.test:
              /* if (n == 1) */
              when (n == 1); goto done;
              /* if (n != 1) */
              when (n != 1);
      p.wait[1] > both.y > wait_event.sleep:
              /* include/linux/spinlock.h: nothing */
              when (n == 1); goto done;
      done:
              ;
      "
    `);
  });

  test('runs the blocks that it was given, with the labels, the Goto and the Return of its user', () => {
    const scoped_guard = (of: OwnerVar<'spinlock'>, block: Block): Stmt<string> => guarded(of, block);
    const guarded = inline('scoped_guard', (of: OwnerVar<'spinlock'>, block: Block) => ({
      lock: spin_lock(of),
      body: Body(block),
      unlock: spin_unlock(of),
    }));
    const p = procedure('p', { got: bool() }, ({ got }) => ({
      start: nothing(),
      outer: scoped_guard(lock, {
        read: nothing(got.set(flag)),
        inner: scoped_guard(other, { again: If(got, { retry: Goto('start') }).Else({ out: Return() }) }),
      }),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.start:
              /* include/linux/spinlock.h: nothing */
              ;
      p.outer > scoped_guard.lock:
              /* include/linux/spinlock.h: spin_lock(lock) */
              when (lock == a); bug "BUG: spinlock recursion (lock)";
              /* include/linux/spinlock.h: spin_lock(lock) */
              when (lock != a && lock == free); lock = a;
      p.read:
              /* include/linux/spinlock.h: nothing */
              a:p.got = flag;
      p.inner > scoped_guard.lock:
              /* include/linux/spinlock.h: spin_lock(other) */
              when (other == a); bug "BUG: spinlock recursion (other)"; /* reset: */ a:p.got = false;
              /* include/linux/spinlock.h: spin_lock(other) */
              when (other != a && other == free); other = a;
      p.again:
              /* if (got) */
              when (a:p.got); /* reset: */ a:p.got = false; goto p.start;
              /* if (!got) */
              when (!a:p.got); warning "WARNING: lock held when returning to user space! (lock)"; /* reset: */ a:p.got = false; goto done;
      done:
              ;
      "
    `);
  });

  test('keeps its locals while it is used in a block that it was given, at any depth', async () => {
    const guarded = inline('irq_guard', { flags: bool() }, ({ flags }, block: Block) => ({
      save: nothing(flags.set(irqs), irqs.set(true)),
      body: Body(block),
      restore: nothing(irqs.set(flags)),
    }));
    const irq_guard = (block: Block): Stmt<string> => guarded(block);
    const p = procedure('p', () => ({
      one: irq_guard({ two: irq_guard({ three: irq_guard({ inside: nothing(when(irqs)) }) }) }),
      again: irq_guard({ inside: nothing(when(irqs)) }),
      last: nothing(when(not(irqs))),
    }));
    const stored = stepsOf(p, state)
      .split('\n')
      .filter((line) => line.includes('irqs ='))
      .map((line) => line.trim());
    expect(stored).toEqual([
      'a:irq_guard.flags = irqs, irqs = true;',
      'a:irq_guard[1].flags = irqs, irqs = true;',
      'a:irq_guard[2].flags = irqs, irqs = true;',
      'irqs = a:irq_guard[2].flags; /* reset: */ a:irq_guard[2].flags = false;',
      'irqs = a:irq_guard[1].flags; /* reset: */ a:irq_guard[1].flags = false;',
      'irqs = a:irq_guard.flags; /* reset: */ a:irq_guard.flags = false;',
      'a:irq_guard.flags = irqs, irqs = true;',
      'irqs = a:irq_guard.flags; /* reset: */ a:irq_guard.flags = false;',
    ]);
    expect(await explored({ state, actors: [actor('a', p)] })).toEqual([
      'holds: 12 states, 11 transitions, depth 11, levels 1 1 1 1 1 1 1 1 1 1 1 1',
    ]);
  });
});

describe('the result of a call', () => {
  const get = procedure('get', { i: int(0, 3), ret: bool() }, ({ i, ret }) => ({
    look: nothing(ret.set(n.eq(i))),
    test: If(ret, { out: Return() }),
    wait: nothing(when(flag)),
  }));

  test('lies in a local of the caller, without a step or a state of its own', () => {
    const p = procedure('p', { got: bool() }, ({ got }) => ({
      first: got.assign(Call(get, { i: 1 })),
      again: If(not(got), { second: got.assign(Call(get, { i: n })) }),
      use: nothing(when(got)),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.first > get.look:
              /* include/linux/spinlock.h: nothing */
              a:p.got = n == 1;
      p.first > get.test:
              /* if (p.got) */
              when (a:p.got); goto p.again;
              /* if (!p.got) */
              when (!a:p.got);
      p.first > get.wait:
              /* include/linux/spinlock.h: nothing */
              when (flag);
      p.again:
              /* if (!got) */
              when (!a:p.got); /* reset: */ a:p.got = false;
              /* if (got) */
              when (a:p.got); goto p.use;
      p.second:
              /* get(i = n) */
              a:get.i = n;
      p.second > get.look:
              /* include/linux/spinlock.h: nothing */
              a:p.got = n == a:get.i; /* reset: */ a:get.i = 0;
      p.second > get.test:
              /* if (p.got) */
              when (a:p.got); goto p.use;
              /* if (!p.got) */
              when (!a:p.got);
      p.second > get.wait:
              /* include/linux/spinlock.h: nothing */
              when (flag);
      p.use:
              /* include/linux/spinlock.h: nothing */
              when (a:p.got); /* reset: */ a:p.got = false; goto done;
      done:
              ;
      "
    `);
  });
});

describe('refused is', () => {
  const refusal = refusalsIn(import.meta.url);
  const run = (p: Parameters<typeof stepsOf>[0]) => refusal(() => stepsOf(p, state));

  test('an inline in itself, without a statement, or with the name of another', () => {
    const endless: () => Stmt<string> = inline('endless', () => ({
      again: endless(), // <-
    }));
    expect(refusal(() => endless())).toMatchInlineSnapshot(
      `"endless contains itself: an inline is written out, so it must end"`,
    );
    const empty = inline('empty', () => ({}));
    expect(
      refusal(() => {
        empty(); // <-
      }),
    ).toMatchInlineSnapshot(`"empty has no statement"`);
    const impostor = inline('nonatomic_inc', () => ({ step: nothing() })); // <-
    expect(run(procedure('p', () => ({ one: nonatomic_inc(n), two: impostor() })))).toMatchInlineSnapshot(
      `"two procedures are named 'nonatomic_inc'"`,
    );
    const around = inline('around', () => ({ call: Call(self) })); // <-
    const self = procedure('p', (): Block => ({ around: around() }));
    expect(run(self)).toMatchInlineSnapshot(
      `"recursion: p > around > p; a call is written out, so it must end"`,
    );
  });

  test('a block that no inline was given', () => {
    const p = procedure('p', () => ({
      body: Body({ step: nothing() }), // <-
    }));
    expect(run(p)).toMatchInlineSnapshot(`"Body(…) can only be used in an inline(…)"`);
  });

  test('a result of a procedure without one, in shared state, or in another domain', () => {
    const none = procedure('none', () => ({ step: nothing() }));
    expect(
      refusal(() => {
        flag.assign(Call(none) as never); // <-
      }),
    ).toMatchInlineSnapshot(`"none has no result: that is its local 'ret'"`);
    const get = procedure('get', { ret: int(0, 3) }, ({ ret }) => ({ read: nothing(ret.set(n)) }));
    const visible = procedure('visible', () => ({
      get: n.assign(Call(get)), // <-
    }));
    expect(run(visible)).toMatchInlineSnapshot(`"the result of get must be stored in a local of the caller"`);
    const narrow = procedure('narrow', { got: int(0, 1) }, ({ got }) => ({
      get: got.assign(Call(get)), // <-
    }));
    expect(run(narrow)).toMatchInlineSnapshot(
      `"a:narrow.got has another domain, or starts at another value, than get.ret, int(0, 3)"`,
    );
  });
});
