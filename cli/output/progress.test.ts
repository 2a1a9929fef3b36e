// The line of progress.

import { expect, test } from 'vitest';
import { progressParts } from './progress.js';

const counts = { states: 12_345, transitions: 50_000, depth: 6, queue: 789 };
const parts = (more: object) =>
  progressParts('mine', { ...counts, levels: [], ...more }, 2).filter((part) => !part.endsWith(' MB'));

test('it says whether levels grow', () => {
  expect(parts({ levels: [1, 2, 4, 8, 16, 32] })).toEqual([
    'mine: 12,345 states',
    '0:02',
    '25,000 transitions/s',
    'levels growing',
    'depth 6',
    '789 to expand',
  ]);
});

test('it estimates how many states there are, once levels have shrunk', () => {
  expect(parts({ levels: [1, 100, 1000, 4000, 5000, 4000, 1000, 100], transitions: 5_000_000 })).toEqual([
    'mine: 12,345 of about 15,000 states',
    '0:02',
    '2.5 M transitions/s',
    'depth 6',
    '789 to expand',
  ]);
});

test('it shows the second search, which rebuilds traces', () => {
  expect(parts({ again: 0.426 })).toEqual(['mine: searching again for the traces', '42 %']);
});

test('it shows the time, how much of each limit is used, and what is violated so far', () => {
  const progress = { ...counts, levels: [], bytes: 3 * 2 ** 20, violated: ['no_leak', 'no deadlock'] };
  const limits = { states: 20_000, megabytes: 12, seconds: 7200 };
  expect(progressParts('mine', progress, 3723, limits).slice(0, 6)).toEqual([
    'mine: 12,345 states',
    'violated: no_leak, no deadlock',
    '1:02:03',
    '61 % of the states limit',
    '25 % of the memory limit',
    '51 % of the time limit',
  ]);
});
