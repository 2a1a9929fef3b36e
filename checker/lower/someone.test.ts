// Actors as values, and what each of them has.

import { describe, expect, test } from 'vitest';
import { down_read, rwsem, spinlock, up_read } from '../../models/kernel/index.js';
import {
  actor,
  actors,
  bool,
  Choose,
  cpu,
  If,
  ifElse,
  int,
  latch,
  not,
  type Part,
  perActor,
  perCpu,
  procedure,
  queue,
  record,
  self,
  shared,
  someone,
  source,
  when,
} from '../../models/language/index.js';
import { always, never, sometimes } from '../../properties/language/index.js';
import { explored } from './testing/explored.js';
import { refusalsIn, textOf } from './testing/small.js';

const c = source('kernel/sched/core.c');
const refusal = refusalsIn(import.meta.url);
const actorsIn = (text: string) => text.slice(text.indexOf('actor'));

describe('an actor as a value', () => {
  test('is self where a step runs, and is found by words where it varies', () => {
    const state = shared({ waiter: someone(), woken: perActor(bool()) });
    const p = procedure('p', () => ({
      wait: c`waiter = current`(state.waiter.set(self)),
      sleep: c`schedule()`(when(state.woken.mine)),
    }));
    const q = procedure('q', () => ({
      test: If(not(state.waiter.isNobody()), {
        wake: c`wake_up_process(${state.waiter})`(state.woken.of(state.waiter).set(true)),
        clear: c`waiter = NULL`(state.waiter.set('nobody')),
      }),
    }));
    expect(textOf({ state, actors: [actor('a', p), actor('b', q)] })).toMatchInlineSnapshot(`
      "{ nobody, a, b } waiter = nobody;
      bool woken[a] = false;
      bool woken[b] = false;

      actor a
      {
      p.wait:
              /* kernel/sched/core.c: waiter = current */
              waiter = a;
      p.sleep:
              /* kernel/sched/core.c: schedule() */
              when (woken[a]); goto done;
      done:
              ;
      }

      actor b
      {
      q.test:
              /* if (waiter != nobody) */
              when (waiter != nobody);
              /* if (waiter == nobody) */
              when (waiter == nobody); goto done;
      q.wake:
              /* kernel/sched/core.c: wake_up_process(waiter) */
              woken[waiter] = true;
      q.clear:
              /* kernel/sched/core.c: waiter = NULL */
              waiter = nobody; goto done;
      done:
              ;
      }
      "
    `);
  });

  test('may be passed, chosen and compared', async () => {
    const state = shared({ chosen: someone(), turns: queue(someone(), 2) });
    const give = procedure('give', { to: someone() }, ({ to }) => ({
      give: c`give`(state.chosen.set(to)),
    }));
    const pick = procedure('pick', () => ({
      pick: Choose(someone(), (who) => ({ put: c`put ${who}`(state.turns.push(who)) })),
    }));
    const b = actor('b', pick);
    const a = actor('a', give, { to: b });
    const properties = {
      given: always(a.done.implies(state.chosen.is(b))),
      queued: sometimes(state.turns.has(a).and(b.done)),
      nobody: never(state.turns.has('nobody')),
    };
    expect(await explored({ state, actors: [a, b] }, properties)).toMatchInlineSnapshot(`
      [
        "holds: 6 states, 7 transitions, depth 2, levels 1 3 2",
        "queued: reached by b pick.put",
      ]
    `);
  });

  test('nobody has none of what each actor has: an error of the model, with a trace', async () => {
    const state = shared({ waiter: someone(), woken: perActor(bool()) });
    const p = procedure('p', () => ({ wake: c`wake`(state.woken.of(state.waiter).set(true)) }));
    expect(await explored({ state, actors: [actor('a', p)] })).toMatchInlineSnapshot(`
      [
        "violated: 1 states, 1 transitions, depth 0, levels 1",
        "no value out of range: violated by a p.wake: index -1 is outside 0 … 0 of woken[a] and its neighbours",
      ]
    `);
  });
});

