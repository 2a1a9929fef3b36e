// From a Büchi automaton with several acceptance sets, and fairness, to one with accepting states, as a never claim
// needs. An accepting run finally stays in one component. There the claim waits for one demand after the other, and is
// in an accepting state each time that it has seen all of them.
//
//   component { q1 }, demands: set 0, weakly fair to a      q1 accept -> q1 waits for set 0 -> q1 waits for a -> …
//
// Weak fairness demands: a is not enabled, or a has been taken. With strong fairness the claim chooses when it settles:
// it demands that a is taken infinitely often, or that a is never enabled again.

import {
  type Automaton,
  type AutomatonTransition,
  allOf,
  type Bits,
  components,
  edgesOf,
  has,
  membersOf,
} from '../../../properties/automaton/index.js';
import type { Fairness } from '../../property/property.js';

/** What an edge of a claim reads: an atom of the formula, or a fairness constraint's condition, by number. */
export interface Reading {
  readonly what: 'atom' | 'enabled' | 'taken' | 'enabled, not taken';
  readonly number: number;
  readonly isTrue: boolean;
}

export interface ClaimState {
  /** Does a run that visits this state infinitely often violate the formula? */
  readonly accepts: boolean;
  /** The fairness constraint that is waited for here, for people. */
  readonly waitsFor: string | undefined;
  readonly transitions: readonly ClaimTransition[];
}

export interface ClaimTransition {
  /** The conjunction of these. */
  readonly reads: readonly Reading[];
  readonly to: number;
}

export interface Claim {
  readonly initial: readonly number[];
  readonly states: readonly ClaimState[];
}

/** The phase of the claim: on its way, or settled in a component. */
type ClaimPosition = { readonly state: number; readonly level?: undefined } | Settled;

interface Settled {
  readonly state: number;
  /** The demand that it waits for, counted from 1; at 0 it has seen all of them. */
  readonly level: number;
  /** The strong constraints that it has chosen to be never enabled again. */
  readonly disabled: readonly number[];
}

/** An acceptance set or a fairness constraint, by number. */
type Need = { readonly set: number } | { readonly constraint: number };

/** The claim that accepts exactly the fair runs that the automaton accepts; undefined if it has more states. */
export function claimOf(
  automaton: Automaton,
  fairness: readonly Fairness[],
  statesMax: number,
): Claim | undefined {
  const strongCount = fairness.filter(({ strength }) => strength === 'strong').length;
  if (2 ** strongCount > statesMax) return undefined;
  const transitions = new PositionTransitions(automaton, fairness);
  const numbers = new Map<string, number>();
  const places: ClaimPosition[] = [];
  const numberOf = (place: ClaimPosition): number => {
    const key = JSON.stringify(place);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, places.length);
    places.push(place);
    return places.length - 1;
  };
  const initial = automaton.initial.flatMap((state) => transitions.arrivals(state)).map(numberOf);
  const states: ClaimState[] = [];
  for (const place of places) {
    if (places.length > statesMax) return undefined;
    const out = transitions.from(place).map(({ reads, to }) => ({ reads, to: numberOf(to) }));
    states.push({ accepts: place.level === 0, waitsFor: transitions.waitsFor(place), transitions: out });
  }
  return { initial: [...new Set(initial)], states };
}

interface PositionTransition {
  readonly reads: readonly Reading[];
  readonly to: ClaimPosition;
}

class PositionTransitions {
  readonly #automaton: Automaton;
  readonly #fairness: readonly Fairness[];
  /** For each state its component, and whether an accepting run can stay in it. */
  readonly #component: readonly number[];
  readonly #accepting: readonly boolean[];
  /** By component: the acceptance sets that not every transition inside belongs to. */
  readonly #sets: readonly (readonly number[])[];
  readonly #strong: readonly number[];

  constructor(automaton: Automaton, fairness: readonly Fairness[]) {
    this.#automaton = automaton;
    this.#fairness = fairness;
    this.#strong = fairness.flatMap(({ strength }, i) => (strength === 'strong' ? [i] : []));
    const { states, setCount } = automaton;
    const all = components(edgesOf(states.map((out) => out.map(({ to }) => to))), states.keys());
    this.#component = states.map((_, state) => all.findIndex((members) => members.includes(state)));
    const inside = all.map((members) =>
      members.flatMap((state) => states[state]!.filter((one) => this.#stays(state, one))),
    );
    const full = allOf(setCount);
    this.#accepting = inside.map(
      (transitions) =>
        transitions.length > 0 && transitions.reduce((met, { sets }) => met | sets, 0n) === full,
    );
    this.#sets = inside.map((transitions) =>
      [...Array(setCount).keys()].filter((set) => transitions.some(({ sets }) => !has(sets, set))),
    );
  }

