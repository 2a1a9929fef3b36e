// A comparison as Markdown tables, for a commit message or a web page.

import { type Comparison, inEnvironment } from '../comparison.js';
import { conclusions } from '../conclusions.js';
import { costHeading, costsOf, costText } from '../costs.js';
import { costsIn, rowsOf, stoppedText, textOf } from './cell.js';

/** The tables of each environment, and the conclusions as a list. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { setting, scenarios, environments } = comparison;
  const row = (cells: readonly string[]) =>
    `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  const stopped = stoppedText(comparison);
  return [
    ...(stopped === '' ? [] : [`${stopped}.`, '']),
    ...environments.flatMap((environment) => [
      ...(environment === '' ? [] : [`**${environment}**`, '']),
      row([setting, ...scenarios]),
      row(['---', ...scenarios.map(() => '---')]),
      ...rowsOf(inEnvironment(comparison, environment)).map(([candidate, cells]) =>
        row([candidate, ...cells.map(textOf)]),
      ),
      '',
      ...costsIn(environment, comparison).flatMap((costs) => [
        `${costHeading(costs)}. ${costs.cost.about}`,
        '',
        row([setting, ...costs.scenarios]),
        row(['---', ...costs.scenarios.map(() => '---')]),
        ...comparison.candidates.map((candidate) =>
          row([String(candidate), ...costsOf(costs, candidate).map(costText)]),
        ),
        '',
      ]),
    ]),
    ...conclusions(comparison).map(({ candidate, explored, costs, about }) =>
      [
        `* ${setting}=${candidate}: ${explored}.`,
        ...costs.map((text) => `Cost ${text}.`),
        ...(about === undefined ? [] : [about]),
      ].join(' '),
    ),
  ].join('\n');
}
