// The values that locals have in the model. In a Program a local that nobody reads any more goes back to its first
// value, and what would be stored in it is not; in a trace it keeps its value, and what is stored is seen.
//
//   the model   FOLL_WRITE = true    if (FOLL_WRITE)    FOLL_WRITE = false, and nobody reads it from here on
//   Program                 true               false                 (nothing)
//   shown                    true                true                 false

import { evaluate, type Program, type State, type Step } from '../../checker/index.js';
import { chosenBy } from './accesses.js';

/** The states of a run with the values that the model gives to its locals. */
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

/** What is shown of the state `after` a step, if `before` was shown of the one before it. */
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

/** Undefined where an expression has no value: what nobody reads is no fault. */
function ifAny(ask: () => number): number | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
