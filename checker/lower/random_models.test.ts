// Lowering compared with an interpreter of models: random models, interpreted as they are written and explored as
// Programs. Everything that another actor can read must be the same, above all with locals that lowering resets.

import { expect, test } from 'vitest';
import { ModelError } from '../../models/language/index.js';
import type { Program } from '../ir/program.js';
import { initialStates, isEnabled, type State, take } from '../reference/semantics.js';
import { lower } from './lower.js';
import { Interpreter, keyOf, seen } from './testing/interpreter.js';
import { randomModel } from './testing/random_model.js';

/** How many random models: more with `npm run test:long`. */
const count = Number(process.env['RANDOM_MODELS'] ?? 200);
const statesMax = 1_500;

interface Seen {
  readonly states: number;
  /** Shared values and which actors are done; after each step also which actor took which label. */
  readonly views: ReadonlySet<string>;
  readonly deadlocks: ReadonlySet<string>;
}

/** Explores a graph; undefined if it is too large. */
function walk<S>(
  initial: readonly S[],
  key: (state: S) => string,
  view: (state: S) => string,
  moves: (state: S) => readonly { readonly label: string; readonly state: S }[],
): Seen | undefined {
  const known = new Map(initial.map((state) => [key(state), state] as const));
  const views = new Set(initial.map(view));
  const deadlocks = new Set<string>();
  for (const state of known.values()) {
    if (known.size > statesMax) return undefined;
    const out = moves(state);
    if (out.length === 0) deadlocks.add(view(state));
    for (const { label, state: next } of out) {
      views.add(`${view(state)} -${label}-> ${view(next)}`);
      if (!known.has(key(next))) known.set(key(next), next);
    }
  }
  return { states: known.size, views, deadlocks };
}

function explored(program: Program): Seen | undefined {
  const shared = program.variables.filter(({ thread }) => thread === undefined);
  const view = ({ at, value }: State) =>
    [
      ...shared.map(({ id }) => value.get(id)),
      ...program.threads.map(({ id, done }) => Number(at.get(id) === done)),
    ].join(' ');
  return walk(
    initialStates(program),
    (state) => JSON.stringify(state),
    view,
    (state) =>
      program.steps
        .filter((step) => isEnabled(step, state, program))
        .map((step) => ({ label: `${step.thread} ${step.label}`, state: take(step, state, program) })),
  );
}

test('a Program has the observable behaviour of its model, whatever its locals are', {
  timeout: 600_000,
}, () => {
  const outcome = { same: 0, refused: 0, large: 0 };
  let merged = 0;
  for (let seed = 1; seed <= count; seed++) {
    const model = randomModel(seed);
    let program: Program;
    try {
      ({ program } = lower(model));
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      outcome.refused++;
      continue;
    }
    const interpreter = new Interpreter(model);
    const interpreted = walk([interpreter.initial()], keyOf, seen, (state) => interpreter.moves(state));
    const found = interpreted && explored(program);
    if (interpreted === undefined || found === undefined) {
      outcome.large++;
      continue;
    }
    expect({ seed, views: found.views, deadlocks: found.deadlocks }).toEqual({
      seed,
      views: interpreted.views,
      deadlocks: interpreted.deadlocks,
    });
    outcome.same++;
    if (found.states < interpreted.states) merged++;
  }
  // Loops without a step are refused, and arms that begin by writing a new local by index.
  if (count === 200) expect({ ...outcome, merged }).toEqual({ same: 149, refused: 50, large: 1, merged: 54 });
});
