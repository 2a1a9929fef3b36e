// Büchi automata with several acceptance sets, on transitions: the second half of Gastin and Oddoux (CAV 2001). A
// state is a set of formulas that hold from here on. A run is accepted if every set is met again and again; there is
// one set for each until, and a transition is in it unless it puts the until off.
//
//   always eventually p:  one state; it reads p and is in the set, or reads anything and is not

import {
  Alternating,
  type Conjunction,
  conjoin,
  conjunctionKey,
  conjunctions,
  type Demand,
  isSubset,
  reads,
} from './alternating.js';
import type { Automaton, Transition } from './automaton.js';
import { type Normal, uses } from './normal.js';
import { simplify } from './simplify.js';

export type { Automaton, Transition } from './automaton.js';

/** An automaton that accepts exactly the runs that make the formula true. */
export function automatonOf(formula: Normal): Automaton {
  return simplify(translate(formula));
}

type UnnumberedTransition = Demand & { readonly sets: number };

/** As `automatonOf`, as the construction leaves it. */
export function translate(formula: Normal): Automaton {
  const alternating = new Alternating();
  const untils = untilsOf(formula);
  const numbers = new Map<string, number>();
  const todo: Conjunction[] = [];
  const numberOf = (state: Conjunction): number => {
    const key = conjunctionKey(state);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, numbers.size);
    todo.push(state);
    return numbers.size - 1;
  };
  const initial = conjunctions(formula).map(numberOf);
  const states: Transition[][] = [];
  for (let i = 0; i < todo.length; i++) {
    const everything: readonly Demand[] = [{ yes: 0, no: 0, next: [] }];
    const demands = todo[i]!.map((part) => alternating.demands(part)).reduce(conjoin, everything);
    const marked = demands.map((demand) => ({ ...demand, sets: setsOf(demand, untils, alternating) }));
    states.push(weakest(marked).map(({ yes, no, next, sets }) => ({ yes, no, sets, to: numberOf(next) })));
  }
  return { initial: [...new Set(initial)], states, setCount: untils.length };
}

/** The untils of a formula, each once. */
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

/** A transition puts an until off if it demands it again, unless what else it demands would have fulfilled it. */
function setsOf(demand: Demand, untils: readonly Normal[], alternating: Alternating): number {
  return untils.reduce((sets, until, i) => {
    const demanded = demand.next.some(({ key }) => key === until.key);
    const fulfilled = () =>
      alternating
        .demands(until)
        .some(
          (way) =>
            reads(way, demand) &&
            way.next.every(({ key }) => key !== until.key) &&
            isSubset(way.next, demand.next),
        );
    return !demanded || fulfilled() ? sets | (1 << i) : sets;
  }, 0);
}

/** Drops a transition where another reads less, demands less and is in as many sets. */
function weakest(all: readonly UnnumberedTransition[]): readonly UnnumberedTransition[] {
  const implies = (x: UnnumberedTransition, y: UnnumberedTransition) =>
    reads(y, x) && isSubset(y.next, x.next) && (x.sets & ~y.sets) === 0;
  return all.filter((x, i) => !all.some((y, j) => i !== j && implies(x, y) && !(implies(y, x) && i < j)));
}
