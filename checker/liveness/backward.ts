// The graph of all states read backward: from which states does some run lead to a marked state? One pass over the
// edges.
//
//   edges 0-1 1-2 1-3, marked 2      backward from 2: 1, 0      3 is not reached: no run leads from there to 2

import type { Growth, StateGraph } from '../graph/state_graph.js';
import type { StepId } from '../ir/program.js';
import type { Path } from '../search/report.js';
import type { Work } from '../search/work.js';

/** How many states are processed between two reports of progress. */
export const statesPerProgress = 2 ** 16;

/** Edges into state s: from the states `sources[first[s]]` … `sources[first[s + 1] - 1]`. */
export interface EdgesInto {
  readonly first: Int32Array;
  readonly sources: Int32Array;
  readonly bytes: number;
}

/** The edges of the graph, by their targets. */
export function edgesInto({ stateCount, first: out, to }: StateGraph): EdgesInto {
  const first = new Int32Array(stateCount + 1);
  for (const target of to) first[target + 1]!++;
  for (let s = 0; s < stateCount; s++) first[s + 1]! += first[s]!;
  const sources = new Int32Array(to.length);
  const next = first.slice();
  for (let s = 0; s < stateCount; s++) {
    for (let edge = out[s]!; edge < out[s + 1]!; edge++) sources[next[to[edge]!]!++] = s;
  }
  return { first, sources, bytes: first.byteLength + sources.byteLength };
}

/** Marks the states from which a run reaches a marked state, including the marked states. */
export function* reaching(
  { first, sources, bytes }: EdgesInto,
  marked: Uint8Array,
): Work<Uint8Array, Growth> {
  const met = marked.slice();
  const queue = new Int32Array(met.length);
  let length = 0;
  for (let s = 0; s < met.length; s++) if (met[s] !== 0) queue[length++] = s;
  const growth = bytes + 2 * met.byteLength + queue.byteLength;
  for (let i = 0; i < length; i++) {
    if (i % statesPerProgress === statesPerProgress - 1) yield { count: i, bytes: growth };
    const s = queue[i]!;
    for (let edge = first[s]!; edge < first[s + 1]!; edge++) {
      const source = sources[edge]!;
      if (met[source] !== 0) continue;
      met[source] = 1;
      queue[length++] = source;
    }
  }
  return met;
}

/** The shortest path to a state: it consists of the edges on which states were first found. */
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
