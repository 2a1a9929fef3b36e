// One thread that expands states, a batch of successors at a time.

import { Parents } from '../table/parents.js';
import { RecentCache } from '../table/recent_cache.js';
import type { SeenTable } from '../table/seen_table.js';
import { wordCode } from '../table/word_code.js';
import { OrbitSorter } from './orbit_sorter.js';
import type { Expander, SearchState } from './search_state.js';

/** One thread, a batch at a time. */
export class SingleWorker implements Expander {
  readonly sweepsPerProgress = 64;
  readonly #search: SearchState;
  readonly #table: SeenTable;
  readonly #batch: Int32Array;
  readonly #recent: RecentCache;
  /** By record of the batch that is not in the recent cache. */
  readonly #firstHashes: Int32Array;
  readonly #sorter: OrbitSorter | undefined;
  /** What is kept of expanded states: all of them, or only their parents if this is set. */
  readonly #kept: 'all' | Parents | undefined;

  constructor(search: SearchState, table: SeenTable, batch: Int32Array, kept: 'all' | Parents | undefined) {
    this.#search = search;
    this.#table = table;
    this.#batch = batch;
    this.#recent = new RecentCache(wordCode(search.states.words), search.states.stride);
    this.#firstHashes = new Int32Array(batch.length / search.states.stride);
    this.#kept = kept;
    const { orbitPlan } = search.compiled;
    this.#sorter = orbitPlan && new OrbitSorter(orbitPlan);
    this.#forget(0);
  }

  get bytes(): number {
    const parents = this.#kept instanceof Parents ? this.#kept.bytes : 0;
    return (
      this.#batch.byteLength + RecentCache.bytes(this.#search.states.stride) + this.#table.bytes + parents
    );
  }

  get growthBytes(): number {
    return this.#table.growthBytes;
  }

  advance(end: number, countMax: number): boolean {
    const search = this.#search;
    const { states, findings } = search;
    // Close to the limit, one state at a time, so that the search stops exactly at it.
    const near = states.count + this.#batch.length / states.stride > countMax;
    search.head = findings.sweep(
      search.head,
      near ? search.head + 1 : Math.min(end, states.segmentEnd(search.head)),
    );
    search.transitions += findings.code.batchLength / states.stride + findings.faults;
    this.#sorter?.sort(this.#batch, 0, findings.code.batchLength);
    const from = states.count;
    const length = this.#recent.sift(this.#batch, findings.code.batchLength, this.#firstHashes);
    const isFull = this.#table.insert(length, countMax, this.#firstHashes) < length;
    this.#forget(from);
    return !isFull;
  }

  /** Frees the expanded states; the states from `from` on are new. */
  #forget(from: number): void {
    const { states, head } = this.#search;
    if (this.#kept === 'all') return;
    if (this.#kept !== undefined) {
      for (let i = from; i < states.count; i++) this.#kept.add(states.parent(i));
    }
    states.forget(head);
  }
}
