// The exact table of a search with several workers, written as code that runs in each of them. Every worker owns some
// parts of the table and alone reads and writes them, so there are no locks. A block of states goes through four
// phases, with a barrier after each:
//
//   expand   each worker expands its share of the block, hashes the successors and sorts them by owner
//   probe    each owner looks its successors up, worker by worker; new ones get a provisional number
//   number   each worker numbers the new ones among its successors: base, base + 1, … in the order of the block
//   settle   each owner puts the final numbers into its slots (no barrier: nobody else looks)
//
// The numbers are those that one worker alone would give, whatever the number of workers.

import { Code } from './code.js';
import { stateText, type WordTexts, wordTexts, writeMove } from './table_text.js';

/** What a worker holds, beside the code of the Program. Arrays of arrays are indexed by worker. */
export interface TableSurroundings {
  readonly me: number;
  readonly workers: number;
  /** Successors that each worker found, and per successor: h and g, is it new, its final number. */
  readonly batches: readonly Int32Array[];
  readonly hashes: readonly Int32Array[];
  readonly fresh: readonly Uint8Array[];
  readonly numbers: readonly Int32Array[];
  /** Which successors of worker w belong to owner o, in their order: at w × workers + o. */
  readonly lists: readonly Int32Array[];
  /** How many those are, and how many of them are new: also at w × workers + o. */
  readonly listed: Int32Array;
  readonly found: Int32Array;
  readonly segments: readonly Int32Array[];
  readonly ownerOfPart: Uint8Array;
  readonly partOfByte: Uint8Array;
}

/** What the code does in each phase. */
export interface TableCode {
  /** Hashes the first `length` numbers of the own batch, and sorts the successors by owner. */
  sort(length: number): void;
  /** Looks up the own successors of all workers; `base` is the number of the first new state. */
  probe(base: number): void;
  /** Numbers the new ones among so many successors of the own batch, and appends them to the states. */
  number(first: number, count: number): void;
  settle(): void;
  /** Enters states that were found before there were workers. */
  enter(count: number): void;
  bytes(): number;
}

const firstSlots = 1024;
const loadMax = 0.875;

/** Writes a function body that takes its `TableSurroundings` as `around`. */
export function writeSharedTable(words: number): Code {
  const code = new Code();
  const text = wordTexts(words);
  code.write(
    'const { me, workers, batches, hashes, fresh, numbers, lists, listed, found, segments } = around;',
    'const { ownerOfPart, partOfByte } = around;',
    `const parts = Array.from(ownerOfPart, (o) => (o === me ? new Int32Array(${firstSlots}) : undefined));`,
    'const used = new Float64Array(parts.length);',
    'const slots = new Int32Array(256), moved = new Int32Array(256);',
    'let newParts = new Uint8Array(1024), newSlots = new Int32Array(1024);',
    'let newWorkers = new Uint8Array(1024), newIndices = new Int32Array(1024);',
    'let bits = 16, news = 0, touched = 0;',
  );
  writeSort(code, text);
  writeProbe(code, text);
  writeNumber(code, text);
  writeGrowth(code, text);
  code.block('function bytes()', () => {
    code.write('let sum = 0;', 'for (const part of parts) if (part) sum += part.byteLength;', 'return sum;');
  });
  code.write('return { sort, probe, number, settle, enter, bytes };');
  return code;
}

function writeSort(code: Code, { load, hash, stride }: WordTexts): void {
  code.block('function sort(length)', () => {
    code.write('const batch = batches[me], hashed = hashes[me];');
    code.write('for (let o = 0; o < workers; o++) listed[me * workers + o] = 0;');
    code.block(`for (let o = 0, i = 0; o < length; o += ${stride}, i++)`, () => {
      code.write(load('batch', 'o'), ...hash, 'hashed[2 * i] = h;', 'hashed[2 * i + 1] = g;');
      code.write('const list = me * workers + ownerOfPart[partOfByte[h >>> 24]];');
      code.write('lists[list][listed[list]++] = i;');
    });
  });
}

