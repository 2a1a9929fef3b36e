// Büchi automata as data: several acceptance sets, on transitions.

import type { Letter } from './alternating.js';

export interface Transition extends Letter {
  readonly to: number;
  /** The acceptance sets that it is in, as bits. */
  readonly sets: number;
}

export interface Automaton {
  readonly initial: readonly number[];
  /** The transitions of each state. */
  readonly states: readonly (readonly Transition[])[];
  /** How many acceptance sets there are; with none, every infinite run is accepted. */
  readonly setCount: number;
}
