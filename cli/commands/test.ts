// raceproof test: explore every row of a suite, and compare with what it expects.

import { availableParallelism } from 'node:os';
import type { Page } from '../../counterexamples/text.js';
import {
  countsOf,
  differences,
  originText,
  type Result,
  type Row,
  type RowOutcome,
  resultLine,
  rowText,
  type SuiteReport,
  summaryText,
  surpriseLines,
  updatedRow,
} from '../../suite/index.js';
import { commandOf } from '../arguments/command.js';
import { flag, number, text, width, word } from '../arguments/options.js';
import type { Parameter, ParameterValues } from '../arguments/parameters.js';
import { ProcessError, UsageError } from '../errors.js';
import { type ExitStatus, exitStatus, statusOfSignal } from '../exit_status.js';
import { pageOf, print } from '../output/terminal.js';
import { version } from '../package.js';
import { PoolClosed, ProcessPool } from '../parallel/process_pool.js';
import type { RowOptions } from '../parallel/protocol.js';
import { cacheFolder } from '../parallel/result_cache.js';
import { serve } from '../parallel/server.js';
import type { Stop } from '../stop.js';
import { findRows } from '../suite/find_rows.js';
import { prepareReports, reports, writeReports } from '../suite/report_files.js';
import { folderInRepository } from '../suite/repository.js';
import { type NewRow, rewriteRows } from '../suite/rewrite_rows.js';
import { suiteProgress } from '../suite/suite_progress.js';

const targets: Parameter<readonly string[]> = { kind: 'operands', read: (given) => given };

const parameters = {
  targets,
  report: reports,
  update: flag,
  jobs: number(1),
  'no-cache': flag,
  'cache-dir': text,
  engine: word(['compiled', 'reference']),
  'max-states': number(1),
  'max-memory': number(1),
  'max-seconds': number(0, { whole: false }),
  serve: flag,
  width,
};
type Arguments = ParameterValues<typeof parameters>;

const pollMilliseconds = 100;

async function test(args: Arguments, stop: Stop): Promise<ExitStatus> {
  if (args.serve) {
    await serve();
    return exitStatus.ok;
  }
  prepareReports(args.report);
  const pool = new ProcessPool(args.jobs ?? availableParallelism());
  stop.listen();
  const poll = setInterval(() => {
    if (stop.reason() !== undefined) pool.close();
  }, pollMilliseconds);
  try {
    const rows = await rowsOf(args, pool, stop);
    const page = pageOf(args.width);
    const results = await runRows(rows, args, pool, page);
    const reason = stop.reason();
    const isCut = results.some(({ outcome }) => outcome.kind === 'not run');
    const folder = folderInRepository();
    const report: SuiteReport = {
      results,
      ...(isCut && reason !== undefined && { stopped: reason.text }),
      ...(folder !== '' && { folder }),
    };
    await print(await conclusion(report, args, page));
    return stop.signal === undefined ? statusOf(report) : statusOfSignal[stop.signal];
  } finally {
    clearInterval(poll);
    pool.close();
  }
}

async function rowsOf(args: Arguments, pool: ProcessPool, stop: Stop): Promise<readonly Row[]> {
  try {
    return await findRows(args.targets, pool);
  } catch (error) {
    // A file of the user's that cannot be read as rows is a mistake in what was asked for.
    if (error instanceof ProcessError && !error.isInternal) throw new UsageError(error.message);
    if (error instanceof PoolClosed) return stop.run('the rows were looked for', () => []);
    throw error;
  }
}

/** Runs all rows, several at once, and prints each once those before it are printed. */
async function runRows(
  rows: readonly Row[],
  args: Arguments,
  pool: ProcessPool,
  page: Page,
): Promise<readonly Result[]> {
  const cache = args['no-cache'] ? undefined : (args['cache-dir'] ?? cacheFolder());
  const options: RowOptions = {
    engine: args.engine,
    ...(args['max-states'] !== undefined && { statesMax: args['max-states'] }),
    ...(args['max-memory'] !== undefined && { memoryMax: args['max-memory'] }),
    ...(cache !== undefined && { cache }),
  };
  const progress = suiteProgress(rows);
  const outcomes = rows.map(async (row, i): Promise<RowOutcome> => {
    const outcome = await outcomeOf(row, options, pool, () => progress.started(i));
    progress.ended(i);
    return outcome;
  });
  const results: Result[] = [];
  try {
    for (const [i, row] of rows.entries()) {
      const result = { row, outcome: await outcomes[i]! };
      results.push(result);
      progress.clear();
      await print(resultLine(result, page));
    }
  } finally {
    progress.end();
  }
  return results;
}

async function outcomeOf(
  row: Row,
  options: RowOptions,
  pool: ProcessPool,
  started: () => void,
): Promise<RowOutcome> {
  const { expected, origin: _, kept: __, ...asked } = row;
  try {
    const question = { kind: 'row', row: asked, options } as const;
    const { found } = await pool.ask<'row'>(question, started);
    const different = differences(expected, found.facts);
    return different.length === 0
      ? { kind: 'expected', found }
      : { kind: 'unexpected', found, differences: different };
  } catch (error) {
    if (error instanceof ProcessError) {
      return { kind: 'error', message: error.message, ...(error.isInternal && { isInternal: true }) };
    }
    if (error instanceof PoolClosed) return { kind: 'not run' };
    throw error;
  }
}

/** What follows the rows: surprises, rows that were rewritten, the summary. Reports are written first. */
async function conclusion(report: SuiteReport, args: Arguments, page: Page): Promise<string> {
  const lines = report.results.flatMap((result) => surpriseLines(result, page));
  const annotations = writeReports(args.report, report, version());
  const updated = args.update ? await update(report) : [];
  return [...lines, ...updated, '', ...annotations, summaryText(report)].join('\n');
}

/** Rewrites the rows that are not as expected, and says what became of each. */
async function update({ results }: SuiteReport): Promise<readonly string[]> {
  const byFile = new Map<string, NewRow[]>();
  const lines: string[] = [];
  for (const { row, outcome } of results) {
    if (outcome.kind !== 'unexpected') continue;
    const { origin } = row;
    const now = { origin, row: updatedRow(row, outcome.found.facts) };
    if (origin.file === undefined)
      lines.push(`not rewritten: ${originText(origin)} of ${row.model}, a model of the package`);
    else byFile.set(origin.file, [...(byFile.get(origin.file) ?? []), now]);
  }
  for (const [file, rows] of byFile) {
    const left = new Set(await rewriteRows(file, rows));
    for (const each of rows) {
      const where = originText(each.origin);
      lines.push(
        left.has(each)
          ? `not rewritten: ${where}: it is not written as an object; by hand: ${rowText(each.row)}`
          : `rewritten: ${where}: ${rowText(each.row)}`,
      );
    }
  }
  return lines.length === 0 ? [] : ['', ...lines];
}

/** A bug in raceproof leaves every other row in doubt, so it comes first. */
function statusOf(report: SuiteReport): ExitStatus {
  const isBroken = report.results.some(({ outcome }) => outcome.kind === 'error' && outcome.isInternal);
  if (isBroken) return exitStatus.internal;
  const { unexpected, error, 'not run': missing } = countsOf(report);
  if (unexpected > 0) return exitStatus.unexpected;
  if (error > 0) return exitStatus.usage;
  return missing > 0 ? exitStatus.incomplete : exitStatus.ok;
}

export const command = commandOf('test', parameters, test);
