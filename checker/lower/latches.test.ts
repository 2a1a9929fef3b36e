// Latches: what is remembered from the step that arms one on, kept up to date by whoever changes what it looks at.

import { describe, expect, test } from 'vitest';
import { spin_lock, spin_unlock, spinlock } from '../../models/kernel/index.js';
import {
  actor,
  actors,
  array,
  bool,
  cpu,
  type Effect,
  If,
  instance,
  int,
  interrupt,
  isHandling,
  type LatchVar,
  latch,
  latchGroup,
  model,
  not,
  ownsAnySpinning,
  perActor,
  preempt_off,
  procedure,
  record,
  rests,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { always, both, equivalent, never, since, sometimes } from '../../properties/language/index.js';
import { lower } from './lower.js';
import { explored } from './testing/explored.js';
import { refusalsIn, textOf } from './testing/small.js';

const c = source('kernel/x.c');
const refusal = refusalsIn(import.meta.url);

describe('a latch', () => {
  const state = shared({ n: int(0, 2), other: bool() });
  const { n, other } = state;
  const seen = perActor('seen', latch(n.gt(0)));
  const waiter = actor(
    'waiter',
    procedure('wait', () => ({
      arm: c`arm`(seen.mine.arm()),
      wait: c`wait`(when(not(seen.mine))),
    })),
  );
  const user = actor(
    'user',
    procedure('use', () => ({
      up: c`up`(n.inc()),
      more: c`more`(n.set(2)),
      down: c`down`(n.dec()),
      else: c`something else`(other.set(true)),
      none: c`none`(n.set(0)),
    })),
  );
  test('is stored by who arms it, and by every step that may make its condition false', () => {
    expect(textOf({ state, actors: [waiter, user] })).toMatchInlineSnapshot(`
      "0 … 2 n = 0;
      bool other = false;
      bool seen[waiter] = false;

      actor waiter
      {
      wait.arm:
              /* kernel/x.c: arm */
              seen[waiter] = n > 0;
      wait.wait:
              /* kernel/x.c: wait */
              when (!seen[waiter]); goto done;
      done:
              ;
      }

      actor user
      {
      use.up:
              /* kernel/x.c: up */
              n = n + 1;
      use.more:
              /* kernel/x.c: more */
              n = 2;
      use.down:
              /* kernel/x.c: down */
              n = n - 1, seen[waiter] = seen[waiter] && n - 1 > 0;
      use.else:
              /* kernel/x.c: something else */
              other = true;
      use.none:
              /* kernel/x.c: none */
              n = 0, seen[waiter] = false; goto done;
      done:
              ;
      }
      "
    `);
  });
  test('is cleared by a step that stores the negation of what it looks at', () => {
    const even = perActor('even', latch(not(other)));
    const reader = actor(
      'reader',
      procedure('read', () => ({ arm: c`arm`(even.mine.arm()), use: c`use`(when(even.mine)) })),
    );
    const turn = actor(
      'writer',
      procedure('turn', () => ({ turn: c`turn`(other.set(not(other))) })),
    );
    expect(textOf({ state, actors: [reader, turn] })).toContain(
      'other = !other, even[reader] = even[reader] && other;',
    );
  });
  test('does not exist where no step names it', () => {
    expect(textOf({ state, actors: [user] })).not.toContain('seen');
  });
});

describe('a latch has the value of a monitor, in every state', () => {
  const state = shared({ n: int(0, 2), cells: array(2, bool()), i: int(0, 1), now: bool() });
  const { n, cells, i, now } = state;
  const step = (...effects: readonly Effect[]) => c`step`(...effects, now.set(false));
  const arms = (x: LatchVar) => c`arm`(x.arm(), now.set(true));
  test.each([
    ['of a number', n.gt(0)],
    ['of a cell that an index selects', cells.at(i)],
    ['of a cell that a step writes by index', cells.at(1).or(n.eq(2))],
  ])('%s', async (_, cond) => {
    const x = perActor('x', latch(cond));
    const arming = actor(
      'arming',
      procedure('arming', () => ({
        one: arms(x.mine),
        two: step(cells.at(1).set(true)),
        three: arms(x.mine),
      })),
    );
    const writing = actors(
      'writing',
      2,
      procedure('writing', () => ({
        one: step(n.set(1)),
        two: step(cells.at(i).set(not(cells.at(i)))),
        three: step(i.set(1)),
        four: step(n.set(0), cells.at(0).set(true)),
      })),
    );
    const remembered = since(cond, both(cond, now));
    const report = await explored(
      { state, actors: [arming, writing] },
      { same: always(equivalent(x.of(arming), remembered)), set: sometimes(x.of(arming)) },
    );
    expect(report[0]).toMatch(/^holds: /);
    expect(report[1]).toMatch(/^set: reached/);
  });
});

describe('a latch for each observed actor', () => {
  const cpu0 = cpu('cpu0');
  const state = shared({ lock: spinlock(), inside: int(0, 2) });
  const gp = perActor(
    'gp',
    latch(ownsAnySpinning().or(preempt_off.mine.gt(0)).or(isHandling()), { each: 'observed' }),
  );
  const waiter = actor(
    'waiter',
    procedure('wait', () => ({ begin: c`begin`(gp.mine.arm()), end: c`end`(when(not(gp.mine))) })),
  );
  const holder = actor(
    'holder',
    procedure('hold', () => ({ lock: spin_lock(state.lock), unlock: spin_unlock(state.lock) })),
  );
  const handler = interrupt(
    'irq',
    procedure('handler', () => ({ handle: c`handle`(state.inside.inc()) })),
    { on: cpu0 },
  );
  test('is made for those alone of whom its condition may be true, and others change nothing of it', () => {
    const bystander = actor(
      'bystander',
      procedure('by', () => ({ nothing: c`nothing`(state.inside.set(0)) })),
    );
    const text = textOf({ state, actors: [waiter, holder, handler, bystander] });
    expect(text).toMatchInlineSnapshot(`
      "{ free, waiter, holder, irq, bystander } lock = free;
      0 … 2 inside = 0;
      bool gp[waiter][holder] = false;
      bool gp[waiter][irq] = false;

      actor waiter
      {
      wait.begin:
              /* kernel/x.c: begin */
              gp[waiter][holder] = lock == holder, gp[waiter][irq] = irq at handler.handle;
      wait.end:
              /* kernel/x.c: end */
              when (!(gp[waiter][holder] || gp[waiter][irq])); goto done;
      done:
              ;
      }

      actor holder
      {
      hold.lock:
              /* include/linux/spinlock.h: spin_lock(lock) */
              when (lock == free); lock = holder;
      hold.unlock:
              /* include/linux/spinlock.h: spin_unlock(lock) */
              lock = free, gp[waiter][holder] = false; goto done;
      done:
              ;
      }

      actor irq
      {
      handler.interrupt:       /* rests here: not waited for */
              /* irq interrupts cpu0 */
              ;
      handler.handle:
              /* kernel/x.c: handle */
              inside = inside + 1, gp[waiter][irq] = false; goto done;
      done:
              ;
      }

      actor bystander
      {
      by.nothing:
              /* kernel/x.c: nothing */
              inside = 0; goto done;
      done:
              ;
      }
      "
    `);
  });
  test('lets a waiting actor go on once each of them has left, whichever came later', async () => {
    const two = actors(
      'holder',
      2,
      procedure('hold', () => ({ lock: spin_lock(state.lock), unlock: spin_unlock(state.lock) })),
    );
    const later = sometimes(
      waiter.done.and(state.lock.isOwnedBy(two.of(1))),
      'a later holder is not waited for',
    );
    const held = state.lock.isOwnedBy(two.of(0));
    const early = never(both(waiter.done, since(held, both(held, waiter.at('wait.begin')))));
    expect(await explored({ state, actors: [waiter, two] }, { later, early })).toMatchInlineSnapshot(`
      [
        "holds: 31 states, 48 transitions, depth 6, levels 1 3 7 7 8 4 1",
        "later: reached by waiter wait.begin, waiter wait.end, holder[1] hold.lock",
      ]
    `);
  });
});

describe('an instance', () => {
  const turns = latchGroup('turns');
  const item = () =>
    record({
      pending: bool().starts(true),
      running: bool(),
      turn: instance(
        (beside) => beside('pending'),
        (beside) => beside('running'),
        { each: 'waiting', group: turns },
      ),
      ever: latch((beside) => beside('pending').or(beside('running'))),
      queued: latch((beside) => beside('pending')),
    });
  const state = shared({ item: item(), freed: bool(), again: bool() });
  const { pending, running, turn, ever, queued } = state.item;
  /** An item that queues itself once more while it runs. */
  const worker = actor(
    'worker',
    procedure('work', () => ({
      begin: c`begin`(rests(), when(pending), pending.set(false), running.set(true)),
      body: If(not(state.again), { requeue: c`queue_work(self)`(state.again.set(true), pending.set(true)) }),
      end: c`end`(running.set(false)),
      next: If(pending, {
        begin_2: c`begin`(pending.set(false), running.set(true)),
        end_2: c`end`(running.set(false)),
      }),
    })),
  );
  const flush = (x: typeof turn) =>
    actor(
      'flush',
      procedure('flush', () => ({
        begin: c`begin`(x.arm()),
        end: c`end`(when(not(x))),
        free: c`kfree`(state.freed.set(true)),
      })),
    );
  const wrong = {
    early: never(state.freed.and(running).and(not(state.again)), 'the turn that was flushed still runs'),
    later: sometimes(state.freed.and(pending.or(running)).and(state.again), 'a later turn is not waited for'),
  };
  test('waits for the turn that was queued when it began, and for no later one', async () => {
    expect(await explored({ state, actors: [worker, flush(turn)] }, wrong)).toMatchInlineSnapshot(`
      [
        "holds: 28 states, 40 transitions, depth 10, levels 1 2 2 2 3 3 4 5 3 2 1",
        "later: reached by worker work.begin, worker work.body, flush flush.begin, worker work.requeue, worker work.end, flush flush.end, flush flush.free",
      ]
    `);
  });
  test('is no latch: one of what is pending is set off too early', async () => {
    expect(await explored({ state, actors: [worker, flush(queued)] }, wrong)).toMatchInlineSnapshot(`
      [
        "violated: 33 states, 51 transitions, depth 10, levels 1 2 2 3 5 5 5 4 3 2 1",
        "early: violated by worker work.begin, flush flush.begin, flush flush.end, flush flush.free",
        "later: reached by worker work.begin, worker work.body, flush flush.begin, worker work.requeue, flush flush.end, flush flush.free",
      ]
    `);
  });
  test('and one of what is pending or running waits for the later turn as well', async () => {
    expect(await explored({ state, actors: [worker, flush(ever)] }, wrong)).toMatchInlineSnapshot(`
      [
        "violated: 18 states, 24 transitions, depth 10, levels 1 2 2 2 2 2 2 2 1 1 1",
      ]
    `);
  });
  test('of a group is armed with the others', async () => {
    const both_items = shared({ one: item(), two: item() });
    const all = actor(
      'all',
      procedure('all', () => ({ begin: c`begin`(turns.arm()), end: c`end`(when(not(turns))) })),
    );
    const run = (x: typeof both_items.one, name: string) =>
      actor(
        name,
        procedure(name, () => ({
          begin: c`begin`(x.pending.set(false), x.running.set(true)),
          end: c`end`(x.running.set(false)),
        })),
      );
    const { one, two } = both_items;
    const early = never(all.done.and(one.pending.or(one.running).or(two.pending).or(two.running)));
    expect(
      await explored({ state: both_items, actors: [all, run(one, 'one'), run(two, 'two')] }, { early }),
    ).toMatchInlineSnapshot(`
      [
        "holds: 19 states, 34 transitions, depth 6, levels 1 3 5 5 3 1 1",
      ]
    `);
  });
});

describe('refused', () => {
  const state = shared({ b: bool() });
  const other = (x: { readonly mine: LatchVar }) => [
    actor(
      'other',
      procedure('other', () => ({ one: c`one`(x.mine.arm()) })),
    ),
  ];
  const waits = (x: { readonly mine: LatchVar }) => ({
    state,
    actors: [
      actor(
        'a',
        procedure('p', () => ({
          one: c`one`(x.mine.arm()),
          two: c`two`(when(not(x.mine))),
          three: c`x`(state.b.set(true)),
        })),
      ),
    ],
  });
  test('a latch that looks at a latch', () => {
    const inner = perActor('inner', latch(state.b));
    const outer = perActor('outer', latch(inner.mine, { each: 'observed' }));
    const all = [...waits(outer).actors, ...other(inner)];
    const looking = model('m', { about: '', state, actors: all }); // <-
    expect(refusal(() => lower(looking))).toMatchInlineSnapshot(
      `"a latch looks at another latch: it cannot be kept up to date"`,
    );
  });
  test('a latch among the locals of a procedure', () => {
    const p = procedure('p', { x: latch(state.b) }, ({ x }) => ({ one: c`one`(x.arm()) })); // <-
    const local = model('m', { about: '', state, actors: [actor('a', p)] });
    expect(refusal(() => lower(local))).toMatchInlineSnapshot(
      `"p.x is a latch: make it with perActor('name', latch(…))"`,
    );
  });
});
