// Seen states as bits: each state sets three bits of a fixed array, and counts as seen if all three are set already. A
// few bits per state explore far more states than would fit into memory otherwise; the number of missed states is
// estimated.
//
// While a share f of the bits is set, a new state is missed with probability p = f^3. The sum of p / (1 - p) over the
// states found estimates how many were missed directly; states that are reachable only through those are not counted.

import type { Hash64 } from './hash64.js';
import type { SeenTable } from './seen_table.js';
import type { States } from './states.js';
import { type BatchHash, batchHash } from './tabulation.js';

const bitsPerState = 3;
/** 64 MiB. */
export const bitstateBytes = 2 ** 26;

export class Bitstate implements SeenTable {
  readonly #states: States;
  readonly #batch: Int32Array;
  readonly #hash: BatchHash;
  readonly #hashes: Int32Array;
  readonly #bits: Int32Array;
  readonly #places: Int32Array;
  /** Keeps the compiler from removing the reads. */
  #touched = 0;
  #ones = 0;
  #missed = 0;

  /** The array takes the largest power of two that is at most `bytes`, and at least 64. */
  constructor(states: States, batch: Int32Array, hash: Hash64, bytes: number) {
    this.#states = states;
    this.#batch = batch;
    this.#hash = batchHash(states.words, hash);
    const records = Math.ceil(batch.length / states.stride);
    this.#hashes = new Int32Array(2 * records);
    this.#places = new Int32Array(bitsPerState * records);
    this.#bits = new Int32Array(2 ** Math.min(26, Math.max(4, Math.floor(Math.log2(bytes)) - 2)));
  }

  insert(length: number, countMax: number): number {
    const { stride } = this.#states;
    this.#states.reserve(this.#states.count + length / stride);
    this.#hash(this.#batch, length, this.#hashes);
    this.#touch(length / stride);
    for (let o = 0, k = 0; o < length; o += stride, k += bitsPerState) {
      if (this.#isSeen(k)) continue;
      if (this.#states.count >= countMax) return o;
      const missed = (this.#ones / (this.#bits.length * 32)) ** bitsPerState;
      this.#missed += missed / (1 - missed);
      this.#set(k);
      this.#states.append(this.#batch, o);
    }
    return length;
  }

  /** Finds the bits of every record, with the halves of its hash as start and stride, and reads them. */
  #touch(count: number): void {
    const mask = this.#bits.length * 32 - 1;
    let touched = 0;
    for (let k = 0; k < count; k++) {
      const high = this.#hashes[2 * k]!;
      const low = this.#hashes[2 * k + 1]!;
      for (let i = 0; i < bitsPerState; i++) {
        const bit = (high + Math.imul(i, low | 1)) & mask;
        this.#places[bitsPerState * k + i] = bit;
        touched ^= this.#bits[bit >>> 5]!;
      }
    }
    this.#touched = touched;
  }

  get bytes(): number {
    return this.#bits.byteLength;
  }

  get growthBytes(): number {
    return 0;
  }

  get touched(): number {
    return this.#touched;
  }

  missProbability(): number {
    return 1 - Math.exp(-this.#missed);
  }

  /** The estimated share of the reachable states that was found. */
  coverage(): number {
    const { count } = this.#states;
    return count === 0 ? 1 : count / (count + this.#missed);
  }

  #isSeen(k: number): boolean {
    for (let i = 0; i < bitsPerState; i++) {
      const bit = this.#places[k + i]!;
      if ((this.#bits[bit >>> 5]! & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }

  #set(k: number): void {
    for (let i = 0; i < bitsPerState; i++) {
      const bit = this.#places[k + i]!;
      const mask = 1 << (bit & 31);
      if ((this.#bits[bit >>> 5]! & mask) === 0) this.#ones++;
      this.#bits[bit >>> 5]! |= mask;
    }
  }
}
