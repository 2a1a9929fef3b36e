// A comparison as pages that open from the file system: index.html with the matrix, and behind each cell a page with
// its counterexample, or with the figures of its proof.

import { counted, escapeHtml, grouped, pageOf, renderHtml } from '../counterexamples/index.js';
import { type Cell, type Comparison, cellText, conclusions } from './comparison.js';
import { costHeading, costsOf, costText } from './costs.js';
import { decisive } from './exit-status.js';
import type { Run } from './run.js';

/** Texts by file name: index.html, and one page for each run that is not the same as another. */
export function comparisonPages(comparison: Comparison): ReadonlyMap<string, string> {
  const runs = [...new Set(comparison.cells.map(({ run }) => run))];
  const fileOf = new Map(runs.map((run, i) => [run, `run-${i + 1}.html`] as const));
  const pages = runs.map((run) => [fileOf.get(run)!, runPage(run, comparison)] as const);
  return new Map([['index.html', indexPage(comparison, fileOf)], ...pages]);
}

function indexPage(comparison: Comparison, fileOf: ReadonlyMap<Run, string>): string {
  const { model, setting, candidates, scenarios, environments, cells } = comparison;
  const title = `${model}: every ${setting} in ${counted(scenarios.length, 'scenario')}`;
  const cellHtml = (cell: Cell | undefined) =>
    cell === undefined
      ? '<td>not run</td>'
      : `<td class="${lookOf(cell.run)}"><a href="${fileOf.get(cell.run)!}">${escapeHtml(cellText(cell))}</a></td>`;
  const matrix = (environment: string) => {
    const rows = candidates.map((candidate) => {
      const find = (scenario: string) =>
        cells.find(
          (c) => c.candidate === candidate && c.scenario === scenario && c.environment === environment,
        );
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
    `<h1>${escapeHtml(title)}</h1>
<ul>
${told.join('\n')}
</ul>
${environments.map(matrix).join('\n')}`,
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

/** The decisive counterexample of a run, or what was explored. */
function runPage(run: Run, { model }: Comparison): string {
  const result = decisive(run.report);
  const trace = result && run.traces.get(result);
  const up = { href: 'index.html', text: `${model}: the comparison` };
  return trace === undefined ? figuresPage(run, up) : renderHtml(trace, { up });
}

function figuresPage(
  { model, settings, report }: Run,
  up: { readonly href: string; readonly text: string },
): string {
  const { exploration, properties, verdict } = report;
  const { states, transitions, depth, levels, engine, search, storage, limit } = exploration;
  const figures: readonly (readonly [string, string])[] = [
    ['states', grouped(states)],
    ['transitions', grouped(transitions)],
    ['depth', grouped(depth)],
    ['new states at each distance', levels.join(' ')],
    ['explored', exploration.exhaustive ? 'every reachable state' : `not everything: ${limit ?? 'unknown'}`],
    ['engine, search, storage', `${engine}, ${search}, ${storage}`],
  ];
  const row = ([name, value]: readonly [string, string]) =>
    `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`;
  const table = (rows: readonly (readonly [string, string])[]) =>
    `<div class="scroll" tabindex="0"><table class="matrix"><tbody>\n${rows.map(row).join('\n')}\n</tbody></table></div>`;
  const title = `${model}: ${verdict}`;
  return pageOf(
    title,
    `<p><a href="${escapeHtml(up.href)}">${escapeHtml(up.text)}</a></p>
<h1>${escapeHtml(title)}</h1>
<h2>What was explored</h2>
${table(figures)}
<h2>Properties</h2>
${table(properties.map((p) => [p.check.name, `${p.check.kind}: ${p.verdict}`] as const))}
<h2>Settings</h2>
${table(Object.entries(settings).map(([name, value]) => [name, String(value)] as const))}`,
  );
}

const lookOf = ({ report }: Run): string =>
  report.verdict === 'holds' ? 'good' : report.verdict === 'violated' ? 'bad' : 'soft';
