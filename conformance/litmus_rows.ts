// The litmus tests whose verdicts by herd are known: each is judged anew, and every figure compared.

import { readFileSync } from 'node:fs';
import { type AxiomaticModel, judge, type LitmusVerdict, models, parseLitmus } from '../litmus/index.js';

const file = (name: string): string => readFileSync(new URL(`litmus/${name}`, import.meta.url), 'utf8');

/** The rows of a table, by the names of its columns. */
function rowsOf(name: string): readonly { readonly [column: string]: string }[] {
  const [head, ...rows] = file(name)
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  return rows.map((cells) => Object.fromEntries(head!.map((column, i) => [column, cells[i] ?? ''])));
}

/** A test under a model: what herd said, what we say, and where they differ. */
export interface LitmusRow {
  readonly test: string;
  readonly model: AxiomaticModel['name'];
  /** 'Never 0/3 in 3 states'. */
  readonly said: string;
  /** Columns in which herd's table says something else, with both. */
  readonly differences: readonly string[];
}

const modelsOfTable: { readonly [name: string]: AxiomaticModel['name'] } = { LKMM: 'lkmm', 'x86-TSO': 'tso' };

function judged(test: string, name: AxiomaticModel['name']): LitmusVerdict {
  return judge(parseLitmus(file(`files/${test}.litmus`)), models.find((model) => model.name === name)!);
}

/** As the table writes them: '0:r0=1; x=2'. */
const stateTexts = ({ states }: LitmusVerdict): readonly string[] =>
  states.map((state) => state.map(([name, value]) => `${name.replace(/[[\]]/g, '')}=${value}`).join('; '));

/** What herd says of a test under a model, as its tables name both; undefined where they do not have it. */
export function herdOutcome(test: string, model: 'LKMM' | 'ARMv8' | 'x86-TSO'): string | undefined {
  const verdict = rowsOf('verdicts.tsv').find((row) => row['test'] === test && row['memory_model'] === model);
  const bug = rowsOf('kernel-bugs.tsv').find((row) => row['essence']!.replace('/', '.') === test);
  return verdict?.['outcome'] ?? bug?.[model];
}

/** All rows of verdicts.tsv that are of a model that we have. */
export function verdictRows(): readonly LitmusRow[] {
  return rowsOf('verdicts.tsv').flatMap((row) => {
    const model = modelsOfTable[row['memory_model']!];
    if (model === undefined) return [];
    const verdict = judged(row['test']!, model);
    const listed = row['final_states']!;
    const found = {
      outcome: verdict.outcome,
      states: verdict.states.length,
      positive: verdict.positive,
      negative: verdict.negative,
      flags: verdict.flags.map(({ name }) => name).join(',') || '-',
      // Where there are many, the table has their number alone.
      final_states: listed.startsWith('(') ? listed : [...stateTexts(verdict)].sort().join(' / '),
    };
    const herd = { ...row, final_states: listed.split(' / ').sort().join(' / ') } as {
      readonly [column: string]: string;
    };
    return [rowOf(row['test']!, model, verdict, found, herd)];
  });
}

/** All rows of kernel-bugs.tsv, under each model that we have. */
export function kernelBugRows(): readonly LitmusRow[] {
  return rowsOf('kernel-bugs.tsv').flatMap((row) =>
    Object.entries(modelsOfTable).flatMap(([column, model]) => {
      if (row[column] === 'n/a') return [];
      const test = row['essence']!.replace('/', '.');
      const verdict = judged(test, model);
      return [rowOf(test, model, verdict, { outcome: verdict.outcome }, { outcome: row[column]! })];
    }),
  );
}

function rowOf(
  test: string,
  model: AxiomaticModel['name'],
  { outcome, positive, negative, states }: LitmusVerdict,
  found: { readonly [column: string]: string | number },
  herd: { readonly [column: string]: string },
): LitmusRow {
  const differences = Object.entries(found).flatMap(([column, value]) =>
    String(value) === herd[column] ? [] : [`${column}: ${value}, herd ${herd[column]}`],
  );
  return { test, model, said: `${outcome} ${positive}/${negative} in ${states.length} states`, differences };
}

/** A line for each row, and how many differ. */
export function litmusTable(rows: readonly LitmusRow[]): string {
  const width = Math.max(...rows.map(({ test }) => test.length));
  const lines = rows.map(
    ({ test, model, said, differences }) =>
      `${test.padEnd(width)}  ${model.padEnd(4)}  ${said}${differences.length === 0 ? '' : `  DIFFERS: ${differences.join('; ')}`}`,
  );
  const wrong = rows.filter(({ differences }) => differences.length > 0).length;
  return [...lines, `${rows.length} rows, ${wrong} differ from herd`].join('\n');
}
