// One row of the conformance run: a case, what raceproof finds, and how many of these figures each judge confirms.
// Rows that agreed can be kept in a journal, so that a run that was interrupted goes on where it stood.

import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Report } from '../checker/index.js';
import type { ConformanceCase } from './cases.js';
import { disagreements, explored, type Figure } from './judge.js';
import { judgeByRumur } from './rumur_judge.js';
import { judgeBySpin } from './spin_judge.js';

const judges = { rumur: judgeByRumur, spin: judgeBySpin };
export type Judge = keyof typeof judges;
export const judgeNames: readonly Judge[] = ['rumur', 'spin'];

export interface SummaryRow {
  readonly name: string;
  readonly group: string;
  /** Changes when the Program, its properties or our findings do. */
  readonly key: string;
  readonly states: number;
  readonly engine: string;
  readonly verdict: string;
  /** How many figures each judge gave that are ours. */
  readonly agreed: { readonly [judge in Judge]?: number };
  /** A line for each figure that is not, and for each judge that failed. */
  readonly differences: readonly string[];
}

/** Explores a case and asks the judges, unless the journal knows the answer. */
export async function judged(
  { name, group, program, properties, engine, aloneMax }: ConformanceCase,
  by: readonly Judge[],
  journal: Journal,
): Promise<SummaryRow> {
  const report = await explored(program, properties, engine);
  const key = keyOf([program, report, aloneMax, by]);
  const known = journal.find(name, key);
  if (known !== undefined) return known;
  const agreed: { [judge in Judge]?: number } = {};
  const differences: string[] = [];
  for (const judge of by) {
    try {
      const comparisons = await judges[judge](program, report, aloneMax);
      const bad = disagreements(comparisons);
      agreed[judge] = comparisons.length - bad.length;
      differences.push(...bad.map((one) => `${name}: ${differenceText(judge, one)}`));
    } catch (problem) {
      differences.push(`${name}: ${judge}: ${problem instanceof Error ? problem.message : String(problem)}`);
    }
  }
  const { states } = report.evidence;
  const row: SummaryRow = {
    name,
    group,
    key,
    states,
    engine,
    verdict: verdictOf(report),
    agreed,
    differences,
  };
  if (differences.length === 0) journal.add(row);
  return row;
}

const differenceText = (judge: Judge, { what, ours, theirs }: Figure): string =>
  `${what}: raceproof ${ours}, ${judge} ${theirs}`;

/** What is violated, or not reached, with the number of steps of its counterexample. */
function verdictOf({ properties }: Report): string {
  const failures = properties.flatMap(({ check, verdict, finding }) => {
    if (verdict === 'unreached') return [`${check.name} unreached`];
    return verdict === 'violated' ? [`${check.name} (${finding!.path.steps.length})`] : [];
  });
  return failures.length === 0 ? 'holds' : failures.join('; ');
}

const keyOf = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);

/** Rows that agreed, one line of JSON each; without a file nothing is kept. */
export class Journal {
  readonly #file: string | undefined;
  readonly #rows = new Map<string, SummaryRow>();

  constructor(file: string | undefined) {
    this.#file = file;
    if (file === undefined || !existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const row = rowOf(line);
      if (row !== undefined) this.#rows.set(row.name, row);
    }
  }

  find(name: string, key: string): SummaryRow | undefined {
    const row = this.#rows.get(name);
    return row?.key === key ? row : undefined;
  }

  add(row: SummaryRow): void {
    if (this.#file !== undefined) appendFileSync(this.#file, `\n${JSON.stringify(row)}\n`);
  }
}

/** Whoever was interrupted may have left half a line, which is no row. */
function rowOf(line: string): SummaryRow | undefined {
  try {
    return JSON.parse(line) as SummaryRow;
  } catch {
    return undefined;
  }
}
