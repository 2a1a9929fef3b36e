// Seen states as 64-bit hashes, 8 bytes each, in a table that is always about 0.78 full. Two states with the same hash
// count as one, so a state may be missed: with n states the probability is at most n (n - 1) / 2^65 (there are
// n (n - 1) / 2 pairs, and each collides with probability 2^-64).
//
//   low half  ->  one of 16 parts        high half, scaled to the size of the part  ->  a bucket of 8 slots, then on
//
// A bucket is a cache line, so most searches wait for memory once. A part grows by moving its entries in order; the
// parts start with staggered sizes, so they grow one after the other.

import type { Hash64 } from './hash64.js';
import type { SeenTable } from './seen_table.js';
import type { States } from './states.js';
import { type BatchHash, batchHash } from './tabulation.js';

const partBits = 4;
const partCount = 1 << partBits;
/** Numbers in a bucket, two for each slot. */
const bucketNumbers = 16;
const firstBuckets = 8;
const loadMax = 0.85;
const growth = 1.2;

export class CompactTable implements SeenTable {
  readonly #states: States;
  readonly #batch: Int32Array;
  readonly #hash: BatchHash;
  readonly #hashes: Int32Array;
  /** The sizes of the parts in buckets, before they are rounded. */
  readonly #buckets = Float64Array.from(
    { length: partCount },
    (_, p) => firstBuckets * growth ** (p / partCount),
  );
  /** High and low halves, alternating; 0, 0 is an empty slot. */
  readonly #parts: Int32Array[] = Array.from(this.#buckets, partOf);
  /** How many more states fit into a part before it grows. */
  readonly #insertsLeft = Int32Array.from(this.#parts, ({ length }) => (loadMax * length) / 2);
  /** Keeps the compiler from removing the reads. */
  #touched = 0;

  constructor(states: States, batch: Int32Array, hash: Hash64) {
    this.#states = states;
    this.#batch = batch;
    this.#hash = batchHash(states.words, hash);
    this.#hashes = new Int32Array(2 * Math.ceil(batch.length / states.stride));
  }

  insert(length: number, countMax: number): number {
    const states = this.#states;
    const parts = this.#parts;
    const hashes = this.#hashes;
    const { stride } = states;
    states.reserve(states.count + length / stride);
    this.#hash(this.#batch, length, hashes);
    this.#touched = touch(parts, hashes, length / stride);
    for (let o = 0, k = 0; o < length; o += stride, k += 2) {
      const high = hashes[k]!;
      const low = hashes[k + 1]!;
      const p = low >>> (32 - partBits);
      const part = parts[p]!;
      const slot = find(part, high, low);
      if (slot < 0) continue;
      if (states.count >= countMax) return o;
      part[slot] = high;
      part[slot + 1] = low;
      states.append(this.#batch, o);
      if (--this.#insertsLeft[p]! < 0) this.#grow(p);
    }
    return length;
  }

  get bytes(): number {
    return this.#parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  get growthBytes(): number {
    return growth * Math.max(...this.#parts.map(({ byteLength }) => byteLength));
  }

  get touched(): number {
    return this.#touched;
  }

  missProbability(): number {
    const n = this.#states.count;
    return (n * (n - 1)) / 2 ** 65;
  }

  #grow(p: number): void {
    const from = this.#parts[p]!;
    this.#buckets[p]! *= growth;
    const to = partOf(this.#buckets[p]!);
    for (let i = 0; i < from.length; i += 2) {
      const high = from[i]!;
      const low = from[i + 1]!;
      if ((high | low) === 0) continue;
      const slot = find(to, high, low);
      to[slot] = high;
      to[slot + 1] = low;
    }
    this.#parts[p] = to;
    this.#insertsLeft[p]! += (loadMax * (to.length - from.length)) / 2;
  }
}

const partOf = (buckets: number): Int32Array => new Int32Array(bucketNumbers * Math.round(buckets));

/** Reads the slots of all hashes, so that the waits for memory overlap. */
function touch(parts: readonly Int32Array[], hashes: Int32Array, count: number): number {
  let touched = 0;
  for (let k = 0; k < 2 * count; k += 2) {
    const part = parts[hashes[k + 1]! >>> (32 - partBits)]!;
    touched ^= part[firstSlot(part, hashes[k]!)]!;
  }
  return touched;
}

const firstSlot = (part: Int32Array, high: number): number =>
  bucketNumbers * (((high >>> 0) * part.length * (2 ** -32 / bucketNumbers)) | 0);

/** The index for a new hash; negative if the hash is there already. */
function find(part: Int32Array, high: number, low: number): number {
  const { length } = part;
  let slot = firstSlot(part, high);
  for (;;) {
    const foundHigh = part[slot]!;
    const foundLow = part[slot + 1]!;
    if (foundHigh === high && foundLow === low) return -1;
    if ((foundHigh | foundLow) === 0) return slot;
    slot += 2;
    if (slot === length) slot = 0;
  }
}
