// A System is what a search walks: initial states, transitions, and a set that remembers states. S is whatever an
// engine takes for a state; a search never looks inside.

import type { Evaluation } from '../decide/decide.js';
import type { StepId } from '../ir/program.js';

/** An enabled step, and the state it leads to or the reason why it leads nowhere. */
export type Transition<S> =
  | { readonly step: StepId; readonly to: S }
  | { readonly step: StepId; readonly fault: string };

export interface SeenStates<S> {
  /** Remembers a state; false if it was there already. */
  add(state: S): boolean;
  /** Remembers a state and how far away it is: is it new, known but nearer than ever, or just known? */
  reach(state: S, distance: number): 'new' | 'nearer' | 'known';
}

/** How many states are expanded between two turns of the event loop: it takes the readable engine some milliseconds. */
export const statesPerTurn = 256;

export interface System<S> extends Evaluation<S> {
  initialStates(): readonly S[];
  /** In the order of the steps. */
  transitions(state: S): readonly Transition<S>[];
  seenStates(): SeenStates<S>;
}
