// The exact table of a search with several workers, written as code that runs in each of them. All look up and enter
// states at once: an empty slot is taken by compare-and-swap, whoever comes second looks at what the first put there.
// States get the numbers that one worker alone would give, so a round of the search goes through three phases:
//
//   enter    a new state waits in the worker's own waiting room, under a provisional number, with the least of all
//            the states it was reached from; whoever lowers that logs it, as does whoever entered it
//   count    each worker counts the log's entries that nobody lowered since: the new states of each chunk
//   number   those are moved to the states, chunk by chunk in the order of the round, and their slots renumbered
//
// A slot tells where a record is, and records are written before their slots are. Reading one through the other
// needs no fence on the processors that we run on: they all keep the order of reads that depend on each other.

import { Code } from './code.js';
import { stateText, type WordTexts, wordTexts, writeMove } from './table_text.js';

/** What a worker holds, beside the code of the Program. */
export interface TableSurroundings {
  readonly me: number;
  readonly workers: number;
  /** The parts of the table; whoever replaces one does so in all workers. */
  readonly parts: Int32Array[];
  readonly partOfByte: Uint8Array;
  readonly segments: readonly Int32Array[];
  /** Of each worker: records of new states without a number, 2^roomBits at most. */
  readonly rooms: readonly Int32Array[];
  /** How many states each worker entered into each part in this round, and may enter, at worker × rowLength + part. */
  readonly entered: Int32Array;
  readonly allowed: Int32Array;
}

/** What the code does. Every index is of 32-bit numbers; slots are counted in their part. */
export interface TableCode {
  /** Begins a round: `base` is the number that the first new state will get, and `bits` the bits of a number. */
  begin(base: number, bits: number): void;
  /** Looks up the successors in so many numbers of the batch; false if there is no room for one. */
  enter(batch: Int32Array, length: number): boolean;
  /** How long the log is: its entries up to here belong to the chunk under way. */
  logged(): number;
  /** How many entries of the log between `from` and `to` stand for new states. */
  count(from: number, to: number): number;
  /** Gives those the numbers from `next` on. */
  number(from: number, to: number, next: number): void;
  /** Takes back what this worker entered in the round. */
  takeBack(): void;
  /** Moves a worker's share of the entries of a part to one of twice the size. */
  move(from: Int32Array, to: Int32Array, bits: number, worker: number): void;
  /** Gives numbers of a part one more bit than `bits`, and tags one less. */
  widen(part: Int32Array, bits: number): void;
}

/** Numbers between the rows of two workers: no two write to the same line of a cache. */
export const rowLength = 32;
/** Numbers in an entry of the log: a provisional number, the state it was reached from, slot × 16 + part. */
const entryLength = 3;
/** Numbers in the log of a worker: as many states may be lowered as entered. */
export const logLength = (roomBits: number): number => entryLength * 2 * 2 ** roomBits;

/** Writes a function body that takes its `TableSurroundings` as `around`. */
export function writeSharedTable(words: number, roomBits: number): Code {
  const code = new Code();
  const text = wordTexts(words);
  code.write('const { me, workers, parts, partOfByte, segments, rooms, entered, allowed } = around;');
  code.write(
    `const room = rooms[me], roomBits = ${roomBits}, roomLimit = ${2 ** roomBits - 1}, mine = me * ${rowLength};`,
  );
  code.write('let hashes = new Int32Array(1024), touched = 0;');
  code.write(`const log = new Int32Array(${logLength(roomBits)}), logLimit = log.length - ${entryLength};`);
  code.write('let base = 0, bits = 0, waiting = 0, logEnd = 0;');
  code.block('function begin(first, numberBits)', () => {
    code.write('base = first;', 'bits = numberBits;', 'waiting = 0;', 'logEnd = 0;');
    code.write('for (let p = 0; p < parts.length; p++) entered[mine + p] = 0;');
  });
  writeEnter(code, text);
  writeNumber(code, text);
  writeGrowth(code, text);
  code.write('const logged = () => logEnd;');
  code.write('return { begin, enter, logged, count, number, takeBack, move, widen };');
  return code;
}

function writeEnter(code: Code, { words, load, same, hash, stride }: WordTexts): void {
  code.block('function enter(batch, length)', () => {
    code.write(`if (hashes.length * ${stride} < 2 * length) hashes = new Int32Array(2 * length);`);
    // Copies of what lives outside of the function, which the compiler would read again every time.
    code.write('const numberBits = bits, first = base, hashed = hashes, mask = -1 >>> 32 - numberBits;');
    code.write('let sum = 0, filled = waiting, end = logEnd;');
    code.block(`for (let o = 0, k = 0; o < length; o += ${stride}, k += 2)`, () => {
      code.write(load('batch', 'o'), ...hash, 'hashed[k] = h;', 'hashed[k + 1] = g;');
      code.write('const part = parts[partOfByte[h >>> 24]];', 'sum ^= part[h & part.length - 1];');
    });
    code.write('touched = sum;');
    code.block(`next: for (let o = 0, k = 0; o < length; o += ${stride}, k += 2)`, () => {
      code.write(load('batch', 'o'), 'const h = hashed[k], tag = hashed[k + 1] << numberBits;');
      code.write('const p = partOfByte[h >>> 24], part = parts[p], last = part.length - 1;');
      code.write('let slot = h & last, entry = part[slot];');
      code.block('for (;;)', () => {
        code.block('if (entry === 0)', () => writeClaim(code, words, stride));
        code.block('if (((entry ^ tag) & ~mask) === 0)', () => {
          code.write('const seen = (entry & mask) - 1;');
          code.block('if (seen < first)', () => {
            code.write(...stateText('seen', stride), `if (${same('s', 'at')}) continue next;`);
          });
          code.block('else', () => {
            code.write('const s = rooms[seen - first >>> roomBits];');
            code.write(`const at = (seen - first & roomLimit) * ${stride};`);
            code.block(`if (${same('s', 'at')})`, () => writeLower(code, words));
          });
        });
        code.write('slot = slot + 1 & last;', 'entry = part[slot];');
      });
    });
    code.write('waiting = filled;', 'logEnd = end;', 'return true;');
  });
}

