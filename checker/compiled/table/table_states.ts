// The states of a hash table, by their numbers, as the table reads them: records in segments.

import type { WordCode } from './word_code.js';

export class TableStates {
  /** The number of states, which is the number of the next one. */
  count = 0;
  /** Numbers of a record: the words of a state and a mark. */
  readonly stride: number;
  readonly #segments: readonly Int32Array[];
  /** States in a segment, as a power of two. */
  readonly #segmentBits: number;
  readonly #indexMask: number;

  constructor(stride: number, segments: readonly Int32Array[], segmentBits: number) {
    this.stride = stride;
    this.#segments = segments;
    this.#segmentBits = segmentBits;
    this.#indexMask = (1 << segmentBits) - 1;
  }

  /** The array that a state lies in. */
  segment(number: number): Int32Array {
    return this.#segments[number >>> this.#segmentBits]!;
  }

  /** The index in that array at which it begins. */
  offset(number: number): number {
    return Math.imul(number & this.#indexMask, this.stride);
  }

  /** Adds a record as the next state; returns its number. The caller makes space for it. */
  append(records: Int32Array, at: number, words: WordCode): number {
    const number = this.count++;
    words.copy(records, at, this.segment(number), this.offset(number));
    return number;
  }
}
