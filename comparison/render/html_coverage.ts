// The page that says which labels each candidate of a comparison reached, and in how many of its cells.

import { counted, escapeHtml, pageOf } from '../../counterexamples/index.js';
import type { Comparison } from '../comparison.js';
import { type LabelRow, labelRows } from '../coverage.js';
import type { Up } from './html_run.js';

/** A page: per candidate what no cell reached, then every label that some cell of some candidate misses. */
export function coverageHtml(comparison: Comparison, up: Up): string {
  const { model, setting, candidates } = comparison;
  const rows = labelRows(comparison);
  const title = `${model}: the coverage`;
  const open = comparison.cells.filter(({ run }) => !run.report.evidence.exhaustive).length;
  const never = candidates.map((candidate, i) => {
    const labels = rows.filter(({ counts }) => counts[i]!.cells > 0 && counts[i]!.reached === 0);
    const text =
      labels.length === 0
        ? 'every label is reached in some cell'
        : `never reached: ${labels.map(({ label }) => `<code>${escapeHtml(label)}</code>`).join(', ')}`;
    return `<li><strong>${escapeHtml(String(candidate))}</strong>: ${text}</li>`;
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
    : `<div class="scroll" tabindex="0" role="region" aria-label="labels by candidate"><table class="matrix figures">
<thead><tr><th scope="col">label</th>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`
}`,
  );
}
