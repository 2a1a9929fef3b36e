// The index of a comparison: the table first, one for all environments with the same results, then what follows for
// each candidate, its costs, and the essences of counterexamples. A cell has a sign, so that no colour carries a meaning alone.

import { breakable, counted, escapeHtml } from '../../counterexamples/index.js';
import { type CellOutcome, type OutcomeKind, outcomeOfCell, outcomeWords } from '../cell_outcome.js';
import { type Comparison, cellAt, inEnvironment } from '../comparison.js';
import { conclusions } from '../conclusions.js';
import { costHeading, costsOf, costText } from '../costs.js';
import { costsIn, rowsOf, stoppedText, textOf, titleOf } from './cell.js';
import { cellName, type RunPage } from './html_run.js';

/** The body of the page. Each cell links to the one of `pages` that shows its run. */
export function indexHtml(comparison: Comparison, pages: readonly RunPage[]): string {
  const { scenarios, environments } = comparison;
  const groups = environmentGroups(comparison);
  return [
    `<h1>${escapeHtml(titleOf(comparison))}</h1>`,
    ...(comparison.stopped === undefined
      ? []
      : [`<p class="bad">${escapeHtml(stoppedText(comparison))}.</p>`]),
    legendHtml(comparison),
    ...groups.map((group) => {
      const all = group.length === environments.length && environments.length > 1;
      return `${headingHtml(group, all)}${matrixHtml(inEnvironment(comparison, group[0]!), pages, group)}`;
    }),
    conclusionsHtml(comparison),
    ...environments.map((environment) => costsHtml(environment, comparison)),
    essencesHtml(pages),
    `<p><a href="coverage.html">The coverage</a>: which labels no cell of a candidate reached, in ${counted(scenarios.length, 'scenario')}.</p>`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Environments grouped by equal tables, in their order. */
function environmentGroups(comparison: Comparison): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const environment of comparison.environments) {
    const rows = rowsOf(inEnvironment(comparison, environment));
    const key = JSON.stringify(rows.map(([, cells]) => cells.map(textOf)));
    groups.set(key, [...(groups.get(key) ?? []), environment]);
  }
  return [...groups.values()];
}

function headingHtml(group: readonly string[], all: boolean): string {
  const [first = '', ...others] = group;
  if (first === '') return '';
  if (others.length === 0) return `<h2>${escapeHtml(first)}</h2>\n`;
  const names = `<details><summary>the same results in ${all ? 'every environment' : counted(others.length, 'other environment')}</summary><ul>\n${group.map((name) => `<li>${escapeHtml(name)}</li>`).join('\n')}\n</ul></details>\n`;
  return `<h2>${escapeHtml(first)}</h2>\n${names}`;
}

/** What a cell shows after its sign. */
function briefHtml(outcome: CellOutcome): string {
  switch (outcome.kind) {
    case 'holds':
      return breakableInCell(counted(outcome.states, 'state'));
    case 'violated': {
      const steps = outcome.steps === undefined ? '' : `: ${counted(outcome.steps, 'step')}`;
      return breakableInCell(`${outcome.result.check.name}${steps}`);
    }
    case 'unreached':
      return breakableInCell(`${outcome.result.check.name}: never`);
    case 'incomplete':
      return breakableInCell(`${counted(outcome.states, 'state')} so far`);
    case 'refused':
      return escapeHtml(outcome.why);
    case 'not run':
      return '';
  }
}

/** Explains the signs that occur. */
function legendHtml(comparison: Comparison): string {
  const { environments } = comparison;
  const cells = environments.flatMap((environment) =>
    rowsOf(inEnvironment(comparison, environment)).flatMap(([, cells]) => cells),
  );
  const kinds = new Set(cells.map((cell) => outcomeOfCell(cell).kind));
  const items = Object.entries(outcomeWords).flatMap(([kind, { look, sign, meaning }]) =>
    kinds.has(kind as OutcomeKind)
      ? [`${look === undefined ? sign : `<span class="${look}">${sign}</span>`} ${meaning}`]
      : [],
  );
  return `<p class="legend">${items.join('; ')}. Each cell leads to its counterexample, or to what was explored.</p>`;
}

