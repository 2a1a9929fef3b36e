// Every litmus test whose verdict by herd is known: outcome, final states, witnesses and flags are the same.

import { describe, expect, test } from 'vitest';
import { bufferRows, kernelBugRows, litmusTable, verdictRows } from '../../conformance/litmus_rows.js';

describe('the verdict', () => {
  test("is herd's for 100 tests under lkmm and 80 under tso, in every figure", () => {
    const rows = verdictRows();
    expect(rows.filter(({ model }) => model === 'lkmm')).toHaveLength(100);
    expect(rows.filter(({ model }) => model === 'tso')).toHaveLength(80);
    expect(rows.filter(({ differences }) => differences.length > 0)).toEqual([]);
  });

  test("is herd's for 23 reduced barrier bugs of the kernel and their fixes", () => {
    const rows = kernelBugRows();
    expect(rows.filter(({ model }) => model === 'lkmm')).toHaveLength(23);
    expect(rows.filter(({ model }) => model === 'tso')).toHaveLength(21);
    expect(rows.filter(({ differences }) => differences.length > 0)).toEqual([]);
    expect(rows.find((row) => row.test === 'mm_cid.0' && row.model === 'lkmm')?.said).toBe(
      'Sometimes 1/3 in 4 states',
    );
  });

  test("by store buffers in a model is herd's for 80 tests and 21 bugs, in outcome and final states", () => {
    const rows = bufferRows();
    expect(rows).toHaveLength(101);
    expect(rows.filter(({ differences }) => differences.length > 0)).toEqual([]);
    const said = (test: string) => rows.find((row) => row.test === test)?.said;
    expect([said('SB'), said('2+2W'), said('mm_cid.1')]).toEqual([
      'Sometimes in 4 states, buffers of 1',
      'Never in 3 states, buffers of 2',
      'Never in 3 states, buffers of 1',
    ]);
  });

  test('that differs is named in the table with both figures', () => {
    const row = {
      test: 'SB',
      model: 'sc',
      by: 'axioms',
      said: 'Never 0/3 in 3 states',
      differences: ['outcome: Never, herd Sometimes'],
    } as const;
    expect(litmusTable([row])).toBe(
      'SB  sc    axioms   Never 0/3 in 3 states  DIFFERS: outcome: Never, herd Sometimes\n1 rows, 1 differ from herd',
    );
  });
});
