// Properties of what stays possible: from every reachable state some run reaches a condition (AG EF in CTL). One pass
// backward over the graph from the states that make it true finds the states that can reach it.
//
//   edges 0-1 1-2 1-3, true in 2      backward from 2: 1, 0      3 is not found: the counterexample is the path to 3

import type { Growth, StateGraph } from '../graph/state_graph.js';
import type { Finding } from '../search/report.js';
import type { Work } from '../search/work.js';
import { edgesInto, pathTo, reaching, statesPerProgress } from './backward.js';

export interface PossibleResult {
  /** The shortest path to a state from which no run reaches the condition. */
  readonly finding: Finding | undefined;
  /** The reason why nothing is decided; absent if it is. */
  readonly openBecause?: string;
}

/** The reason why a formula without a value in some state decides nothing. */
export const unvalued = (why: string): string => `a formula has no value in some state (${why})`;

/** Checks one property on the graph of all states. */
export function* checkPossible(
  graph: StateGraph,
  truthOf: (state: number) => boolean | string,
): Work<PossibleResult, Growth> {
  const good = new Uint8Array(graph.stateCount);
  for (let s = 0; s < graph.stateCount; s++) {
    if (s % statesPerProgress === statesPerProgress - 1) yield { count: s, bytes: good.byteLength };
    const value = truthOf(s);
    if (typeof value === 'string') return { finding: undefined, openBecause: unvalued(value) };
    if (value) good[s] = 1;
  }
  const bad = (yield* reaching(edgesInto(graph), good)).indexOf(0);
  return { finding: bad < 0 ? undefined : { path: pathTo(graph, bad) } };
}
