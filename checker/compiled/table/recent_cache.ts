// A small cache of states that were found lately. Most successors that were seen were seen a moment ago, on the other way
// around a square of two independent steps: they are dropped here, before the table waits for memory to find them.
//
//   batch a b a c, of which b was found lately  ->  a c
//
// Whole states are compared, and what is dropped was looked up before: so no answer depends on the cache.

import { Code } from '../emit/code.js';
import { wordTexts } from './table_text.js';

/** Entries: 2^13, one for each of the low bits of a hash, so that all stay in the second cache of a processor. */
const entryBits = 13;

export interface Recent {
  /** Drops records of the batch that were found lately, and remembers the others; returns the length that is left. */
  sift(batch: Int32Array, length: number): number;
  /** Forgets all, where what was found last will not be looked up. */
  forget(): void;
}

/** What the cache takes, for records of so many numbers. */
export const recentBytes = (stride: number): number => 4 * (stride << entryBits);

const compiled = new Map<number, (around: undefined) => Recent>();

/** A cache for states of so many words. */
export function recentStates(words: number): Recent {
  const make = compiled.get(words) ?? writeRecent(words).compile<undefined, Recent>('around');
  compiled.set(words, make);
  return make(undefined);
}

/** Writes a function body that needs nothing. An entry is a record whose last number is 1. */
export function writeRecent(words: number): Code {
  const code = new Code();
  const { stride, load, same, firstHash } = wordTexts(words);
  const copy = (to: string, at: string) => {
    for (let k = 0; k < words; k++) code.write(`${to}[${at} + ${k}] = w${k};`);
  };
  code.write(`const recent = new Int32Array(${stride << entryBits});`);
  code.block('function sift(batch, length)', () => {
    code.write('let left = 0;');
    code.block(`for (let o = 0; o < length; o += ${stride})`, () => {
      code.write(load('batch', 'o'), ...firstHash, `const r = (h & ${2 ** entryBits - 1}) * ${stride};`);
      code.write(`if (${same('recent', 'r')} && recent[r + ${words}] === 1) continue;`);
      copy('recent', 'r');
      code.write(`recent[r + ${words}] = 1;`);
      code.write(`const mark = batch[o + ${words}];`);
      copy('batch', 'left');
      code.write(`batch[left + ${words}] = mark;`, `left += ${stride};`);
    });
    code.write('return left;');
  });
  code.write('const forget = () => { recent.fill(0); };', 'return { sift, forget };');
  return code;
}
