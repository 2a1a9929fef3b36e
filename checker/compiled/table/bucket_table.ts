// The hash table of an exact search: it finds which records are new states. Records are looked up many at a time: first
// all are hashed and their buckets fetched, so that the waits for memory overlap, then each bucket is searched.
//
//   records, first hashes  ->  bytes, hashes, tags, places  ->  for each record: the cell of its state, or where it goes
//
// A bucket is filled from its start; entries that do not fit go into the next bucket.

import type { TableGrowth } from './table_growth.js';
import type { TableParts } from './table_parts.js';
import type { TableStates } from './table_states.js';
import type { WordCode } from './word_code.js';

export class BucketTable {
  readonly parts: TableParts;
  /** The most records that are looked up together. */
  readonly recordsMax: number;
  readonly #states: TableStates;
  readonly #growth: TableGrowth;
  readonly #words: WordCode;
  // By record: first byte of its hash, second hash, tag, first cell of its bucket.
  readonly #bytes: Int32Array;
  readonly #hashes: Int32Array;
  readonly #tags: Int32Array;
  readonly #places: Int32Array;
  /** Keeps the compiler from removing the reads. */
  touched = 0;

  constructor(
    parts: TableParts,
    states: TableStates,
    growth: TableGrowth,
    words: WordCode,
    recordsMax: number,
  ) {
    this.parts = parts;
    this.recordsMax = recordsMax;
    this.#states = states;
    this.#growth = growth;
    this.#words = words;
    this.#bytes = new Int32Array(recordsMax);
    this.#hashes = new Int32Array(recordsMax);
    this.#tags = new Int32Array(recordsMax);
    this.#places = new Int32Array(recordsMax);
  }

  /** Fills `firstHashes` from its start with the first hashes of the records from index `begin` to `end`. */
  hash(records: Int32Array, begin: number, end: number, firstHashes: Int32Array): void {
    const { firstHash } = this.#words;
    const { stride } = this.#states;
    for (let o = begin, k = 0; o < end; o += stride, k++) firstHashes[k] = firstHash(records, o);
  }

  /**
   * Enters the new states among the records from index `begin` to `end`, given their first hashes, until there are
   * `countMax` states; returns the index of the first record that it did not process.
   */
  insert(records: Int32Array, begin: number, end: number, firstHashes: Int32Array, countMax: number): number {
    const { parts } = this;
    const states = this.#states;
    const { same } = this.#words;
    const places = this.#places;
    const tags = this.#tags;
    const { numberBits, bucketBits } = parts;
    const { stride } = states;
    const numberMask = -1 >>> (32 - numberBits);
    const tagMask = -2 << numberBits;
    const n = this.#look(records, begin, end, firstHashes);
    let { cells } = parts;
    next: for (let k = 0, o = begin; k < n; k++, o += stride) {
      let cell = places[k]!;
      let bucketEnd = cell + (1 << bucketBits);
      let tag = tags[k]!;
      for (let entry = cells[cell]!; entry !== 0; entry = cells[cell]!) {
        if (((entry ^ tag) & tagMask) === 0) {
          const seen = (entry & numberMask) - 1;
          if (same(states.segment(seen), states.offset(seen), records, o)) continue next;
        }
        if (++cell === bucketEnd) {
          cell = this.#nextBucket(k, cell);
          bucketEnd = cell + (1 << bucketBits);
          tag |= 1 << numberBits;
        }
      }
      if (states.count >= countMax) return o;
      const number = states.append(records, o, this.#words);
      cells[cell] = tag | (number + 1);
      if (this.#hasGrown(k)) {
        this.#place(k + 1, n);
        cells = parts.cells;
      }
    }
    return end;
  }

  /** Hashes the records from index `begin` to `end` again and fetches their buckets; returns the number of records. */
  #look(records: Int32Array, begin: number, end: number, firstHashes: Int32Array): number {
    const { stride } = this.#states;
    const { secondHash } = this.#words;
    const bytes = this.#bytes;
    const hashes = this.#hashes;
    let n = 0;
    for (let o = begin; o < end; o += stride, n++) {
      const first = firstHashes[n]!;
      bytes[n] = first >>> 24;
      hashes[n] = secondHash(records, o, first);
    }
    this.#place(0, n);
    const { cells } = this.parts;
    const places = this.#places;
    let sum = 0;
    for (let k = 0; k < n; k++) sum ^= cells[places[k]!]!;
    this.touched = sum;
    return n;
  }

  /** Finds buckets and tags of the hashed records. */
  #place(from: number, to: number): void {
    const { base, lastBucket, shift, tagMask, numberBits, bucketBits } = this.parts;
    const bytes = this.#bytes;
    const hashes = this.#hashes;
    const places = this.#places;
    const tags = this.#tags;
    for (let k = from; k < to; k++) {
      const hash = hashes[k]!;
      const byte = bytes[k]!;
      places[k] = base[byte]! + ((hash & lastBucket[byte]!) << bucketBits);
      tags[k] = ((hash >>> shift[byte]!) & tagMask[byte]!) << (numberBits + 1);
    }
  }

  /**
   * The first cell of the bucket after this cell, for the k-th record; the last bucket of a part is followed by its
   * first.
   */
  #nextBucket(k: number, cell: number): number {
    const { base, lastBucket, bucketBits } = this.parts;
    const byte = this.#bytes[k]!;
    const begin = base[byte]!;
    return begin + ((cell - begin) & ((lastBucket[byte]! << bucketBits) | ((1 << bucketBits) - 1)));
  }

  /** Counts a new entry, of the k-th record; true if its part has grown. */
  #hasGrown(k: number): boolean {
    const { partOfByte, used, capacity } = this.parts;
    const p = partOfByte[this.#bytes[k]!]!;
    if (++used[p]! <= capacity[p]!) return false;
    this.#growth.grow(p);
    return true;
  }
}
