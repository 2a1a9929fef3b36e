// The only code of tables that depends on the number of words in a state: it hashes a state, compares two, and copies
// one. It is generated, so that it has no loops; its callers are ordinary TypeScript.
//
// The hashes take a few nanoseconds and only spread states over a table: tables compare whole states, so no answer
// depends on their quality.

import { Code } from '../emit/code.js';

/** Functions on records: the words of a state and a mark, beginning at an index of an array. */
export interface WordCode {
  /** 32 bits of hash. */
  firstHash(from: Int32Array, at: number): number;
  /** 32 more, from the state and its first hash. */
  secondHash(from: Int32Array, at: number, first: number): number;
  /** Do two records have the same words? Marks are ignored. */
  same(a: Int32Array, i: number, b: Int32Array, j: number): boolean;
  /** Copies a record, mark included. */
  copy(from: Int32Array, i: number, to: Int32Array, j: number): void;
  /**
   * Is a record missing from the cache at this index? Then stores it there, with a mark of 1, and copies it with its
   * own mark. One function, so that each word is loaded once.
   */
  replace(cache: Int32Array, at: number, from: Int32Array, i: number, to: Int32Array, j: number): boolean;
}

/** Odd constants with evenly spread bits; multiplication by them is a bijection. */
const primes = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1, 0xcc9e2d51] as const;
const prime = (i: number): number => primes[i % primes.length]! | 0;

/** Writes a function body that needs nothing and returns `WordCode`. */
export function writeWordCode(words: number): Code {
  const code = new Code();
  const each = Array.from({ length: words }, (_, k) => k);
  const word = (from: string, at: string, k: number) => `${from}[${at}${k === 0 ? '' : ` + ${k}`}]`;
  code.block('function firstHash(from, at)', () => {
    code.write('let h = 1831565813;');
    for (const k of each) {
      code.write(`h = Math.imul(h ^ ${word('from', 'at', k)}, ${prime(k)});`, 'h ^= h >>> 15;');
    }
    code.write(`h = Math.imul(h, ${prime(2)});`, 'return h ^ h >>> 14;');
  });
  code.block('function secondHash(from, at, first)', () => {
    code.write('let g = -1640531527;');
    for (const k of each) {
      code.write(`g = Math.imul(g + ${word('from', 'at', k)} | 0, ${prime(k + 3)});`, 'g ^= g >>> 13;');
    }
    code.write(`g = Math.imul(g ^ first, ${prime(1)});`, 'return g ^ g >>> 15;');
  });
  code.block('function same(a, i, b, j)', () => {
    code.write(`return ${each.map((k) => `${word('a', 'i', k)} === ${word('b', 'j', k)}`).join(' && ')};`);
  });
  code.block('function copy(from, i, to, j)', () => {
    for (const k of [...each, words]) code.write(`${word('to', 'j', k)} = ${word('from', 'i', k)};`);
  });
  code.block('function replace(cache, at, from, i, to, j)', () => {
    code.write(`const ${each.map((k) => `w${k} = ${word('from', 'i', k)}`).join(', ')};`);
    const isThere = each.map((k) => `${word('cache', 'at', k)} === w${k}`).join(' && ');
    code.write(`if (${isThere} && ${word('cache', 'at', words)} === 1) return false;`);
    for (const k of each) code.write(`${word('cache', 'at', k)} = w${k};`);
    code.write(`${word('cache', 'at', words)} = 1;`, `const mark = ${word('from', 'i', words)};`);
    for (const k of each) code.write(`${word('to', 'j', k)} = w${k};`);
    code.write(`${word('to', 'j', words)} = mark;`, 'return true;');
  });
  code.write('return { firstHash, secondHash, same, copy, replace };');
  return code;
}

/** States with more words have their code generated each time. */
const wordsShared = 16;
const shared: (WordCode | undefined)[] = [];

/** The code for states of so many words: shared by all Programs of that size, so that V8 optimises it once. */
export function wordCode(words: number): WordCode {
  const code = shared[words] ?? writeWordCode(words).compile<undefined, WordCode>('none')(undefined);
  if (words <= wordsShared) shared[words] = code;
  return code;
}
