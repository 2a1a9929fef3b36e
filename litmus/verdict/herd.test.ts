// Every litmus test whose verdict by herd is known: outcome, final states, witnesses and flags are the same.

import { describe, expect, test } from 'vitest';
import { kernelBugRows, litmusTable, verdictRows } from '../../conformance/litmus_rows.js';

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

  test('that differs is named in the table with both figures', () => {
    const row = {
      test: 'SB',
      model: 'sc',
      said: 'Never 0/3 in 3 states',
      differences: ['outcome: Never, herd Sometimes'],
    } as const;
    expect(litmusTable([row])).toBe(
      'SB  sc    Never 0/3 in 3 states  DIFFERS: outcome: Never, herd Sometimes\n1 rows, 1 differ from herd',
    );
  });
});
