// The conformance run: every model and many random Programs, explored by raceproof, by rumur and by SPIN. Prints a
// table with one row for each case, and ends with 1 if any figure differs.
//
//   npm run conformance -- --states-max=100000 --random=200 --only=MODEL --alone=2 --jobs=2
//
// --alone says how many checks of each case get a run of their own, which also compares the length of the trace.

import { parseArgs } from 'node:util';
import { type Case, modelCases, randomCases } from './cases.js';
import { type Comparison, disagreements, explored } from './judge.js';
import { judgeByRumur } from './rumur_judge.js';
import { judgeBySpin } from './spin_judge.js';
import { missingTools } from './tools.js';

const { values } = parseArgs({
  options: {
    'states-max': { type: 'string', default: '100000' },
    random: { type: 'string', default: '200' },
    'first-seed': { type: 'string', default: '0' },
    only: { type: 'string' },
    alone: { type: 'string', default: '2' },
    jobs: { type: 'string', default: '2' },
  },
});

const judges = { rumur: judgeByRumur, spin: judgeBySpin };
type Judge = keyof typeof judges;

interface Row {
  readonly name: string;
  readonly states: number;
  readonly engine: string;
  readonly verdicts: { readonly [judge in Judge]?: string };
  readonly differences: readonly string[];
}

async function judged(
  { name, program, properties, engine, aloneMax }: Case,
  by: readonly Judge[],
): Promise<Row> {
  const report = await explored(program, properties, engine);
  const verdicts: { [judge in Judge]?: string } = {};
  const differences: string[] = [];
  for (const judge of by) {
    try {
      const comparisons = await judges[judge](program, report, aloneMax);
      const bad = disagreements(comparisons);
      verdicts[judge] = bad.length === 0 ? `${comparisons.length} agree` : `${bad.length} DIFFER`;
      differences.push(...bad.map((one) => `${name}: ${differenceText(judge, one)}`));
    } catch (problem) {
      verdicts[judge] = 'FAILED';
      differences.push(`${name}: ${judge}: ${problem instanceof Error ? problem.message : String(problem)}`);
    }
  }
  return { name, states: report.exploration.states, engine, verdicts, differences };
}

const differenceText = (judge: Judge, { what, ours, theirs }: Comparison): string =>
  `${what}: raceproof ${ours}, ${judge} ${theirs}`;

/** Works through the cases, a few at a time; the rows come in the order of the cases. */
async function allRows(cases: readonly Case[], by: readonly Judge[], jobs: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < cases.length; i = next++) {
      rows[i] = await judged(cases[i]!, by);
      const { name, verdicts, differences } = rows[i]!;
      const told = Object.entries(verdicts).map(([judge, verdict]) => `${judge} ${verdict}`);
      process.stderr.write(
        `${[`${i + 1}/${cases.length} ${name}: ${told.join(', ')}`, ...differences].join('\n')}\n`,
      );
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return rows;
}

function table(rows: readonly Row[]): string {
  const cells = rows.map(
    ({ name, states, engine, verdicts: { rumur = 'not run', spin = 'not run' } }) =>
      [name, String(states), engine, rumur, spin] as const,
  );
  const all = [['case', 'states', 'engine', 'rumur', 'SPIN'] as const, ...cells];
  const widths = all[0]!.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, i) => (i === 1 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

async function main(): Promise<void> {
  const withoutCompiler = missingTools(['gcc']).length > 0;
  const by = (['rumur', 'spin'] as const).filter(
    (tool) => !withoutCompiler && missingTools([tool]).length === 0,
  );
  const aloneMax = Number(values.alone);
  const { cases, leftOut } = modelCases(Number(values['states-max']), aloneMax, values.only);
  const random = randomCases(Number(values.random), aloneMax, Number(values['first-seed']));
  const rows = await allRows([...cases, ...random], by, Number(values.jobs));
  const differences = rows.flatMap((row) => row.differences);
  const notRun = missingTools(['rumur', 'spin', 'gcc']);
  const lines = [
    table(rows),
    '',
    ...leftOut.map((name) => `not run, over --states-max: ${name}`),
    ...notRun.map((tool) => `NOT RUN: ${tool} is not installed`),
    ...differences,
    `${rows.length} cases, ${differences.length} differences`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = differences.length > 0 || by.length === 0 ? 1 : 0;
}

await main();
