// Makes an automaton smaller without changing its language: states that accept nothing are removed, redundant
// acceptance sets are removed, and states with the same transitions are merged.
//
//   a --p--> c    b --p--> c        a and b are the same state

import { isWeaker } from './alternating.js';
import type { Automaton, AutomatonTransition } from './automaton.js';
import { allOf, type Bits, bit, has, isWithin } from './bits.js';
import { components, edgesOf } from './components.js';

export function simplify(automaton: Automaton): Automaton {
  let last = automaton;
  for (;;) {
    const next = merge(dropIdleSets(trim(last)));
    if (sizeOf(next) === sizeOf(last)) return next;
    last = next;
  }
}

const sizeOf = ({ initial, states, setCount }: Automaton): number =>
  initial.length + states.length + states.flat().length + setCount;

const isLetter = (letter: AutomatonTransition): boolean => (letter.yes & letter.no) === 0n;

/** The component of each state; undefined for states that are not reachable. */
function componentsOf({ initial, states }: Automaton): readonly (number | undefined)[] {
  const of: (number | undefined)[] = states.map(() => undefined);
  const all = components(edgesOf(states.map((out) => out.map(({ to }) => to))), initial);
  all.forEach((members, i) => {
    for (const member of members) of[member] = i;
  });
  return of;
}

/** Keeps the reachable states from which some run is accepted, and renumbers them. */
function trim(automaton: Automaton): Automaton {
  const { states, setCount } = automaton;
  const full = allOf(setCount);
  const of = componentsOf(automaton);
  const met = new Map<number, Bits>();
  states.forEach((out, from) => {
    for (const { to, sets } of out) {
      const inside = of[from];
      if (inside !== undefined && inside === of[to]) met.set(inside, (met.get(inside) ?? 0n) | sets);
    }
  });
  const alive = new Set(
    of.flatMap((inside, i) => (inside !== undefined && met.get(inside) === full ? [i] : [])),
  );
  for (let before = -1; before !== alive.size; ) {
    before = alive.size;
    states.forEach((out, from) => {
      if (of[from] !== undefined && out.some(({ to }) => alive.has(to))) alive.add(from);
    });
  }
  const order = [...alive].sort((a, b) => a - b);
  return {
    initial: automaton.initial.flatMap((state) => (alive.has(state) ? [order.indexOf(state)] : [])),
    states: order.map((state) =>
      states[state]!.filter((transition) => alive.has(transition.to) && isLetter(transition)).map(
        (transition) => {
          // Acceptance sets of transitions between components, or in one where a run cannot stay, do not matter.
          const inside = of[state] === of[transition.to];
          const sets = !inside ? full : met.get(of[state]!) === full ? transition.sets : 0n;
          return { ...transition, sets, to: order.indexOf(transition.to) };
        },
      ),
    ),
    setCount,
  };
}

/** A set is redundant if it contains every transition, or all transitions of another set. */
function dropIdleSets({ initial, states, setCount }: Automaton): Automaton {
  const all = [...new Set(states.flat().map(({ sets }) => sets))];
  const includes = (i: number, j: number) => all.every((sets) => has(sets, i) || !has(sets, j));
  const kept = Array.from({ length: setCount }, (_, i) => i).filter((i) => {
    if (all.every((sets) => has(sets, i))) return false;
    const others = Array.from({ length: setCount }, (_, j) => j).filter((j) => j !== i && includes(i, j));
    return others.every((j) => includes(j, i) && i < j);
  });
  const project = (sets: Bits) => kept.reduce((all, from, to) => (has(sets, from) ? all | bit(to) : all), 0n);
  const projected = new Map(all.map((sets) => [sets, project(sets)]));
  return {
    initial,
    states: states.map((out) =>
      out.map((transition) => ({ ...transition, sets: projected.get(transition.sets)! })),
    ),
    setCount: kept.length,
  };
}

/** Merges states that have the same transitions. */
function merge({ initial, states, setCount }: Automaton): Automaton {
  const lists = states.map(withoutImplied);
  const keys = lists.map((out) => out.map(keyOf).sort().join());
  const first = keys.map((key) => keys.indexOf(key));
  const kept = [...new Set(first)].sort((a, b) => a - b);
  const number = (state: number) => kept.indexOf(first[state]!);
  return {
    initial: [...new Set(initial.map(number))],
    states: kept.map((state) =>
      withoutImplied(lists[state]!.map((transition) => ({ ...transition, to: number(transition.to) }))),
    ),
    setCount,
  };
}

const keyOf = ({ yes, no, to, sets }: AutomatonTransition): string => `${yes}/${no}/${to}/${sets}`;

/** Drops a transition if another one to the same state reads less and is in at least the same sets. */
function withoutImplied(all: readonly AutomatonTransition[]): readonly AutomatonTransition[] {
  const implies = (x: AutomatonTransition, y: AutomatonTransition) =>
    x.to === y.to && isWeaker(y, x) && isWithin(x.sets, y.sets);
  return all.filter((x, i) => !all.some((y, j) => i !== j && implies(x, y) && !(implies(y, x) && i < j)));
}
