// The values of locals as the model has them. A Program resets a local that is dead (no later step reads it) to its
// first value, and drops stores to it; a trace shows the stores, and the last value.
//
//   the model   FOLL_WRITE = true    if (FOLL_WRITE)    FOLL_WRITE = false, and dead from here on
//   Program                 true               false                 (nothing)
//   shown                    true                true                 false

import { evaluate, type Program, type State, type Step } from '../../checker/index.js';
import { chosenBy } from './accesses.js';

/** The states of a run, with locals as the model has them. */
export function shownStates(
  program: Program,
  steps: readonly Step[],
  states: readonly State[],
): readonly State[] {
  const shown = states.slice(0, 1);
  for (const [i, after] of states.slice(1).entries())
    shown.push(shownAfter(program, steps[i]!, shown[i]!, after));
  return shown;
}

/** The state `after` a step with locals as the model has them, given the state `before` with the same. */
export const shownAfter = (program: Program, step: Step, before: State, after: State): State =>
  after.set(
    'value',
    before.value.withMutations((values) => {
      for (const { target, reset } of step.assignments) {
        if (reset) continue;
        for (const id of chosenBy(target, before, program)) values.set(id, after.value.get(id)!);
      }
      for (const { target, value } of step.unread ?? []) {
        const [id, ...others] = chosenBy(target, before, program);
        const worth = ifAny(() => evaluate(value, before, program));
        if (worth !== undefined && others.length === 0) values.set(id!, worth);
      }
    }),
  );

/** Undefined if an expression has no value: for a dead local that is no fault. */
function ifAny(ask: () => number): number | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
