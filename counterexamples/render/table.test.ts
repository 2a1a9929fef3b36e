// Tables for people, as they look.

import { describe, expect, test } from 'vitest';
import { plain } from './style.js';
import { fits, paragraph, table } from './table.js';

const rows = (...texts: readonly (readonly string[])[]) => texts.map((row) => row.map((text) => ({ text })));
const cells = rows(['name', 'what it is', 'n'], ['ptl', 'the lock of a page table', '12']);

describe('a table', () => {
  test('has columns as wide as their widest text, two spaces apart, and no space at the end of a line', () => {
    expect(table(cells, { width: 80, style: plain })).toEqual([
      '  name  what it is                n',
      '  ptl   the lock of a page table  12',
    ]);
  });
  test('fits a page that is exactly as wide as it, and none that is narrower', () => {
    // 2 + 4 + 2 + 24 + 2 + 2
    expect([36, 35].map((width) => fits(cells, { width, style: plain }))).toEqual([true, false]);
    expect(table(cells, { width: 36, style: plain })).toHaveLength(2);
  });
  test('breaks the text of its widest column where the page is too narrow, and is then within it', () => {
    expect(table(cells, { width: 35, style: plain })).toEqual([
      '  name  what it is               n',
      '  ptl   the lock of a page       12',
      '        table',
    ]);
    for (let width = 20; width < 40; width++) {
      for (const line of table(cells, { width, style: plain }))
        expect(line.length).toBeLessThanOrEqual(width);
    }
  });
  test('may have rows with fewer cells, and other indents', () => {
    expect(table(rows(['a', 'b'], ['cc']), { width: 80, style: plain }, '')).toEqual(['a   b', 'cc']);
  });
  test('without rows has no lines', () => {
    expect(table([], { width: 80, style: plain })).toEqual([]);
  });
});

test('the further lines of a paragraph are indented', () => {
  const line = { text: 'a paragraph that is broken' };
  expect(paragraph(line, { width: 16, style: plain }, '> ')).toEqual([
    '> a paragraph',
    '>   that is',
    '>   broken',
  ]);
});
