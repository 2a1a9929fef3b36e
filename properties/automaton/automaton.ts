// Büchi automata as data: several acceptance sets, on transitions.

import { type Letter, reads } from './alternating.js';
import type { Bits } from './bits.js';

export interface AutomatonTransition extends Letter {
  readonly to: number;
  /** The acceptance sets that it is in. */
  readonly sets: Bits;
}

export interface Automaton {
  readonly initial: readonly number[];
  /** The transitions of each state. */
  readonly states: readonly (readonly AutomatonTransition[])[];
  /** How many acceptance sets there are; with none, every infinite run is accepted. */
  readonly setCount: number;
}

/** An automaton as a product reads it: a state and what is true there, and the ways on. */
export interface Reader {
  readonly initial: readonly number[];
  readonly setCount: number;
  /** How many states are known so far. */
  readonly stateCount: number;
  /** The ways on from a state while just these atoms are true. May throw TooLarge. */
  transitions(state: number, atoms: Bits): readonly Pick<AutomatonTransition, 'to' | 'sets'>[];
}

export const readerOf = ({ initial, states, setCount }: Automaton): Reader => ({
  initial,
  setCount,
  stateCount: states.length,
  transitions: (state, atoms) => states[state]!.filter((transition) => reads(transition, atoms)),
});
