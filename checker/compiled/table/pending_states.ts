// The new states of a round, of all workers, and how they get their numbers: each worker's are in the order of their
// sort keys, so merging them gives the numbers that a single worker would assign. Runs in threads that start from its
// text, so it uses nothing but its arguments and itself.
//
//   worker 0: keys 3, 9      worker 1: keys 4, 5, 8      first new number 20      ->      0: 20, 24      1: 21, 22, 23

import type { TableStates } from './table_states.js';
import type { WordCode } from './word_code.js';

/** What the workers of a search share about their new states. Every index counts 32-bit numbers. */
export interface PendingSetup {
  readonly me: number;
  readonly workers: number;
  /** A state has fewer than 2^branchingBits successors. */
  readonly branchingBits: number;
  /** Of each worker: records of new states without a number. */
  readonly pending: readonly Int32Array[];
  /** Of each worker: how many states are pending. */
  readonly pendingCounts: Int32Array;
}

export class PendingStates {
  /** Greater than every key. */
  static readonly noKey = 2 ** 31 - 1;

  readonly #setup: PendingSetup;
  readonly #states: TableStates;
  readonly #words: WordCode;

  constructor(setup: PendingSetup, states: TableStates, words: WordCode) {
    this.#setup = setup;
    this.#states = states;
    this.#words = words;
  }

  /**
   * Numbers the new states of a round that expanded states from `from` on, and copies this worker's states to the
   * segments of numbered states; returns the numbers of those that this worker owns.
   */
  number(from: number): Int32Array {
    const { me, workers, pending, pendingCounts } = this.#setup;
    const states = this.#states;
    const { stride, firstNew } = states;
    const last = stride - 1;
    const { noKey } = PendingStates;
    const heads = new Int32Array(workers);
    const keys = heads.map((_, w) => (pendingCounts[w]! > 0 ? pending[w]![last]! : noKey));
    const total = pendingCounts.reduce((sum, count) => sum + count, 0);
    const mine = Math.floor((total * me) / workers);
    const mineEnd = Math.floor((total * (me + 1)) / workers);
    const numbers = new Int32Array(pendingCounts[me]!);
    // From here on all of them have numbers.
    states.firstNew = firstNew + total;
    for (let n = 0, i = 0; n < total; n++) {
      let who = 0;
      for (let w = 1; w < workers; w++) if (keys[w]! < keys[who]!) who = w;
      const at = heads[who]!;
      const key = keys[who]!;
      const next = at + stride;
      heads[who] = next;
      keys[who] = next < pendingCounts[who]! * stride ? pending[who]![next + last]! : noKey;
      if (who === me) numbers[i++] = firstNew + n;
      if (n >= mine && n < mineEnd) this.#move(pending[who]!, at, firstNew + n, from, key);
    }
    return numbers;
  }

  /** Copies a pending state to the place of its number; its mark becomes the number of its parent. */
  #move(pending: Int32Array, at: number, number: number, from: number, key: number): void {
    const states = this.#states;
    const segment = states.segment(number);
    const to = states.offset(number);
    this.#words.copy(pending, at, segment, to);
    segment[to + states.stride - 1] = from + (key >>> this.#setup.branchingBits);
  }
}
