// Several expectations in one step, checked in one order: demands, bugs, warnings. A demand is checked as soon as an
// actor stands before the step, whether or not its guards are true.

import { describe, expect, test } from 'vitest';
import {
  actor,
  array,
  bool,
  Choose,
  demands,
  demandsSoftly,
  Either,
  expects,
  expectsSoftly,
  If,
  int,
  no,
  type ProcedureNode,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { explore } from '../explore.js';
import { programOf, stepsOf } from './testing/small.js';

const c = source('drivers/base/core.c');
const state = shared({
  alive: bool().starts(true),
  ready: bool(),
  sane: bool(),
  n: int(0, 3),
  q: array(2, int(0, 3)),
});
const { alive, ready, sane, n, q } = state;

test('demands are checked before bugs, and bugs before warnings, each group in the order of the step', () => {
  const p = procedure('p', () => ({
    all: c`all`(
      expectsSoftly(n.gt(0), 'W1'),
      expects(sane, 'B1'),
      demands(alive, 'D1'),
      when(ready),
      expectsSoftly(n.gt(1), 'W2'),
      expects(n.lt(3), 'B2'),
      n.set(0),
    ),
  }));
  expect(stepsOf(p, state)).toMatchInlineSnapshot(`
    "p.all:
            /* drivers/base/core.c: all */
            when (!alive); bug "D1";
            /* drivers/base/core.c: all */
            when (alive && ready && !sane); bug "B1";
            /* drivers/base/core.c: all */
            when (alive && ready && sane && n >= 3); bug "B2";
            /* drivers/base/core.c: all */
            when (alive && ready && sane && n < 3 && n <= 0); warning "W1"; n = 0; goto done;
            /* drivers/base/core.c: all */
            when (alive && ready && sane && n < 3 && n > 0 && n <= 1); warning "W2"; n = 0; goto done;
            /* drivers/base/core.c: all */
            when (alive && ready && sane && n < 3 && n > 0 && n > 1); n = 0; goto done;
    done:
            ;
    "
  `);
});

describe('a demand', () => {
  const poll = procedure('poll', () => ({
    wait: c`while (!dev->ready)`(demands(alive, 'UAF'), when(ready)),
  }));

  test('is a bug where the actor stands, though it would wait', () => {
    expect(stepsOf(poll, state)).toMatchInlineSnapshot(`
      "poll.wait:
              /* drivers/base/core.c: while (!dev->ready) */
              when (!alive); bug "UAF";
              /* drivers/base/core.c: while (!dev->ready) */
              when (alive && ready); goto done;
      done:
              ;
      "
    `);
  });

  const free = procedure('free', () => ({ kfree: c`kfree(dev)`(alive.set(false)) }));
  const expecting = procedure('expecting', () => ({ wait: c`wait`(expects(alive, 'UAF'), when(ready)) }));
  test.each(['reference', 'compiled'] as const)(
    'finds what an expectation misses, %s engine',
    async (engine) => {
      const found = async (waiter: ProcedureNode) => {
        const actors = [actor('waiter', waiter), actor('freer', free)];
        const { properties } = await explore(programOf({ state, actors }), [], { engine });
        return properties.flatMap(({ check, finding }) =>
          finding === undefined ? [] : [[check.name, finding.path.steps.length]],
        );
      };
      expect(await found(expecting)).toEqual([['no deadlock', 1]]);
      expect(await found(poll)).toEqual([['UAF', 2]]);
    },
  );

  test('in the first step of an arm waits for its guards, since the arm need not be chosen', () => {
    const p = procedure('p', () => ({
      fork: Either({
        one: { look: c`look`(demands(alive, 'UAF'), when(ready)), then: c`then`(demands(sane, 'BUG')) },
        other: {},
      }),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.fork:
              /* p.look: drivers/base/core.c: look */
              when (ready && !alive); bug "UAF";
              /* p.look: drivers/base/core.c: look */
              when (ready && alive);
              /* p.other: choose other */
              goto done;
      p.then:
              /* drivers/base/core.c: then */
              when (!sane); bug "BUG";
              /* drivers/base/core.c: then */
              when (sane); goto done;
      done:
              ;
      "
    `);
  });

  test('is checked for a step that is never taken', () => {
    const p = procedure('p', () => ({ never: c`never`(when(no), demands(alive, 'UAF')) }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.never:
              /* drivers/base/core.c: never */
              when (!alive); bug "UAF";
      "
    `);
  });
});

describe('a soft demand', () => {
  const p = procedure('p', () => ({
    start: c`start`(),
    wait: c`wait`(demandsSoftly(sane, 'W1'), demandsSoftly(n.eq(0), 'W2'), when(ready), n.set(1)),
  }));

  test('is reported once, and then the actor stands before the same step', () => {
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.start:
              /* drivers/base/core.c: start */
              ;
      p.wait:
              /* drivers/base/core.c: wait */
              when (!sane); warning "W1";
              /* drivers/base/core.c: wait */
              when (sane && n != 0); warning "W2"; goto p.wait[warned 2];
              /* drivers/base/core.c: wait */
              when (sane && n == 0 && ready); n = 1; goto done;
      p.wait[warned]:
              /* drivers/base/core.c: wait */
              when (n != 0); warning "W2";
              /* drivers/base/core.c: wait */
              when (n == 0 && ready); n = 1; goto done;
      p.wait[warned 2]:
              /* drivers/base/core.c: wait */
              when (ready); n = 1; goto done;
      done:
              ;
      "
    `);
  });

  test('leaves the actor at its label', () => {
    const a = actor('a', p);
    const { threads, steps } = programOf({ state, actors: [a] });
    expect(threads[0]!.locations.map(({ label }) => label)).toEqual([
      'p.start',
      'p.wait',
      'p.wait',
      'p.wait',
      'done',
    ]);
    expect(
      steps.filter(({ reports }) => reports).map(({ from, to, reports }) => [from, to, reports?.message]),
    ).toEqual([
      [1, 2, 'W1'],
      [1, 3, 'W2'],
      [2, 3, 'W2'],
    ]);
  });

  test.each(['reference', 'compiled'] as const)(
    'is found before the wait ends, %s engine',
    async (engine) => {
      const { properties, evidence } = await explore(programOf({ state, actors: [actor('a', p)] }), [], {
        engine,
      });
      const found = properties.map(({ check, finding }) => [check.name, finding?.path.steps.length]);
      expect(found).toEqual([
        ['W1', 2],
        ['W2', undefined],
        ['no deadlock', 2],
        ['no actor is stuck', undefined],
        ['no value out of range', undefined],
      ]);
      expect(evidence.states).toBe(3);
    },
  );

  test('adds nothing where it cannot be false', () => {
    const fine = procedure('p', () => ({
      wait: c`wait`(demandsSoftly(n.ge(0).or(n.ge(0)), 'W'), when(ready)),
    }));
    const plain = procedure('p', () => ({ wait: c`wait`(when(ready)) }));
    const count = (body: typeof fine) =>
      programOf({ state, actors: [actor('a', body)] }).threads[0]!.locations.length;
    expect([count(fine), count(plain)]).toEqual([3, 2]);
  });
});

test('a step whose guard is never true may write a place twice: it is not taken', () => {
  const p = procedure('p', { me: int(0, 1) }, ({ me }) => ({
    pick: Choose(2, (k) => ({ move: c`move`(when(k.ne(me)), q.at(me).set(1), q.at(k).set(0)) })),
    last: If(ready, { set: c`set`(n.set(1)) }),
  }));
  const program = programOf({ state, actors: [actor('a', p, { me: 0 })] });
  expect(program.steps.filter(({ label }) => label === 'p.move').length).toBe(1);
});
