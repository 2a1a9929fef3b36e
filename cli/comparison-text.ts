// A comparison as a table: for a terminal, for a commit message or a web page, for programs.

import { counted, grouped, type Line, together } from '../counterexamples/index.js';
import { type Cell, type Comparison, cellText, conclusions } from './comparison.js';
import { decisive } from './exit-status.js';
import { fits, paragraph, table } from './table.js';
import type { Page } from './terminal.js';

/** For a terminal. What the cells say in full if the page is wide enough, else by letters with a key below. */
export function comparisonText(comparison: Comparison, page: Page): string {
  const { model, setting, scenarios } = comparison;
  const letters = lettersOf(comparison);
  const tableOf = (textOf: (cell: Cell | undefined) => string) => [
    [setting, ...scenarios].map((text): Line => ({ text, look: 'strong' })),
    ...rowsOf(comparison).map(([candidate, cells]): readonly Line[] => [
      { text: candidate, look: 'strong' },
      ...cells.map((cell): Line => ({ text: textOf(cell), ...lookOf(cell) })),
    ]),
  ];
  const full = tableOf(textOf);
  const isFull = fits(full, page);
  return [
    ...paragraph({ text: `${model}: every ${setting} in ${counted(scenarios.length, 'scenario')}` }, page),
    '',
    ...table(isFull ? full : tableOf((cell) => briefText(cell, letters)), page),
    '',
    ...(isFull ? [] : [...table(keyRows(letters), page), '']),
    ...conclusions(comparison).flatMap((text) => paragraph({ text }, page)),
  ].join('\n');
}

/** A letter for each property that decides a cell. */
function lettersOf({ cells }: Comparison): ReadonlyMap<string, string> {
  const names = cells.flatMap(({ run }) => decisive(run.report)?.check.name ?? []);
  return new Map([...new Set(names)].map((name, i) => [name, String.fromCodePoint(65 + i)]));
}

/** `✓ 325`: holds, 325 states. `A 21`: property A is violated in 21 steps. */
function briefText(cell: Cell | undefined, letters: ReadonlyMap<string, string>): string {
  if (cell === undefined) return '-';
  const { report } = cell.run;
  const result = decisive(report);
  if (result !== undefined)
    return `${letters.get(result.check.name)}${together}${result.finding?.path.steps.length ?? '∞'}`;
  return `${report.verdict === 'holds' ? '✓' : '?'}${together}${grouped(report.exploration.states)}`;
}

const keyRows = (letters: ReadonlyMap<string, string>): readonly (readonly Line[])[] => [
  [{ text: '✓ n' }, { text: 'holds: n states, all that can be reached' }],
  ...[...letters].map(([name, letter]) => [
    { text: `${letter} n` },
    { text: `violated in n steps: ${name}` },
  ]),
];

export function comparisonMarkdown(comparison: Comparison): string {
  const { setting, scenarios } = comparison;
  const row = (cells: readonly string[]) =>
    `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    row([setting, ...scenarios]),
    row(['---', ...scenarios.map(() => '---')]),
    ...rowsOf(comparison).map(([candidate, cells]) => row([candidate, ...cells.map(textOf)])),
    '',
    ...conclusions(comparison).map((text) => `* ${text}`),
  ].join('\n');
}

export function comparisonJson(comparison: Comparison): string {
  const { model, setting, candidates, scenarios, cells } = comparison;
  const object = {
    schema: 1,
    model,
    setting,
    candidates,
    scenarios,
    cells: cells.map(({ candidate, scenario, run: { settings, report, traces } }) => {
      const { engine, search, storage, exhaustive, limit, states, transitions, depth } = report.exploration;
      const result = decisive(report);
      return {
        candidate,
        scenario,
        settings,
        verdict: report.verdict,
        exploration: { engine, search, storage, exhaustive, limit, states, transitions, depth },
        violated:
          result === undefined
            ? null
            : { name: result.check.name, verdict: result.verdict, trace: traces.get(result) ?? null },
      };
    }),
    conclusions: conclusions(comparison),
  };
  return JSON.stringify(object, null, 2);
}

/** The candidates with their cells, one for each scenario. */
const rowsOf = ({ candidates, scenarios, cells }: Comparison) =>
  candidates.map((candidate) => {
    const own = cells.filter((cell) => cell.candidate === candidate);
    return [
      String(candidate),
      scenarios.map((scenario) => own.find((cell) => cell.scenario === scenario)),
    ] as const;
  });

const textOf = (cell: Cell | undefined): string => (cell === undefined ? 'not run' : cellText(cell));

function lookOf(cell: Cell | undefined): Pick<Line, 'look'> {
  const verdict = cell?.run.report.verdict;
  return verdict === 'holds' ? { look: 'good' } : verdict === 'violated' ? { look: 'bad' } : {};
}
