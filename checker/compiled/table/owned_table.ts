// The exact table of a search with several workers, written as code that runs in each of them. Each worker owns the
// states of some hashes, and a table of them that nobody else reads or writes: it stays in the worker's caches, and
// nothing waits for a lock.
//
//   deal     a successor goes to the outbox for the worker that owns it, under a key: the state it was reached from
//            and its place among that state's successors, so keys are in the order of a single worker
//   enter    each worker looks up what the outboxes hold for it, in the order of the keys; a new state waits in the
//            worker's room, under a provisional number
//   number   rooms are in the order of the keys, so all workers merge them and come to the numbers that one worker
//            alone would give: each renumbers its entries, and moves its share of the new states to the states

import { Code } from '../emit/code.js';
import {
  alignment,
  loadMax,
  partCount,
  stateText,
  type TableTexts,
  type WordTexts,
  wordTexts,
  writeProbe,
  writeTable,
} from './table_text.js';

/** What a worker holds, beside the code of the Program. */
export interface TableSurroundings {
  readonly me: number;
  readonly workers: number;
  readonly partOfByte: Uint8Array;
  /** The worker that owns the states whose hash begins with each byte. */
  readonly ownerOfByte: Uint8Array;
  readonly segments: readonly Int32Array[];
  /** Records of successors: from each worker to each. */
  readonly outboxes: readonly (readonly Int32Array[])[];
  /** Of each worker: records of new states without a number. */
  readonly rooms: readonly Int32Array[];
  /** How far each of this worker's outboxes is filled, in 32-bit numbers. */
  readonly ends: Int32Array;
  /** Of each worker: how many states wait in its room. */
  readonly waiting: Int32Array;
  /** Of each worker: entries of each part after the last round, at worker × rowLength + part. */
  readonly taken: Int32Array;
}

/** Numbers between the rows of two workers: no two write to the same line of a cache. */
export const rowLength = 32;
/** Records that are looked up at once. */
export const recordsAtOnce = 512;
/** Parts of all workers grow together between rounds, so that nobody waits; within a round, only at this load. */
const roundLoadMax = 0.95;

/** What the code does. Every index is of 32-bit numbers. */
export interface TableCode {
  /** Enters those of the states up to `count` that this worker owns. */
  seed(count: number, numberBits: number): void;
  /** Begins a round of states from `from` on; `base` is the number that the first new state will get. */
  begin(from: number, base: number, numberBits: number): void;
  /** Deals the successors in so many numbers of the batch; false if an outbox has no room for all. */
  deal(batch: Int32Array, length: number): boolean;
  /** How many records were dealt in this round so far. */
  dealt(): number;
  /** Enters those of 512 records of an outbox, at most, that are new. */
  enter(box: Int32Array, begin: number, end: number, numberBits: number): void;
  /** Numbers the new states of all workers, the first by `base`. */
  number(numberBits: number): void;
  /** One more bit than this for numbers, one less for tags. */
  widen(numberBits: number): void;
  /** How many cells all parts have. */
  cellCount(): number;
  /** How many more it takes to grow, if so many new states come to each part. */
  growthCells(records: number): number;
}

/** Writes a function body that takes its `TableSurroundings` as `around`; a state has fewer than 2^branchingBits successors. */
export function writeOwnedTable(words: number, workers: number, branchingBits: number): Code {
  const code = new Code();
  const text = wordTexts(words);
  code.write(
    'const { me, workers, partOfByte, ownerOfByte, segments, rooms, ends, waiting, taken } = around;',
  );
  code.write('const boxes = around.outboxes[me], own = rooms[me];');
  // Where each new state of the round is in the table: cell × 16 + part, the cell counted from the start of the part.
  code.write(`const spots = new Int32Array(own.length / ${text.stride});`);
  code.write('const numbers = new Int32Array(spots.length + 1);');
  code.write('let firstNew = 0, begun = 0, filled = 0;');
  writeTable(code, text, differingTexts(text), `${recordsAtOnce}`);
  writeSeed(code, text);
  writeBegin(code);
  writeDeal(code, text, branchingBits);
  writeEnter(code, text);
  writeNumber(code, text, workers, branchingBits);
  code.write('return { seed, begin, deal, dealt, enter, number, widen, cellCount, growthCells };');
  return code;
}