describe('what each actor has', () => {
  const state = shared({
    tlb: perActor(record({ page: int(0, 3), writable: bool() })),
    inside: perActor(bool()),
    waits: perActor(bool()),
    sem: rwsem(),
  });
  const { tlb, inside, waits, sem } = state;

  test('is gone through, counted and copied, all in one step', () => {
    const p = procedure('p', () => ({
      enter: c`enter`(inside.mine.set(true), tlb.mine.set({ page: 1, writable: true })),
      snapshot: c`wait for those who are inside now`(waits.copy(inside)),
      flush: c`flush`(tlb.forAll((t) => t.set({ page: ifElse(t.writable, 0, t.page) }))),
      leave: c`leave`(when(waits.count((x) => x).le(1)), inside.mine.set(false)),
      others: c`others`(
        when(inside.all((x, who) => who.is(self).or(not(x)))),
        waits.forAll((x) => x.set(false)),
      ),
    }));
    expect(
      actorsIn(textOf({ state, actors: [actors('p', 2, p)] })).split('actor p[1]')[0],
    ).toMatchInlineSnapshot(`
      "actor p[0]
      {
      p.enter:
              /* kernel/sched/core.c: enter */
              inside[p[0]] = true, tlb[p[0]].page = 1, tlb[p[0]].writable = true;
      p.snapshot:
              /* kernel/sched/core.c: wait for those who are inside now */
              waits[p[0]] = inside[p[0]], waits[p[1]] = inside[p[1]];
      p.flush:
              /* kernel/sched/core.c: flush */
              tlb[p[0]].page = tlb[p[0]].writable ? 0 : tlb[p[0]].page, tlb[p[1]].page = tlb[p[1]].writable ? 0 : tlb[p[1]].page;
      p.leave:
              /* kernel/sched/core.c: leave */
              when ((waits[p[0]] ? 1 : 0) + (waits[p[1]] ? 1 : 0) <= 1); inside[p[0]] = false;
      p.others:
              /* kernel/sched/core.c: others */
              when (!inside[p[1]]); waits[p[0]] = false, waits[p[1]] = false; goto done;
      done:
              ;
      }

      "
    `);
  });

  test('a set of holders is read, counted and copied', async () => {
    const reader = procedure('reader', () => ({
      lock: down_read(sem),
      unlock: up_read(sem),
    }));
    const readers = actors('reader', 2, reader);
    const watcher = procedure('watcher', () => ({
      snapshot: c`snapshot`(waits.copy(sem.readers)),
      both: If(sem.readers.size.eq(2), { two: c`two`() }),
    }));
    const w = actor('watcher', watcher);
    const properties = {
      two: sometimes(w.at('watcher.two')),
      both: sometimes(waits.count((x) => x).eq(2)),
      first: sometimes(waits.of(readers.of(0)).and(not(waits.of(readers.of(1))))),
      never: never(sem.readers.has(w).or(sem.readers.any((who) => who.is(w)))),
      all: sometimes(sem.readers.all((who) => who.is(readers.of(1))).and(sem.readers.size.eq(1))),
    };
    expect(await explored({ state, actors: [readers, w] }, properties)).toMatchInlineSnapshot(`
      [
        "holds: 75 states, 138 transitions, depth 6, levels 1 3 8 14 20 21 8",
        "two: reached by reader[0] reader.lock, reader[1] reader.lock, watcher watcher.snapshot, watcher watcher.both",
        "both: reached by reader[0] reader.lock, reader[1] reader.lock, watcher watcher.snapshot",
        "first: reached by reader[0] reader.lock, watcher watcher.snapshot",
        "all: reached by reader[1] reader.lock",
      ]
    `);
  });

  test('beside the state, exists for those of whom it is written', () => {
    const nesting = perActor('nesting', int(0, 2));
    const small = shared({ who: someone(), n: int(0, 3) });
    const p = procedure('p', () => ({ lock: c`rcu_read_lock()`(nesting.mine.inc()) }));
    const q = procedure('q', () => ({
      count: c`count`(small.n.set(nesting.count((x) => x.gt(0)))),
      of: c`of`(when(nesting.of(small.who).eq(0)), small.n.set(0)),
    }));
    expect(textOf({ state: small, actors: [actor('a', p), actor('b', q)] })).toMatchInlineSnapshot(`
      "{ nobody, a, b } who = nobody;
      0 … 3 n = 0;
      0 … 2 nesting[a] = 0;
      0 … 2 nesting[b] = 0;

      actor a
      {
      p.lock:
              /* kernel/sched/core.c: rcu_read_lock() */
              nesting[a] = nesting[a] + 1; goto done;
      done:
              ;
      }

      actor b
      {
      q.count:
              /* kernel/sched/core.c: count */
              n = nesting[a] > 0 ? 1 : 0;
      q.of:
              /* kernel/sched/core.c: of */
              when (nesting[who] == 0); n = 0; goto done;
      done:
              ;
      }
      "
    `);
  });
});

test('what is no actor, and what has no value, is refused with what to write', () => {
  const state = shared({ who: someone(), each: perActor(bool()), n: int(0, 3), lock: spinlock() });
  const stat = perCpu('stat', int(0, 3));
  const run = procedure('p', () => ({ one: c`one`(state.n.set(1)) }));
  const many = actors('many', 2, run);
  const one = (parts: Part) =>
    textOf({
      state,
      actors: [
        actor(
          'a',
          procedure('q', () => ({ do: c`do`(parts) })),
          {},
          { on: cpu('cpu0') },
        ),
      ],
    });
  const said = [
    () => state.who.set(many as never),
    () => state.who.is(3 as never),
    () => state.each.of('nobody' as never),
    () => state.each.any(3 as never),
    () => state.each.copy(state.n as never),
    () => perActor(spinlock()),
    () => perActor(latch(state.n.eq(1))),
    () => one(stat.of(state.who).set(1)),
    () => textOf({ state, actors: [many], initially: state.who.is(self) }),
  ].map((make) => refusal(make).replace(/ \(at .*/, ''));
  expect(said).toMatchInlineSnapshot(`
    [
      ".set() needs one actor; 'many' are several: choose one with .of(0), or go through all with .any(…) or .all(…)",
      ".is() needs one actor, not 3",
      "'each'.of() needs one actor, not 'nobody'",
      "any((x, actor) => …) needs a function, not 3",
      "copy() needs what each actor has, or a set of actors, not a number: compare it, as in .eq(0)",
      "perActor(…) has values, not spinlock()",
      "perActor(…) has values, not latch(…)",
      "'stat' is there for each CPU: say of which actor, by its name",
      "self and .mine mean the actor that runs a step: here, say which one, as in x.of(actor)",
    ]
  `);
});
