// Bitstate storage: its estimate of missed states is the formula in the file, with bits counted here.

import { expect, test } from 'vitest';
import { Bitstate } from './bitstate.js';
import { hash64 } from './hash64.js';
import { States } from './states.js';
import { batchHash } from './tabulation.js';

test('the estimate of missed states is that of the bits that each new state finds set', async () => {
  const hash = await hash64();
  const states = new States(1);
  const records = 100;
  const batch = Int32Array.from({ length: 2 * records }, (_, i) => (i % 2 === 0 ? 7 * i : -1));
  const table = new Bitstate(states, batch, hash, 64);
  expect(table.bytes).toBe(64);
  expect(table.insert(batch.length, Number.POSITIVE_INFINITY)).toBe(batch.length);

  const hashes = new Int32Array(2 * records);
  batchHash(1, hash)(batch, batch.length, hashes);
  const bits = new Set<number>();
  let missed = 0;
  let found = 0;
  for (let k = 0; k < records; k++) {
    const places = [0, 1, 2].map((i) => (hashes[2 * k]! + Math.imul(i, hashes[2 * k + 1]! | 1)) & 511);
    if (places.every((place) => bits.has(place))) continue;
    const share = (bits.size / 512) ** 3;
    missed += share / (1 - share);
    found++;
    for (const place of places) bits.add(place);
  }
  expect(found).toBeLessThan(records);
  expect(states.count).toBe(found);
  expect(table.missProbability()).toBeCloseTo(1 - Math.exp(-missed), 12);
  expect(table.coverage()).toBeCloseTo(found / (found + missed), 12);
});
