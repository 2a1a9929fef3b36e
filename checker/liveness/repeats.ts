// A graph for formulas with `previously`, where a run that has ended still changes: its last state stays the same, but
// the values at the position before do not. Each such state gets copies, one for each position until all values are
// constant.
//
//   a -> b, ended, depth 1      a -> b -> b'      b' has the truth values of b one position later, and repeats itself

import type { StateGraph } from '../graph/state_graph.js';
import { afterRepeat } from '../ir/monitors.js';
import type { Expr, Monitor } from '../ir/program.js';
import { repeat } from './product.js';

export function withRepeats(graph: StateGraph, depth: number, monitors: readonly Monitor[]): StateGraph {
  const ends: number[] = [];
  for (let s = 0; s < graph.stateCount; s++) if (graph.first[s] === graph.first[s + 1]) ends.push(s);
  const stateCount = graph.stateCount + depth * ends.length;
  const first = new Int32Array(stateCount + 1);
  const to = new Int32Array(graph.to.length + depth * ends.length);
  const step = new Int32Array(to.length);
  let edges = 0;
  let end = 0;
  const add = (target: number, taken: number) => {
    to[edges] = target;
    step[edges++] = taken;
  };
  for (let s = 0; s < stateCount; s++) {
    first[s] = edges;
    const isCopy = s >= graph.stateCount;
    if (!isCopy && s !== ends[end]) {
      for (let e = graph.first[s]!; e < graph.first[s + 1]!; e++) add(graph.to[e]!, graph.step[e]!);
    } else {
      const next = isCopy ? s + ends.length : graph.stateCount + end++;
      if (next < stateCount) add(next, repeat);
    }
  }
  first[stateCount] = edges;
  const truthOf = (condition: Expr) => {
    const truths = [graph.truthOf(condition)];
    for (let later = condition; truths.length <= depth; ) {
      later = afterRepeat(later, monitors);
      truths.push(graph.truthOf(later));
    }
    return (s: number) => {
      const copy = s - graph.stateCount;
      if (copy < 0) return truths[0]!(s);
      return truths[1 + Math.floor(copy / ends.length)]!(ends[copy % ends.length]!);
    };
  };
  const original = (s: number) => (s < graph.stateCount ? s : ends[(s - graph.stateCount) % ends.length]!);
  const hasLockCycle = (s: number) => graph.hasLockCycle(original(s));
  const hasFault = (s: number) => graph.hasFault(original(s));
  const bytes = graph.bytes + first.byteLength + to.byteLength + step.byteLength;
  return {
    ...{ stateCount, initialCount: graph.initialCount, first, to, step, bytes },
    ...{ hasLockCycle, hasFault, truthOf },
  };
}
