// The litmus tests whose verdicts by herd are known: each is judged anew, and every figure compared. x86-TSO is judged
// twice, by its axioms and by store buffers in a model.

import { readFileSync } from 'node:fs';
import {
  type AxiomaticModel,
  type FinalState,
  isTrueOf,
  judge,
  type LitmusTest,
  type LitmusVerdict,
  models,
  observedName,
  parseLitmus,
} from '../litmus/index.js';
import { bufferedStates } from './buffered_states.js';

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
  /** How it was judged: `buffers`, as a Program with store buffers. */
  readonly by: 'axioms' | 'buffers';
  /** 'Never 0/3 in 3 states'; 'Never in 3 states, buffers of 1'. */
  readonly said: string;
  /** Columns in which herd's table says something else, with both. */
  readonly differences: readonly string[];
}

const modelsOfTable: { readonly [name: string]: AxiomaticModel['name'] } = { LKMM: 'lkmm', 'x86-TSO': 'tso' };

const testNamed = (test: string): LitmusTest => parseLitmus(file(`files/${test}.litmus`));

const judged = (test: string, name: AxiomaticModel['name']): LitmusVerdict =>
  judge(testNamed(test), models.find((model) => model.name === name)!);

/** As the table writes them, sorted: '0:r0=1; x=2 / 0:r0=1; x=3'. Where there are many, it has their number alone. */
function statesAs(listed: string, states: readonly FinalState[]): string {
  if (listed.startsWith('(')) return listed;
  const texts = states.map((state) =>
    state.map(([name, value]) => `${name.replace(/[[\]]/g, '')}=${value}`).join('; '),
  );
  return texts.sort().join(' / ');
}

const sortedStates = (listed: string): string => listed.split(' / ').sort().join(' / ');

/** What herd says of a test under a model, as its tables name both; undefined where they do not have it. */
export function herdOutcome(test: string, model: 'LKMM' | 'ARMv8' | 'x86-TSO'): string | undefined {
  const verdict = rowsOf('verdicts.tsv').find((row) => row['test'] === test && row['memory_model'] === model);
  const bug = rowsOf('kernel-bugs.tsv').find((row) => bugTest(row) === test);
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
      final_states: statesAs(listed, verdict.states),
    };
    const herd = { ...row, final_states: sortedStates(listed) };
    return [axiomsRow(row['test']!, verdict, found, herd)];
  });
}

/** All rows of both tables that are of x86-TSO, by store buffers as small as is exact. */
export function bufferRows(): readonly LitmusRow[] {
  const bugs = rowsOf('kernel-bugs.tsv').flatMap((row) => {
    const outcome = row['x86-TSO']!;
    return outcome === 'n/a' ? [] : [buffersRow(bugTest(row), { outcome })];
  });
  const tests = rowsOf('verdicts.tsv').flatMap((row) => {
    const { test, memory_model, outcome, states, final_states } = row as {
      readonly [column: string]: string;
    };
    if (memory_model !== 'x86-TSO') return [];
    return [
      buffersRow(test!, { outcome: outcome!, states: states!, final_states: sortedStates(final_states!) }),
    ];
  });
  return [...tests, ...bugs];
}

/** A test by store buffers beside the columns of herd's table that it answers. */
function buffersRow(test: string, herd: { readonly [column: string]: string }): LitmusRow {
  const { outcome, states, slots } = byBuffers(testNamed(test));
  const all = {
    outcome,
    states: states.length,
    final_states: statesAs(herd['final_states'] ?? '', states),
  };
  const found = Object.fromEntries(Object.entries(all).filter(([column]) => column in herd));
  const said = `${outcome} in ${states.length} states, buffers of ${slots}`;
  return { test, model: 'tso', by: 'buffers', said, differences: differencesOf(found, herd) };
}

/** What a test leaves with buffers that grow until no store finds its buffer full, and its outcome. */
function byBuffers(test: LitmusTest): {
  readonly outcome: LitmusVerdict['outcome'];
  readonly states: readonly FinalState[];
  readonly slots: number;
} {
  let slots = 1;
  let found = bufferedStates(test, slots);
  while (found.isFull) found = bufferedStates(test, ++slots);
  const { filter, condition } = test;
  const isTrueIn = (proposition: typeof condition.proposition, state: FinalState) => {
    const values = new Map(state);
    return isTrueOf(proposition, (of) => values.get(observedName(of))!);
  };
  const states = found.states.filter((state) => filter === undefined || isTrueIn(filter, state));
  const positive = states.filter((state) => isTrueIn(condition.proposition, state)).length;
  const outcome = positive === 0 ? 'Never' : positive === states.length ? 'Always' : 'Sometimes';
  return { outcome, states, slots };
}

const bugTest = (row: { readonly [column: string]: string }): string => row['essence']!.replace('/', '.');

/** All rows of kernel-bugs.tsv, under each model that we have. */
export function kernelBugRows(): readonly LitmusRow[] {
  return rowsOf('kernel-bugs.tsv').flatMap((row) =>
    Object.entries(modelsOfTable).flatMap(([column, model]) => {
      if (row[column] === 'n/a') return [];
      const verdict = judged(bugTest(row), model);
      return [axiomsRow(bugTest(row), verdict, { outcome: verdict.outcome }, { outcome: row[column]! })];
    }),
  );
}

function axiomsRow(
  test: string,
  { model, outcome, positive, negative, states }: LitmusVerdict,
  found: Columns,
  herd: Columns,
): LitmusRow {
  const said = `${outcome} ${positive}/${negative} in ${states.length} states`;
  return { test, model: model.name, by: 'axioms', said, differences: differencesOf(found, herd) };
}

type Columns = { readonly [column: string]: string | number };

const differencesOf = (found: Columns, herd: Columns): readonly string[] =>
  Object.entries(found).flatMap(([column, value]) =>
    String(value) === herd[column] ? [] : [`${column}: ${value}, herd ${herd[column]}`],
  );

/** A line for each row, and how many differ. */
export function litmusTable(rows: readonly LitmusRow[]): string {
  const width = Math.max(...rows.map(({ test }) => test.length));
  const lines = rows.map(
    ({ test, model, by, said, differences }) =>
      `${test.padEnd(width)}  ${model.padEnd(4)}  ${by.padEnd(7)}  ${said}${differences.length === 0 ? '' : `  DIFFERS: ${differences.join('; ')}`}`,
  );
  const wrong = rows.filter(({ differences }) => differences.length > 0).length;
  return [...lines, `${rows.length} rows, ${wrong} differ from herd`].join('\n');
}
