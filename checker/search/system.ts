// A System is the input of a search: initial states, transitions, and a set of seen states. S is the engine's
// representation of a state; a search does not depend on it.

import type { Evaluation } from '../decide/decide.js';
import type { StepId } from '../ir/program.js';

/** An enabled step, and its successor or the reason why it has none. */
export type Transition<S> =
  | { readonly step: StepId; readonly to: S }
  | { readonly step: StepId; readonly fault: string };

export interface SeenStates<S> {
  /** Adds a state; false if it was there already. */
  add(state: S): boolean;
  /** Adds a state with its distance: is it new, known but nearer than before, or just known? */
  reach(state: S, distance: number): 'new' | 'nearer' | 'known';
}

/** How many states are expanded between two turns of the event loop: some milliseconds for the reference engine. */
export const statesPerTurn = 256;

export interface System<S> extends Evaluation<S> {
  initialStates(): readonly S[];
  /** In the order of the steps. */
  transitions(state: S): readonly Transition<S>[];
  seenStates(): SeenStates<S>;
}
