// Explores the cells of a comparison in other processes, several at once, and keeps their results. The model is lowered
// here as well: what a Program is equal to, or has in the cache, is not explored.

import { EngineError, type FinalValues, type Lowered } from '../../checker/index.js';
import type { CellRun, Runner } from '../../comparison/index.js';
import type { ExplorationValues } from '../arguments/options.js';
import { ProcessError } from '../errors.js';
import { exitStatus } from '../exit_status.js';
import type { LoadedModel } from '../load/model.js';
import { locate } from '../locate.js';
import { watchAll } from '../output/progress.js';
import { note } from '../output/terminal.js';
import { type Stop, Stopped } from '../stop.js';
import { PoolClosed, type ProcessPool } from './process_pool.js';
import type { Answers, CellFound, ModelAsked, ProcessQuestion } from './protocol.js';
import { cacheKey, isRepeatable, readCached, writeCached } from './result_cache.js';

export interface CellOptions {
  /** As the command line names it. */
  readonly model: string;
  readonly without: ModelAsked['without'];
  readonly exploration: ExplorationValues;
  readonly coverage: boolean;
  /** How many at once. */
  readonly jobs: number;
  /** Where results are kept; nowhere if absent. */
  readonly cache: string | undefined;
}

/** The runner of a command. */
export function cellRunner(
  { model, lower }: LoadedModel,
  { exploration, coverage, without, jobs, cache, ...named }: CellOptions,
  pool: ProcessPool,
  stop: Stop,
): Runner {
  // Several processes leave no processor for threads of one.
  const options = { ...exploration, workers: exploration.workers ?? (jobs > 1 ? 1 : undefined) };
  const asked = (settings: ModelAsked['settings']): ModelAsked => ({ model: named.model, settings, without });
  const { workers: _, stats: __, 'max-seconds': ___, ...decisive } = options;

  async function answered<K extends 'cell' | 'ends'>(
    question: Extract<ProcessQuestion, { readonly kind: K }>,
    lowered: Lowered,
    subject: readonly unknown[],
    isKept: (answer: Answers[K]) => boolean,
  ): Promise<Answers[K] | undefined> {
    const key = cache === undefined ? '' : cacheKey([...subject, decisive], model.at, lowered);
    const kept = cache === undefined ? undefined : readCached(cache, key, note);
    if (kept !== undefined) return kept as Answers[K];
    try {
      const answer = await pool.ask<K>(question);
      if (cache !== undefined && isKept(answer)) writeCached(cache, key, answer);
      return answer;
    } catch (error) {
      if (error instanceof PoolClosed) return undefined;
      if (!(error instanceof ProcessError)) throw error;
      // It was halted before its search began.
      if (error.status === exitStatus.incomplete) return undefined;
      // Lowering succeeded, so it is the engine that cannot do this.
      throw error.isInternal ? error : new EngineError(error.message);
    }
  }

  return {
    jobs,
    lower: (what, settings) =>
      unlessStopped(() => stop.run(`${what} was lowered`, () => lower(settings, without))),
    explore: async (_, lowered, settings): Promise<CellRun | undefined> => {
      const question = { kind: 'cell', asked: asked(settings), options, coverage } as const;
      const found = await answered<'cell'>(question, lowered, ['cell', coverage], ({ report }) =>
        isRepeatable(report),
      );
      return found && cellRun(found, lowered);
    },
    finalValues: (_, lowered, settings, { name }): Promise<FinalValues | undefined> => {
      const question = { kind: 'ends', asked: asked(settings), options, variable: name } as const;
      return answered<'ends'>(question, lowered, ['ends', name], ({ values }) => values !== undefined);
    },
    watch: watchAll,
    stopped: () => stop.reason(),
    locate,
  };
}

/** What another process has found, with the results of its report as keys of their traces. */
const cellRun = ({ report, traces }: CellFound, lowered: Lowered): CellRun => ({
  model: lowered.program.name,
  settings: lowered.program.settings,
  report,
  traces: new Map(traces.map(([i, trace]) => [report.properties[i]!, trace] as const)),
  lowered,
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
