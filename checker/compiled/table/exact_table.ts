// The exact set of seen states of a search with one worker; table_text.ts says how it works. A batch is inserted in two
// passes: the first waits for the buckets of all its states at once, the second looks for each and appends the new ones.

import { Code } from '../emit/code.js';
import type { SeenTable } from './seen_table.js';
import type { States } from './states.js';
import {
  loadMax,
  partOfByte,
  stateText,
  type TableTexts,
  wordTexts,
  writeProbe,
  writeTable,
} from './table_text.js';

/** As few as the smallest table needs: a tag has the bits that a number has not, and never gets one back. */
const firstNumberBits = 10;

interface TableCode {
  /** Appends the states that are new, until there are `countMax`; returns how far it came. */
  insert(batch: Int32Array, length: number, countMax: number, numberBits: number): number;
  /** One more bit than this for numbers, one less for tags. */
  widen(numberBits: number): void;
  /** How many cells all parts have. */
  cellCount(): number;
  /** How many more it takes to grow, if so many new states come to each part. */
  growthCells(records: number): number;
}

export class ExactTable implements SeenTable {
  readonly #code: TableCode;
  readonly #batch: Int32Array;
  readonly #recordsMax: number;
  #numberBits = firstNumberBits;

  readonly states: States;

  constructor(states: States, batch: Int32Array) {
    this.states = states;
    this.#batch = batch;
    this.#recordsMax = Math.ceil(batch.length / states.stride);
    this.#code = tableCode(states.words)({
      states,
      segments: states.segments,
      partOfByte: partOfByte(1),
      recordsMax: this.#recordsMax,
    });
  }

  insert(length: number, countMax: number): number {
    const most = this.states.count + length / this.states.stride;
    while (most + 1 >= 2 ** this.#numberBits) this.#code.widen(this.#numberBits++);
    this.states.reserve(most);
    return this.#code.insert(this.#batch, length, countMax, this.#numberBits);
  }

  get bytes(): number {
    return 4 * this.#code.cellCount();
  }

  get growthBytes(): number {
    return 4 * this.#code.growthCells(this.#recordsMax);
  }

  missProbability(): undefined {}
}

/** By the words of a state: the code is the same for all Programs of that size, and optimised for all of them at once. */
const compiled = new Map<number, (around: object) => TableCode>();

function tableCode(words: number): (around: object) => TableCode {
  const known = compiled.get(words) ?? writeExactTable(words).compile<object, TableCode>('around');
  compiled.set(words, known);
  return known;
}

function writeExactTable(words: number): Code {
  const code = new Code();
  const text = wordTexts(words);
  const { load, same, stride } = text;
  const locate: TableTexts['locate'] = (number) => {
    const { segment, offset } = stateText(number, stride);
    return [`const s = ${segment}, at = ${offset};`];
  };
  code.write('const { states, segments, partOfByte, recordsMax } = around;');
  writeTable(code, text, { locate, load: loadMax, numberBits: firstNumberBits }, 'recordsMax');
  code.block('function insert(batch, length, countMax, numberBits)', () => {
    code.write(
      'const n = look(batch, 0, length, numberBits), mask = -1 >>> 32 - numberBits, tagBits = -2 << numberBits;',
    );
    code.write('let count = states.count, table = cells;');
    code.block(`next: for (let o = 0, k = 0; k < n; o += ${stride}, k++)`, () => {
      code.write(load('batch', 'o'));
      writeProbe(code, () => code.write(...locate('seen'), `if (${same('s', 'at')}) continue next;`));
      code.block('if (count >= countMax)', () => code.write('states.count = count;', 'return o;'));
      code.write(...locate('count'));
      for (let k = 0; k < words; k++) code.write(`s[at + ${k}] = w${k};`);
      code.write(`s[at + ${words}] = batch[o + ${words}];`, 'table[cell] = entered | ++count;');
      code.write('const p = partOfByte[bytes[k]];');
      code.block('if (++used[p] > room[p])', () => {
        code.write('grow(p, numberBits);', 'place(k + 1, n, numberBits);', 'table = cells;');
      });
    });
    code.write('states.count = count;', 'return length;');
  });
  code.write('return { insert, widen, cellCount, growthCells };');
  return code;
}
