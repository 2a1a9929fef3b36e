// A suite as JUnit's XML: a test suite for each model, a test case for each row.

import { plain, renderLanes } from '../../counterexamples/text.js';
import { rowText, updatedRow } from '../row_text.js';
import { commandOf, countsOf, type Result, type SuiteReport, titleOf } from '../suite.js';
import { factsText } from './text.js';
import { messageOf } from './words.js';

/** The document. Rows that were not run are skipped. */
export function suiteJunit(report: SuiteReport): string {
  const models = [...new Set(report.results.map(({ row }) => row.model))];
  const { unexpected, error } = countsOf(report);
  const attributes = `name="raceproof" tests="${report.results.length}" failures="${unexpected}" errors="${error}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes}>`,
    ...models.flatMap((model) => {
      const results = report.results.filter(({ row }) => row.model === model);
      const counts = countsOf({ results });
      return [
        `  <testsuite name="${xml(model)}" tests="${results.length}" failures="${counts.unexpected}" errors="${counts.error}" skipped="${counts['not run']}">`,
        ...results.flatMap(testCase),
        '  </testsuite>',
      ];
    }),
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(result: Result): readonly string[] {
  const { row, outcome } = result;
  const name = titleOf({ ...row, model: '' }).trim() || 'defaults';
  const open = `    <testcase classname="${xml(row.model)}" name="${xml(name)}"`;
  const message = xml(messageOf(result));
  switch (outcome.kind) {
    case 'expected':
      return [
        `${open}>`,
        `      <system-out>${xml(factsText(outcome.found.facts))}</system-out>`,
        '    </testcase>',
      ];
    case 'not run':
      return [`${open}>`, '      <skipped/>', '    </testcase>'];
    case 'error':
      return [`${open}>`, `      <error type="error" message="${message}"/>`, '    </testcase>'];
    case 'unexpected':
      return [
        `${open}>`,
        `      <failure type="unexpected" message="${message}">${xml(failureText(result))}</failure>`,
        '    </testcase>',
      ];
  }
}

function failureText({ row, outcome }: Result): string {
  if (outcome.kind !== 'unexpected') return '';
  const { facts, trace } = outcome.found;
  return [
    factsText(facts),
    `the row as it would be now: ${rowText(updatedRow(row, facts))}`,
    commandOf(row),
    ...(trace === undefined
      ? []
      : ['', renderLanes(trace, { width: 100, style: plain, withSettings: false }).trimEnd()]),
  ].join('\n');
}

/** As text or as an attribute; characters that XML 1.0 cannot have are shown as a question mark. */
const xml = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '?')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
