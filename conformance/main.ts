// The conformance run: every model and many random Programs, explored by raceproof, by rumur and by SPIN. Prints a
// row for each case and a summary, and ends with 0 only if every judge was there and confirms every figure.
//
//   npm run conformance -- --states-max=1000000 --journal=conformance.jsonl

import yargs from 'yargs';
import { type ConformanceCase, modelCases, randomCases } from './cases.js';
import { bufferRows, kernelBugRows, litmusTable, verdictRows } from './litmus_rows.js';
import { Journal, type Judge, judged, judgeNames, type SummaryRow } from './rows.js';
import { rowsTable, summaryTable } from './tables.js';
import { missingTools } from './tools.js';

const options = yargs(process.argv.slice(2))
  .scriptName('npm run conformance --')
  .usage('$0 [OPTIONS]\n\nCompares what raceproof finds with what rumur and SPIN find.')
  .options({
    'states-max': { type: 'number', default: 100_000, describe: 'leave out rows with more states' },
    random: { type: 'number', default: 200, describe: 'how many random Programs' },
    'first-seed': { type: 'number', default: 0, describe: 'the seed of the first of them' },
    only: {
      type: 'string',
      describe: 'one model; or `random`, the random Programs; or `litmus`, the litmus tests',
    },
    alone: {
      type: 'number',
      default: 2,
      describe:
        'how many runs of their own the findings of a case get, which also compare the lengths of traces',
    },
    by: { type: 'array', string: true, choices: judgeNames, default: judgeNames, describe: 'the judges' },
    jobs: { type: 'number', default: 2, describe: 'how many cases at a time' },
    journal: {
      type: 'string',
      describe:
        'a file that keeps rows that agree; what stands there is not run again, so that a run can go on',
    },
  })
  .strict()
  .version(false)
  .parseSync();

/** Runs the cases, a few at a time, and prints each when it is done; the rows are in the order of the cases. */
async function allRows(
  cases: readonly ConformanceCase[],
  by: readonly Judge[],
): Promise<readonly SummaryRow[]> {
  const journal = new Journal(options.journal);
  const rows: SummaryRow[] = [];
  const start = process.hrtime.bigint();
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < cases.length; i = next++) {
      const row = await judged(cases[i]!, by, journal);
      rows[i] = row;
      done++;
      const seconds = Number((process.hrtime.bigint() - start) / 1_000_000_000n);
      const judgements = by.map((judge) => `${judge} ${row.agreed[judge] ?? 'failed'}`).join(', ');
      process.stderr.write(`${seconds} s  ${done}/${cases.length}  ${row.name}: ${judgements}\n`);
      for (const line of row.differences) process.stderr.write(`${line}\n`);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));
  return rows;
}

async function main(): Promise<void> {
  const missing = missingTools(['gcc', ...options.by]);
  const by = options.by.filter((judge) => !missing.includes(judge) && !missing.includes('gcc'));
  const { cases, leftOut } = modelCases(options.statesMax, options.alone, options.only);
  const hasRandom = options.only === undefined || options.only === 'random';
  const random = hasRandom ? randomCases(options.random, options.alone, options.firstSeed) : [];
  const rows = by.length === 0 ? [] : await allRows([...cases, ...random], by);
  const differences = rows.flatMap((row) => row.differences);
  const lines = [
    ...(rows.length === 0 ? [] : [rowsTable(rows, by), '', summaryTable(rows, by), '']),
    ...leftOut.map((name) => `not run, over --states-max: ${name}`),
    ...missing.map((tool) => `NOT RUN: ${tool} is not installed`),
    ...differences,
    `${rows.length} cases, ${leftOut.length} left out, ${differences.length} differences`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = differences.length === 0 && missing.length === 0 && rows.length > 0 ? 0 : 1;
}

/** The litmus tests need no other tool: herd's verdicts are in the repository. */
function litmus(): void {
  const rows = [...verdictRows(), ...kernelBugRows(), ...bufferRows()];
  process.stdout.write(`${litmusTable(rows)}\n`);
  process.exitCode = rows.every(({ differences }) => differences.length === 0) ? 0 : 1;
}

if (options.only === 'litmus') litmus();
else await main();
