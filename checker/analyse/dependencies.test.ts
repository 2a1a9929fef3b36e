// Which steps depend on each other: pinned for small Programs, and checked on random Programs by taking steps in both
// orders.

import { expect, test } from 'vitest';
import { models } from '../../models/index.js';
import { lower } from '../index.js';
import { composed } from '../ir/monitors.js';
import type { Program, Step } from '../ir/program.js';
import { initialStates, isEnabled, type State, take, transitions } from '../reference/semantics.js';
import { randomLocals } from '../testing/random_locals.js';
import { randomProgram } from '../testing/random_program.js';
import { type Dependencies, dependenciesOf } from './dependencies.js';

/** How many random Programs of each kind: more with `npm run test:long`. */
const count = Number(process.env['RANDOM_PROGRAMS'] ?? 2_000) / 20;
const statesMax = 400;

/** All states that can be reached; undefined if there are too many. */
function reached(program: Program): readonly State[] | undefined {
  const known = new Map(initialStates(program).map((state) => [JSON.stringify(state), state] as const));
  for (const state of known.values()) {
    if (known.size > statesMax) return undefined;
    for (const transition of transitions(state, program)) {
      if ('to' in transition) known.set(JSON.stringify(transition.to), transition.to);
    }
  }
  return [...known.values()];
}

/** The outcome of a step in a state: it waits, has no value, or leads to a state. */
function outcome(step: Step, state: State, program: Program): State | 'waits' | 'fault' {
  try {
    return isEnabled(step, state, program) ? take(step, state, program) : 'waits';
  } catch {
    return 'fault';
  }
}

/**
 * Two steps that the analysis calls independent although they do not commute in some state; undefined if there are
 * none.
 */
function counterexample(
  program: Program,
  states: readonly State[],
  { depend }: Pick<Dependencies, 'depend'>,
) {
  for (const state of states) {
    const here = program.steps.filter((step) => state.at.get(step.thread) === step.from);
    for (const a of here) {
      const afterA = outcome(a, state, program);
      if (typeof afterA === 'string') continue;
      for (const b of here) {
        if (a.thread === b.thread || depend(a.id, b.id)) continue;
        const [before, after] = [outcome(b, state, program), outcome(b, afterA, program)];
        const isSame =
          typeof before === 'string' || typeof after === 'string'
            ? before === after
            : outcome(a, before, program) !== 'waits' && after.equals(outcome(a, before, program));
        if (!isSame) return { a: a.id, b: b.id, state };
      }
    }
  }
  return undefined;
}

test('steps of random Programs that do not depend on each other commute, in every state', {
  timeout: 600_000,
}, () => {
  let [programs, independent, pairs] = [0, 0, 0];
  for (let seed = 1; seed <= count; seed++) {
    for (const { program } of [randomProgram(seed), randomLocals(seed)]) {
      const states = reached(program);
      if (states === undefined) continue;
      const dependencies = dependenciesOf(composed(program));
      expect(counterexample(program, states, dependencies), `${program.name}`).toBeUndefined();
      programs++;
      for (const a of program.steps) {
        for (const b of program.steps) {
          if (a.thread >= b.thread) continue;
          pairs++;
          if (!dependencies.depend(a.id, b.id)) independent++;
        }
      }
    }
  }
  // Neither all nor none.
  expect(programs).toBeGreaterThan(count);
  expect(independent / pairs).toBeGreaterThan(0.3);
  expect(independent / pairs).toBeLessThan(0.9);
});

test('steps of the models that do not depend on each other commute, in every state', () => {
  for (const name of ['increment', 'peterson', 'philosophers', 'thp_truncate']) {
    const program = composed(lower(models.get(name)!.model, {}).program);
    const states = reached(program)!;
    expect(counterexample(program, states, dependenciesOf(program)), name).toBeUndefined();
  }
});

test('a dependency that is left out is noticed', () => {
  let noticed = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const { program } = randomLocals(seed);
    const states = reached(program);
    if (states === undefined) continue;
    // Wrong on purpose: steps that write depend on no other step.
    const wrong = { depend: () => false };
    if (counterexample(program, states, wrong) !== undefined) noticed++;
  }
  expect(noticed).toBe(10);
});
