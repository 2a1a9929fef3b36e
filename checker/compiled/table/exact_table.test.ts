// The exact table compared with a set of strings, through many doublings, with much memory and with little.

import { afterEach, expect, test, vi } from 'vitest';
import { random } from '../../testing/random.js';
import { ExactTable } from './exact_table.js';
import { States } from './states.js';
import { TableParts } from './table_parts.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Limits array buffers: from now on no part of a table can have more space. */
function limitReserve(reserveMax: number): void {
  vi.unstubAllGlobals();
  const construct = (array: typeof Int32Array, [from]: [number | number[]]) => {
    const cells = typeof from === 'number' ? from - TableParts.alignment : 0;
    if (Number.isInteger(Math.log2(cells)) && cells > TableParts.count * reserveMax) {
      throw new RangeError('Array buffer allocation failed');
    }
    return new array(from as number);
  };
  vi.stubGlobal('Int32Array', new Proxy(Int32Array, { construct }));
}

/** Enters some random states a batch at a time, most of them more than once; returns how many differ. */
function enterRandom(words: number, batches: number, before: (batch: number) => unknown = () => {}): number {
  const stride = words + 1;
  const dice = random(words);
  const batch = new Int32Array(512 * stride);
  const states = new States(words);
  const table = new ExactTable(states, batch);
  const numbers = new Map<string, number>();
  for (let i = 0; i < batches; i++) {
    before(i);
    const length = stride * (1 + dice.below(512));
    for (let o = 0; o < length; o += stride) {
      for (let k = 0; k < words; k++) batch[o + k] = dice.below(k === 0 ? 2 ** 16 : 2) - 2 ** 15;
      const text = batch.subarray(o, o + words).join();
      if (!numbers.has(text)) numbers.set(text, numbers.size);
    }
    expect(table.insert(length, 2 ** 29)).toBe(length);
    expect(states.count).toBe(numbers.size);
  }
  const texts = Array.from({ length: states.count }, (_, i) => {
    const at = states.offset(i);
    return states
      .segment(i)
      .subarray(at, at + words)
      .join();
  });
  expect(texts.join('\n')).toBe([...numbers.keys()].join('\n'));
  return numbers.size;
}

test('a random state is new once, of whatever size, through eight doublings', () => {
  expect([1, 2, 4].map((words) => enterRandom(words, 250))).toEqual([41_338, 51_507, 59_339]);
});

test('where 4 GiB cannot be reserved, the table reserves less, and moves again when it is full', () => {
  const found = enterRandom(2, 250, (batch) => {
    if (batch === 0) limitReserve(2 ** 12);
    if (batch === 100) limitReserve(2 ** 14);
  });
  expect(found).toBe(51_507);
});

test('where no more can be reserved, the search ends with an error', () => {
  expect(() => enterRandom(2, 250, (batch) => batch === 0 && limitReserve(2 ** 12))).toThrow(
    'Array buffer allocation failed',
  );
});
