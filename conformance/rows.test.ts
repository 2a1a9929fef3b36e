// The bookkeeping of the conformance run; what the judges say has tests of its own.

import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Journal, type SummaryRow } from './rows.js';
import { rowsTable, summaryTable } from './tables.js';

const row = (name: string, group: string, more: Partial<SummaryRow> = {}): SummaryRow => ({
  ...{ name, group, key: 'k1', states: 12, engine: 'reference', verdict: 'holds' },
  ...{ agreed: { rumur: 9, spin: 6 }, differences: [], ...more },
});
const rows = [
  row('increment NR_ACTORS=2', 'increment', { verdict: 'no_lost_update (4)' }),
  row('increment NR_ACTORS=1', 'increment', { states: 3 }),
  row('random 0', 'random Programs', {
    agreed: { rumur: 8 },
    differences: ['random 0: states: raceproof 12, rumur 13', 'random 0: spin: pan did not finish'],
  }),
];

test('a row says what each judge confirms, that something differs, and the verdict', () => {
  expect(`\n${rowsTable(rows, ['rumur', 'spin'])}\n`).toMatchInlineSnapshot(`
    "
    case                   states  engine     rumur    spin               verdict
    increment NR_ACTORS=2      12  reference  9 agree  6 agree            no_lost_update (4)
    increment NR_ACTORS=1       3  reference  9 agree  6 agree            holds
    random 0                   12  reference  8 agree  0 agree  2 DIFFER  holds
    "
  `);
});

test('the summary has a line for each group and one for all', () => {
  expect(`\n${summaryTable(rows, ['rumur', 'spin'])}\n`).toMatchInlineSnapshot(`
    "
    | what | cases | states | all holds | something found | figures that rumur confirms | figures that spin confirms | differences |
    | --- | --: | --: | --: | --: | --: | --: | --: |
    | increment | 2 | 3 to 12 | 1 | 1 | 18 | 12 | 0 |
    | random Programs | 1 | 12 to 12 | 1 | 0 | 8 | 0 | 2 |
    | all | 3 | 3 to 12 | 2 | 1 | 26 | 12 | 2 |
    "
  `);
});

test('a judge that is not there has not run, rather than agreed', () => {
  expect(rowsTable(rows.slice(0, 1), ['rumur'])).toContain('not run');
  expect(summaryTable(rows.slice(0, 1), ['rumur'])).toContain('not run');
});

test('a journal gives back the rows whose key is the same, and survives half a line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'raceproof-journal-'));
  try {
    const file = join(folder, 'journal.jsonl');
    const first = new Journal(file);
    first.add(rows[0]!);
    first.add(rows[1]!);
    appendFileSync(file, '{"name":"random 0","gro');
    const second = new Journal(file);
    expect(second.find('increment NR_ACTORS=2', 'k1')).toEqual(rows[0]);
    expect(second.find('increment NR_ACTORS=1', 'k2')).toBeUndefined();
    expect(second.find('random 0', 'k1')).toBeUndefined();
    second.add(rows[2]!);
    expect(new Journal(file).find('random 0', 'k1')).toEqual(rows[2]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
