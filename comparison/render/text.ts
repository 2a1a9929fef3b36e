// A comparison as tables for a terminal: in full where it is wide enough, else by letters with a key below.

import {
  coarseIn,
  coarseTexts,
  counted,
  fits,
  grouped,
  type Line,
  type Page,
  paragraph,
  table,
  together,
} from '../../counterexamples/text.js';
import { decidingResult, differs, isExplored, outcomeOfCell, outcomeWords } from '../cell_outcome.js';
import { type Comparison, type ComparisonCell, inEnvironment, type Refusal } from '../comparison.js';
import { conclusions } from '../conclusions.js';
import { type CostTable, costHeading, costsDiffer, costsOf, costText } from '../costs.js';
import { costsIn, rowsOf, stoppedText, textOf, titleOf } from './cell.js';

/** For a terminal: cells in full if the page is wide enough, else as letters with a key below. */
export function comparisonText(comparison: Comparison, page: Page): string {
  const { setting, environments } = comparison;
  const [usual = '', ...others] = environments;
  const main = inEnvironment(comparison, usual);
  const elsewhere = others.map((environment) =>
    onlyDifferent(inEnvironment(comparison, environment), comparison),
  );
  const shown = [main, ...elsewhere];
  const letters = lettersOf(shown.flatMap(({ cells }) => cells));
  const isRefused = shown.some(({ refused }) => refused.length > 0);
  const isFull = fits(gridOf(main, textOf), page);
  const cellOf = isFull ? textOf : (cell: ComparisonCell | Refusal | undefined) => briefText(cell, letters);
  return [
    ...paragraph({ text: titleOf(comparison), look: 'strong' }, page),
    ...paragraph({ text: stoppedText(comparison) }, page).filter((line) => line !== ''),
    ...(usual === '' ? [] : ['', ...paragraph({ text: usual }, page)]),
    '',
    ...table(gridOf(main, cellOf), page),
    '',
    ...costsIn(usual, comparison).flatMap((costs) => costLines(costs, comparison, page)),
    ...elsewhere.flatMap((only, i) => [
      ...paragraph({ text: `${others[i]}: ${howOther(only, comparison)}` }, page),
      ...(only.candidates.length === 0 ? [] : ['', ...table(gridOf(only, cellOf), page)]),
      '',
      ...costsIn(others[i]!, comparison).flatMap((costs) => costLines(costs, comparison, page)),
    ]),
    ...(isFull ? [] : [...table(keyRows(letters, isRefused), page), '']),
    ...(isFull ? [] : refusalLines(shown, page)),
    ...conclusions(comparison).flatMap(({ candidate, explored, costs, about }) => [
      ...paragraph({ text: `${setting}=${candidate}: ${explored}`, look: 'strong' }, page),
      ...costs.flatMap((text) => paragraph({ text: `cost ${text}` }, page, '  ')),
      ...(about === undefined ? [] : paragraph({ text: about }, page, '  ')),
    ]),
    ...coarseLines(comparison, page),
  ].join('\n');
}

/** What cells that hold rest on. */
function coarseLines({ cells }: Comparison, page: Page): readonly string[] {
  const held = cells.flatMap(({ run: { report } }) =>
    report.verdict === 'holds' ? coarseIn(report.evidence) : [],
  );
  const byLabel = new Map(held.map((one) => [one.label, one]));
  return coarseTexts([...byLabel.values()]).flatMap((text) => paragraph({ text: `note: ${text}` }, page));
}

/** The costs of the first candidate, and of those with other costs. */
function costLines(costs: CostTable, { setting, candidates }: Comparison, page: Page): readonly string[] {
  const [first, ...rest] = candidates;
  const others = rest.filter((candidate) => costsDiffer(costs, candidate));
  const shown = [first!, ...others];
  const same = rest.length - others.length;
  return [
    ...paragraph({ text: costHeading(costs) }, page),
    '',
    ...table(costGrid(costs, setting, shown), page),
    '',
    ...(same === 0
      ? []
      : paragraph({ text: `as ${first}, where they hold: ${counted(same, 'other')}` }, page, '  ')),
    ...paragraph({ text: costs.cost.about }, page, '  '),
    '',
  ];
}

