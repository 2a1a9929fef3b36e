// Büchi automata as data: several acceptance sets, on transitions.

import { type Letter, reads } from './alternating.js';
import type { Bits } from './bits.js';

export interface AutomatonTransition extends Letter {
  readonly to: number;
  /** The acceptance sets that contain it. */
  readonly sets: Bits;
}

export interface Automaton {
  readonly initial: readonly number[];
  /** The transitions of each state. */
  readonly states: readonly (readonly AutomatonTransition[])[];
  /** How many acceptance sets there are; with none, every infinite run is accepted. */
  readonly setCount: number;
}

/** The part of a Büchi automaton that a product reads: the transitions of a state for the atoms that are true. */
export interface Reader {
  readonly initial: readonly number[];
  readonly setCount: number;
  /** The number of states so far. */
  readonly stateCount: number;
  /** The transitions of a state while just these atoms are true. May throw TooLarge. */
  transitions(state: number, atoms: Bits): readonly Pick<AutomatonTransition, 'to' | 'sets'>[];
}

export const readerOf = ({ initial, states, setCount }: Automaton): Reader => ({
  initial,
  setCount,
  stateCount: states.length,
  transitions: (state, atoms) => states[state]!.filter((transition) => reads(transition, atoms)),
});
