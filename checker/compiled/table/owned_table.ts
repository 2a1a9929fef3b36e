// The exact table of a search with several workers. Each worker owns the states of some hashes, and a table of them
// that no other worker reads or writes: it stays in the worker's caches, and needs no lock. Runs in threads that start
// from its text, so it uses nothing but its arguments and itself.
//
//   route    a successor goes to the outbox for the worker that owns it, with a sort key: the state it was reached from
//            and its place among that state's successors, so keys are in the order of a single worker
//   enter    each worker looks up what the outboxes hold for it, in the order of the keys; a new state is pending, under
//            a provisional number
//   number   all workers merge the pending states in the order of the keys (pending_states.ts), and each renumbers its
//            entries

import type { BucketTable } from './bucket_table.js';
import type { PendingSetup, PendingStates } from './pending_states.js';
import type { TableGrowth } from './table_growth.js';
import type { TableStates } from './table_states.js';
import type { WordCode } from './word_code.js';

/** What the tables of a search share. */
export interface OwnedTableSetup extends PendingSetup {
  /** The worker that owns the states whose hash begins with each byte. */
  readonly ownerOfByte: Uint8Array;
  /** Records of successors: from each worker to each. */
  readonly outboxes: readonly (readonly Int32Array[])[];
  /** How far each of this worker's outboxes is filled. */
  readonly ends: Int32Array;
  /** Of each worker: entries of each part after the last round, at worker × OwnedTable.rowLength + part. */
  readonly usedParts: Int32Array;
}

/**
 * The table of one worker. Long, since threads start from the text of whole classes: each class that is split off would
 * be one more argument of every thread.
 */
export class OwnedTable {
  /** Numbers between the rows of two workers: no two workers write to the same cache line. */
  static readonly rowLength = 32;
  /**
   * Parts of all workers grow together between rounds, so that no worker waits for another; within a round, only at
   * this load.
   */
  static readonly roundLoadMax = 0.95;

  /** Records that are looked up together, at most. */
  readonly recordsAtOnce: number;
  readonly #setup: OwnedTableSetup;
  readonly #table: BucketTable;
  readonly #states: TableStates;
  readonly #growth: TableGrowth;
  readonly #pending: PendingStates;
  readonly #words: WordCode;
  /** Of the records that are looked up. */
  readonly #firstHashes: Int32Array;
  /** The first state that the round expands. */
  #begun = 0;

  constructor(
    setup: OwnedTableSetup,
    table: BucketTable,
    states: TableStates,
    growth: TableGrowth,
    pending: PendingStates,
    words: WordCode,
  ) {
    this.recordsAtOnce = table.recordsMax;
    this.#setup = setup;
    this.#table = table;
    this.#states = states;
    this.#growth = growth;
    this.#pending = pending;
    this.#words = words;
    this.#firstHashes = new Int32Array(table.recordsMax);
  }

  /**
   * Enters those of the first `count` states that this worker owns. Parts are made large enough first, so that tags are
   * as long as possible.
   */
  seed(count: number, numberBits: number): void {
    const { parts } = this.#table;
    const { me, ownerOfByte } = this.#setup;
    const states = this.#states;
    states.firstNew = count;
    parts.numberBits = numberBits;
    const seeds = Array.from(parts.sizes, (): number[] => []);
    for (let number = 0; number < count; number++) {
      const byte = this.#words.firstHash(states.segment(number), states.offset(number)) >>> 24;
      if (ownerOfByte[byte] === me) seeds[parts.partOfByte[byte]!]!.push(number);
    }
    seeds.forEach((own, p) => {
      while (own.length > parts.sizes[p]! * parts.loadMax) parts.double(p);
      parts.used[p] = own.length;
      parts.lengthenTags(p);
    });
    parts.settle();
    seeds.forEach((own, p) => {
      this.#growth.enterAgain(p, Int32Array.from(own), own.length);
    });
  }

  /** Sets the number of bits for numbers; tags have the rest. */
  widenTo(numberBits: number): void {
    const { parts } = this.#table;
    while (parts.numberBits < numberBits) parts.widen();
  }

  get cellCount(): number {
    return this.#table.parts.cellCount;
  }

  /** How many more cells growing takes, if so many new states come to each part. */
  growthCells(records: number): number {
    return this.#table.parts.growthCells(records);
  }

  /** Begins a round of states from `from` on; `firstNew` is the number that the first new state will get. */
  begin(from: number, firstNew: number): void {
    const { me, workers, ends, pendingCounts, usedParts } = this.#setup;
    const { used, sizes, loadMax } = this.#table.parts;
    this.#begun = from;
    this.#states.firstNew = firstNew;
    this.#states.count = firstNew;
    pendingCounts[me] = 0;
    ends.fill(0);
    // A part grows in all workers if it is full in one, so that they spend that time together.
    for (let p = 0; p < used.length; p++) {
      let most = used[p]!;
      for (let w = 0; w < workers; w++) most = Math.max(most, usedParts[w * OwnedTable.rowLength + p]!);
      if (most > sizes[p]! * loadMax) this.#growth.grow(p);
    }
  }

  /**
   * Routes the successors in the batch up to this length, given their first hashes, to their owners; false if an outbox
   * has no space for all.
   */
  route(batch: Int32Array, length: number, firstHashes: Int32Array): boolean {
    const { me, outboxes, ends, ownerOfByte, branchingBits } = this.#setup;
    const { stride } = this.#states;
    const words = this.#words;
    const boxes = outboxes[me]!;
    const last = stride - 1;
    for (let w = 0; w < boxes.length; w++) if (ends[w]! + length > boxes[w]!.length) return false;
    let reached = -1;
    let key = 0;
    for (let o = 0, k = 0; o < length; o += stride, k++) {
      const parent = batch[o + last]!;
      key = parent === reached ? key + 1 : (parent - this.#begun) << branchingBits;
      reached = parent;
      const to = ownerOfByte[firstHashes[k]! >>> 24]!;
      const end = ends[to]!;
      words.copy(batch, o, boxes[to]!, end);
      boxes[to]![end + last] = key;
      ends[to] = end + stride;
    }
    return true;
  }

  /** How many records were routed in this round so far. */
  get routed(): number {
    return this.#setup.ends.reduce((sum, end) => sum + end, 0) / this.#states.stride;
  }

  /** Enters the new states among the records of an outbox, at most `recordsAtOnce` of them. */
  enter(box: Int32Array, begin: number, end: number): void {
    const states = this.#states;
    const table = this.#table;
    table.hash(box, begin, end, this.#firstHashes);
    table.insert(box, begin, end, this.#firstHashes, Number.POSITIVE_INFINITY);
    this.#setup.pendingCounts[this.#setup.me] = states.count - states.firstNew;
  }

  /** Numbers the new states of all workers. */
  number(): void {
    const { me, usedParts } = this.#setup;
    this.#renumber(this.#pending.number(this.#begun));
    usedParts.set(this.#table.parts.used, me * OwnedTable.rowLength);
  }

  /** Puts the numbers of the states that were pending into their entries. */
  #renumber(numbers: Int32Array): void {
    const { parts } = this.#table;
    const { spots } = this.#states;
    const { cells, numberBits } = parts;
    const numberMask = -1 >>> (32 - numberBits);
    for (let i = 0; i < numbers.length; i++) {
      const spot = spots[i]!;
      const cell = parts.begin(spot & 15) + (spot >>> 4);
      cells[cell] = (cells[cell]! & ~numberMask) | (numbers[i]! + 1);
    }
  }
}
