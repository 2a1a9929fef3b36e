// Records in WebAssembly: the words of a state and a mark, at an address. Their words in locals, their hash, their
// comparison, and where the table has them.

import type { WasmFunction } from './assembler.js';
import type { MemoryMap } from './memory_map.js';

/** Odd numbers with their bits spread evenly. */
const factor = 0x9e3779b97f4a7c15n;
const lastFactor = 0xd6e8feb86659fd93n;
const seed = 0x5851f42d4c957f2dn;

/** The batch that the functions of a module work on, and the cache of recent states. */
export interface BatchGlobals {
  readonly batch: number;
  readonly hashes: number;
  readonly recent: number;
}

/** Globals of the table. */
export interface TableGlobals {
  /** States in the log. */
  readonly count: number;
  readonly cells: number;
  /** The bits of a cell that have a number. */
  readonly numberMask: number;
  /** The most states before the table grows. */
  readonly capacity: number;
  /** Keeps the touching of cells from being removed. */
  readonly sink: number;
}

/** Locals by name. */
export const named = <Name extends string>(body: WasmFunction, ...names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, body.local()])) as { readonly [name in Name]: number };

/** Adds a constant to a local. */
export const advance = (body: WasmFunction, local: number, by: number): void =>
  void body.get(local).i32(by).op('i32.add').set(local);

/** Writes code about records into a function. */
export class RecordWriter {
  readonly body: WasmFunction;
  /** By word: the local that has it. */
  readonly words: readonly number[];
  /** The hash of the words, 64 bits. The lower half selects a cell, the upper half has the bits that a cell keeps. */
  readonly hash: number;
  readonly #map: MemoryMap;
  readonly #table: TableGlobals;

  constructor(body: WasmFunction, map: MemoryMap, table: TableGlobals) {
    this.body = body;
    this.words = Array.from({ length: map.words }, () => body.local());
    this.hash = body.local('i64');
    this.#map = map;
    this.#table = table;
  }

  /** Loads the words of the record whose address is in a local. */
  load(record: number): void {
    this.words.forEach((word, k) => {
      this.body.get(record);
      this.body.memory('i32.load', 4 * k).set(word);
    });
  }

  /** Stores the words at the address in a local plus an offset. */
  store(address: number, offset = 0): void {
    this.words.forEach((word, k) => {
      this.body.get(address).get(word);
      this.body.memory('i32.store', offset + 4 * k);
    });
  }

  /** Copies the mark of one record to another, or to a state of the log. */
  copyMark(from: number, to: number): void {
    const { markAt } = this.#map;
    this.body.get(to).get(from).memory('i32.load', markAt).memory('i32.store', markAt);
  }

  /** Copies what a record has beside its words to another record. */
  copyRest(from: number, to: number): void {
    const { sleepAt } = this.#map;
    this.copyMark(from, to);
    if (sleepAt === undefined) return;
    this.body.get(to).get(from).memory('i64.load', sleepAt).memory('i64.store', sleepAt);
  }

  /** Computes the hash of the words. */
  computeHash(): void {
    const { body, hash, words } = this;
    const fold = (bits: bigint) =>
      void body.get(hash).get(hash).i64(bits).op('i64.shr_u').op('i64.xor').set(hash);
    body.i64(seed).set(hash);
    for (let k = 0; k < words.length; k += 2) {
      body.get(words[k]!).op('i64.extend_i32_u');
      const next = words[k + 1];
      if (next !== undefined) {
        body.get(next).op('i64.extend_i32_u').i64(32n).op('i64.shl').op('i64.or');
      }
      body.get(hash).op('i64.xor').i64(factor).op('i64.mul').set(hash);
      fold(29n);
    }
    body.get(hash).i64(lastFactor).op('i64.mul').set(hash);
    fold(32n);
  }

  /** Leaves the upper half of the hash. */
  high(): void {
    this.body.get(this.hash).i64(32n).op('i64.shr_u').op('i32.wrap_i64');
  }

  /** Leaves the offset in the table of the cell that the hash selects: the lower half, scaled to the number of cells. */
  cell(): void {
    this.body.get(this.hash).op('i32.wrap_i64').op('i64.extend_i32_u');
    this.body.getGlobal(this.#table.cells).op('i64.extend_i32_u').op('i64.mul');
    this.body.i64(32n).op('i64.shr_u').op('i32.wrap_i64').i32(2).op('i32.shl');
  }

  /** Reads the cell that the hash selects, so that it is in the cache of the processor later. */
  touch(): void {
    const { sink } = this.#table;
    this.cell();
    this.body.memory('i32.load', this.#map.table).getGlobal(sink).op('i32.xor').setGlobal(sink);
  }

  /** Moves the offset in a local to the next cell; after the last comes the first. */
  nextCell(cell: number): void {
    const { body } = this;
    body.get(cell).i32(4).op('i32.add').tee(cell);
    body.getGlobal(this.#table.cells).i32(2).op('i32.shl').op('i32.eq');
    body.if('none', () => void body.i32(0).set(cell));
  }

  /** Leaves the bits of the hash that a cell keeps, where it keeps them. */
  tag(): void {
    this.high();
    this.body.getGlobal(this.#table.numberMask).i32(-1).op('i32.xor').op('i32.and');
  }

  /** Leaves whether the words equal those at the address that `address` leaves, and then what `more` leaves. */
  same(address: () => void, more?: () => void): void {
    const { body, words } = this;
    const compare = (k: number): void => {
      address();
      body.memory('i32.load', 4 * k);
      body.get(words[k]!).op('i32.eq');
      const next = k + 1 < words.length ? () => compare(k + 1) : more;
      if (next !== undefined) body.if('i32', next, () => void body.i32(0));
    };
    compare(0);
  }

  /** Leaves the address of the state whose number `number` leaves. */
  address(number: () => void): void {
    number();
    this.body.i32(this.#map.logStride).op('i32.mul').i32(this.#map.states).op('i32.add');
  }
}
