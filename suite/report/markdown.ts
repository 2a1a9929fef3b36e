// A suite as Markdown: for the summary of a job, or a comment on a change.

import { countsOf, type Result, type SuiteReport, titleOf } from '../suite.js';
import { factsText, summaryText } from './text.js';
import { messageOf } from './words.js';

/** First the rows that are not as expected, then all rows. */
export function suiteMarkdown(report: SuiteReport): string {
  const { expected } = countsOf(report);
  const bad = report.results.filter(
    ({ outcome }) => outcome.kind === 'unexpected' || outcome.kind === 'error',
  );
  const table = (results: readonly Result[], last: string, text: (result: Result) => string) => [
    `| row | ${last} |`,
    '| --- | --- |',
    ...results.map((result) => `| ${cell(titleOf(result.row))} | ${cell(text(result))} |`),
  ];
  return [
    `## raceproof: ${summaryText(report)}`,
    '',
    ...(bad.length === 0 ? [] : [...table(bad, 'what is wrong', messageOf), '']),
    ...(expected === 0
      ? []
      : [
          '<details><summary>all rows</summary>',
          '',
          ...table(report.results, 'found', ({ outcome }) =>
            'found' in outcome
              ? factsText(outcome.found.facts)
              : outcome.kind === 'error'
                ? outcome.message
                : 'not run',
          ),
          '',
          '</details>',
          '',
        ]),
  ].join('\n');
}

/** As text within a cell of a table. */
const cell = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]<>|#~]/g, '\\$&')
    .replace(/\s+/g, ' ')
    .trim();
