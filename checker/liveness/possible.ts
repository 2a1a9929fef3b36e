// Properties that ask what stays possible: from every reachable state some run reaches a condition (AG EF in CTL). One
// pass backward over the graph from the states that make it true; who is not met cannot reach it any more.
//
//   edges 0-1 1-2 1-3, true in 2      backward from 2: 1, 0      3 is not met: the counterexample is the way to 3

import type { Growth, StateGraph } from '../graph/state_graph.js';
import type { StepId } from '../ir/program.js';
import type { Finding, Path } from '../search/report.js';
import type { Work } from '../search/work.js';

/** How many states are looked at between two reports of progress. */
const statesPerProgress = 2 ** 16;

export interface PossibleResult {
  /** The shortest way to a state from which no run reaches the condition. */
  readonly finding: Finding | undefined;
  /** Why nothing is decided; absent if it is. */
  readonly openBecause?: string;
}

/** Why a formula decides nothing that has no value in some state. */
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
  const bad = (yield* reaching(graph, good)).indexOf(0);
  return { finding: bad < 0 ? undefined : { path: pathTo(graph, bad) } };
}

/** Marks the states from which a run reaches one of those that are marked, themselves included. */
export function* reaching(
  { stateCount, first, to }: StateGraph,
  marked: Uint8Array,
): Work<Uint8Array, Growth> {
  const from = new Int32Array(stateCount + 1);
  for (const target of to) from[target + 1]!++;
  for (let s = 0; s < stateCount; s++) from[s + 1]! += from[s]!;
  const sources = new Int32Array(to.length);
  const next = from.slice();
  for (let s = 0; s < stateCount; s++) {
    for (let edge = first[s]!; edge < first[s + 1]!; edge++) sources[next[to[edge]!]!++] = s;
  }
  const met = marked.slice();
  const queue = new Int32Array(stateCount);
  let length = 0;
  for (let s = 0; s < stateCount; s++) if (met[s] !== 0) queue[length++] = s;
  const bytes = met.byteLength + from.byteLength + next.byteLength + sources.byteLength + queue.byteLength;
  for (let i = 0; i < length; i++) {
    if (i % statesPerProgress === statesPerProgress - 1) yield { count: i, bytes };
    const s = queue[i]!;
    for (let edge = from[s]!; edge < from[s + 1]!; edge++) {
      const source = sources[edge]!;
      if (met[source] !== 0) continue;
      met[source] = 1;
      queue[length++] = source;
    }
  }
  return met;
}

/** The shortest way to a state: the edge on which a state was found is the first that leads to it. */
export function pathTo({ initialCount, first, to, step }: StateGraph, end: number): Path {
  const parent = new Int32Array(end + 1).fill(-1);
  const foundOn = new Int32Array(end + 1);
  let found = initialCount;
  for (let s = 0; found <= end; s++) {
    for (let edge = first[s]!; edge < first[s + 1]!; edge++) {
      if (to[edge] !== found) continue;
      if (found <= end) [parent[found], foundOn[found]] = [s, edge];
      found++;
    }
  }
  const steps: StepId[] = [];
  let at = end;
  for (; parent[at]! >= 0; at = parent[at]!) steps.push(step[foundOn[at]!]!);
  return { initial: at, steps: steps.reverse() };
}
