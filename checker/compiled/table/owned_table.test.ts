// The tables of several workers, all in one thread: whichever worker routes a successor, states have the numbers and
// the parents that a plain map gives them in the order of the batches.

import { expect, test } from 'vitest';
import { type Random, random } from '../../testing/random.js';
import { threadCode } from '../workers/thread_code.js';
import { OwnedTable, type OwnedTableSetup } from './owned_table.js';
import { segmentBits, segmentStates } from './states.js';
import { partOfByte, tableOfByte } from './table_parts.js';
import { wordCode } from './word_code.js';

const seeds = 500;
const chunkStates = 64;
const boxRecords = 20_000;

function makeTables(words: number, workers: number) {
  const stride = words + 1;
  const each = <T>(make: (worker: number) => T) => Array.from({ length: workers }, (_, w) => make(w));
  const shared: Omit<OwnedTableSetup, 'me' | 'ends'> = {
    workers,
    branchingBits: 4,
    ownerOfByte: Uint8Array.from({ length: 256 }, (_, byte) => tableOfByte(byte, workers)),
    outboxes: each(() => each(() => new Int32Array(boxRecords * stride))),
    pending: each(() => new Int32Array(workers * boxRecords * stride)),
    pendingCounts: new Int32Array(workers),
    usedParts: new Int32Array(workers * OwnedTable.rowLength),
  };
  const states = { stride, segments: [new Int32Array(segmentStates * stride)], segmentBits };
  const ends = each(() => new Int32Array(workers));
  const tables = each((me) => {
    const setup = { ...shared, ...states, me, ends: ends[me]!, partOfByte: partOfByte(workers) };
    return threadCode.ownedTable(setup, wordCode(words), threadCode);
  });
  return { ...shared, ...states, ends, tables };
}

/** Random successors, and the result of a plain map: their parents, in the order in which they were first drawn. */
class Draws {
  readonly parents = new Map<string, number>();
  readonly dice: Random;
  readonly #words: number;

  constructor(words: number, seed: number) {
    this.#words = words;
    this.dice = random(seed);
    while (this.parents.size < seeds) this.draw(-1);
  }

  draw(parent: number): readonly number[] {
    const { below } = this.dice;
    const state = Array.from({ length: this.#words }, (_, k) =>
      k === 0 ? below(25_000) << 16 : below(2) - 1,
    );
    if (!this.parents.has(state.join())) this.parents.set(state.join(), parent);
    return [...state, parent];
  }

  /** The successors of some states. */
  batch(from: number, to: number): Int32Array {
    const all: number[] = [];
    for (let parent = from; parent < to; parent++) {
      for (let n = this.dice.below(8); n > 0; n--) all.push(...this.draw(parent));
    }
    return Int32Array.from(all);
  }

  records(): string {
    return [...this.parents].map(([state, parent]) => `${state},${parent}`).join();
  }
}

/** Searches random successors; returns how many states differ. */
function searchRandom(words: number, workers: number): number {
  const stride = words + 1;
  const { tables, ends, outboxes, segments } = makeTables(words, workers);
  const draws = new Draws(words, workers);
  const { parents, dice } = draws;
  const { firstHash } = wordCode(words);
  segments[0]!.set(draws.records().split(',').map(Number));
  let bits = 16;
  for (const table of tables) table.seed(seeds, bits);
  for (let from = 0; parents.size < 10_000; ) {
    if (parents.size > 5000 && bits === 16) for (const table of tables) table.widenTo(17);
    if (parents.size > 5000) bits = 17;
    const to = Math.min(parents.size, from + 1000);
    for (const table of tables) table.begin(from, parents.size);
    const chunks: { who: number; begins: Int32Array; ends: Int32Array }[] = [];
    for (; from < to; from = Math.min(to, from + chunkStates)) {
      const who = dice.below(workers);
      const begins = ends[who]!.slice();
      const batch = draws.batch(from, Math.min(to, from + chunkStates));
      const hashes = Int32Array.from({ length: batch.length / stride }, (_, k) =>
        firstHash(batch, k * stride),
      );
      expect(tables[who]!.route(batch, batch.length, hashes)).toBe(true);
      chunks.push({ who, begins, ends: ends[who]!.slice() });
    }
    for (const [me, table] of tables.entries()) {
      for (const { who, begins, ends } of chunks) {
        for (let at = begins[me]!; at < ends[me]!; at += table.recordsAtOnce * stride) {
          table.enter(outboxes[who]![me]!, at, Math.min(ends[me]!, at + table.recordsAtOnce * stride));
        }
      }
    }
    for (const table of tables) table.number();
  }
  expect(segments[0]!.subarray(0, parents.size * stride).join() === draws.records()).toBe(true);
  return parents.size;
}

test.each([
  [1, 1],
  [2, 3],
  [3, 1],
  [1, 5],
  [2, 16],
])('states of %d words have the numbers of one worker, with %d', (words, workers) => {
  expect(searchRandom(words, workers)).toBeGreaterThan(10_000);
});
