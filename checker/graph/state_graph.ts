// The explicit graph of a Program, as an engine delivers it to the search for lassos: states are numbers in the order
// of a breadth-first search, so both engines number alike, and edges are rows of typed arrays.
//
//   first  0 2 3     to    1 2 2     step  4 0 1       0 --4--> 1    0 --0--> 2    1 --1--> 2

import type { Expr } from '../ir/program.js';
import { GrowingInts } from './growing_ints.js';

export interface StateGraph {
  readonly stateCount: number;
  /** The initial states are 0 … initialCount - 1. */
  readonly initialCount: number;
  /** Edges out of state s: `first[s]` … `first[s + 1] - 1`. A state without any repeats itself for ever. */
  readonly first: Int32Array;
  readonly to: Int32Array;
  /** The step that each edge takes. */
  readonly step: Int32Array;
  /** Bytes, as far as the engine accounts for them. */
  readonly bytes: number;
  /** Do threads wait for each other's locks for ever in a state? */
  hasLockCycle(state: number): boolean;
  /** Does a step of the state have a fault? Such a step has no edge. */
  hasFault(state: number): boolean;
  /** Is the condition true in a state? A text says why it has no value. */
  truthOf(condition: Expr): (state: number) => boolean | string;
}

/** How far building a graph has come: how many items, and how many bytes. */
export interface Growth {
  readonly count: number;
  readonly bytes: number;
}

/** The edges of a graph, added state by state. */
export class EdgeLists {
  readonly #first = new GrowingInts();
  readonly #to = new GrowingInts();
  readonly #step = new GrowingInts();

  /** The next edges belong to the next state. */
  startState(): void {
    this.#first.push(this.#to.length);
  }

  add(to: number, step: number): void {
    this.#to.push(to);
    this.#step.push(step);
  }

  get bytes(): number {
    return this.#first.bytes + this.#to.bytes + this.#step.bytes;
  }

  /** The arrays of a graph, once all states are there. */
  finish(): Pick<StateGraph, 'first' | 'to' | 'step' | 'bytes'> {
    this.#first.push(this.#to.length);
    const { bytes } = this;
    return { bytes, first: this.#first.toArray(), to: this.#to.toArray(), step: this.#step.toArray() };
  }
}
