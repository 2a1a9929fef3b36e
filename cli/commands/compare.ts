// raceproof compare MODEL: checks every candidate fix in every scenario and every environment.

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
  type Runner,
} from '../../comparison/index.js';
import { counted } from '../../counterexamples/index.js';
import type { Page } from '../../counterexamples/text.js';
import { commandOf } from '../arguments/command.js';
import {
  exploration,
  operand,
  requireModel,
  settings,
  text,
  width,
  without,
  word,
} from '../arguments/options.js';
import type { ParameterValues } from '../arguments/parameters.js';
import { UsageError } from '../errors.js';
import { type ExitStatus, exitStatus, statusOfSignal } from '../exit_status.js';
import { type LoadedModel, loadModel } from '../load/model.js';
import { essencesOf } from '../output/essence.js';
import { locate } from '../output/locate.js';
import { preparePages, writePages } from '../output/pages.js';
import { watchAll } from '../output/progress.js';
import { pageOf, print } from '../output/terminal.js';
import { endsOf, run as runModel } from '../run.js';
import { type Signal, type Stop, Stopped } from '../stop.js';

const parameters = {
  model: operand,
  set: settings,
  without,
  candidates: text,
  format: word(['table', 'json', 'markdown', 'html']),
  out: text,
  ...exploration,
  width,
};
type Arguments = ParameterValues<typeof parameters>;

async function run(args: Arguments, stop: Stop): Promise<ExitStatus> {
  const name = requireModel('compare', args.model);
  const { format, out } = args;
  if ((format === 'html') !== (out !== undefined)) {
    throw new UsageError('--format=html needs --out=DIR, and --out=DIR needs --format=html');
  }
  if (out !== undefined) preparePages(out);
  const loaded = await stop.wait(`${name} was loaded`, () => loadModel(name, { stop }));
  const comparison = await compare(loaded.model, args.candidates, args.set, runnerOf(loaded, args, stop));
  if (format !== 'html') await print(render(comparison, format, pageOf(args.width)));
  else {
    const runs = comparison.cells.map(({ run }) => run);
    const essences = await essencesOf(runs, stop);
    await print(write(comparison, essences, out!));
  }
  return comparisonStatus(comparison, stop.signal);
}

/** Explores cells as `check` does, with one line of progress for all of them. */
const runnerOf = ({ lower }: LoadedModel, args: Arguments, stop: Stop): Runner => ({
  lower: (what, settings) =>
    unlessStopped(() => stop.run(`${what} was lowered`, () => lower(settings, args.without))),
  explore: (what, lowered, settings) => {
    const questions = { coverage: args.format === 'html', replayed: 'decisive' } as const;
    return unlessStopped(() => runModel(what, lowered, settings, args, stop, questions));
  },
  finalValues: (what, program, variable) => unlessStopped(() => endsOf(what, program, variable, args, stop)),
  watch: watchAll,
  stopped: () => stop.reason(),
  locate,
});

/** The result of the work; undefined if it was stopped. */
async function unlessStopped<R>(work: () => R | Promise<R>): Promise<R | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Stopped) return undefined;
    throw error;
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