  #stays(state: number, { to }: AutomatonTransition): boolean {
    return this.#component[state] === this.#component[to];
  }

  /** What a run must do infinitely often in a component, beside the chosen constraints. */
  #needs(state: number, disabled: readonly number[]): readonly Need[] {
    const constraints = [...this.#fairness.keys()].filter((constraint) => !disabled.includes(constraint));
    const sets = this.#sets[this.#component[state]!]!;
    return [...sets.map((set) => ({ set })), ...constraints.map((constraint) => ({ constraint }))];
  }

  waitsFor(place: ClaimPosition): string | undefined {
    if (place.level === undefined) return undefined;
    const need = this.#needs(place.state, place.disabled)[place.level - 1];
    return need !== undefined && 'constraint' in need ? this.#fairness[need.constraint]!.name : undefined;
  }

  /** How the claim may continue from a state of the automaton that it enters from another component. */
  arrivals(state: number): readonly ClaimPosition[] {
    // Without strong fairness there is nothing to choose, and it settles at once.
    return this.#accepts(state) && this.#strong.length === 0 ? this.#settled(state) : [{ state }];
  }

  #accepts = (state: number): boolean => this.#accepting[this.#component[state]!]!;

  #settled = (state: number): readonly ClaimPosition[] =>
    subsets(this.#strong).map((disabled) => {
      return { state, level: this.#needs(state, disabled).length === 0 ? 0 : 1, disabled };
    });

  from(place: ClaimPosition): readonly PositionTransition[] {
    return this.#automaton.states[place.state]!.flatMap((transition) => {
      const { to } = transition;
      const stays = this.#stays(place.state, transition);
      if (place.level !== undefined && stays) return this.#transitionsInside(place, transition);
      // Its choice holds for the component in which it has settled.
      if (place.level !== undefined && this.#strong.length > 0) return [];
      const next = stays && this.#accepts(to) ? [{ state: to }, ...this.#settled(to)] : this.arrivals(to);
      return next.map((one) => ({ reads: atomsOf(transition), to: one }));
    });
  }

  #transitionsInside(
    { state, level, disabled }: Settled,
    transition: AutomatonTransition,
  ): readonly PositionTransition[] {
    const before = [
      ...atomsOf(transition),
      ...disabled.map((number): Reading => ({ what: 'enabled', number, isTrue: false })),
    ];
    return this.#levels(state, level, disabled, transition).map(({ reads, level: next }) => ({
      reads: [...before, ...reads],
      to: { state: transition.to, level: next, disabled },
    }));
  }

  /** The demand that the claim waits for after a transition, and what it reads for that. */
  #levels(state: number, level: number, disabled: readonly number[], { sets }: AutomatonTransition) {
    const needs = this.#needs(state, disabled);
    let at = level === 0 ? 1 : level;
    for (; at <= needs.length; at++) {
      const need = needs[at - 1]!;
      if ('constraint' in need) {
        const [no, yes] = this.#seen(need.constraint);
        return [
          { reads: [yes], level: (at + 1) % (needs.length + 1) },
          { reads: [no], level: at },
        ];
      }
      if (!has(sets, need.set)) return [{ reads: [], level: at }];
    }
    return [{ reads: [], level: 0 }];
  }

  /** What the claim reads while a constraint is not met, and when it is met. */
  #seen(number: number): readonly [Reading, Reading] {
    return this.#fairness[number]!.strength === 'weak'
      ? [
          { what: 'enabled, not taken', number, isTrue: true },
          { what: 'enabled, not taken', number, isTrue: false },
        ]
      : [
          { what: 'taken', number, isTrue: false },
          { what: 'taken', number, isTrue: true },
        ];
  }
}

function atomsOf({ yes, no }: AutomatonTransition): readonly Reading[] {
  const readings = (set: Bits, isTrue: boolean) =>
    membersOf(set).map((number): Reading => ({ what: 'atom', number, isTrue }));
  return [...readings(yes, true), ...readings(no, false)];
}

/** All subsets, the empty one first. */
const subsets = (of: readonly number[]): readonly (readonly number[])[] =>
  Array.from({ length: 2 ** of.length }, (_, bits) => of.filter((_, i) => (bits & (1 << i)) !== 0));
