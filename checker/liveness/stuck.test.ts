// Actors that are stuck although others go on, on both engines.

import { describe, expect, test } from 'vitest';
import { mutex, mutex_lock, mutex_unlock } from '../../models/kernel/index.js';
import {
  actor,
  bool,
  Goto,
  int,
  type Model,
  model,
  not,
  procedure,
  rests,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { type ExploreOptions, explore } from '../explore.js';
import { type CheckName, lockCheckNames } from '../ir/built_in_checks.js';
import { mayStayAt, type Program } from '../ir/program.js';
import { lower } from '../lower/lower.js';
import { initialStates, type State, transitions } from '../reference/semantics.js';
import { referenceSystem } from '../reference/system.js';
import type { LimitKind } from '../search/limit.js';
import { nobodyStuck } from '../search/report.js';
import { sameReport } from '../testing/agree.js';
import { check } from '../testing/check.js';
import { randomProgram } from '../testing/random_program.js';

const c = source('x.c');
const state = shared({ flag: bool(), jiffies: bool(), a: mutex(), b: mutex() });
const { flag, jiffies, a, b } = state;
const timer = actor(
  'timer',
  procedure('tick', () => ({ t: c`jiffies++`(jiffies.set(not(jiffies))), again: Goto('t') })),
);
const waiting = (...also: readonly ReturnType<typeof rests>[]) =>
  actor(
    'p',
    procedure('do_p', () => ({ first: c`step`(), wait: c`wait`(...also, when(flag)) })),
  );

const programOf = (of: Model) => lower(of, {}, {}, { without: lockCheckNames }).program;
type AnyActor = Parameters<typeof model>[1]['actors'][number];
const small = (...actors: readonly AnyActor[]) => programOf(model('small', { about: '', state, actors }));
const resultsOf = async (program: Program) => (await check(program)).slice(1);

test('an actor that waits for an event that no run contains is stuck, and is found in the first such state', async () => {
  expect(await resultsOf(small(waiting(), timer))).toEqual([`${nobodyStuck}: violated by 0`]);
});

test('an actor is not stuck while some run lets it go on, though other runs do not', async () => {
  const q = actor(
    'q',
    procedure('do_q', () => ({ q: c`flag = true`(flag.set(true)) })),
  );
  expect(await resultsOf(small(waiting(), timer, q))).toEqual([]);
});

test('an actor at rest is not stuck', async () => {
  expect(await resultsOf(small(waiting(rests()), timer))).toEqual([]);
});

test('a deadlock is reported instead where every run ends, and a cycle of locks where there is one', async () => {
  expect(await resultsOf(small(waiting()))).toEqual(['no deadlock: violated by 0']);
  const take = (name: string, one: typeof a, other: typeof a) =>
    actor(
      name,
      procedure(`do_${name}`, () => ({
        one: mutex_lock(one),
        two: mutex_lock(other),
        un_two: mutex_unlock(other),
        un_one: mutex_unlock(one),
      })),
    );
  expect(await resultsOf(small(take('p', a, b), take('q', b, a), timer))).toEqual([
    'no deadlock: violated by 0 4',
  ]);
});

/** By brute force: the fewest steps to a state in which an actor is stuck; undefined if there is none. */
function nearestStuck(program: Program): number | undefined {
  const system = referenceSystem(program);
  const key = (state: State) => JSON.stringify(state);
  const after = (from: State): readonly State[] => {
    const known = new Map([[key(from), from]]);
    for (const state of known.values()) {
      for (const move of transitions(state, program)) if ('to' in move) known.set(key(move.to), move.to);
    }
    return [...known.values()];
  };
  const movers = (state: State) =>
    new Set(transitions(state, program).map(({ step }) => program.steps[step]!.thread));
  /**
   * Does a run from here end in a component where others go on, no actor is dead, no step has a fault and no cycle of
   * locks exists?
   */
  const isCounted = (all: readonly State[]): boolean =>
    all.some((last) => {
      const round = after(last);
      const isLast = round.every((state) => after(state).length === round.length);
      return (
        isLast &&
        movers(last).size > 0 &&
        !round.some((state) => program.threads.some(({ id, dead }) => state.at.get(id) === dead)) &&
        !system.hasLockCycle(last) &&
        !round.some((state) => transitions(state, program).some((move) => 'fault' in move))
      );
    });
  let level = initialStates(program);
  const seen = new Set(level.map(key));
  for (let depth = 0; level.length > 0; depth++) {
    const isStuck = level.some((state) => {
      const all = after(state);
      const moving = new Set(all.flatMap((one) => [...movers(one)]));
      const left = program.threads.filter(
        (thread) => !moving.has(thread.id) && !mayStayAt(thread).includes(state.at.get(thread.id)!),
      );
      return left.length > 0 && isCounted(all);
    });
    if (isStuck) return depth;
    const next = level.flatMap((state) =>
      transitions(state, program).flatMap((move) => ('to' in move ? [move.to] : [])),
    );
    level = [...new Map(next.map((state) => [key(state), state]))].flatMap(([name, state]) =>
      seen.has(name) ? [] : [state],
    );
    for (const state of level) seen.add(key(state));
  }
  return undefined;
}

test('the results on random Programs equal brute force', { timeout: 120_000 }, async () => {
  let [stuck, free] = [0, 0];
  for (let seed = 1; seed <= 400; seed++) {
    const { program } = randomProgram(seed);
    const report = await sameReport(program, [], { statesMax: 40 });
    if (!report?.evidence.exhaustive) continue;
    const { finding } = report.properties.find(({ check: of }) => of.kind === 'stuck')!;
    expect(finding?.path.steps.length, `seed ${seed}`).toBe(nearestStuck(program));
    if (finding === undefined) free++;
    else stuck++;
  }
  expect({ stuck, free }).toMatchInlineSnapshot(`
    {
      "free": 351,
      "stuck": 31,
    }
  `);
});

/** The result of both engines for the check; undefined if there is no such check. */
async function verdictOn(program: Program, options: ExploreOptions = {}) {
  const report = await sameReport(program, [], options);
  const result = report!.properties.find(({ check: of }) => of.kind === 'stuck');
  return result && { of: report!.verdict, ...result, check: result.check.name };
}

describe('without a request', () => {
  const name = nobodyStuck;
  const stuck = { of: 'violated', check: name, verdict: 'violated' };

  test('it is checked up to a number of states, and reported as unchecked beyond, which leaves the other checks decided', async () => {
    const finding = { path: { initial: 0, steps: [0] }, stuck: [0] };
    expect(await verdictOn(small(waiting(), timer))).toEqual({ ...stuck, finding });
    expect(await verdictOn(small(waiting(), timer), { stuckStatesMax: 3 })).toEqual({
      of: 'holds',
      check: name,
      verdict: 'unchecked',
      finding: undefined,
      reason: '3 states',
    });
    const asked = await verdictOn(small(waiting(), timer), { stuckStatesMax: 4 });
    expect(asked).toEqual({ ...stuck, finding });
  });

  test('too little time leaves it unchecked; on request, or after a stop from outside, the report is incomplete', async () => {
    const wide = shared({ high: int(0, 127), low: int(0, 127) });
    const counter = (name: string, to: typeof wide.low) =>
      actor(
        name,
        procedure(`count_${name}`, () => ({ i: c`++`(to.set(to.plus(1).mod(128))), again: Goto('i') })),
      );
    const late = actor(
      'late',
      procedure('be_late', () => ({ wait: c`wait`(when(wide.high.eq(wide.low))) })),
    );
    const actors = [counter('p', wide.high), counter('q', wide.low), late];
    const program = programOf(model('wide', { about: '', state: wide, actors }));
    let searching = 0;
    await explore(program, [], { without: ['stuck'], onProgress: () => void searching++ });
    const stopped = async (kind: LimitKind, stuckStatesMax?: number) => {
      let reports = 0;
      const limit = { kind, text: 'a stop' };
      const { verdict, properties } = await explore(program, [], {
        ...(stuckStatesMax !== undefined && { stuckStatesMax }),
        // The search and the graph both report progress: the search first.
        onProgress: () => (++reports > searching ? limit : undefined),
      });
      return [verdict, properties.find(({ check: of }) => of.kind === 'stuck')!.verdict];
    };
    expect(await stopped('time')).toEqual(['holds', 'unchecked']);
    expect(await stopped('time', Number.POSITIVE_INFINITY)).toEqual(['incomplete', 'unknown']);
    expect(await stopped('interrupt')).toEqual(['incomplete', 'unknown']);
  });

  test('where every run ends no graph is needed', async () => {
    expect(await verdictOn(small(waiting()), { stuckStatesMax: 0 })).toMatchObject({ verdict: 'holds' });
  });

  test('a deadlock that is reported by another check does not hide a stuck actor', async () => {
    expect(await verdictOn(small(waiting()))).toMatchObject({ verdict: 'holds', isApart: true });
  });
});

describe('switched off', () => {
  const without = (names: readonly CheckName[], ...actors: readonly AnyActor[]) =>
    lower(model('small', { about: '', state, actors }), {}, {}, { without: [...lockCheckNames, ...names] })
      .program;

  test('stuck is not checked', async () => {
    expect(await verdictOn(without(['stuck'], waiting(), timer))).toBeUndefined();
  });

  test('deadlock is not checked either, and then an actor in a cycle of locks is stuck', async () => {
    expect(await check(without(['deadlock'], waiting()))).toHaveLength(1);
    const twice = actor(
      'twice',
      procedure('take_twice', () => ({ one: mutex_lock(a), two: mutex_lock(a) })),
    );
    expect((await check(without([], twice, timer))).slice(1)).toEqual(['no deadlock: violated by 0']);
    expect((await check(without(['deadlock'], twice, timer))).slice(1)).toEqual([
      `${nobodyStuck}: violated by 0`,
    ]);
  });
});
