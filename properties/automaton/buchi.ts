// Büchi automata with several acceptance sets, on transitions: the second half of Gastin and Oddoux (CAV 2001). A state
// is a set of formulas that hold from here on. A run is accepted if it visits every set infinitely often; there is one
// set for each until, which contains the transitions that do not postpone the until.
//
//   always eventually p:  one state; it reads p and is in the set, or reads anything and is not

import { Alternating, type Conjunction, Effort, Parts, TooLarge } from './alternating.js';
import type { Automaton, AutomatonTransition, Reader } from './automaton.js';
import { allOf, type Bits } from './bits.js';
import { type Normal, uses } from './normal.js';
import { simplify } from './simplify.js';

export type { Automaton, AutomatonTransition, Reader } from './automaton.js';

/** Enough for the formulas that people write; about a quarter of a second. */
const effortMax = 200_000;

/**
 * An automaton that accepts exactly the runs that make the formula true. Its size is bounded during construction:
 * undefined if it takes too much work.
 */
export function automatonOf(formula: Normal): Automaton | undefined {
  try {
    return simplify(translate(formula, new Effort(effortMax)));
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

/** As `automatonOf`, before simplification. Throws TooLarge. */
export function translate(formula: Normal, effort = new Effort(effortMax)): Automaton {
  const states = new AutomatonStates(formula, effort);
  const alternating = new Alternating(states.parts, effort);
  const out: AutomatonTransition[][] = [];
  for (let i = 0; i < states.count; i++) {
    const demands = alternating.ofAll(states.formulas(i));
    out.push(
      demands.map(({ yes, no, next, late }) => {
        return { yes, no, sets: states.setsOf(late), to: states.numberOf(next) };
      }),
    );
  }
  return { initial: states.initial, states: out, setCount: states.setCount };
}

/** The budget of a translation on demand, for one formula and one graph. */
const readingEffortMax = 3_000_000;

/**
 * The automaton of a formula, built on demand: for formulas whose whole automaton is too large, on graphs in which few
 * combinations of atoms occur. `ways` throws TooLarge if the needed part is too large as well.
 */
export function readerOfFormula(formula: Normal): Reader {
  const effort = new Effort(readingEffortMax);
  const states = new AutomatonStates(formula, effort);
  const byAtoms = new Map<Bits, Alternating>();
  return {
    initial: states.initial,
    setCount: states.setCount,
    get stateCount() {
      return states.count;
    },
    transitions(state, atoms) {
      const alternating = byAtoms.get(atoms) ?? new Alternating(states.parts, effort, atoms);
      byAtoms.set(atoms, alternating);
      const demands = alternating.ofAll(states.formulas(state));
      return demands.map(({ next, late }) => ({ sets: states.setsOf(late), to: states.numberOf(next) }));
    },
  };
}

/** The states of the automaton of a formula, in the order in which they are found. */
class AutomatonStates {
  readonly parts = new Parts();
  readonly setCount: number;
  readonly initial: readonly number[];
  readonly #numbers = new Map<Conjunction, number>();
  readonly #formulas: Conjunction[] = [];
  readonly #effort: Effort;

  constructor(formula: Normal, effort: Effort) {
    this.#effort = effort;
    const untils = untilsOf(formula);
    this.setCount = untils.length;
    // The first parts are the untils: each has the number of its acceptance set.
    for (const until of untils) this.parts.numberOf(until);
    this.initial = [...new Set(this.parts.conjunctions(formula, effort).map((one) => this.numberOf(one)))];
  }

  get count(): number {
    return this.#formulas.length;
  }

  formulas = (state: number): Conjunction => this.#formulas[state]!;

  numberOf(all: Conjunction): number {
    const state = this.parts.reduce(all);
    const known = this.#numbers.get(state);
    if (known !== undefined) return known;
    this.#effort.spend(100);
    this.#numbers.set(state, this.#formulas.length);
    this.#formulas.push(state);
    return this.#formulas.length - 1;
  }

  /** A transition is in the sets of all untils except those that it postpones. */
  setsOf = (late: Conjunction): Bits => allOf(this.setCount) & ~late;
}

/** The untils of a formula, without duplicates. */
function untilsOf(formula: Normal): readonly Normal[] {
  const found = new Map<string, Normal>();
  const visit = (x: Normal): void => {
    if (!uses(x, 'until')) return;
    if (x.op === 'until') found.set(x.key, x);
    if ('x' in x) visit(x.x);
    if ('y' in x) visit(x.y);
  };
  visit(formula);
  return [...found.values()];
}
