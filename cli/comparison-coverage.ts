// The coverage of a comparison: which labels each candidate reached, in how many of the cells that have them. A label
// that no cell reaches is a piece of the model that nothing was proved about.
//
//   label                           none      try_to_unmap
//   zap_huge_pmd.lock               42 of 42  42 of 42
//   invalidate_range.wait_for_rcu   -         0 of 6          never reached

import { counted, escapeHtml, pageOf } from '../counterexamples/index.js';
import type { Comparison } from './comparison.js';
import type { Up } from './comparison-run-html.js';

export interface LabelRow {
  readonly label: string;
  /** For each candidate, how many of its cells have the label, and how many reached it. */
  readonly counts: readonly { readonly cells: number; readonly reached: number }[];
}

/** In the order in which the cells have the labels; empty if nobody asked for coverage. */
export function labelRows({ candidates, cells }: Comparison): readonly LabelRow[] {
  const rows = new Map<string, { cells: number; reached: number }[]>();
  for (const { candidate, run } of cells) {
    const i = candidates.indexOf(candidate);
    for (const { label, isReached } of run.report.labels ?? []) {
      const counts = rows.get(label) ?? candidates.map(() => ({ cells: 0, reached: 0 }));
      rows.set(label, counts);
      counts[i]!.cells += 1;
      if (isReached) counts[i]!.reached += 1;
    }
  }
  return [...rows].map(([label, counts]) => ({ label, counts }));
}

/** A page: per candidate what no cell reached, then every label that some cell of some candidate misses. */
export function coverageHtml(comparison: Comparison, up: Up): string {
  const { model, setting, candidates } = comparison;
  const rows = labelRows(comparison);
  const title = `${model}: the coverage`;
  const open = comparison.cells.filter(({ run }) => !run.report.exploration.exhaustive).length;
  const never = candidates.map((candidate, i) => {
    const labels = rows.filter(({ counts }) => counts[i]!.cells > 0 && counts[i]!.reached === 0);
    const told =
      labels.length === 0
        ? 'every label is reached in some cell'
        : `never reached: ${labels.map(({ label }) => `<code>${escapeHtml(label)}</code>`).join(', ')}`;
    return `<li><strong>${escapeHtml(String(candidate))}</strong>: ${told}</li>`;
  });
  const missed = rows.filter(({ counts }) => counts.some(({ cells, reached }) => reached < cells));
  const cell = ({ cells, reached }: LabelRow['counts'][number]) =>
    cells === 0
      ? '<td class="soft">-</td>'
      : `<td${reached === 0 ? ' class="bad"' : ''}>${reached} of ${cells}</td>`;
  const body = missed.map(
    ({ label, counts }) =>
      `<tr><th scope="row"><code>${escapeHtml(label)}</code></th>${counts.map(cell).join('')}</tr>`,
  );
  const head = candidates
    .map((candidate) => `<th scope="col">${escapeHtml(String(candidate))}</th>`)
    .join('');
  return pageOf(
    title,
    `<p><a href="${escapeHtml(up.href)}">${escapeHtml(up.text)}</a></p>
<h1>${escapeHtml(title)}</h1>
${open === 0 ? '' : `<p class="bad">${counted(open, 'cell')} of ${comparison.cells.length} not explored to the end: more may be reached there.</p>\n`}<h2>For each ${escapeHtml(setting)}, over all its cells</h2>
<ul>
${never.join('\n')}
</ul>
<h2>Labels that some cell does not reach</h2>
<p>How many of the cells that have a label reach it; a dash where no program of that ${escapeHtml(setting)} has it. All other labels, ${rows.length - missed.length} of ${rows.length}, are reached wherever they are.</p>
${
  missed.length === 0
    ? ''
    : `<div class="scroll" tabindex="0"><table class="matrix figures">
<thead><tr><th scope="col">label</th>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`
}`,
  );
}
