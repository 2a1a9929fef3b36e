// The hash table of both exact searches, as pieces of code for states of so many words. An entry is 1 + the number of a
// state, a bit that says whether it lies behind its own bucket, and a tag from the hash, so that few other states are
// compared.
//
//   record  ->  h, g  ->  part of h's first byte, bucket of g's low bits, tag of the bits above them
//
// A bucket is half a line of a cache, filled from its start; what does not fit lies in the next. The table has sixteen parts
// of staggered sizes, which double one after the other: so there is no moment with two whole tables, and always about 7
// bytes a state. The lowest bit of a tag says which half of its bucket an entry goes to when its part doubles, so no
// state is read for that, and a tag loses a bit as a number gets one more.
//
// The parts lie in one array, each with room to grow in place. Memory that was never touched is none, so the room costs
// nothing, and one array makes the loop that waits for memory a short one: the processor waits for as many buckets at once
// as it has instructions in flight.

import type { Code } from '../emit/code.js';
import { firstHashText, secondHashText } from '../emit/hash.js';
import { segmentBits, segmentStates } from './states.js';

export const partCount = 16;
/** Slots of a part when it is made, and the room it has then. */
const firstSlots = 64;
const firstRoom = 2 ** 10;
/** Once it has outgrown that; more would make V8 collect garbage in many a small search. */
const secondRoom = 2 ** 16;
/** Once it has outgrown that too: together 2^30 cells, 4 GiB of which only what is used is ever taken. */
const roomMax = 2 ** 26;
/** A part grows when more of its cells are taken. */
export const loadMax = 0.875;
/** So many states fit into the table: then the largest part has 2^26 cells, and about 0.7 of them are taken. */
export const tableStatesMax = 2 ** 29;

/** Which of several tables the first byte of a hash belongs to. */
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
  /** What to do when the state with this number comes to another cell of part `p`. */
  readonly moved?: (number: string, cell: string) => string;
  /** How much of a part may be taken before a new state makes it grow. */
  readonly load: number;
  /** Bits of a number at the start. */
  readonly numberBits: number;
}

/** Entries in a bucket, as a power of two. */
const bucketBits = 3;
const bucketSize = 1 << bucketBits;
/** Arrays begin 16 bytes behind a line of the cache. */
export const alignment = 12;

/**
 * Writes the table itself, its growth, and `look`, which hashes records and waits for their buckets. It declares `cells`,
 * `used` (entries of each part), `room` (how many may be), `sizes` (cells), `valid` (bits of a tag); of each first byte
 * of a hash, `base` (the first cell of its part) and `last` (the last bucket); of the records looked at, `bytes`,
 * `hashes`, `tags` and `places`, the first cells of their buckets.
 */
export function writeTable(code: Code, text: WordTexts, differing: TableTexts, recordsMax: string): void {
  const each = `new Int32Array(${partCount})`;
  const ofByte = 'new Int32Array(256)';
  code.write(`let region = ${firstRoom}, cells = new Int32Array(${partCount * firstRoom + alignment});`);
  code.write(`const used = ${each}, room = ${each}, sizes = ${each}.fill(${firstSlots});`);
  code.write(`const valid = ${each}.fill(${31 - differing.numberBits});`);
  code.write(`const base = ${ofByte}, last = ${ofByte}, shift = ${ofByte}, tagMask = ${ofByte};`);
  for (const name of ['bytes', 'hashes', 'tags', 'places']) {
    code.write(`const ${name} = new Int32Array(${recordsMax});`);
  }
  code.write('let touched = 0;', `const bucketsBits = (p) => 31 - Math.clz32(sizes[p]) - ${bucketBits};`);
  code.block('function settle()', () => {
    code.block('for (let byte = 0; byte < 256; byte++)', () => {
      code.write('const p = partOfByte[byte];', `base[byte] = p * region + ${alignment};`);
      code.write(`last[byte] = (sizes[p] >>> ${bucketBits}) - 1;`, 'shift[byte] = bucketsBits(p);');
      code.write('tagMask[byte] = 2 ** valid[p] - 1;');
    });
    code.write(`for (let p = 0; p < ${partCount}; p++) room[p] = Math.floor(sizes[p] * ${differing.load});`);
  });
  code.write('settle();');
  writeLook(code, text);
  writeGrowth(code, text, differing);
  code.block('function widen(numberBits)', () => {
    code.write('const mask = -1 >>> 32 - numberBits;');
    code.block(`for (let p = 0; p < ${partCount}; p++)`, () => {
      code.block(`for (let i = p * region + ${alignment}, end = i + sizes[p]; i < end; i++)`, () => {
        code.write('cells[i] = cells[i] >>> numberBits << numberBits + 1 | cells[i] & mask;');
      });
      code.write('valid[p] = Math.min(valid[p], 30 - numberBits);');
    });
    code.write('settle();');
  });
  code.write('const cellCount = () => sizes.reduce((sum, size) => sum + size, 0);');
  code.block('function growthCells(records)', () => {
    code.write('let most = 0, more = 0;');
    code.block(`for (let p = 0; p < ${partCount}; p++)`, () => {
      code.write('let size = sizes[p];');
      code.write(`while (used[p] + records > size * ${loadMax}) size *= 2;`);
      code.write('most = Math.max(most, size);', 'more += size - sizes[p];');
    });
    code.write('return most > region ? cellCount() + more : more;');
  });
}