/** States that wait in the room have numbers from `firstNew` on. */
const differingTexts = ({ stride }: WordTexts): TableTexts => {
  return {
    load: roundLoadMax,
    numberBits: 31,
    locate(number) {
      const { segment, offset } = stateText(number, stride);
      return [
        `let s = own, at = (${number} - firstNew) * ${stride};`,
        `if (${number} < firstNew) { s = ${segment}; at = ${offset}; }`,
      ];
    },
    moved: (number, cell) => `if (${number} >= firstNew) spots[${number} - firstNew] = (${cell}) << 4 | p;`,
  };
};

/** The parts are made large enough before, so that tags are as long as can be. */
function writeSeed(code: Code, { load, firstHash, stride }: WordTexts): void {
  code.block('function seed(count, numberBits)', () => {
    code.write(`firstNew = count;`, `const seeds = Array.from({ length: ${partCount} }, () => []);`);
    code.block('for (let number = 0; number < count; number++)', () => {
      const { segment, offset } = stateText('number', stride);
      code.write(`const s = ${segment}, at = ${offset};`, load('s', 'at'), ...firstHash);
      code.write('if (ownerOfByte[h >>> 24] === me) seeds[partOfByte[h >>> 24]].push(number);');
    });
    code.block(`for (let p = 0; p < ${partCount}; p++)`, () => {
      code.block(`while (seeds[p].length > sizes[p] * ${loadMax})`, () => {
        code.write('if (2 * sizes[p] > region) moveAll();', 'sizes[p] *= 2;');
      });
      code.write('used[p] = seeds[p].length;', 'valid[p] = Math.min(31 - numberBits, 32 - bucketsBits(p));');
    });
    code.write('settle();');
    code.write(
      `for (let p = 0; p < ${partCount}; p++) enterAgain(p, Int32Array.from(seeds[p]), used[p], numberBits);`,
    );
  });
}

/** A part grows if that of any worker is full: all spend the time together. */
function writeBegin(code: Code): void {
  code.block('function begin(from, number, numberBits)', () => {
    code.write('begun = from;', 'firstNew = number;', 'filled = waiting[me] = 0;', 'ends.fill(0);');
    code.block(`for (let p = 0; p < ${partCount}; p++)`, () => {
      code.write('let most = used[p];');
      code.write(`for (let w = 0; w < workers; w++) most = Math.max(most, taken[w * ${rowLength} + p]);`);
      code.write(`if (most > sizes[p] * ${loadMax}) grow(p, numberBits);`);
    });
  });
}

function writeDeal(code: Code, { words, stride, load, firstHash }: WordTexts, branchingBits: number): void {
  code.write(`const dealt = () => ends.reduce((sum, end) => sum + end, 0) / ${stride};`);
  code.block('function deal(batch, length)', () => {
    code.block('for (let w = 0; w < boxes.length; w++)', () => {
      code.write('if (ends[w] + length > boxes[w].length) return false;');
    });
    code.write('let reached = -1, key = 0;');
    code.block(`for (let o = 0; o < length; o += ${stride})`, () => {
      code.write(load('batch', 'o'), ...firstHash, `const parent = batch[o + ${words}];`);
      code.write(`key = parent === reached ? key + 1 : parent - begun << ${branchingBits};`);
      code.write('reached = parent;');
      code.write('const to = ownerOfByte[h >>> 24], box = boxes[to], end = ends[to];');
      for (let k = 0; k < words; k++) code.write(`box[end + ${k}] = w${k};`);
      code.write(`box[end + ${words}] = key;`, `ends[to] = end + ${stride};`);
    });
    code.write('return true;');
  });
}

