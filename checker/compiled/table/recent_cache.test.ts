// The cache of recently found states, and the code for states of a given number of words.

import { expect, test } from 'vitest';
import { random } from '../../testing/random.js';
import { RecentCache } from './recent_cache.js';
import { wordCode, writeWordCode } from './word_code.js';

/** Filters these records; returns those that are left, and their hashes. */
function sift(cache: RecentCache, ...numbers: readonly number[]) {
  const batch = Int32Array.from(numbers);
  const hashes = new Int32Array(numbers.length);
  const left = cache.sift(batch, numbers.length, hashes);
  return { left: [...batch.subarray(0, left)], hashes: [...hashes] };
}

test('a state that was found recently is dropped, marks do not count, and what is left comes with its hashes', () => {
  const words = wordCode(2);
  const cache = new RecentCache(words, 3);
  const { left, hashes } = sift(cache, 1, 1, 10, 2, 2, 11, 1, 1, 12, 3, 3, 13);
  expect(left).toEqual([1, 1, 10, 2, 2, 11, 3, 3, 13]);
  expect(hashes.slice(0, 3)).toEqual([0, 3, 6].map((at) => words.firstHash(Int32Array.from(left), at)));
  expect(sift(cache, 2, 2, 20, 4, 4, 21).left).toEqual([4, 4, 21]);
});

test('the state of all zeros is new once, though an empty entry has its words', () => {
  const cache = new RecentCache(wordCode(1), 2);
  expect([sift(cache, 0, 7).left, sift(cache, 0, 8).left]).toEqual([[0, 7], []]);
});

test.each([1, 2, 5])('records of %d words are hashed, compared and copied whole', (words) => {
  const { firstHash, secondHash, same, copy } = wordCode(words);
  const record = Int32Array.from({ length: words + 1 }, (_, k) => 1000 * (k + 1));
  const to = new Int32Array(words + 3).fill(-1);
  copy(record, 0, to, 1);
  expect([...to]).toEqual([-1, ...record, -1]);
  expect(same(record, 0, to, 1)).toBe(true);
  const [h, g] = [firstHash(record, 0), secondHash(record, 0, firstHash(record, 0))];
  for (let k = 0; k <= words; k++) {
    to[1 + k]!++;
    const [other, isMark] = [firstHash(to, 1), k === words];
    expect([same(record, 0, to, 1), other === h, secondHash(to, 1, other) === g]).toEqual([
      isMark,
      isMark,
      isMark,
    ]);
    to[1 + k]!--;
  }
});

test('hashes spread states that differ in few bits over all bytes', () => {
  const { firstHash } = wordCode(2);
  const dice = random(1);
  const counts = new Array<number>(256).fill(0);
  for (let i = 0; i < 25_600; i++) {
    counts[firstHash(Int32Array.from([i, dice.below(4)]), 0) >>> 24]!++;
  }
  expect(Math.min(...counts)).toBeGreaterThan(50);
  expect(Math.max(...counts)).toBeLessThan(150);
});

test('the code for states of two words', () => {
  expect(writeWordCode(2).text).toMatchInlineSnapshot(`
    "function firstHash(from, at) {
      let h = 1831565813;
      h = Math.imul(h ^ from[at], -1640531535);
      h ^= h >>> 15;
      h = Math.imul(h ^ from[at + 1], -2048144777);
      h ^= h >>> 15;
      h = Math.imul(h, -1028477379);
      return h ^ h >>> 14;
    }
    function secondHash(from, at, first) {
      let g = -1640531527;
      g = Math.imul(g + from[at] | 0, 668265263);
      g ^= g >>> 13;
      g = Math.imul(g + from[at + 1] | 0, 374761393);
      g ^= g >>> 13;
      g = Math.imul(g ^ first, -2048144777);
      return g ^ g >>> 15;
    }
    function same(a, i, b, j) {
      return a[i] === b[j] && a[i + 1] === b[j + 1];
    }
    function copy(from, i, to, j) {
      to[j] = from[i];
      to[j + 1] = from[i + 1];
      to[j + 2] = from[i + 2];
    }
    function replace(cache, at, from, i, to, j) {
      const w0 = from[i], w1 = from[i + 1];
      if (cache[at] === w0 && cache[at + 1] === w1 && cache[at + 2] === 1) return false;
      cache[at] = w0;
      cache[at + 1] = w1;
      cache[at + 2] = 1;
      const mark = from[i + 2];
      to[j] = w0;
      to[j + 1] = w1;
      to[j + 2] = mark;
      return true;
    }
    return { firstHash, secondHash, same, copy, replace };"
  `);
});
