// Letters: which atoms of a formula are true in each state. Few combinations occur, so they are numbered: each
// condition in turn splits the classes of states with equal letters.
//
//   conditions p, q      states  p  pq  p  -      letters of states  0 1 0 2      distinct  01, 11, 00

import { type Bits, bit } from '../../properties/automaton/index.js';
import type { Growth, StateGraph } from '../graph/state_graph.js';
import type { Expr } from '../ir/program.js';
import type { Work } from '../search/work.js';

export interface Letters {
  /** For each state the number of its letter. */
  readonly of: Int32Array;
  readonly distinct: readonly Bits[];
}

/** How many conditions are evaluated between two reports of progress. */
const evaluationsPerProgress = 2 ** 16;

/** The letters of all states; a text says why a condition has no value. Yields now and then. */
export function* lettersOf(graph: StateGraph, conditions: readonly Expr[]): Work<Letters | string, Growth> {
  const of = new Int32Array(graph.stateCount);
  let distinct: readonly Bits[] = [0n];
  let evaluations = 0;
  for (const [i, condition] of conditions.entries()) {
    const truth = graph.truthOf(condition);
    /** By old letter and truth, the new letter. */
    const numbers = new Int32Array(2 * distinct.length).fill(-1);
    const split: Bits[] = [];
    for (let state = 0; state < graph.stateCount; state++) {
      if (++evaluations % evaluationsPerProgress === 0) {
        yield { count: state, bytes: of.byteLength };
      }
      const value = truth(state);
      if (typeof value === 'string') return value;
      const before = of[state]!;
      const at = 2 * before + Number(value);
      if (numbers[at] === -1) {
        numbers[at] = split.length;
        split.push(value ? distinct[before]! | bit(i) : distinct[before]!);
      }
      of[state] = numbers[at]!;
    }
    distinct = split;
  }
  return { of, distinct };
}