function writeEnter(code: Code, { words, stride, load, same }: WordTexts): void {
  code.block('function enter(box, begin, end, numberBits)', () => {
    // A copy of what lives outside of the function, which the compiler would read again every time.
    code.write(
      'const n = look(box, begin, end, numberBits), mask = -1 >>> 32 - numberBits, tagBits = -2 << numberBits;',
    );
    code.write('const fresh = firstNew;', 'let count = filled, table = cells;');
    code.block(`next: for (let o = begin, k = 0; k < n; o += ${stride}, k++)`, () => {
      code.write(load('box', 'o'));
      writeProbe(code, () => {
        const { segment, offset } = stateText('seen', stride);
        code.block('if (seen < fresh)', () => {
          code.write(`const s = ${segment}, at = ${offset};`, `if (${same('s', 'at')}) continue next;`);
        });
        code.block('else', () => {
          code.write(`const at = (seen - fresh) * ${stride};`, `if (${same('own', 'at')}) continue next;`);
        });
      });
      code.write(`const to = count * ${stride}, byte = bytes[k], p = partOfByte[byte];`);
      for (let k = 0; k < words; k++) code.write(`own[to + ${k}] = w${k};`);
      code.write(`own[to + ${words}] = box[o + ${words}];`);
      code.write('spots[count] = cell - base[byte] << 4 | p;');
      code.write('table[cell] = entered | fresh + ++count;');
      code.block('if (++used[p] > room[p])', () => {
        code.write('grow(p, numberBits);', 'place(k + 1, n, numberBits);', 'table = cells;');
      });
    });
    code.write('filled = waiting[me] = count;');
  });
}

/** Merges the rooms: the next state is always the one with the least key. */
function writeNumber(code: Code, { words, stride }: WordTexts, workers: number, branchingBits: number): void {
  const each = Array.from({ length: workers }, (_, w) => w);
  const none = 2 ** 31 - 1;
  code.block('function number(numberBits)', () => {
    code.write('const mask = -1 >>> 32 - numberBits, table = cells, width = region;');
    for (const w of each) {
      code.write(`const room${w} = rooms[${w}], end${w} = waiting[${w}] * ${stride};`);
      code.write(`let at${w} = 0, key${w} = end${w} > 0 ? room${w}[${words}] : ${none};`);
    }
    code.write(`const total = ${each.map((w) => `waiting[${w}]`).join(' + ')};`);
    code.write(
      `const mine = Math.floor(total * me / ${workers}), mineEnd = Math.floor(total * (me + 1) / ${workers});`,
    );
    code.block('for (let n = 0, i = 0; n < total; n++)', () => {
      code.write('let who = 0, key = key0, from = room0, at = at0;');
      for (const w of each.slice(1)) {
        code.write(`if (key${w} < key) { who = ${w}; key = key${w}; from = room${w}; at = at${w}; }`);
      }
      code.block('switch (who)', () => {
        for (const w of each) {
          const next = `at${w} < end${w} ? room${w}[at${w} + ${words}] : ${none}`;
          code.write(`case ${w}: at${w} += ${stride}; key${w} = ${next}; break;`);
        }
      });
      code.write('numbers[i] = firstNew + n;', 'if (who === me) i++;');
      code.block('if (n >= mine && n < mineEnd)', () => {
        const { segment, offset } = stateText('number', stride);
        code.write('const number = firstNew + n;', `const s = ${segment}, to = ${offset};`);
        for (let k = 0; k < words; k++) code.write(`s[to + ${k}] = from[at + ${k}];`);
        code.write(`s[to + ${words}] = begun + (key >>> ${branchingBits});`);
      });
    });
    code.block('for (let i = 0; i < filled; i++)', () => {
      code.write(`const spot = spots[i], cell = (spot & 15) * width + ${alignment} + (spot >>> 4);`);
      code.write('table[cell] = table[cell] & ~mask | numbers[i] + 1;');
    });
    code.write(`taken.set(used, me * ${rowLength});`);
  });
}