function writeLook(code: Code, { load, firstHash, secondHash, stride }: WordTexts): void {
  code.block('function place(from, to, numberBits)', () => {
    code.block('for (let k = from; k < to; k++)', () => {
      code.write('const g = hashes[k], byte = bytes[k];');
      code.write(`places[k] = base[byte] + ((g & last[byte]) << ${bucketBits});`);
      code.write('tags[k] = (g >>> shift[byte] & tagMask[byte]) << numberBits + 1;');
    });
  });
  code.block('function look(records, begin, end, numberBits)', () => {
    code.write('let n = 0, sum = 0;');
    code.block(`for (let o = begin; o < end; o += ${stride}, n++)`, () => {
      code.write(load('records', 'o'), ...firstHash, ...secondHash);
      code.write('bytes[n] = h >>> 24;', 'hashes[n] = g;');
    });
    code.write('place(0, n, numberBits);');
    code.write('const table = cells;', 'for (let k = 0; k < n; k++) sum ^= table[places[k]];');
    code.write('touched = sum;', 'return n;');
  });
}

/**
 * `grow` doubles a part in place. Entries go to one of two buckets by the lowest bit of their tag; those that lay behind
 * their bucket are taken out, and entered again. Where tags have no bit left, all are, with tags as long as can be.
 */
function writeGrowth(code: Code, text: WordTexts, differing: TableTexts): void {
  const { moved } = differing;
  code.block('function grow(p, numberBits)', () => {
    code.write('if (2 * sizes[p] > region) moveAll();');
    code.write(
      `const size = sizes[p], begin = p * region + ${alignment}, table = cells, isKnown = valid[p] > 0;`,
    );
    code.write(
      'const mask = -1 >>> 32 - numberBits, behind = 1 << numberBits, aside = new Int32Array(used[p]);',
    );
    code.write('let n = 0;');
    code.block(`for (let from = begin; from < begin + size; from += ${bucketSize})`, () => {
      code.write('let stay = from, go = from + size;');
      code.block(`for (let i = from; i < from + ${bucketSize}; i++)`, () => {
        code.write('const entry = table[i];', 'if (entry === 0) break;', 'table[i] = 0;');
        code.write('if (!isKnown || (entry & behind) !== 0) { aside[n++] = (entry & mask) - 1; continue; }');
        code.write('const tag = entry >>> numberBits + 1, to = (tag & 1) === 0 ? stay++ : go++;');
        code.write('table[to] = tag >>> 1 << numberBits + 1 | entry & mask;');
        if (moved) code.write('const seen = (entry & mask) - 1;', moved('seen', 'to - begin'));
      });
    });
    code.write('sizes[p] = 2 * size;');
    code.write('valid[p] = isKnown ? valid[p] - 1 : Math.min(31 - numberBits, 32 - bucketsBits(p));');
    code.write('settle();', 'enterAgain(p, aside, n, numberBits);');
  });
  writeEnterAgain(code, text, differing);
  // Where so much memory cannot be had, not even to leave it alone, there is less room, and they move again later.
  code.block('function moveAll()', () => {
    code.write(`if (region === ${roomMax}) throw new Error('the table of states is full');`);
    code.write('let to, wider = 0;');
    code.block(
      `for (wider = region < ${secondRoom} ? ${secondRoom} : ${roomMax}; to === undefined; )`,
      () => {
        code.write(`try { to = new Int32Array(${partCount} * wider + ${alignment}); }`);
        code.write('catch (error) { wider /= 4; if (wider <= region) throw error; }');
      },
    );
    code.block(`for (let p = 0; p < ${partCount}; p++)`, () => {
      code.write(`const from = p * region + ${alignment};`);
      code.write(`to.set(cells.subarray(from, from + sizes[p]), p * wider + ${alignment});`);
    });
    code.write('cells = to;', 'region = wider;', 'settle();');
  });
}

