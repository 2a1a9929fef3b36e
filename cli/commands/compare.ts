// raceproof compare MODEL: checks every candidate fix in every scenario and every environment, or the values of settings
// that are named on the spot. With --traces, two saved traces side by side.

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  type Comparison,
  compare,
  comparisonJson,
  comparisonMarkdown,
  comparisonPages,
  comparisonText,
  type Essences,
  isExplored,
} from '../../comparison/index.js';
import { counted } from '../../counterexamples/index.js';
import type { Page } from '../../counterexamples/text.js';
import { axes } from '../arguments/axes.js';
import { commandOf } from '../arguments/command.js';
import {
  exploration,
  explorationOf,
  flag,
  memory,
  number,
  requireBuffers,
  requireModel,
  settings,
  text,
  texts,
  width,
  without,
  word,
} from '../arguments/options.js';
import type { Parameter, ParameterValues } from '../arguments/parameters.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus, statusOfSignal } from '../exit_status.js';
import { loadModel } from '../load/model.js';
import { essencesOf } from '../output/essence.js';
import { preparePages, writePages } from '../output/pages.js';
import { pageOf, print } from '../output/terminal.js';
import { cellRunner } from '../parallel/cell_runner.js';
import { ProcessPool } from '../parallel/process_pool.js';
import { cacheFolder } from '../parallel/result_cache.js';
import type { Signal, Stop } from '../stop.js';
import { comparedTraces } from './compare_traces.js';

/** A model, or with --traces two files. */
const targets: Parameter<readonly string[]> = { kind: 'operands', read: (given) => given };

const parameters = {
  targets,
  traces: flag,
  set: settings,
  without,
  candidates: text,
  over: axes,
  only: texts,
  format: word(['table', 'json', 'markdown', 'html']),
  out: text,
  jobs: number(1),
  'no-cache': flag,
  'cache-dir': text,
  ...memory,
  ...exploration,
  width,
};
type Arguments = ParameterValues<typeof parameters>;

const pollMilliseconds = 100;

async function run(args: Arguments, stop: Stop): Promise<ExitStatus> {
  const { format, out, targets } = args;
  if (args.traces) {
    await print(comparedTraces(targets, format, pageOf(args.width)));
    return exitStatus.ok;
  }
  const [model, unknown] = targets;
  const name = requireModel('compare', model);
  if (unknown !== undefined) {
    throw new UsageError(
      `compare takes no argument '${unknown}'; 'raceproof compare --help' lists its options`,
    );
  }
  if ((format === 'html') !== (out !== undefined)) {
    throw new UsageError('--format=html needs --out=DIR, and --out=DIR needs --format=html');
  }
  requireBuffers(args);
  if (out !== undefined) preparePages(out);
  const comparison = await explored(name, args, stop);
  if (format !== 'html') await print(render(comparison, format, pageOf(args.width)));
  else {
    const runs = comparison.cells.map(({ run }) => run);
    const essences = await essencesOf(runs, stop);
    await print(write(comparison, essences, out!));
  }
  return comparisonStatus(comparison, stop.signal);
}

/** Explores the cells in processes of their own, several at once. */
async function explored(name: string, args: Arguments, stop: Stop): Promise<Comparison> {
  const { candidates, over, only, without, memory, buffer } = args;
  const loaded = await stop.wait(`${name} was loaded`, () => loadModel(name, { stop }));
  const jobs = args.jobs ?? availableParallelism();
  const options = {
    ...{ model: name, without, buffer, jobs },
    ...{ exploration: explorationOf(args), coverage: args.format === 'html' },
    cache: args['no-cache'] ? undefined : (args['cache-dir'] ?? cacheFolder()),
  };
  const pool = new ProcessPool(jobs);
  stop.listen();
  const poll = setInterval(() => {
    const limit = stop.reason();
    if (limit !== undefined) pool.halt(limit);
  }, pollMilliseconds);
  try {
    const runner = cellRunner(loaded, options, pool, stop);
    const asked = { candidates, over, only, ...(memory !== 'sc' && { memory }) };
    return await compare(loaded.model, asked, args.set, runner);
  } finally {
    clearInterval(poll);
    pool.close();
  }
}

/**
 * A violated candidate is a result. A refused cell is a usage error, a cell that was not explored to its end is
 * incomplete.
 */
function comparisonStatus(comparison: Comparison, signal: Signal | undefined): ExitStatus {
  if (signal !== undefined) return statusOfSignal[signal];
  if (comparison.refused.length > 0) return exitStatus.usage;
  const isCounted = comparison.costs.every((table) =>
    table.cells.every(({ values }) => values !== undefined),
  );
  return comparison.stopped === undefined && isExplored(comparison) && isCounted
    ? exitStatus.ok
    : exitStatus.incomplete;
}

/** Writes the pages of a comparison; returns a line that says where. */
function write(comparison: Comparison, essences: Essences, folder: string): string {
  const pages = comparisonPages(comparison, essences);
  writePages(folder, pages);
  return `${join(folder, 'index.html')} and ${counted(pages.size - 1, 'more page')}`;
}

function render(comparison: Comparison, format: Exclude<Arguments['format'], 'html'>, page: Page): string {
  switch (format) {
    case 'table':
      return comparisonText(comparison, page);
    case 'json':
      return comparisonJson(comparison);
    case 'markdown':
      return comparisonMarkdown(comparison);
  }
}

export const command = commandOf('compare', parameters, run);