const costGrid = (costs: CostTable, setting: string, candidates: Comparison['candidates']) => [
  [setting, ...costs.scenarios].map((text): Line => ({ text, look: 'strong' })),
  ...candidates.map((candidate): readonly Line[] => [
    { text: String(candidate), look: 'strong' },
    ...costsOf(costs, candidate).map((cell): Line => ({ text: costText(cell) })),
  ]),
];

/** Only the candidates that have another result than in the usual environment, with all their cells. */
function onlyDifferent(only: Comparison, comparison: Comparison): Comparison {
  const isOther = (candidate: ComparisonCell['candidate']) =>
    [...only.cells, ...only.refused].some(
      (cell) => cell.candidate === candidate && differs(cell, comparison),
    );
  const candidates = only.candidates.filter(isOther);
  const isShown = ({ candidate }: Pick<ComparisonCell, 'candidate'>) => candidates.includes(candidate);
  return { ...only, candidates, cells: only.cells.filter(isShown), refused: only.refused.filter(isShown) };
}

function howOther({ candidates, environments }: Comparison, comparison: Comparison): string {
  if (candidates.length > 0) return 'other results for';
  return isExplored(inEnvironment(comparison, environments[0]!))
    ? 'the same verdicts'
    : 'not explored to the end';
}

/** Candidates by scenarios, with a heading. */
const gridOf = (comparison: Comparison, textOf: (cell: ComparisonCell | Refusal | undefined) => string) => [
  [comparison.setting, ...comparison.scenarios].map((text): Line => ({ text, look: 'strong' })),
  ...rowsOf(comparison).map(([candidate, cells]): readonly Line[] => [
    { text: candidate, look: 'strong' },
    ...cells.map((cell): Line => lineOf(textOf(cell), outcomeWords[outcomeOfCell(cell).kind].look)),
  ]),
];

const lineOf = (text: string, look: Line['look']): Line => ({ text, ...(look && { look }) });

/** A letter for each check that decides a cell, and whether that check asks for an example. */
function lettersOf(
  cells: readonly ComparisonCell[],
): ReadonlyMap<string, { letter: string; isExample: boolean }> {
  const deciding = cells.map(outcomeOfCell).filter((outcome) => decidingResult(outcome) !== undefined);
  const byName = new Map(
    deciding.map((outcome) => [decidingResult(outcome)!.check.name, outcome.kind] as const),
  );
  return new Map(
    [...byName].map(([name, kind], i) => [
      name,
      { letter: String.fromCodePoint(65 + i), isExample: kind === 'unreached' },
    ]),
  );
}
type PropertyLetters = ReturnType<typeof lettersOf>;

/** `✓ 325`: holds, 325 states. `A 21`: property A is violated in 21 steps. */
function briefText(cell: ComparisonCell | Refusal | undefined, letters: PropertyLetters): string {
  const outcome = outcomeOfCell(cell);
  const { sign } = outcomeWords[outcome.kind];
  switch (outcome.kind) {
    case 'holds':
    case 'incomplete':
      return `${sign}${together}${grouped(outcome.states)}`;
    case 'violated':
    case 'unreached': {
      const { letter } = letters.get(outcome.result.check.name)!;
      const steps = outcome.result.finding?.path.steps.length;
      return steps === undefined ? letter : `${letter}${together}${steps}`;
    }
    case 'refused':
    case 'not run':
      return sign;
  }
}

const keyRows = (letters: PropertyLetters, isRefused: boolean): readonly (readonly Line[])[] => [
  [{ text: `${outcomeWords.holds.sign} n` }, { text: 'holds: n states, all that can be reached' }],
  ...[...letters].map(([name, { letter, isExample }]) =>
    isExample
      ? [{ text: letter }, { text: `never reached: ${name}` }]
      : [{ text: `${letter} n` }, { text: `violated in n steps: ${name}` }],
  ),
  ...(isRefused ? [[{ text: outcomeWords.refused.sign }, { text: outcomeWords.refused.meaning }]] : []),
];

/** Why cells were refused, each reason once. */
function refusalLines(shown: readonly Comparison[], page: Page): readonly string[] {
  const reasons = [...new Set(shown.flatMap(({ refused }) => refused.map(({ why }) => why)))];
  if (reasons.length === 0) return [];
  return [...reasons.flatMap((why) => paragraph({ text: `refused: ${why}` }, page, '  ')), ''];
}
