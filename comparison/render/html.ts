// A comparison as pages that open from the file system: index.html with the matrix, behind each cell a page with its
// counterexample and essence or with the figures of its proof, and a page with the coverage of all.

import type { Report } from '../../checker/index.js';
import { counted, type Essence, escapeHtml, type NoEssence, pageOf } from '../../counterexamples/index.js';
import {
  type CellRun,
  type Comparison,
  type ComparisonCell,
  cellAt,
  inEnvironment,
  type Refusal,
} from '../comparison.js';
import { conclusions } from '../conclusions.js';
import { costHeading, costsOf, costText } from '../costs.js';
import { cellText, stoppedText } from './cell.js';
import { coverageHtml } from './html_coverage.js';
import { cellName, type RunPage, runPageHtml } from './html_run.js';

/** Stands in each index: a folder that has it holds pages of a comparison, and is written again. */
export const pagesMark = '<!-- pages of raceproof compare -->';

/** The essences of the counterexamples that are told, by the report that they belong to. */
export type Essences = ReadonlyMap<Report, Essence | NoEssence>;

/** Texts by file name: index.html, coverage.html, and one page for each run that is not the same as another. */
export function comparisonPages(comparison: Comparison, essences: Essences): ReadonlyMap<string, string> {
  const reports = [...new Set(comparison.cells.map(({ run }) => run.report))];
  const pages = reports.map((report, i): RunPage => {
    const cells = comparison.cells.filter(({ run }) => run.report === report);
    return { file: `run-${i + 1}.html`, run: cells[0]!.run, cells, essence: essences.get(report) };
  });
  const up = { href: 'index.html', text: `${comparison.model}: the comparison` };
  return new Map([
    ['index.html', indexPage(comparison, pages)],
    ['coverage.html', coverageHtml(comparison, up)],
    ...pages.map((page) => [page.file, runPageHtml(page, up)] as const),
  ]);
}

function indexPage(comparison: Comparison, pages: readonly RunPage[]): string {
  const { model, setting, candidates, scenarios, environments } = comparison;
  const title = `${model}: every ${setting} in ${counted(scenarios.length, 'scenario')}`;
  const fileOf = new Map(pages.map(({ file, run }) => [run.report, file] as const));
  const cellHtml = (cell: ComparisonCell | Refusal | undefined) => {
    if (cell === undefined) return '<td>not run</td>';
    if ('why' in cell) return `<td class="bad">${escapeHtml(cellText(cell))}</td>`;
    return `<td class="${lookOf(cell.run)}"><a href="${fileOf.get(cell.run.report)!}">${escapeHtml(cellText(cell))}</a></td>`;
  };
  const matrix = (environment: string) => {
    const rows = candidates.map((candidate) => {
      const find = (scenario: string) => cellAt(inEnvironment(comparison, environment), candidate, scenario);
      return `<tr><th scope="row">${escapeHtml(String(candidate))}</th>${scenarios.map((scenario) => cellHtml(find(scenario))).join('')}</tr>`;
    });
    const heading = environment === '' ? '' : `<h2>${escapeHtml(environment)}</h2>\n`;
    const head = scenarios.map((scenario) => `<th scope="col">${escapeHtml(scenario)}</th>`).join('');
    return `${heading}<div class="scroll" tabindex="0"><table class="matrix">
<thead><tr><th scope="col">${escapeHtml(setting)}</th>${head}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>${costsHtml(environment, comparison)}`;
  };
  const told = conclusions(comparison).map(({ candidate, explored, costs, about }) => {
    const cost = costs.map((text) => `; cost ${escapeHtml(text)}`).join('');
    const said = about === undefined ? '' : ` <span class="soft">${escapeHtml(about)}</span>`;
    return `<li><strong>${escapeHtml(String(candidate))}</strong>: ${escapeHtml(explored)}${cost}${said}</li>`;
  });
  return pageOf(
    title,
    `${pagesMark}<h1>${escapeHtml(title)}</h1>
${comparison.stopped === undefined ? '' : `<p class="bad">${escapeHtml(stoppedText(comparison))}.</p>\n`}<p>Each cell leads to its counterexample, or to the figures of its proof. <a href="coverage.html">The coverage</a> says which labels were never reached.</p>
<ul>
${told.join('\n')}
</ul>
${environments.map(matrix).join('\n')}
${essencesHtml(pages)}`,
  );
}

/** What the candidates cost in an environment, if anything is counted there. */
const costsHtml = (environment: string, { costs, candidates, setting }: Comparison): string =>
  costs
    .filter(({ cost }) => cost.environment === environment)
    .map((table) => {
      const head = [setting, ...table.scenarios].map((text) => `<th scope="col">${escapeHtml(text)}</th>`);
      const rows = candidates.map((candidate) => {
        const cells = costsOf(table, candidate).map((cell) => `<td>${escapeHtml(costText(cell))}</td>`);
        return `<tr><th scope="row">${escapeHtml(String(candidate))}</th>${cells.join('')}</tr>`;
      });
      return `
<p>${escapeHtml(costHeading(table))}. <span class="soft">${escapeHtml(table.cost.about)}</span></p>
<div class="scroll" tabindex="0"><table class="matrix">
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;
    })
    .join('');

/** Each essence once, with the cells that have it: the stories behind the matrix. */
function essencesHtml(pages: readonly RunPage[]): string {
  const stories = new Map<string, { readonly sentences: readonly string[]; readonly pages: RunPage[] }>();
  for (const page of pages) {
    const { essence } = page;
    if (essence === undefined || 'why' in essence) continue;
    const sentences =
      essence.orderings.length === 0
        ? ['No order matters: every run of these actors shows it.']
        : essence.orderings.map(({ sentence }) => sentence);
    const key = sentences.join('\n');
    const story = stories.get(key) ?? { sentences, pages: [] };
    stories.set(key, story);
    story.pages.push(page);
  }
  const untold = pages.filter(({ essence }) => essence !== undefined && 'why' in essence);
  if (stories.size === 0 && untold.length === 0) return '';
  const items = [...stories.values()].map(
    ({ sentences, pages: own }) =>
      `<li>${sentences.map(escapeHtml).join('<br>')}<details><summary>${cellsText(own)}</summary><ul>\n${own.map(linkTo).join('\n')}\n</ul></details></li>`,
  );
  const rest =
    untold.length === 0
      ? ''
      : `<p>For ${cellsText(untold)} no essence is told; the page of each says why.</p>\n<ul>\n${untold.map(linkTo).join('\n')}\n</ul>`;
  return `<h2>What goes wrong</h2>
<p>The fewest orderings that make the shortest counterexample of a cell inevitable, each story once.</p>
<ol>
${items.join('\n')}
</ol>
${rest}`;
}

const cellsText = (pages: readonly RunPage[]): string =>
  counted(
    pages.reduce((sum, { cells }) => sum + cells.length, 0),
    'cell',
  );

const linkTo = ({ file, cells }: RunPage): string =>
  `<li><a href="${file}">${escapeHtml(cellName(cells[0]!))}</a>${cells.length === 1 ? '' : ` and ${cells.length - 1} more`}</li>`;

const lookOf = ({ report }: CellRun): string =>
  report.verdict === 'holds' ? 'good' : report.verdict === 'violated' ? 'bad' : 'soft';
