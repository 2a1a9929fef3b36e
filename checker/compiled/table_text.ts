// The open hash table of both exact searches, as pieces of code for states of so many words. A slot holds 1 + the number
// of a state in its low bits, and in the bits above a tag from the hash, so that few other states are compared.
//
//   record  ->  h, g  ->  part of h's first byte, slot of h's low bits, tag of g
//
// The table has sixteen parts of staggered sizes, which double one after the other: so there is no moment with two whole
// tables, and always about 7 bytes a state. They lie in one array, each with room to grow in place. Memory that was never
// touched is none, so the room costs nothing, and one array makes the loop that waits for memory a short one: the
// processor waits for as many slots at once as it has instructions in flight.

import type { Code } from './code.js';
import { firstHashText, secondHashText } from './hash.js';
import { segmentBits, segmentStates } from './states.js';

export const partCount = 16;
/** Slots of a part when it is made, and the room it has then. */
const firstSlots = 64;
const firstRoom = 2 ** 10;
/** The room of a part once it has outgrown that: together 2^30 slots, 4 GiB of which only what is used is ever taken. */
const roomMax = 2 ** 26;
/** A part grows when more of its slots are taken. */
export const loadMax = 0.875;
/** So many states fit into the table, whatever their hashes: then the largest part has 2^26 slots. */
export const tableStatesMax = 2 ** 29;

/**
 * Which of several tables the first byte of a hash belongs to. Neighbours belong together, and to one part of it: large
 * parts look at the low bits of that byte for a slot too, so these must differ there.
 */
export const tableOfByte = (byte: number, tables: number): number => Math.floor(amongAll(byte) * tables);

/**
 * Which part of its table each first byte of a hash belongs to, where there are so many tables: shares grow by a factor
 * of 2^(1/16) from part to part.
 */
export function partOfByte(tables: number): Uint8Array {
  const weight = Array.from({ length: partCount }, (_, p) => 2 ** (p / partCount));
  const total = weight.reduce((sum, w) => sum + w, 0);
  let upTo = 0;
  const ends = weight.map((w) => {
    upTo += w;
    return upTo / total;
  });
  return Uint8Array.from({ length: 256 }, (_, byte) => {
    const part = ends.findIndex((end) => (amongAll(byte) * tables) % 1 < end);
    return part < 0 ? partCount - 1 : part;
  });
}

/** Where a byte lies among all, as a fraction. */
const amongAll = (byte: number): number => (byte + 0.5) / 256;

export interface WordTexts {
  readonly words: number;
  readonly stride: number;
  /** Declares w0, w1, … from an array at an index. */
  readonly load: (from: string, base: string) => string;
  /** Are these words w0, w1, …? */
  readonly same: (from: string, base: string) => string;
  /** Declares h, the first hash of w0, w1, … */
  readonly firstHash: readonly string[];
  /** Declares g, the second. */
  readonly secondHash: readonly string[];
}

export function wordTexts(words: number): WordTexts {
  const all = Array.from({ length: words }, (_, k) => k);
  const at = (from: string, base: string, k: number) => `${from}[${base}${k === 0 ? '' : ` + ${k}`}]`;
  const names = all.map((k) => `w${k}`);
  return {
    words,
    stride: words + 1,
    load: (from, base) => `const ${all.map((k) => `w${k} = ${at(from, base, k)}`).join(', ')};`,
    same: (from, base) => all.map((k) => `${at(from, base, k)} === w${k}`).join(' && '),
    firstHash: firstHashText(names),
    secondHash: secondHashText(names),
  };
}

/** Where the state with this number is. */
export const stateText = (number: string, stride: number) => {
  return {
    segment: `segments[${number} >>> ${segmentBits}]`,
    offset: `(${number} & ${segmentStates - 1}) * ${stride}`,
  };
};

/** What differs between the tables. */
export interface TableTexts {
  /** Declares `s` and `at`, where the state with this number is. */
  readonly locate: (number: string) => readonly string[];
  /** What to do when the state with this number comes to another slot of part `p`. */
  readonly moved?: (number: string, slot: string) => string;
  /** How much of a part may be taken before a new state makes it grow. */
  readonly load: number;
}

/**
 * Writes the table itself, its growth, and `look`, which hashes records and waits for their slots. It declares `cells`,
 * `used` (slots taken of each part), `room` (how many may be), `sizes`, `base` and `last` (of each first byte of a hash,
 * the first slot of its part and the last one counted from there); of the records looked at: `hashes`, `tags`, `places`.
 */
export function writeTable(code: Code, text: WordTexts, differing: TableTexts, recordsMax: number): void {
  const each = `new Int32Array(${partCount})`;
  code.write(`let region = ${firstRoom}, cells = new Int32Array(${partCount * firstRoom});`);
  code.write(`const used = ${each}, room = ${each}, sizes = ${each}.fill(${firstSlots});`);
  code.write('const base = new Int32Array(256), last = new Int32Array(256);');
  for (const name of ['hashes', 'tags', 'places'])
    code.write(`const ${name} = new Int32Array(${recordsMax});`);
  code.write('let touched = 0;');
  code.block('function settle()', () => {
    code.block('for (let byte = 0; byte < 256; byte++)', () => {
      code.write('const p = partOfByte[byte];', 'base[byte] = p * region;', 'last[byte] = sizes[p] - 1;');
    });
    code.write(`for (let p = 0; p < ${partCount}; p++) room[p] = Math.floor(sizes[p] * ${differing.load});`);
  });
  code.write('settle();');
  writeLook(code, text);
  writeGrowth(code, text, differing);
  code.block('function widen(numberBits)', () => {
    code.write('const mask = -1 >>> 32 - numberBits;');
    code.block(`for (let p = 0; p < ${partCount}; p++)`, () => {
      code.block('for (let i = p * region, end = i + sizes[p]; i < end; i++)', () => {
        code.write('cells[i] = cells[i] >>> numberBits << numberBits + 1 | cells[i] & mask;');
      });
    });
  });
  code.write('const slots = () => sizes.reduce((sum, size) => sum + size, 0);');
  code.block('function growthSlots(records)', () => {
    code.write('let most = 0, more = 0;');
    code.block(`for (let p = 0; p < ${partCount}; p++)`, () => {
      code.write('let size = sizes[p];');
      code.write(`while (used[p] + records > size * ${loadMax}) size *= 2;`);
      code.write('most = Math.max(most, size);', 'more += size - sizes[p];');
    });
    code.write('return most > region ? slots() + more : more;');
  });
}

