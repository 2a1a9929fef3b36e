// The product of a graph and an automaton: its paths are the runs of the Program that the automaton can read, each
// with a way to read it. Nodes are numbered breadth first, so a node's first way in is a shortest one.
//
//   node    0        1        2             (state, automaton state)
//           (0, 0)   (1, 0)   (1, 1)        node 2 reads the same state, and has begun to wait for something

import type { Automaton } from '../../properties/automaton/index.js';
import { EngineError } from '../search/engine_error.js';
import type { Work } from '../search/work.js';
import type { StateGraph } from './graph.js';
import { GrowingInts } from './growing.js';

/** The step of an edge that only repeats the last state of a run. */
export const repeat = -1;

export interface Product {
  readonly nodeCount: number;
  /** The state of the Program in each node. */
  readonly state: Int32Array;
  /** Edges out of node n: `first[n]` … `first[n + 1] - 1`. */
  readonly first: Int32Array;
  readonly to: Int32Array;
  readonly step: Int32Array;
  /** The acceptance sets that each edge is in, as bits. */
  readonly sets: Int32Array;
  /** The edge on which each node was found first; -1 for the first nodes. */
  readonly foundOn: Int32Array;
  /** The node at the beginning of each such edge. */
  readonly parent: Int32Array;
}

/** Pairs of states that can be numbered at once. */
const pairsMax = 2 ** 29;

/** Builds the product. Yields the number of its nodes now and then. */
export function* productOf(
  graph: StateGraph,
  letters: Int32Array,
  automaton: Automaton,
): Work<Product, number> {
  const width = automaton.states.length;
  if (graph.stateCount * width > pairsMax) {
    throw new EngineError(`${graph.stateCount} states are too many for an automaton with ${width} states`);
  }
  const numbers = new Int32Array(graph.stateCount * width);
  const [state, place] = [new GrowingInts(), new GrowingInts()];
  const [parent, foundOn] = [new GrowingInts(), new GrowingInts()];
  const [first, to, step, sets] = [
    new GrowingInts(),
    new GrowingInts(),
    new GrowingInts(),
    new GrowingInts(),
  ];
  const numberOf = (s: number, q: number, from: number): number => {
    const known = numbers[s * width + q]!;
    if (known !== 0) return known - 1;
    numbers[s * width + q] = state.length + 1;
    state.push(s);
    place.push(q);
    parent.push(from);
    foundOn.push(from < 0 ? -1 : to.length);
    return state.length - 1;
  };
  for (let s = 0; s < graph.initialCount; s++) {
    for (const q of automaton.initial) numberOf(s, q, -1);
  }
  for (let node = 0; node < state.length; node++) {
    if (node % 4096 === 4095) yield state.length;
    first.push(to.length);
    const s = state.at(node);
    const letter = letters[s]!;
    const readable = automaton.states[place.at(node)]!.filter(
      ({ yes, no }) => (yes & ~letter) === 0 && (no & letter) === 0,
    );
    const add = (target: number, taken: number) => {
      for (const transition of readable) {
        const found = numberOf(target, transition.to, node);
        to.push(found);
        step.push(taken);
        sets.push(transition.sets);
      }
    };
    const [begin, end] = [graph.first[s]!, graph.first[s + 1]!];
    for (let edge = begin; edge < end; edge++) add(graph.to[edge]!, graph.step[edge]!);
    if (begin === end) add(s, repeat);
  }
  first.push(to.length);
  return {
    nodeCount: state.length,
    ...{ state: state.toArray(), first: first.toArray(), to: to.toArray(), step: step.toArray() },
    ...{ sets: sets.toArray(), foundOn: foundOn.toArray(), parent: parent.toArray() },
  };
}
