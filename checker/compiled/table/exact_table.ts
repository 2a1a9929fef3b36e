// The exact set of seen states of a search with one worker. A batch is inserted in two passes: the first fetches the
// buckets of all its states, the second searches each bucket and appends the new states.

import { BucketTable } from './bucket_table.js';
import type { SeenTable } from './seen_table.js';
import { type States, segmentBits } from './states.js';
import { TableGrowth } from './table_growth.js';
import { TableParts } from './table_parts.js';
import { TableStates } from './table_states.js';
import { wordCode } from './word_code.js';

/** The most states in a table: at that number the largest part has 2^26 cells, and about 0.7 of them are taken. */
export const tableStatesMax = 2 ** 29;
/** The size of the smallest table: a tag has the bits that a number does not use, and never gets one back. */
const firstNumberBits = 10;

export class ExactTable implements SeenTable {
  readonly #table: BucketTable;
  /** The states in the form that the table reads. */
  readonly #numbered: TableStates;
  readonly #batch: Int32Array;
  readonly #recordsMax: number;
  /** First hashes of the batch, where the caller does not pass them. */
  readonly #firstHashes: Int32Array;

  readonly states: States;

  constructor(states: States, batch: Int32Array) {
    const { stride, segments } = states;
    this.states = states;
    this.#batch = batch;
    this.#recordsMax = Math.ceil(batch.length / stride);
    this.#firstHashes = new Int32Array(this.#recordsMax);
    const words = wordCode(states.words);
    const parts = new TableParts(firstNumberBits);
    this.#numbered = new TableStates(stride, segments, segmentBits);
    const growth = new TableGrowth(parts, words, this.#numbered);
    this.#table = new BucketTable(parts, this.#numbered, growth, words, this.#recordsMax);
  }

  insert(length: number, countMax: number, firstHashes?: Int32Array): number {
    const { states } = this;
    const table = this.#table;
    const numbered = this.#numbered;
    const most = states.count + length / states.stride;
    while (most + 1 >= 2 ** table.parts.numberBits) table.parts.widen();
    states.reserve(most);
    if (firstHashes === undefined) table.hash(this.#batch, 0, length, this.#firstHashes);
    const end = table.insert(this.#batch, 0, length, firstHashes ?? this.#firstHashes, countMax);
    states.count = numbered.count;
    return end;
  }

  /** Enters the states of the log that others have appended. All differ, so each gets the number that it has. */
  catchUp(): void {
    const { states } = this;
    const { stride, count } = states;
    for (let from = this.#numbered.count; from < count; from = this.#numbered.count) {
      const end = Math.min(count, from + this.#recordsMax);
      for (let number = from; number < end; number++) {
        const at = states.offset(number);
        this.#batch.set(states.segment(number).subarray(at, at + stride), (number - from) * stride);
      }
      states.count = from;
      this.insert((end - from) * stride, Number.POSITIVE_INFINITY);
    }
    states.count = count;
  }

  get bytes(): number {
    return 4 * this.#table.parts.cellCount;
  }

  get growthBytes(): number {
    return 4 * this.#table.parts.growthCells(this.#recordsMax);
  }

  missProbability(): undefined {}
}
