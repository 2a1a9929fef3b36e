// The exact set of seen states: an open hash table of state numbers that compares whole states. A slot holds
// 1 + the number in its low bits, and in the bits above a tag from the hash, so that few other states are compared.
//
//   batch record  ->  h, g  ->  part of h's first byte, slot of h's low bits, tag of g
//
// A batch is inserted in two passes: the first touches every slot, so that the processor waits for many cache misses
// at once; the second probes. The table has sixteen parts of staggered sizes: they double one after the other, so
// there is no long pause, no moment with two whole tables, and always about 7 bytes a state.

import { Code } from './code.js';
import type { SeenTable } from './seen.js';
import type { States } from './states.js';
import { stateText, wordTexts, writeMove } from './table_text.js';

const partCount = 16;
const firstSlots = 64;
/** A part grows when more of its slots are taken. */
export const loadMax = 0.875;
const firstNumberBits = 16;

/** Which part each first byte of a hash belongs to: shares grow by a factor of 2^(1/16) from part to part. */
export const partOfByte: Uint8Array = (() => {
  const parts = new Uint8Array(256);
  const weight = Array.from({ length: partCount }, (_, p) => 2 ** (p / partCount));
  const total = weight.reduce((sum, w) => sum + w, 0);
  let end = 0;
  let upTo = 0;
  weight.forEach((w, p) => {
    const begin = end;
    upTo += w;
    end = Math.round((256 * upTo) / total);
    parts.fill(p, begin, end);
  });
  return parts;
})();

interface TableCode {
  /** Hashes the records of the batch and touches their slots. */
  touch(length: number): number;
  /** Appends the states that are new, until there are `countMax`; returns how far it came. */
  insert(length: number, countMax: number, numberBits: number): number;
  /** Moves the entries of a part between `first` and `end` into an empty one. */
  moveSome(from: Int32Array, to: Int32Array, numberBits: number, first: number, end: number): void;
}

/** A table that others go on with: its parts, and how many bits of a slot are the number. */
export interface HandedOver {
  readonly parts: readonly Int32Array[];
  readonly numberBits: number;
}

export class ExactTable implements SeenTable {
  readonly #parts: Int32Array[] = Array.from({ length: partCount }, () => new Int32Array(firstSlots));
  readonly #used = new Int32Array(partCount);
  readonly #room = new Int32Array(partCount).fill(firstSlots * loadMax);
  readonly #code: TableCode;
  #numberBits = firstNumberBits;

  readonly states: States;

  constructor(states: States, batch: Int32Array) {
    this.states = states;
    const hashes = new Int32Array(2 * Math.ceil(batch.length / states.stride));
    const grow = (p: number) => this.#grow(p);
    this.#code = tableCode(states.words)({
      states,
      segments: states.segments,
      batch,
      hashes,
      parts: this.#parts,
      used: this.#used,
      room: this.#room,
      partOfByte,
      grow,
    });
  }

  insert(length: number, countMax: number): number {
    const most = this.states.count + length / this.states.stride;
    while (most + 1 >= 2 ** this.#numberBits) this.#widen();
    this.states.reserve(most);
    this.#code.touch(length);
    return this.#code.insert(length, countMax, this.#numberBits);
  }

  get bytes(): number {
    return this.#parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  get growthBytes(): number {
    return 2 * Math.max(...this.#parts.map(({ byteLength }) => byteLength));
  }

  missProbability(): undefined {}

  /** Gives its parts away, for others to go on with; it must not be used any more. */
  handOver(): HandedOver {
    return { parts: this.#parts.splice(0), numberBits: this.#numberBits };
  }

  #grow(p: number): void {
    const from = this.#parts[p]!;
    const to = new Int32Array(2 * from.length);
    this.#code.moveSome(from, to, this.#numberBits, 0, from.length);
    this.#parts[p] = to;
    this.#room[p] = Math.floor(to.length * loadMax);
  }

  /** One more bit for numbers, one less for tags. */
  #widen(): void {
    const bits = this.#numberBits++;
    const mask = 2 ** bits - 1;
    for (const part of this.#parts) {
      for (let slot = 0; slot < part.length; slot++) {
        const entry = part[slot]!;
        part[slot] = ((entry >>> bits) << (bits + 1)) | (entry & mask);
      }
    }
  }
}

/** By the words of a state: the code is the same for all Programs of that size. */
const compiled = new Map<number, (around: object) => TableCode>();

function tableCode(words: number): (around: object) => TableCode {
  const known = compiled.get(words) ?? writeTable(words).compile<object, TableCode>('around');
  compiled.set(words, known);
  return known;
}

function writeTable(words: number): Code {
  const code = new Code();
  const text = wordTexts(words);
  const { load, same, hash, stride } = text;
  code.write('const { states, segments, batch, hashes, parts, used, room, partOfByte, grow } = around;');
  code.write('let touched = 0;');
  code.block('function touch(length)', () => {
    code.write('let sum = 0;');
    code.block(`for (let o = 0, k = 0; o < length; o += ${stride}, k += 2)`, () => {
      code.write(load('batch', 'o'), ...hash, 'hashes[k] = h;', 'hashes[k + 1] = g;');
      code.write('const part = parts[partOfByte[h >>> 24]];', 'sum ^= part[h & part.length - 1];');
    });
    code.write('return sum;');
  });
  code.block('function insert(length, countMax, bits)', () => {
    code.write('const mask = -1 >>> 32 - bits;', 'let count = states.count;');
    code.block(`next: for (let o = 0, k = 0; o < length; o += ${stride}, k += 2)`, () => {
      code.write(load('batch', 'o'), 'const h = hashes[k], tag = hashes[k + 1] << bits;');
      code.write('const p = partOfByte[h >>> 24], part = parts[p], last = part.length - 1;');
      code.write('let slot = h & last, entry = part[slot];');
      code.block('while (entry !== 0)', () => {
        code.block('if (((entry ^ tag) & ~mask) === 0)', () => {
          code.write('const seen = (entry & mask) - 1;', ...stateText('seen', stride));
          code.write(`if (${same('s', 'at')}) continue next;`);
        });
        code.write('slot = slot + 1 & last;', 'entry = part[slot];');
      });
      code.block('if (count >= countMax)', () => code.write('states.count = count;', 'return o;'));
      code.write(...stateText('count', stride));
      for (let k = 0; k < words; k++) code.write(`s[at + ${k}] = w${k};`);
      code.write(`s[at + ${words}] = batch[o + ${words}];`, 'part[slot] = tag | ++count;');
      code.write('if (++used[p] > room[p]) grow(p);');
    });
    code.write('states.count = count;', 'return length;');
  });
  writeMove(code, text);
  code.write('return { touch, insert, moveSome };');
  return code;
}
