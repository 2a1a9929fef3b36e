// The page of a check: verdicts, states per level as a chart, what leaves each label, counts beside the model's source,
// the values of each variable, time and memory. It loads nothing and needs no script.

import type { Explored, PropertyVerdict, Report, Statistics } from '../../checker/index.js';
import { counted, escapeHtml, grouped, pageOf, verdictText } from '../../counterexamples/index.js';
import type { CheckedModel } from '../checked_model.js';

/** What a run took. */
export interface RunEffort {
  readonly seconds: number;
  /** The most memory that the process had. */
  readonly megabytes: number;
}

/** A line of the model's source, with how often the labels that it writes are left. */
export interface CountedLine {
  readonly number: number;
  readonly text: string;
  readonly labels: readonly {
    readonly label: string;
    readonly transitions: number;
    readonly states: number | undefined;
  }[];
}

export interface CountedFile {
  readonly name: string;
  readonly lines: readonly CountedLine[];
}

export function checkReportPage(
  { model, settings, chosen, report }: CheckedModel,
  effort: RunEffort,
  sources: readonly CountedFile[],
): string {
  const title = `${model}: ${report.verdict}`;
  const given = chosen.map((name) => `${name}=${settings[name]}`);
  const { statistics } = report;
  return pageOf(
    title,
    [
      `<style>${style}</style>`,
      `<h1>${escapeHtml(title)}</h1>`,
      `<p class="soft">${escapeHtml(given.length === 0 ? 'all settings at their defaults' : given.join(' '))}</p>`,
      `<p>${exploredText(report.evidence)}</p>`,
      `<p>${effort.seconds.toFixed(2)} seconds, at most ${grouped(effort.megabytes)} MB.</p>`,
      section('Properties', propertiesTable(report)),
      section('New states at each distance', levelsChart(report.evidence.levels)),
      ...(statistics === undefined
        ? [
            section(
              'Statistics',
              '<p>There are none of labels and variables: they need a search that has seen every state.</p>',
            ),
          ]
        : [
            section('Transitions from a state', degreesTable(statistics.outDegrees)),
            section('Labels', labelsTable(statistics)),
            ...sources.map((file) => section(file.name, sourceTable(file))),
            section('Values of variables', variablesTable(statistics)),
          ]),
    ].join('\n'),
  );
}

const style = `
.report td, .report th { text-align: left; vertical-align: top; padding: .1rem .6rem .1rem 0; font-weight: normal; }
.report thead th { color: var(--soft); } .report .n { text-align: right; font-variant-numeric: tabular-nums; }
.report .none { color: var(--bad); font-weight: 600; } .properties .strong { font-weight: 600; } .properties td:nth-child(2) { overflow-wrap: anywhere; } .code td:last-child { white-space: pre; font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .85rem; }
.chart { width: 100%; max-width: 60rem; height: auto; } .chart rect { fill: var(--change); } .chart text { fill: var(--soft); font-size: 11px; }`;

const section = (title: string, body: string): string =>
  `<section>\n<h2>${escapeHtml(title)}</h2>\n${body}\n</section>`;

const exploredText = ({ states, transitions, depth, exhaustive, limit, engine }: Explored): string =>
  escapeHtml(
    `${counted(states, 'state')}, ${counted(transitions, 'transition')}, depth ${depth}, by the ${engine} engine: ${exhaustive ? 'every reachable state was explored' : `not everything: ${limit?.text ?? 'a limit'}`}.`,
  );

/** Text, a number, or text with a class. */
type TableCell = string | number | { readonly text: string; readonly className: string };

/** Cells that are numbers stand right. */
function table(head: readonly string[], rows: readonly (readonly TableCell[])[], className = ''): string {
  const cell = (value: TableCell): string => {
    if (typeof value === 'number') return `<td class="n">${grouped(value)}</td>`;
    if (typeof value === 'string') return `<td>${escapeHtml(value)}</td>`;
    return `<td class="${value.className}">${escapeHtml(value.text)}</td>`;
  };
  return `<div class="scroll"><table class="report ${className}"><thead><tr>${head.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')}
</tbody></table></div>`;
}

/** In the order of the table: what needs attention comes first. */
const marks: {
  readonly [verdict in PropertyVerdict]: {
    readonly rank: number;
    readonly sign: string;
    readonly look: string;
  };
} = {
  violated: { rank: 0, sign: '✗', look: 'bad strong' },
  unreached: { rank: 1, sign: '✗', look: 'bad strong' },
  unknown: { rank: 2, sign: '?', look: 'strong' },
  unchecked: { rank: 3, sign: '?', look: 'soft' },
  holds: { rank: 4, sign: '✓', look: 'good' },
  reached: { rank: 4, sign: '✓', look: 'good' },
};