/** `enterAgain` puts states with these numbers into a part: all records are read first, then all buckets. */
function writeEnterAgain(
  code: Code,
  { load, firstHash, secondHash }: WordTexts,
  { locate, moved }: TableTexts,
): void {
  const atOnce = 256;
  code.write(`const put = new Int32Array(${atOnce});`);
  code.block('function enterAgain(p, numbers, end, numberBits)', () => {
    code.write(`const begin = p * region + ${alignment}, table = cells, inPart = sizes[p] - 1;`);
    code.write('const buckets = bucketsBits(p), bucketMask = 2 ** buckets - 1, mask = 2 ** valid[p] - 1;');
    code.block(`for (let from = 0; from < end; from += ${atOnce})`, () => {
      code.write(`const count = Math.min(${atOnce}, end - from);`, 'let sum = 0;');
      code.block('for (let k = 0; k < count; k++)', () => {
        code.write('const seen = numbers[from + k];', ...locate('seen'), 'sum ^= s[at];');
      });
      code.block('for (let k = 0; k < count; k++)', () => {
        code.write('const seen = numbers[from + k];', ...locate('seen'));
        code.write(load('s', 'at'), ...firstHash, ...secondHash, 'put[k] = g;');
      });
      code.write(
        `for (let k = 0; k < count; k++) sum ^= table[begin + ((put[k] & bucketMask) << ${bucketBits})];`,
      );
      code.block('for (let k = 0; k < count; k++)', () => {
        code.write('const g = put[k], seen = numbers[from + k];');
        code.write(`let cell = (g & bucketMask) << ${bucketBits}, first = cell;`);
        code.write('while (table[begin + cell] !== 0) cell = cell + 1 & inPart;');
        code.write(
          `const behind = cell >>> ${bucketBits} === first >>> ${bucketBits} ? 0 : 1 << numberBits;`,
        );
        code.write('table[begin + cell] = (g >>> buckets & mask) << numberBits + 1 | behind | seen + 1;');
        if (moved) code.write(moved('seen', 'cell'));
      });
      code.write('touched = sum;');
    });
  });
}

/**
 * Writes the loop that looks for a record among what was `look`ed at; `same` jumps away if it is there. Else `cell` is
 * where it goes, and `entered` what it is there but for its number.
 */
export function writeProbe(code: Code, writeSame: () => void): void {
  code.write(`let cell = places[k], end = cell + ${bucketSize}, entered = tags[k], entry = table[cell];`);
  code.block('while (entry !== 0)', () => {
    code.block('if (((entry ^ entered) & tagBits) === 0)', () => {
      code.write('const seen = (entry & mask) - 1;');
      writeSame();
    });
    code.block('if (++cell === end)', () => {
      code.write('const byte = bytes[k];');
      code.write(
        `cell = base[byte] + (cell - base[byte] & (last[byte] << ${bucketBits} | ${bucketSize - 1}));`,
      );
      code.write(`end = cell + ${bucketSize};`, 'entered |= mask + 1;');
    });
    code.write('entry = table[cell];');
  });
}
