// The page of one run of a comparison: its counterexample with the essence, or the figures of its proof; and the
// figures of its search, its coverage and its settings.

import { gapsOf, type PropertyResult } from '../../checker/index.js';
import {
  counted,
  type Essence,
  escapeHtml,
  grouped,
  type NoEssence,
  otherSteps,
  type PageExtras,
  pageOf,
  renderHtml,
  storyOf,
  verdictText,
} from '../../counterexamples/index.js';
import { decidingResult, outcomeOfCell, outcomeWords } from '../cell_outcome.js';
import type { CellRun, ComparisonCell } from '../comparison.js';

/** A run and its cells: several settings may give the same Program. */
export interface RunPage {
  readonly file: string;
  readonly run: CellRun;
  readonly cells: readonly ComparisonCell[];
  /** Of the counterexample, if there is one. */
  readonly essence: Essence | NoEssence | undefined;
}

export interface Up {
  readonly href: string;
  readonly text: string;
}

/** The whole page; `up` leads back to the comparison. */
export function runPageHtml(page: RunPage, up: Up): string {
  const { run, essence, cells } = page;
  const name = cellName(cells[0]!);
  const outcome = outcomeOfCell(cells[0]);
  const result = decidingResult(outcome);
  const trace = result && run.traces.get(result);
  const more = `<section aria-label="the run">\n${[
    cellsHtml(page),
    exploredHtml(run),
    propertiesHtml(run),
    gapsHtml(run),
    settingsHtml(run),
  ].join('\n')}\n</section>`;
  if (trace === undefined) {
    const title = `${run.model}: ${name}: ${outcomeWords[outcome.kind].name}`;
    const back = `<p><a href="${escapeHtml(up.href)}">${escapeHtml(up.text)}</a></p>`;
    return pageOf(title, `${back}\n<h1>${escapeHtml(title)}</h1>\n${more}`);
  }
  const found = essence === undefined || 'why' in essence ? undefined : essence;
  const extras = extrasOf(run, result!, found);
  if (found !== undefined) return renderHtml(trace, { ...extras, name, up, essence: found, more });
  return renderHtml(trace, { ...extras, name, up, more: noEssence(essence as NoEssence | undefined) + more });
}

/** The story, and what else was possible at each step. */
function extrasOf(
  { lowered: { program } }: CellRun,
  { check, finding }: PropertyResult,
  essence: Essence | undefined,
): PageExtras {
  if (finding === undefined) return {};
  return {
    story: storyOf(program, { check, ...finding }, essence),
    others: otherSteps(program, finding.path),
  };
}

const noEssence = (essence: NoEssence | undefined): string =>
  essence === undefined ? '' : `<p class="soft">There is no essence: ${escapeHtml(essence.why)}.</p>\n`;

/** `try_to_unmap, mremap, powerpc hash`. */
export const cellName = ({ candidate, scenario, environment }: ComparisonCell): string =>
  [String(candidate), scenario, environment].filter((text) => text !== '').join(', ');

const cellsHtml = ({ cells }: RunPage): string =>
  `<h2>${cells.length === 1 ? 'The cell' : `The ${cells.length} cells whose program this is`}</h2>
<ul>
${cells.map((cell) => `<li>${escapeHtml(cellName(cell))}</li>`).join('\n')}
</ul>`;

function exploredHtml({ report, lowered: { program } }: CellRun): string {
  const { states, transitions, depth, levels, engine, search, storage, exhaustive, limit } = report.evidence;
  return `<h2>What was explored</h2>
${tableHtml('what was explored', [
  ['actors', `${program.threads.map(({ name }) => name).join(', ')}`],
  ['states', grouped(states)],
  ['transitions', grouped(transitions)],
  ['depth', grouped(depth)],
  ['new states at each distance', levels.join(' ')],
  ['explored', exhaustive ? 'every reachable state' : `not everything: ${limit?.text ?? 'unknown'}`],
  ['engine, search, storage', `${engine}, ${search}, ${storage}`],
])}`;
}

const propertiesHtml = ({ report: { properties } }: CellRun): string =>
  `<h2>Properties</h2>
${tableHtml(
  'properties',
  properties.map((result) => [
    result.check.name,
    result.check.kind,
    verdictText(result),
    result.check.about ?? '',
  ]),
)}`;

/** What a run with --coverage has not reached. */
function gapsHtml({ report: { labels } }: CellRun): string {
  if (labels === undefined) return '';
  const gaps = gapsOf(labels);
  const reached = labels.filter(({ isReached }) => isReached).length;
  const list = gaps.map((gap) => `<li>${escapeHtml(gap)}</li>`).join('\n');
  return `<h2>Coverage</h2>
<p>${counted(reached, 'label')} of ${labels.length} were reached.${gaps.length === 0 ? ' Nothing is left that was not met.' : ' What was not met:'}</p>
${gaps.length === 0 ? '' : `<ul>\n${list}\n</ul>`}`;
}

const settingsHtml = ({ settings }: CellRun): string =>
  `<h2>Settings</h2>
${tableHtml(
  'settings',
  Object.entries(settings).map(([name, value]) => [name, String(value)]),
)}`;

/** Rows, each with its heading first. */
function tableHtml(label: string, rows: readonly (readonly string[])[]): string {
  const row = ([name = '', ...cells]: readonly string[]) =>
    `<tr><th scope="row">${escapeHtml(name)}</th>${cells.map((text) => `<td>${escapeHtml(text)}</td>`).join('')}</tr>`;
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(label)}"><table class="matrix figures"><tbody>\n${rows.map(row).join('\n')}\n</tbody></table></div>`;
}
