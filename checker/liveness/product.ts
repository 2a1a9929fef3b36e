// The product of a graph and an automaton: its paths are the runs of the Program that the automaton can read, each with
// a run of the automaton. Nodes are numbered breadth first, so the first path to a node is a shortest one.
//
//   node    0        1        2             (state, automaton state)
//           (0, 0)   (1, 0)   (1, 1)        node 2 reads the same state, and the automaton has begun to wait for an event

import type { Bits, Reader } from '../../properties/automaton/index.js';
import { GrowingInts } from '../graph/growing_ints.js';
import type { Growth, StateGraph } from '../graph/state_graph.js';
import type { Work } from '../search/work.js';
import type { Letters } from './letters.js';

/** The step of an edge that repeats the last state of a run. */
export const repeat = -1;

export interface Product {
  readonly nodeCount: number;
  /** The state of the Program in each node. */
  readonly state: Int32Array;
  /** Edges out of node n: `first[n]` … `first[n + 1] - 1`. */
  readonly first: Int32Array;
  readonly to: Int32Array;
  readonly step: Int32Array;
  /** The acceptance sets that each edge is in, as an index into `marks`. */
  readonly mark: Int32Array;
  readonly marks: readonly Bits[];
  /** The edge on which each node was found first; -1 for the initial nodes. */
  readonly foundOn: Int32Array;
  /** The source of each such edge. */
  readonly parent: Int32Array;
}

/** An edge of the automaton, with the number of its acceptance sets. */
interface MarkedTransition {
  readonly to: number;
  readonly mark: number;
}

const nodesPerProgress = 4096;

/** Builds the product. Yields its size now and then. Exceptions of the reader pass through. */
export function* productOf(graph: StateGraph, letters: Letters, reader: Reader): Work<Product, Growth> {
  const nodes = new Nodes();
  const [first, to, step, mark] = [
    new GrowingInts(),
    new GrowingInts(),
    new GrowingInts(),
    new GrowingInts(),
  ];
  const transitions = new TransitionsByLetter(reader, letters);
  for (let s = 0; s < graph.initialCount; s++) {
    for (const q of reader.initial) nodes.numberOf(s, q, -1, -1);
  }
  for (let node = 0; node < nodes.count; node++) {
    if (node % nodesPerProgress === nodesPerProgress - 1) {
      const bytes = nodes.bytes + first.bytes + to.bytes + step.bytes + mark.bytes;
      yield { count: nodes.count, bytes };
    }
    first.push(to.length);
    const s = nodes.state.at(node);
    const readable = transitions.from(nodes.place.at(node), letters.of[s]!);
    const add = (target: number, taken: number) => {
      for (const way of readable) {
        const found = nodes.numberOf(target, way.to, node, to.length);
        to.push(found);
        step.push(taken);
        mark.push(way.mark);
      }
    };
    const [begin, end] = [graph.first[s]!, graph.first[s + 1]!];
    for (let edge = begin; edge < end; edge++) add(graph.to[edge]!, graph.step[edge]!);
    if (begin === end) add(s, repeat);
  }
  first.push(to.length);
  return {
    nodeCount: nodes.count,
    ...{ state: nodes.state.toArray(), first: first.toArray(), to: to.toArray(), step: step.toArray() },
    ...{ mark: mark.toArray(), marks: transitions.marks },
    ...{ foundOn: nodes.foundOn.toArray(), parent: nodes.parent.toArray() },
  };
}

/** The edges of the automaton by letter, each computed once. */
class TransitionsByLetter {
  readonly marks: Bits[] = [];
  readonly #numbers = new Map<Bits, number>();
  readonly #known = new Map<number, readonly MarkedTransition[]>();
  readonly #reader: Reader;
  readonly #letters: Letters;

  constructor(reader: Reader, letters: Letters) {
    this.#reader = reader;
    this.#letters = letters;
  }

  from(place: number, letter: number): readonly MarkedTransition[] {
    const { distinct } = this.#letters;
    const key = place * distinct.length + letter;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const transitions = this.#reader.transitions(place, distinct[letter]!);
    const marked = transitions.map(({ to, sets }) => ({ to, mark: this.#markOf(sets) }));
    this.#known.set(key, marked);
    return marked;
  }

  #markOf(sets: Bits): number {
    const known = this.#numbers.get(sets);
    if (known !== undefined) return known;
    this.#numbers.set(sets, this.marks.length);
    this.marks.push(sets);
    return this.marks.length - 1;
  }
}

/** Numbers pairs of a state and an automaton's state in the order in which they are found. */
class Nodes {
  readonly state = new GrowingInts();
  readonly place = new GrowingInts();
  readonly parent = new GrowingInts();
  readonly foundOn = new GrowingInts();
  /** An open hash table of 1 + their numbers. */
  #slots = new Int32Array(1024);

  get count(): number {
    return this.state.length;
  }

  get bytes(): number {
    return (
      this.#slots.byteLength + this.state.bytes + this.place.bytes + this.parent.bytes + this.foundOn.bytes
    );
  }

  numberOf(state: number, place: number, parent: number, foundOn: number): number {
    const last = this.#slots.length - 1;
    let slot = hash(state, place) & last;
    for (let entry = this.#slots[slot]!; entry !== 0; entry = this.#slots[slot]!) {
      if (this.state.at(entry - 1) === state && this.place.at(entry - 1) === place) return entry - 1;
      slot = (slot + 1) & last;
    }
    this.state.push(state);
    this.place.push(place);
    this.parent.push(parent);
    this.foundOn.push(foundOn);
    this.#slots[slot] = this.count;
    if (2 * this.count > this.#slots.length) this.#grow();
    return this.count - 1;
  }

  #grow(): void {
    const last = 2 * this.#slots.length - 1;
    this.#slots = new Int32Array(last + 1);
    for (let i = 0; i < this.count; i++) {
      let slot = hash(this.state.at(i), this.place.at(i)) & last;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & last;
      this.#slots[slot] = i + 1;
    }
  }
}

function hash(state: number, place: number): number {
  let h = Math.imul(state ^ Math.imul(place, 0x9e3779b9), 0x85ebca6b);
  h ^= h >>> 15;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
