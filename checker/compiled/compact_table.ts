// Seen states as 64-bit hashes, 8 bytes each, of which the table keeps at least 0.72 full. Two states with the same
// hash count as one, so a state may be missed: with n states the probability is at most n (n - 1) / 2^65 (there are
// n (n - 1) / 2 pairs, and each collides with probability 2^-64).
//
// The slot is the high half scaled to the size of the part, so that a part grows by moving its entries in order.

import type { Hash64 } from './hash64.js';
import type { SeenTable } from './seen.js';
import type { States } from './states.js';

const partCount = 16;
const firstSlots = 64;
const loadMax = 0.9;
const growth = 1.25;

export class CompactTable implements SeenTable {
  readonly #states: States;
  readonly #batch: Int32Array;
  readonly #records: readonly Uint8Array[];
  readonly #hash: Hash64;
  /** High and low halves by turns; 0, 0 is an empty slot. */
  readonly #parts: Int32Array[] = Array.from({ length: partCount }, () => new Int32Array(2 * firstSlots));
  readonly #used = new Int32Array(partCount);

  readonly #hashes: Int32Array;
  /** Keeps the touching from being optimised away. */
  #touched = 0;

  constructor(states: States, batch: Int32Array, hash: Hash64) {
    this.#states = states;
    this.#batch = batch;
    this.#hash = hash;
    this.#records = recordBytes(batch, states);
    this.#hashes = new Int32Array(2 * this.#records.length);
  }

  insert(length: number, countMax: number): number {
    const { stride } = this.#states;
    this.#states.reserve(this.#states.count + length / stride);
    this.#touch(length / stride);
    for (let o = 0, k = 0; o < length; o += stride, k += 2) {
      const high = this.#hashes[k]!;
      const low = this.#hashes[k + 1]!;
      const part = low >>> 28;
      const slot = find(this.#parts[part]!, high, low);
      if (slot < 0) continue;
      if (this.#states.count >= countMax) return o;
      this.#parts[part]![slot] = high;
      this.#parts[part]![slot + 1] = low;
      this.#states.append(this.#batch, o);
      if (++this.#used[part]! > (this.#parts[part]!.length / 2) * loadMax) this.#grow(part);
    }
    return length;
  }

  /** Hashes the records and touches their slots, so that the processor waits for many of them at once. */
  #touch(count: number): void {
    let touched = 0;
    for (let k = 0; k < count; k++) {
      this.#hash.hash(this.#records[k]!);
      const high = this.#hash.high;
      const low = this.#hash.low || 1;
      this.#hashes[2 * k] = high;
      this.#hashes[2 * k + 1] = low;
      const part = this.#parts[low >>> 28]!;
      touched ^= part[firstSlot(part, high)]!;
    }
    this.#touched = touched;
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

  #grow(part: number): void {
    const from = this.#parts[part]!;
    const to = new Int32Array(2 * Math.floor((from.length / 2) * growth));
    for (let i = 0; i < from.length; i += 2) {
      if (from[i + 1] === 0) continue;
      const slot = find(to, from[i]!, from[i + 1]!);
      to[slot] = from[i]!;
      to[slot + 1] = from[i + 1]!;
    }
    this.#parts[part] = to;
  }
}

const firstSlot = (part: Int32Array, high: number): number =>
  2 * Math.floor((high >>> 0) * (part.length / 2 ** 33));

/** Where a new hash goes, as an index; negative if it is there. */
function find(part: Int32Array, high: number, low: number): number {
  let slot = firstSlot(part, high);
  while (part[slot + 1] !== 0) {
    if (part[slot] === high && part[slot + 1] === low) return -1;
    slot += 2;
    if (slot === part.length) slot = 0;
  }
  return slot;
}

/** The words of each record of a batch, without its mark, as bytes. */
export function recordBytes(batch: Int32Array, { words, stride }: States): readonly Uint8Array[] {
  const count = Math.floor(batch.length / stride);
  const view = (k: number) => new Uint8Array(batch.buffer, batch.byteOffset + 4 * k * stride, 4 * words);
  return Array.from({ length: count }, (_, k) => view(k));
}
