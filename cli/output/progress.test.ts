// The line of progress.

import { expect, test } from 'vitest';
import { progressParts } from './progress.js';

const counts = { states: 12_345, transitions: 50_000, depth: 6, queue: 789 };
const parts = (more: object) =>
  progressParts('mine', { ...counts, levels: [], ...more }, 2).filter((part) => !part.endsWith(' MB'));

test('it says whether levels grow', () => {
  expect(parts({ levels: [1, 2, 4, 8, 16, 32] })).toEqual([
    'mine: 12,345 states',
    '25,000 transitions/s',
    'levels growing',
    'depth 6',
    '789 to expand',
  ]);
});

test('it estimates how many states there are, once levels have shrunk', () => {
  expect(parts({ levels: [1, 100, 1000, 4000, 5000, 4000, 1000, 100], transitions: 5_000_000 })).toEqual([
    'mine: 12,345 of about 15,000 states',
    '2.5 M transitions/s',
    'depth 6',
    '789 to expand',
  ]);
});

test('it shows the second search, which rebuilds traces', () => {
  expect(parts({ again: 0.426 })).toEqual(['mine: searching again for the traces', '42 %']);
});
