// From which state each state was first reached, in two bits a state. Breadth-first search numbers states in the order
// in which it expands their parents, so parents never decrease; storing where they increase is enough.
//
//   state      0   1   2   3   4
//   parent    -1   0   0   0   3          1 0 111 000 1      a 1 for each state, a 0 wherever the parent goes up by one

import type { States } from './states.js';

const chunkWords = 1024;
const chunkBits = 32 * chunkWords;

export class Parents {
  readonly #chunks: Int32Array[] = [];
  #length = 0;
  #states = 0;
  #last = -1;

  /** Adds the next state. */
  add(parent: number): void {
    this.#length += parent - this.#last;
    this.#last = parent;
    const at = this.#length++;
    while (this.#chunks.length * chunkBits <= at) this.#chunks.push(new Int32Array(chunkWords));
    this.#chunks[Math.floor(at / chunkBits)]![(at % chunkBits) >>> 5]! |= 1 << (at & 31);
    this.#states++;
  }

  /** All states on the paths to some states, these and initial ones included, in ascending order. */
  ways(ends: Iterable<number>): readonly number[] {
    const open = new Set(ends);
    const found: number[] = [];
    let number = this.#states;
    let parent = this.#last;
    for (let at = this.#length - 1; open.size > 0 && at >= 0; at--) {
      if (!this.#isState(at)) parent--;
      else if (open.delete(--number)) {
        found.push(number);
        if (parent >= 0) open.add(parent);
      }
    }
    return found.reverse();
  }

  get bytes(): number {
    return 4 * chunkWords * this.#chunks.length;
  }

  #isState(at: number): boolean {
    return (this.#chunks[Math.floor(at / chunkBits)]![(at % chunkBits) >>> 5]! & (1 << (at & 31))) !== 0;
  }
}

/** States by their numbers: at least those on the paths to findings. */
export interface PathStates {
  readonly words: number;
  parent(number: number): number;
  segment(number: number): Int32Array;
  /** Where a state begins in its segment. */
  offset(number: number): number;
}

/** A few states, copied from all states before those were freed. */
export class KeptStates implements PathStates {
  readonly words: number;
  readonly #records = new Map<number, Int32Array>();

  constructor(words: number) {
    this.words = words;
  }

  keep(states: States, number: number): void {
    const at = states.offset(number);
    this.#records.set(number, states.segment(number).slice(at, at + states.stride));
  }

  segment(number: number): Int32Array {
    return this.#records.get(number)!;
  }

  offset(): number {
    return 0;
  }

  parent(number: number): number {
    return this.segment(number)[this.words]!;
  }
}
