// The assumptions of the bound on missed states: each byte of a state selects from a table of its own, and the numbers
// in the tables look random.

import { expect, test } from 'vitest';
import { hash64 } from './hash64.js';
import { batchHash } from './tabulation.js';

/** The halves of the hashes of records of two words and a mark. */
async function hashesOf(records: readonly (readonly [number, number, number])[]): Promise<Int32Array> {
  const hashes = new Int32Array(2 * records.length);
  batchHash(2, await hash64())(Int32Array.from(records.flat()), 3 * records.length, hashes);
  return hashes;
}

test('the mark of a record does not count, every bit of its words does', async () => {
  const bits = Array.from({ length: 64 }, (_, bit): [number, number, number] =>
    bit < 32 ? [1 << bit, 0, 7] : [0, 1 << (bit - 32), 7],
  );
  const hashes = await hashesOf([[0, 0, 1], [0, 0, 2], ...bits]);
  expect(hashes.slice(0, 2)).toEqual(hashes.slice(2, 4));
  const pairs = Array.from({ length: 65 }, (_, i) => `${hashes[2 * i + 2]} ${hashes[2 * i + 3]}`);
  expect(new Set(pairs).size).toBe(65);
});

test('each bit of the hash is set for about half of the states', async () => {
  const count = 4096;
  const hashes = await hashesOf(Array.from({ length: count }, (_, i) => [Math.imul(i, 0x01010101), i, 0]));
  for (const half of [0, 1]) {
    for (let bit = 0; bit < 32; bit++) {
      let ones = 0;
      for (let i = 0; i < count; i++) ones += (hashes[2 * i + half]! >>> bit) & 1;
      expect(Math.abs(ones - count / 2)).toBeLessThan(6 * 32);
    }
  }
});
