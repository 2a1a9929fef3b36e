// A comparison as pages that open from the file system: index.html with the tables, behind each cell a page with its
// counterexample and essence or with the figures of its proof, and a page with the coverage of all.

import type { Report } from '../../checker/index.js';
import { type Essence, type NoEssence, pageOf } from '../../counterexamples/index.js';
import type { Comparison, ComparisonCell } from '../comparison.js';
import { titleOf } from './cell.js';
import { coverageHtml } from './html_coverage.js';
import { indexHtml } from './html_index.js';
import { type RunPage, runPageHtml } from './html_run.js';

/** The mark of an index.html: a folder with files in it is written only if its index has this mark. */
export const pagesMark = '<!-- pages of raceproof compare -->';

/** The files of a comparison's pages. Older versions numbered the cells. */
export const pageFile = /^(?:index|coverage|run-\d+|cell--[a-z0-9_.-]+)\.html$/;

/** The essences of the counterexamples that are shown, by the report that they belong to. */
export type Essences = ReadonlyMap<Report, Essence | NoEssence>;

/** Texts by file name: index.html, coverage.html, and one page for each run that is not the same as another. */
export function comparisonPages(comparison: Comparison, essences: Essences): ReadonlyMap<string, string> {
  const reports = [...new Set(comparison.cells.map(({ run }) => run.report))];
  const files = new Set<string>();
  const pages = reports.map((report): RunPage => {
    const cells = comparison.cells.filter(({ run }) => run.report === report);
    return { file: fileOf(cells[0]!, files), run: cells[0]!.run, cells, essence: essences.get(report) };
  });
  const up = { href: 'index.html', text: `${comparison.model}: the comparison` };
  return new Map([
    ['index.html', pageOf(titleOf(comparison), `${pagesMark}\n${indexHtml(comparison, pages)}`)],
    ['coverage.html', coverageHtml(comparison, up)],
    ...pages.map((page) => [page.file, runPageHtml(page, up)] as const),
  ]);
}

/**
 * `cell--try_to_unmap--mremap--powerpc-hash.html`: of the first cell that shows the run, so that links to it stay
 * valid. Names that would be the same get a number; `taken` has those that are.
 */
function fileOf({ candidate, scenario, environment }: ComparisonCell, taken: Set<string>): string {
  const parts = [String(candidate), scenario, environment].filter((text) => text !== '').map(slug);
  const name = ['cell', ...parts].join('--');
  let file = `${name}.html`;
  for (let again = 2; taken.has(file); again++) file = `${name}.${again}.html`;
  taken.add(file);
  return file;
}

/** Small letters, digits and underscores; everything else is a hyphen. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'x';
