// The tables of the conformance run: every row, and a summary in Markdown with a line for each model, for each
// candidate of a model that compares some, and for the random Programs.

import { type Judge, judgeNames, type SummaryRow } from './rows.js';

/** Every row, in columns. */
export function rowsTable(rows: readonly SummaryRow[], by: readonly Judge[]): string {
  const cells = rows.map(({ name, states, engine, verdict, agreed, differences }) => [
    name,
    String(states),
    engine,
    ...judgeNames.map((judge) => (by.includes(judge) ? `${agreed[judge] ?? 0} agree` : 'not run')),
    differences.length === 0 ? '' : `${differences.length} DIFFER`,
    verdict,
  ]);
  const all = [['case', 'states', 'engine', ...judgeNames, '', 'verdict'], ...cells];
  const widths = all[0]!.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, i) => (i === 1 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A line for each group: how many cases, what was found, how many figures each judge confirms. */
export function summaryTable(rows: readonly SummaryRow[], by: readonly Judge[]): string {
  const groups = new Map<string, SummaryRow[]>();
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  const lines = [...groups, ['all', rows] as const].map(([group, among]) => {
    const states = among.map((row) => row.states);
    const holds = among.filter(({ verdict }) => verdict === 'holds').length;
    const confirmed = judgeNames.map((judge) =>
      by.includes(judge) ? sum(among.map(({ agreed }) => agreed[judge] ?? 0)) : 'not run',
    );
    const differences = sum(among.map((row) => row.differences.length));
    const range = `${Math.min(...states)} to ${Math.max(...states)}`;
    return [group, among.length, range, holds, among.length - holds, ...confirmed, differences];
  });
  const head = [
    ...['what', 'cases', 'states', 'all holds', 'something found'],
    ...judgeNames.map((judge) => `figures that ${judge} confirms`),
    'differences',
  ];
  return [head, ['---', ...head.slice(1).map(() => '--:')], ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
