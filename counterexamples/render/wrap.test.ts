// Where lines may break, and how counts are written.

import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { counted, grouped, shareOut, together, widthOf, wrap } from './wrap.js';

describe('wrap', () => {
  test.each([
    ['a text that fits', 20, ['a text that fits']],
    ['a text that does not fit', 12, ['a text that', '  does not', '  fit']],
    ['zap_huge_pmd.clear_pmd', 16, ['zap_huge_pmd.', '  clear_pmd']],
    ['unmap_mapping_range_tree.next', 14, ['unmap_mapping_', '  range_tree.', '  next']],
    ['VM_BUG_ON_PAGE(page_mapped(page), page)', 22, ['VM_BUG_ON_PAGE(page_', '  mapped(page), page)']],
    ['abcdefghij', 4, ['abcd', '  ef', '  gh', '  ij']],
    [`pmd${together}=${together}none, ptl${together}=${together}free`, 12, ['pmd = none,', '  ptl = free']],
    ['', 10, ['']],
  ])('%s, %i wide', (text, width, lines) => {
    expect(wrap(text, width, '  ')).toEqual(lines);
  });
});

test('a column that needs little leaves its share to the others', () => {
  expect(shareOut([10, 10], 30)).toEqual([10, 10]);
  expect(shareOut([5, 40, 40], 35)).toEqual([5, 15, 15]);
  expect(shareOut([5, 40, 40], 35, [5, 20, 0])).toEqual([5, 25, 5]);
});

test('counts have a mark every three digits, and the right number of their noun', () => {
  expect([0, 999, 1000, 1234567].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567']);
  expect([counted(1, 'step'), counted(2, 'step')]).toEqual(['1 step', '2 steps']);
});

test('a text is as wide as string-width says, each character alone and behind another', () => {
  const differing: string[] = [];
  // The surrogates are left out, and control characters, which have no width.
  for (let point = 0x20; point < 0x3000; point = point === 0x7e ? 0xa0 : point + 1) {
    const one = String.fromCodePoint(point);
    for (const text of [one, `a${one}`, `─${one}`]) {
      if (widthOf(text) !== stringWidth(text)) differing.push(text);
    }
  }
  expect(differing).toEqual([]);
  expect(['漢字', '👨‍👩‍👧', 'e\u0301', '⚠️'].map(widthOf)).toEqual([4, 2, 1, 2]);
});
