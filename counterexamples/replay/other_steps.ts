// What could have happened instead: for each state of a run the steps that are possible there and that it does not take.

import { initialStates, isEnabled, type Path, type Program, type State, take } from '../../checker/index.js';
import { displayLocation, type SourceLocation } from '../../models/language/index.js';
import type { OtherStep } from '../trace/trace.js';
import { Words } from '../trace/trace_words.js';

/** By state, the initial one first; after the last step everything that is possible. */
export function otherSteps(
  program: Program,
  path: Path,
  locate: (at: SourceLocation) => string = displayLocation,
): readonly (readonly OtherStep[])[] {
  const words = new Words(program, locate);
  const found: (readonly OtherStep[])[] = [];
  let state: State | undefined = initialStates(program)[path.initial]!;
  for (const taken of [...path.steps, undefined]) {
    if (state === undefined) break;
    const here: State = state;
    found.push(
      program.steps
        .filter((step) => step.id !== taken && isEnabled(step, here, program))
        .map((step) => stepIn(program, step.id, here, words)),
    );
    if (taken !== undefined) state = afterStep(program, taken, here).state;
  }
  return found;
}

function stepIn(program: Program, id: number, state: State, words: Words): OtherStep {
  const step = program.steps[id]!;
  const { state: after, fault } = afterStep(program, id, state);
  const message = fault ?? step.reports?.message;
  return { step: words.step(step, state, after), ...(message !== undefined && { message }) };
}

function afterStep(
  program: Program,
  id: number,
  state: State,
): { readonly state: State | undefined; readonly fault?: string } {
  try {
    return { state: take(program.steps[id]!, state, program) };
  } catch (error) {
    return { state: undefined, fault: error instanceof Error ? error.message : String(error) };
  }
}
