// A small cache of recently found states. Most successors that were seen before were seen recently, by the other order
// of two independent steps: they are dropped here, before the table waits for memory to look them up.
//
//   batch a b a c, of which b was found recently  ->  a c
//
// Whole states are compared, and each dropped state has been looked up before, so no result depends on the cache.

import type { WordCode } from './word_code.js';

export class RecentCache {
  /** Entries: 2^13, one for each of the low bits of a hash, so that all stay in the second cache of a processor. */
  static readonly entries = 2 ** 13;

  readonly #words: WordCode;
  readonly #stride: number;
  /** An entry is a record whose mark is 1. */
  readonly #records: Int32Array;

  constructor(words: WordCode, stride: number) {
    this.#words = words;
    this.#stride = stride;
    this.#records = new Int32Array(RecentCache.entries * stride);
  }

  /** The bytes of a cache, for records of so many numbers. */
  static bytes(stride: number): number {
    return 4 * RecentCache.entries * stride;
  }

  /**
   * Drops records of the batch that were found recently, and stores the others in the cache; returns the length that is
   * left. Fills `firstHashes` from its start with the first hashes of those.
   */
  sift(batch: Int32Array, length: number, firstHashes: Int32Array): number {
    const { firstHash, replace } = this.#words;
    const stride = this.#stride;
    const records = this.#records;
    const entryMask = RecentCache.entries - 1;
    let left = 0;
    let n = 0;
    for (let o = 0; o < length; o += stride) {
      const hash = firstHash(batch, o);
      if (!replace(records, Math.imul(hash & entryMask, stride), batch, o, batch, left)) continue;
      firstHashes[n++] = hash;
      left += stride;
    }
    return left;
  }
}
