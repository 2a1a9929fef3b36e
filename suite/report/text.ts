// A suite for a terminal: a line for each row, then what to do about each that is not as expected.

import { counted, type Line, type Page, paragraph, renderLanes, styled } from '../../counterexamples/text.js';
import { visible } from '../../models/language/index.js';
import { rowText, updatedRow } from '../row_text.js';
import {
  commandOf,
  countsOf,
  type Result,
  type RowFacts,
  type RowOrigin,
  type SuiteReport,
  titleOf,
} from '../suite.js';

/** `violated: no_lost_update in 4 steps, 12 states`. */
export function factsText({ verdict, limit, violated, unreached, states }: RowFacts): string {
  const names = [
    ...Object.entries(violated).map(([name, steps]) => `${name} in ${counted(steps, 'step')}`),
    ...unreached.map((name) => `${name} is never reached`),
  ];
  const verdictText =
    names.length > 0
      ? `violated: ${names.join('; ')}`
      : limit === undefined
        ? verdict
        : `${verdict}: ${limit}`;
  return `${verdictText}, ${counted(states, 'state')}`;
}

/** One row, on one line however long, so that other tools find it: `ok    increment NR_ACTORS=2: violated: no_lost_update in 4 steps, 12 states`. */
export function resultLine(result: Result, page: Page): string {
  const { row, outcome } = result;
  const line = (mark: string, look: Line['look'], text: string) =>
    styled(page.style, { text: `${mark} ${titleOf(row)}: ${text}`, ...(look && { look }) });
  switch (outcome.kind) {
    case 'expected':
      return line('ok   ', undefined, factsText(outcome.found.facts));
    case 'unexpected':
      return line('WRONG', 'bad', factsText(outcome.found.facts));
    case 'error':
      return line('ERROR', 'bad', visible(outcome.message.replace(/\s*\n\s*/g, ' ')));
    case 'not run':
      return line('-    ', 'dim', 'not run');
  }
}

/** `30 rows: 28 as expected, 2 not`. */
export function summaryText(report: SuiteReport): string {
  const { expected, unexpected, error, 'not run': missing } = countsOf(report);
  const parts = [
    `${expected} as expected`,
    ...(unexpected > 0 ? [`${unexpected} not`] : []),
    ...(error > 0 ? [counted(error, 'error')] : []),
    ...(missing > 0 ? [`${missing} not run`] : []),
  ];
  const stopped = report.stopped === undefined ? '' : `; stopped at ${report.stopped}`;
  return `${counted(report.results.length, 'row')}: ${parts.join(', ')}${stopped}`;
}

/** Of a row that is not as expected: the differences, the counterexample, the row as it would be now, the command. */
export function surpriseLines({ row, outcome }: Result, page: Page): readonly string[] {
  if (outcome.kind !== 'unexpected') return [];
  const { found, differences } = outcome;
  return [
    '',
    ...paragraph({ text: titleOf(row), look: 'strong' }, page),
    ...differences.flatMap(({ field, expected, found: now }) =>
      paragraph({ text: `${field}: expected ${expected}, found ${now}` }, page, '  '),
    ),
    ...paragraph({ text: `the row as it would be now, at ${originText(row.origin)}:` }, page, '  '),
    `    ${rowText(updatedRow(row, found.facts))}`,
    ...paragraph({ text: `alone: ${commandOf(row)}` }, page, '  '),
    ...(found.trace === undefined
      ? []
      : ['', renderLanes(found.trace, { ...page, withSettings: false }).trimEnd()]),
  ];
}

/** `race.ts: manifest[3]`, `raceproof.config.json: models[0].rows[3]`. */
export const originText = ({ file, entry, row }: RowOrigin): string =>
  `${file === undefined ? '' : `${file}: `}${entry === undefined ? 'manifest' : `models[${entry}].rows`}[${row}]`;