const noRoom = ['waiting = filled;', 'logEnd = end;', 'return false;'].join(' ');
const log = (number: string): readonly string[] => [
  `log[end] = ${number};`,
  'log[end + 1] = parent;',
  'log[end + 2] = slot << 4 | p;',
  `end += ${entryLength};`,
];

/** Tries to take an empty slot; goes on with what is there if another worker was faster. */
function writeClaim(code: Code, words: number, stride: number): void {
  code.block('if (filled > roomLimit || end > logLimit || entered[mine + p] >= allowed[mine + p])', () => {
    code.write(noRoom);
  });
  code.write(`const to = filled * ${stride}, parent = batch[o + ${words}];`);
  for (let k = 0; k < words; k++) code.write(`room[to + ${k}] = w${k};`);
  code.write(`room[to + ${words}] = parent;`, 'const provisional = first + (me << roomBits) + filled;');
  code.write('entry = Atomics.compareExchange(part, slot, 0, tag | provisional + 1);');
  code.block('if (entry === 0)', () => {
    code.write(...log('provisional'), 'filled++;', 'entered[mine + p]++;', 'continue next;');
  });
}

/** The same state was entered in this round: it is reached from the least of all states that reach it. */
function writeLower(code: Code, words: number): void {
  code.write(`const parent = batch[o + ${words}];`);
  code.write(`let least = s[at + ${words}];`);
  code.write('if (least <= parent) continue next;', `if (end > logLimit) { ${noRoom} }`);
  code.block(
    'do',
    () => {
      code.write(`const was = Atomics.compareExchange(s, at + ${words}, least, parent);`);
      code.write('if (was === least) break;', 'least = was;');
    },
    '} while (parent < least);',
  );
  code.write('if (parent < least) {', ...log('seen').map((line) => `  ${line}`), '}', 'continue next;');
}

function writeNumber(code: Code, { words, stride }: WordTexts): void {
  const eachNew = (body: () => void) =>
    code.block(`for (let e = from; e < to; e += ${entryLength})`, () => {
      code.write('const waits = rooms[log[e] - base >>> roomBits];');
      code.write(`const o = (log[e] - base & roomLimit) * ${stride};`);
      code.write(`if (waits[o + ${words}] !== log[e + 1]) continue;`);
      body();
    });
  code.block('function count(from, to)', () => {
    code.write('let n = 0;');
    eachNew(() => code.write('n++;'));
    code.write('return n;');
  });
  code.block('function number(from, to, next)', () => {
    code.write('const mask = -1 >>> 32 - bits;', 'let sum = 0;');
    const touch = 'sum ^= parts[log[e + 2] & 15][log[e + 2] >>> 4];';
    code.block(`for (let e = from; e < to; e += ${entryLength})`, () => code.write(touch));
    code.write('touched = sum;');
    eachNew(() => {
      code.write(...stateText('next', stride));
      code.write(`for (let k = 0; k < ${stride}; k++) s[at + k] = waits[o + k];`);
      code.write('const slot = log[e + 2] >>> 4, part = parts[log[e + 2] & 15];');
      code.write('part[slot] = part[slot] & ~mask | ++next;');
    });
  });
}

function writeGrowth(code: Code, text: WordTexts): void {
  code.block('function takeBack()', () => {
    code.block(`for (let e = 0; e < logEnd; e += ${entryLength})`, () => {
      // What was there before the round was found without these entries, so it is found without them again.
      code.write('if (log[e] - base >>> roomBits === me) parts[log[e + 2] & 15][log[e + 2] >>> 4] = 0;');
    });
  });
  writeMove(code, text);
  // Entries between two empty slots find their places between the same two, or as far on in the second half.
  code.block('function move(from, to, numberBits, worker)', () => {
    code.write(
      'const length = from.length, begin = emptyFrom(from, worker), stop = emptyFrom(from, worker + 1);',
    );
    code.write('moveSome(from, to, numberBits, begin, Math.min(stop, length));');
    code.write('if (stop > length) moveSome(from, to, numberBits, 0, stop - length);');
  });
  code.block('function emptyFrom(from, worker)', () => {
    code.write('let slot = Math.floor(from.length * worker / workers);');
    code.write('while (from[slot & from.length - 1] !== 0) slot++;', 'return slot;');
  });
  code.block('function widen(part, numberBits)', () => {
    code.write('const mask = -1 >>> 32 - numberBits;');
    code.block('for (let i = 0; i < part.length; i++)', () => {
      code.write('part[i] = part[i] >>> numberBits << numberBits + 1 | part[i] & mask;');
    });
  });
}
