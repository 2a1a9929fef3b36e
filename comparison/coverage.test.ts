// Which labels were never reached, over all cells of a candidate.

import { expect, test } from 'vitest';
import type { Comparison, ComparisonCell } from './comparison.js';
import { labelRows } from './coverage.js';
import { coverageHtml } from './render/html_coverage.js';

/** A cell of which nothing but its labels is looked at. */
const cell = (candidate: string, met: { readonly [label: string]: boolean }, exhaustive = true) => {
  const labels = Object.entries(met).map(([label, isReached]) => ({ label, isReached }));
  return { candidate, run: { report: { labels, evidence: { exhaustive } } } } as unknown as ComparisonCell;
};

const comparison = {
  model: 'example',
  setting: 'fix',
  candidates: ['none', 'wait'],
  cells: [
    cell('none', { 'zap.lock': true, 'zap.<retry>': false }),
    cell('none', { 'zap.lock': true, 'zap.<retry>': true }),
    cell('wait', { 'zap.lock': true, 'wait.sleep': false }),
    cell('wait', { 'zap.lock': true, 'wait.sleep': false }),
  ],
} as unknown as Comparison;

test('counts for each candidate the cells that have a label, and those that reach it', () => {
  expect(labelRows(comparison).map(({ label, counts }) => [label, ...counts])).toEqual([
    ['zap.lock', { cells: 2, reached: 2 }, { cells: 2, reached: 2 }],
    ['zap.<retry>', { cells: 2, reached: 1 }, { cells: 0, reached: 0 }],
    ['wait.sleep', { cells: 0, reached: 0 }, { cells: 2, reached: 0 }],
  ]);
});

test('the page names what no cell reaches, and what some cell misses', () => {
  const html = coverageHtml(comparison, { href: 'index.html', text: 'up' });
  expect(html).toContain('<strong>none</strong>: every label is reached in some cell');
  expect(html).toContain('<strong>wait</strong>: never reached: <code>wait.sleep</code>');
  expect(html).toContain(
    '<th scope="row"><code>zap.&lt;retry&gt;</code></th><td>1 of 2</td><td class="soft">-</td>',
  );
  expect(html).toContain(
    '<th scope="row"><code>wait.sleep</code></th><td class="soft">-</td><td class="bad">0 of 2</td>',
  );
  expect(html).toContain('1 of 3, are reached wherever they are');
  expect(html).not.toContain('<code>zap.lock</code>');
  expect(html).not.toContain('not explored to the end');
});

test('where a cell was not explored to the end, the page says that more may be reached', () => {
  const cells = [...comparison.cells, cell('wait', { 'wait.sleep': false }, false)];
  const html = coverageHtml({ ...comparison, cells }, { href: 'index.html', text: 'up' });
  expect(html).toContain('1 cell of 5 not explored to the end: more may be reached there.');
});