function matrixHtml(
  comparison: Comparison,
  pages: readonly RunPage[],
  environments: readonly string[],
): string {
  const { setting, candidates, scenarios } = comparison;
  const fileOf = new Map(pages.map(({ file, run }) => [run.report, file] as const));
  const cellHtml = (candidate: Comparison['candidates'][number], scenario: string) => {
    const cell = cellAt(comparison, candidate, scenario);
    const outcome = outcomeOfCell(cell);
    const { sign, name, look } = outcomeWords[outcome.kind];
    const text = `<b aria-label="${name}">${sign}</b> ${briefHtml(outcome)}`;
    const file = cell !== undefined && 'run' in cell ? fileOf.get(cell.run.report) : undefined;
    const shown = file === undefined ? text : `<a href="${escapeHtml(file)}">${text}</a>`;
    return `<td class="cell ${look ?? 'open'}">${shown}</td>`;
  };
  const rows = candidates.map(
    (candidate, i) =>
      `<tr><th scope="row"><a href="#candidate-${i + 1}">${breakableInCell(String(candidate))}</a></th>${scenarios.map((scenario) => cellHtml(candidate, scenario)).join('')}</tr>`,
  );
  const head = scenarios.map((scenario) => `<th scope="col">${escapeHtml(scenario)}</th>`).join('');
  const name = [`${setting} by scenario`, ...environments.filter((text) => text !== '')].join(', ');
  return `<div class="scroll tall" tabindex="0" role="region" aria-label="${escapeHtml(name)}"><table class="matrix sticky">
<thead><tr><th scope="col">${escapeHtml(setting)}</th>${head}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;
}

/** Long names may be broken after an underscore. */
const breakableInCell = (text: string): string => escapeHtml(text).replace(/[_.]/g, '$&<wbr>');

function conclusionsHtml(comparison: Comparison): string {
  const items = conclusions(comparison).map(({ candidate, explored, costs, about }, i) => {
    const cost = costs.map((text) => `; cost ${escapeHtml(text)}`).join('');
    const said = about === undefined ? '' : `<br><span class="soft">${escapeHtml(about)}</span>`;
    return `<li id="candidate-${i + 1}"><strong>${escapeHtml(String(candidate))}</strong>: ${escapeHtml(explored)}${cost}${said}</li>`;
  });
  return `<h2>What follows</h2>\n<ul class="conclusions">\n${items.join('\n')}\n</ul>`;
}

/** The costs of the candidates in an environment, if something is counted there. */
const costsHtml = (environment: string, comparison: Comparison): string =>
  costsIn(environment, comparison)
    .map((table) => {
      const { candidates, setting } = comparison;
      const head = [setting, ...table.scenarios].map((text) => `<th scope="col">${escapeHtml(text)}</th>`);
      const rows = candidates.map((candidate) => {
        const cells = costsOf(table, candidate).map((cell) => `<td>${escapeHtml(costText(cell))}</td>`);
        return `<tr><th scope="row">${breakableInCell(String(candidate))}</th>${cells.join('')}</tr>`;
      });
      const heading = costHeading(table);
      return `<h2>${escapeHtml(heading)}</h2>
<p class="soft">${escapeHtml(table.cost.about)}</p>
<div class="scroll tall" tabindex="0" role="region" aria-label="${escapeHtml(heading)}"><table class="matrix sticky">
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;
    })
    .join('\n');

/** Each essence once, with the cells that have it. */
function essencesHtml(pages: readonly RunPage[]): string {
  const stories = new Map<string, { readonly sentences: readonly string[]; readonly pages: RunPage[] }>();
  for (const page of pages) {
    const { essence } = page;
    if (essence === undefined || 'why' in essence) continue;
    const sentences =
      essence.orderings.length === 0
        ? ['The order of steps does not matter: every run of these actors shows it.']
        : essence.orderings.map(({ sentence }) => sentence);
    const key = sentences.join('\n');
    const story = stories.get(key) ?? { sentences, pages: [] };
    stories.set(key, story);
    story.pages.push(page);
  }
  const without = pages.filter(({ essence }) => essence !== undefined && 'why' in essence);
  if (stories.size === 0 && without.length === 0) return '';
  const items = [...stories.values()].map(
    ({ sentences, pages: own }) =>
      `<li>${sentences.map(breakable).join('<br>')}<details><summary>${cellsText(own)}</summary><ul>\n${own.map(linkTo).join('\n')}\n</ul></details></li>`,
  );
  const rest =
    without.length === 0
      ? ''
      : `<p>${cellsText(without)} without an essence; the page of each says why.</p>\n<ul>\n${without.map(linkTo).join('\n')}\n</ul>`;
  return `<h2>What goes wrong</h2>
<p>The fewest orderings that make the shortest counterexample of a cell inevitable, each set of them once.</p>
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
  `<li><a href="${escapeHtml(file)}">${escapeHtml(cellName(cells[0]!))}</a>${cells.length === 1 ? '' : ` and ${cells.length - 1} more`}</li>`;