function writeLook(code: Code, { load, firstHash, secondHash, stride }: WordTexts): void {
  code.block('function place(from, to)', () => {
    code.block('for (let k = from; k < to; k++)', () => {
      code.write('const h = hashes[k];', 'places[k] = base[h >>> 24] + (h & last[h >>> 24]);');
    });
  });
  code.block('function look(records, begin, end)', () => {
    code.write('let n = 0, sum = 0;');
    code.block(`for (let o = begin; o < end; o += ${stride})`, () => {
      code.write(load('records', 'o'), ...firstHash, ...secondHash);
      code.write('hashes[n] = h;', 'tags[n] = g;');
      code.write('places[n++] = base[h >>> 24] + (h & last[h >>> 24]);');
    });
    code.write('const table = cells;', 'for (let k = 0; k < n; k++) sum ^= table[places[k]];');
    code.write('touched = sum;', 'return n;');
  });
}

/**
 * `grow` doubles a part in place: from an empty slot on, 256 entries at a time are taken out and put where they belong
 * now. None can come to lie further on than it did, so none gets in the way of one that waits. First the records of all
 * are read, then their slots, and then they are put there: short loops, each of which waits for much at once.
 */
function writeGrowth(code: Code, { load, firstHash }: WordTexts, { locate, moved }: TableTexts): void {
  const atOnce = 256;
  code.write(`const put = new Int32Array(${atOnce}), homes = new Int32Array(${atOnce});`);
  code.block('function grow(p, numberBits)', () => {
    code.write('const size = sizes[p];', 'if (2 * size > region) moveAll();');
    code.write('sizes[p] = 2 * size;', 'settle();');
    code.write('const begin = p * region, table = cells, end = 2 * size - 1;');
    code.write('const mask = -1 >>> 32 - numberBits;', 'let empty = 0;');
    code.write('while (table[begin + empty] !== 0) empty++;');
    code.block('for (let i = empty + 1; i < empty + size; )', () => {
      code.write('let count = 0, sum = 0;');
      code.block(`for (; i < empty + size && count < ${atOnce}; i++)`, () => {
        code.write(`const cell = begin + (i & size - 1), entry = table[cell];`, 'if (entry === 0) continue;');
        code.write('table[cell] = 0;', 'put[count++] = entry;');
        code.write('const seen = (entry & mask) - 1;', ...locate('seen'), 'sum ^= s[at];');
      });
      code.block('for (let k = 0; k < count; k++)', () => {
        code.write('const seen = (put[k] & mask) - 1;', ...locate('seen'), load('s', 'at'), ...firstHash);
        code.write('homes[k] = h & end;');
      });
      code.write('for (let k = 0; k < count; k++) sum ^= table[begin + homes[k]];');
      code.block('for (let k = 0; k < count; k++)', () => {
        code.write('let slot = homes[k];', 'while (table[begin + slot] !== 0) slot = slot + 1 & end;');
        code.write('table[begin + slot] = put[k];');
        if (moved) code.write('const seen = (put[k] & mask) - 1;', moved('seen', 'slot'));
      });
      code.write('touched = sum;');
    });
  });
  // Where so much memory cannot be had, not even to leave it alone, there is less room, and they move again later.
  code.block('function moveAll()', () => {
    code.write(`if (region === ${roomMax}) throw new Error('the table of states is full');`);
    code.write('let to, wider = 0;');
    code.block(`for (wider = ${roomMax}; to === undefined; )`, () => {
      code.write(`try { to = new Int32Array(${partCount} * wider); }`);
      code.write('catch (error) { wider /= 4; if (wider <= region) throw error; }');
    });
    code.block(`for (let p = 0; p < ${partCount}; p++)`, () => {
      code.write('to.set(cells.subarray(p * region, p * region + sizes[p]), p * wider);');
    });
    code.write('cells = to;', 'region = wider;', 'settle();');
  });
}

/** Writes the loop that looks for a record among what was `look`ed at; `same` jumps away if it is there. */
export function writeProbe(code: Code, writeSame: () => void): void {
  code.write('let cell = places[k], entry = table[cell];');
  code.block('if (entry !== 0)', () => {
    code.write(
      'const tag = tags[k] << numberBits, first = base[hashes[k] >>> 24], end = last[hashes[k] >>> 24];',
    );
    code.block(
      'do',
      () => {
        code.block('if (((entry ^ tag) & ~mask) === 0)', () => {
          code.write('const seen = (entry & mask) - 1;');
          writeSame();
        });
        code.write('cell = first + (cell - first + 1 & end);', 'entry = table[cell];');
      },
      '} while (entry !== 0);',
    );
  });
}