function writeProbe(code: Code, text: WordTexts): void {
  code.block('function probe(base)', () => {
    code.write('let most = 0;', 'for (let w = 0; w < workers; w++) most += listed[w * workers + me];');
    code.write('makeRoom(most, base);', 'news = 0;');
    code.block('for (let w = 0; w < workers; w++)', () => {
      code.write('const count = listed[w * workers + me], first = news;');
      code.write('for (let k = 0; k < count; k += 512) probeSome(w, k, Math.min(count, k + 512), base);');
      code.write('found[w * workers + me] = news - first;');
    });
  });
  code.block('function probeSome(w, from, to, base)', () => {
    code.write(
      'const batch = batches[w], hashed = hashes[w], isNew = fresh[w], list = lists[w * workers + me];',
    );
    // Copies of what lives outside of the function, which the compiler would read again every time.
    code.write('const shift = bits, mask = -1 >>> 32 - bits, inParts = newParts, inSlots = newSlots;');
    code.write('const ofWorkers = newWorkers, ofIndices = newIndices;', 'let sum = 0, n = news;');
    code.block('for (let k = from; k < to; k++)', () => {
      code.write('const h = hashed[2 * list[k]], part = parts[partOfByte[h >>> 24]];');
      code.write('sum ^= part[h & part.length - 1];');
    });
    code.write('touched = sum;');
    code.block('next: for (let k = from; k < to; k++)', () => {
      code.write('const i = list[k], h = hashed[2 * i], tag = hashed[2 * i + 1] << shift;');
      code.write(`const o = i * ${text.stride};`, text.load('batch', 'o'));
      code.write('const p = partOfByte[h >>> 24], part = parts[p], last = part.length - 1;');
      code.write('let slot = h & last, entry = part[slot];');
      code.block('while (entry !== 0)', () => {
        code.block('if (((entry ^ tag) & ~mask) === 0)', () => writeCompare(code, text));
        code.write('slot = slot + 1 & last;', 'entry = part[slot];');
      });
      code.write('isNew[i] = 1;', 'inParts[n] = p;', 'inSlots[n] = slot;', 'ofWorkers[n] = w;');
      code.write('ofIndices[n] = i;', 'part[slot] = tag | base + ++n;', 'used[p]++;');
    });
    code.write('news = n;');
  });
}

/** A provisional number stands for a successor of this block, any other for a state. */
function writeCompare(code: Code, { stride, same }: WordTexts): void {
  code.write('const seen = (entry & mask) - 1;');
  code.block('if (seen < base)', () => {
    code.write(...stateText('seen', stride));
    code.block(`if (${same('s', 'at')})`, () => code.write('isNew[i] = 0;', 'continue next;'));
  });
  code.block('else', () => {
    code.write('const s = batches[ofWorkers[seen - base]];');
    code.write(`const at = ofIndices[seen - base] * ${stride};`);
    code.block(`if (${same('s', 'at')})`, () => code.write('isNew[i] = 0;', 'continue next;'));
  });
}

function writeNumber(code: Code, { stride }: WordTexts): void {
  code.block('function number(first, count)', () => {
    code.write('const batch = batches[me], isNew = fresh[me], own = numbers[me];', 'let next = first;');
    code.block('for (let i = 0; i < count; i++)', () => {
      code.write('if (isNew[i] === 0) continue;', ...stateText('next', stride));
      code.write(`for (let k = 0, o = i * ${stride}; k < ${stride}; k++) s[at + k] = batch[o + k];`);
      code.write('own[i] = next++;');
    });
  });
  code.block('function settle()', () => {
    code.write('const mask = -1 >>> 32 - bits;');
    code.block('for (let k = 0; k < news; k++)', () => {
      code.write('const part = parts[newParts[k]], slot = newSlots[k];');
      code.write('part[slot] = part[slot] & ~mask | numbers[newWorkers[k]][newIndices[k]] + 1;');
    });
    code.write('news = 0;');
  });
}

function writeGrowth(code: Code, text: WordTexts): void {
  const { load, hash, stride } = text;
  code.block('function makeRoom(most, base)', () => {
    code.write('while (base + most + 1 >= 2 ** bits) widen();');
    code.block('if (newSlots.length < most)', () => {
      code.write('newParts = new Uint8Array(2 * most);', 'newSlots = new Int32Array(2 * most);');
      code.write('newWorkers = new Uint8Array(2 * most);', 'newIndices = new Int32Array(2 * most);');
    });
    // All of a block's successors may be new and belong to one part: then it still must not be full.
    code.block('for (let p = 0; p < parts.length; p++)', () => {
      const full = `used[p] > parts[p].length * ${loadMax} || used[p] + most >= parts[p].length`;
      code.write(`while (parts[p] && (${full})) grow(p);`);
    });
  });
  code.block('function grow(p)', () => {
    code.write('const from = parts[p], to = new Int32Array(2 * from.length), last = to.length - 1;');
    code.write('const mask = -1 >>> 32 - bits;');
    writeMove(code, text);
    code.write('parts[p] = to;');
  });
  code.block('function widen()', () => {
    code.write('const mask = -1 >>> 32 - bits;');
    code.block('for (const part of parts)', () => {
      code.write('if (part === undefined) continue;');
      code.block('for (let i = 0; i < part.length; i++)', () => {
        code.write('part[i] = (part[i] >>> bits) << bits + 1 | part[i] & mask;');
      });
    });
    code.write('bits++;');
  });
  code.block('function enter(count)', () => {
    code.write('while (count + 1 >= 2 ** bits) widen();');
    code.block('for (let i = 0; i < count; i++)', () => {
      code.write(...stateText('i', stride), load('s', 'at'), ...hash, 'const p = partOfByte[h >>> 24];');
      code.write('if (ownerOfPart[p] !== me) continue;');
      code.write(`if (++used[p] > parts[p].length * ${loadMax}) grow(p);`);
      code.write('const part = parts[p], last = part.length - 1;', 'let slot = h & last;');
      code.write('while (part[slot] !== 0) slot = slot + 1 & last;', 'part[slot] = g << bits | i + 1;');
    });
  });
}
