// How a part of a hash table grows: it doubles in place, and the lowest bit of an entry's tag selects one of its two
// new buckets. Entries that lay behind their bucket are removed and entered again; so are all entries where tags have
// no bit left.

import type { TableParts } from './table_parts.js';
import type { TableStates } from './table_states.js';
import type { WordCode } from './word_code.js';

export class TableGrowth {
  /** States that are read together, so that the waits for memory overlap. */
  static readonly atOnce = 256;

  readonly #parts: TableParts;
  readonly #words: WordCode;
  readonly #states: TableStates;
  readonly #hashes = new Int32Array(TableGrowth.atOnce);
  /** Keeps the compiler from removing the reads. */
  touched = 0;

  constructor(parts: TableParts, words: WordCode, states: TableStates) {
    this.#parts = parts;
    this.#words = words;
    this.#states = states;
  }

  /** Doubles a part. */
  grow(p: number): void {
    const parts = this.#parts;
    const size = parts.sizes[p]!;
    parts.double(p);
    const { cells, numberBits, bucketBits } = parts;
    const numberMask = -1 >>> (32 - numberBits);
    const behind = 1 << numberBits;
    const hasTags = parts.tagBits[p]! > 0;
    const begin = parts.begin(p);
    const aside = new Int32Array(parts.used[p]!);
    let n = 0;
    for (let bucket = begin; bucket < begin + size; bucket += 1 << bucketBits) {
      let stay = bucket;
      let go = bucket + size;
      for (let i = bucket; i < bucket + (1 << bucketBits); i++) {
        const entry = cells[i]!;
        if (entry === 0) break;
        cells[i] = 0;
        const number = (entry & numberMask) - 1;
        if (!hasTags || (entry & behind) !== 0) {
          aside[n++] = number;
          continue;
        }
        const tag = entry >>> (numberBits + 1);
        const to = (tag & 1) === 0 ? stay++ : go++;
        cells[to] = ((tag >>> 1) << (numberBits + 1)) | (entry & numberMask);
      }
    }
    if (hasTags) parts.tagBits[p]!--;
    else parts.lengthenTags(p);
    parts.settle();
    this.#enterAgain(p, aside, n);
  }

  /** Enters the first `count` of these states into a part: all are read first, then all buckets. */
  #enterAgain(p: number, numbers: Int32Array, count: number): void {
    const { atOnce } = TableGrowth;
    for (let from = 0; from < count; from += atOnce) {
      const end = Math.min(count, from + atOnce);
      this.#fetch(p, numbers, from, end);
      for (let i = from; i < end; i++) this.#enter(p, numbers[i]!, this.#hashes[i - from]!);
    }
  }

  /** Hashes states, and fetches their buckets. */
  #fetch(p: number, numbers: Int32Array, from: number, end: number): void {
    const { firstHash, secondHash } = this.#words;
    const states = this.#states;
    const hashes = this.#hashes;
    const { cells, bucketBits } = this.#parts;
    const begin = this.#parts.begin(p);
    const bucketMask = 2 ** this.#parts.bucketsBits(p) - 1;
    let sum = 0;
    for (let i = from; i < end; i++) sum ^= states.segment(numbers[i]!)[states.offset(numbers[i]!)]!;
    for (let i = from; i < end; i++) {
      const segment = states.segment(numbers[i]!);
      const at = states.offset(numbers[i]!);
      hashes[i - from] = secondHash(segment, at, firstHash(segment, at));
    }
    for (let i = from; i < end; i++) {
      sum ^= cells[begin + ((hashes[i - from]! & bucketMask) << bucketBits)]!;
    }
    this.touched = sum;
  }

  #enter(p: number, number: number, hash: number): void {
    const { cells, numberBits, bucketBits, sizes, tagBits } = this.#parts;
    const begin = this.#parts.begin(p);
    const buckets = this.#parts.bucketsBits(p);
    const bucket = hash & (2 ** buckets - 1);
    let cell = bucket << bucketBits;
    while (cells[begin + cell] !== 0) cell = (cell + 1) & (sizes[p]! - 1);
    const behind = cell >>> bucketBits === bucket ? 0 : 1 << numberBits;
    const tag = (hash >>> buckets) & (2 ** tagBits[p]! - 1);
    cells[begin + cell] = (tag << (numberBits + 1)) | behind | (number + 1);
  }
}
