// A set of states as a minimal automaton: a word for each state, a value for each column, and one node for all prefixes
// that have the same set of endings. Built from the last column on, so that an equal node that exists already is found
// again.
//
//   00 01 10 11    ->    node 1: 0 -> end, 1 -> end      node 2: 0 -> node 1, 1 -> node 1
//   00 01 10       ->    node 1: 0 -> end, 1 -> end      node 2: 0 -> end    node 3: 0 -> node 1, 1 -> node 2

import type { StoredStates } from '../search/stored_states.js';
import { NodeTable } from './node_table.js';

/** A set of states: the words on the paths from the root to the end. */
export interface StateAutomaton {
  /** The number of words on paths from the root to the end. */
  readonly states: number;
  /** Which column of a state each place of a word is. */
  readonly columns: readonly number[];
  /** Node 1, 2, …; the last is the root, and node 0 the end. Each: value, node, value, node, …, values ascending. */
  readonly nodes: NodeTable;
}

/** Slices up to this long are sorted by insertion. */
const shortMax = 24;

/** The states as words in this order of columns. The states are pairwise different. */
export function automatonOf({ count, value }: StoredStates, columns: readonly number[]): StateAutomaton {
  const nodes = new NodeTable();
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const scratch = new Uint32Array(count);
  const edges = columns.map((): number[] => []);

  /** The node for the states from `low` up to `high`, which agree in the first `depth` places of their words. */
  const build = (depth: number, low: number, high: number): number => {
    if (depth === columns.length) return 0;
    if (high - low === 1) return alone(depth, order[low]!);
    const column = columns[depth]!;
    sortSlice(order, scratch, low, high, (state) => value(state, column));
    const own = edges[depth]!;
    own.length = 0;
    for (let from = low; from < high; ) {
      const first = value(order[from]!, column);
      let to = from + 1;
      while (to < high && value(order[to]!, column) === first) to++;
      own.push(first, build(depth + 1, from, to));
      from = to;
    }
    return nodes.numberOf(own);
  };
  /** The rest of a word whose prefix no other word shares. */
  const alone = (depth: number, state: number): number => {
    let node = 0;
    for (let place = columns.length - 1; place >= depth; place--) {
      node = nodes.numberOf([value(state, columns[place]!), node]);
    }
    return node;
  };
  build(0, 0, count);
  return { states: count, columns, nodes };
}

/** Sorts a slice by small numbers; equal ones keep their order. */
function sortSlice(
  order: Uint32Array,
  scratch: Uint32Array,
  low: number,
  high: number,
  key: (state: number) => number,
): void {
  if (high - low <= shortMax) {
    for (let i = low + 1; i < high; i++) {
      const state = order[i]!;
      const own = key(state);
      let j = i - 1;
      for (; j >= low && key(order[j]!) > own; j--) order[j + 1] = order[j]!;
      order[j + 1] = state;
    }
    return;
  }
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = low; i < high; i++) {
    const own = key(order[i]!);
    if (own < min) min = own;
    if (own > max) max = own;
  }
  if (min === max) return;
  if (max - min > 4 * (high - low)) {
    order.subarray(low, high).sort((a, b) => key(a) - key(b) || a - b);
    return;
  }
  const starts = new Uint32Array(max - min + 2);
  for (let i = low; i < high; i++) starts[key(order[i]!) - min + 1]!++;
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
  for (let i = low; i < high; i++) scratch[low + starts[key(order[i]!) - min]!++] = order[i]!;
  order.set(scratch.subarray(low, high), low);
}
