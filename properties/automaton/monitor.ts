// Monitors: a safety formula as a deterministic automaton that reads a run letter by letter, and reports the first
// position after which every continuation violates the formula. A state is a set of states of the formula's automaton,
// those that a run may be in (the subset construction); the empty set is the violation.
//
//   p weakUntil q:   0 --p & !q--> 0    0 --q--> 1, satisfied for ever    0 --!p & !q--> violated

import type { Automaton } from './buchi.js';

/** The number of a state in which the formula is violated for ever. */
export const violated = -1;

export interface MonitorAutomaton {
  readonly initial: number;
  readonly atomCount: number;
  /** For each state, the state after each letter; or `violated`. */
  readonly after: readonly (readonly number[])[];
}

/** A formula that needs more states or atoms than these is checked by its automaton instead. */
const statesMax = 256;
const monitorAtomsMax = 10;

/** The monitor of a trimmed automaton without acceptance sets; undefined if it would be too large. */
export function monitorOf({ initial, states }: Automaton, atomCount: number): MonitorAutomaton | undefined {
  if (atomCount > monitorAtomsMax) return undefined;
  const numbers = new Map<string, number>();
  const todo: (readonly number[])[] = [];
  const numberOf = (set: readonly number[]): number => {
    const known = numbers.get(set.join());
    if (known !== undefined) return known;
    if (set.length === 0) return violated;
    numbers.set(set.join(), numbers.size);
    todo.push(set);
    return numbers.size - 1;
  };
  const sorted = (set: readonly number[]) => [...new Set(set)].sort((a, b) => a - b);
  const first = numberOf(sorted(initial));
  /** Letters are few here, and represented by numbers. */
  const small = states.map((out) => out.map(({ yes, no, to }) => ({ yes: Number(yes), no: Number(no), to })));
  const after: number[][] = [];
  for (let i = 0; i < todo.length; i++) {
    if (todo.length > statesMax) return undefined;
    const out = todo[i]!.flatMap((state) => small[state]!);
    after.push(
      Array.from({ length: 2 ** atomCount }, (_, letter) =>
        numberOf(
          sorted(
            out.filter(({ yes, no }) => (yes & ~letter) === 0 && (no & letter) === 0).map(({ to }) => to),
          ),
        ),
      ),
    );
  }
  return smallest({ initial: first, atomCount, after });
}

/** Merges states from which the same words are violated: Moore's partition refinement. */
function smallest({ initial, atomCount, after }: MonitorAutomaton): MonitorAutomaton {
  let classOf = after.map(() => 0);
  for (;;) {
    const keys = after.map((out) => out.map((to) => (to === violated ? violated : classOf[to]!)).join());
    const distinct = [...new Set(keys)];
    const next = keys.map((key) => distinct.indexOf(key));
    if (distinct.length === new Set(classOf).size) {
      const kept = distinct.map((key) => keys.indexOf(key));
      const number = (to: number) => (to === violated ? violated : next[to]!);
      return {
        initial: number(initial),
        atomCount,
        after: kept.map((state) => after[state]!.map(number)),
      };
    }
    classOf = next;
  }
}

/** Is the formula violated when the run ends here and repeats its last letter? */
export function isViolatedByRepeat({ after }: MonitorAutomaton, state: number, letter: number): boolean {
  let at = state;
  for (let i = 0; i <= after.length; i++) {
    at = after[at]![letter]!;
    if (at === violated) return true;
  }
  return false;
}