const propertiesTable = ({ properties }: Report): string =>
  table(
    ['verdict', 'property', 'kind'],
    properties
      .toSorted((a, b) => marks[a.verdict].rank - marks[b.verdict].rank)
      .map((result) => {
        const { sign, look } = marks[result.verdict];
        return [
          { text: `${sign} ${verdictText(result)}`, className: look },
          result.check.name,
          result.check.kind,
        ];
      }),
    'properties',
  );

/** At most so many bars, each at least a pixel wide; a search that is deeper has several distances in each. */
const barsMax = 600;

interface ChartBar {
  /** `7`, or `1200 to 1202`. */
  readonly distances: string;
  /** New states at all of them. */
  readonly count: number;
}

function barsOf(levels: readonly number[]): readonly ChartBar[] {
  const each = Math.ceil(levels.length / barsMax);
  return Array.from({ length: Math.ceil(levels.length / each) }, (_, i) => {
    const own = levels.slice(i * each, (i + 1) * each);
    const [first, last] = [i * each, i * each + own.length - 1];
    return {
      distances: first === last ? `${first}` : `${first} to ${last}`,
      count: own.reduce((sum, count) => sum + count, 0),
    };
  });
}

/** Bars, and the same as a table below for those who do not see them. */
function levelsChart(levels: readonly number[]): string {
  if (levels.length === 0) return '<p>This search has no distances.</p>';
  const [width, height, bottom] = [600, 160, 16];
  const all = barsOf(levels);
  // A call does not take as many arguments as there may be levels.
  const most = levels.reduce((best, count) => Math.max(best, count), 0);
  const tallest = all.reduce((best, { count }) => Math.max(best, count), 0);
  const pitch = width / all.length;
  const bars = all.map(({ distances, count }, i) => {
    const tall = Math.max(1, (count / tallest) * height);
    return `<rect x="${(i * pitch).toFixed(2)}" y="${(height - tall).toFixed(2)}" width="${Math.max(0.5, pitch * 0.85).toFixed(2)}" height="${tall.toFixed(2)}"><title>distance ${distances}: ${counted(count, 'state')}</title></rect>`;
  });
  const label = `${levels.length} levels, at most ${grouped(most)} states, at distance ${levels.indexOf(most)}`;
  return `<svg class="chart" viewBox="0 0 ${width} ${height + bottom}" role="img" aria-label="${label}">
${bars.join('\n')}
<text x="0" y="${height + 12}">0</text><text x="${width}" y="${height + 12}" text-anchor="end">${levels.length - 1}</text>
</svg>
<p class="soft">${escapeHtml(label)}</p>
<details><summary>as a table</summary>${table(
    ['distance', 'new states'],
    all.map(({ distances, count }) => [distances, count]),
  )}</details>`;
}

const degreesTable = (outDegrees: readonly number[]): string =>
  table(
    ['transitions', 'states'],
    outDegrees.flatMap((states, degree) => (states === 0 ? [] : [[degree, states]])),
  );

const labelsTable = ({ labels }: Statistics): string =>
  table(
    ['label', 'states there', 'transitions', 'transitions a state', 'leads to'],
    labels.map(({ label, states, transitions, ways }) => [
      label,
      states ?? '',
      transitions,
      states === undefined || states === 0 ? '' : (transitions / states).toFixed(2),
      ways.map(({ to, transitions: count }) => `${to} ${grouped(count)}`).join(', '),
    ]),
  );

/** The whole file; a label that was never left is marked. */
function sourceTable({ lines }: CountedFile): string {
  const rows = lines.map(({ number, text, labels }) => {
    const taken = labels.reduce((sum, { transitions }) => sum + transitions, 0);
    const count = labels.length === 0 ? '' : taken === 0 ? '<span class="none">0 ✗</span>' : grouped(taken);
    return `<tr><td class="n">${count}</td><td class="n soft">${number}</td><td>${escapeHtml(text)}</td></tr>`;
  });
  return `<div class="scroll tall" tabindex="0" role="region" aria-label="source with counts"><table class="report code"><thead><tr><th scope="col">transitions</th><th scope="col">line</th><th scope="col">source</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>`;
}

/** At most so many values of a variable are listed. */
const valuesMax = 20;

function variablesTable({ variables }: Statistics): string {
  if (variables === undefined) return '<p>This search kept no states, so the values are not known.</p>';
  return table(
    ['variable', 'values', 'of', 'states with each'],
    variables.map(({ name, values, possible }) => {
      const shown = values.slice(0, valuesMax).map(({ value, states }) => `${value}: ${grouped(states)}`);
      const more = values.length - shown.length;
      return [
        name,
        values.length,
        possible,
        [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', '),
      ];
    }),
  );
}
