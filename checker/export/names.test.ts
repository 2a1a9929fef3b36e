// Names for other tools: legal, distinct, and as close to the model's as they can be.

import { describe, expect, test } from 'vitest';
import { Identifiers, identifier, plainText, Titles } from './names.js';

describe('names for other tools', () => {
  test('a name keeps its letters and digits, and underscores stand for the rest', () => {
    expect(identifier('munmap[0]:zap_huge_pmd.orig_pmd')).toBe('munmap_0_zap_huge_pmd_orig_pmd');
    expect(identifier('_mapcount')).toBe('mapcount');
    expect(identifier('2nd')).toBe('n_2nd');
    expect(identifier('…')).toBe('n');
  });

  test('a name is given out once, and differs from every keyword, whatever the case', () => {
    const names = new Identifiers(['end']);
    expect(names.take('mm[0].pmd')).toBe('mm_0_pmd');
    expect(names.take('mm_0.pmd')).toBe('mm_0_pmd_2');
    expect(names.take('MM_0.pmd')).toBe('MM_0_pmd_3');
    expect(names.take('End')).toBe('End_2');
  });

  test('a prefix that a language reserves is avoided', () => {
    expect(new Identifiers([], /^WF_/).take('WF_lock')).toBe('n_WF_lock');
  });

  test('of several proposed names the first free one is taken', () => {
    const names = new Identifiers([]);
    expect(names.take('none', 'pmd_none')).toBe('none');
    expect(names.take('none', 'pte_none')).toBe('pte_none');
    expect(names.take('none', 'pte_none')).toBe('pte_none_2');
  });

  test('titles keep their text and are numbered when they occur again', () => {
    const titles = new Titles();
    expect([titles.take('recheck'), titles.take('recheck')]).toEqual(['recheck', 'recheck (2)']);
  });

  test('a text between quotes is one line of ASCII without quotes and backslashes', () => {
    expect(plainText('index "2" is\noutside 0 … 1 \\ é')).toBe("index '2' is outside 0 ... 1 ' ?");
  });
});
