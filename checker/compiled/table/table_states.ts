// The states of a hash table, by their numbers: those with a final number lie in segments; those found since, from
// `firstNew` on, are in `pending`. Runs in threads that start from its text, so it uses nothing but its arguments and
// itself.

import type { WordCode } from './word_code.js';

export class TableStates {
  /** The number of the first pending state; unless it is set, no state is pending. */
  firstNew = 2 ** 31 - 1;
  /** The number of states, which is the number of the next one. */
  count = 0;
  /** The cell of each pending state: cell × 16 + part, the cell counted from the start of the part. */
  readonly spots: Int32Array;

  /** Numbers of a record: the words of a state and a mark. */
  readonly stride: number;
  readonly pending: Int32Array;
  readonly #segments: readonly Int32Array[];
  /** States in a segment, as a power of two. */
  readonly #segmentBits: number;
  readonly #indexMask: number;

  constructor(
    stride: number,
    segments: readonly Int32Array[],
    segmentBits: number,
    pending: Int32Array = new Int32Array(0),
  ) {
    this.stride = stride;
    this.pending = pending;
    this.spots = new Int32Array(pending.length / stride);
    this.#segments = segments;
    this.#segmentBits = segmentBits;
    this.#indexMask = (1 << segmentBits) - 1;
  }

  /** The array that a state lies in. */
  segment(number: number): Int32Array {
    return number < this.firstNew ? this.#segments[number >>> this.#segmentBits]! : this.pending;
  }

  /** The index in that array at which it begins. */
  offset(number: number): number {
    const { firstNew } = this;
    const index = number < firstNew ? number & this.#indexMask : number - firstNew;
    return Math.imul(index, this.stride);
  }

  /** Adds a record as the next state; returns its number. The caller makes space for it. */
  append(records: Int32Array, at: number, words: WordCode): number {
    const number = this.count++;
    words.copy(records, at, this.segment(number), this.offset(number));
    return number;
  }

  /** Records the cell of a state, if the state is pending. */
  setSpot(number: number, part: number, cell: number): void {
    if (number >= this.firstNew) this.spots[number - this.firstNew] = (cell << 4) | part;
  }
}
