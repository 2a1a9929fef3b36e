// Explores the cells of a comparison in other processes, several at once, and keeps their results. The model is lowered
// here as well: what a Program is equal to, or has in the cache, is not explored.

import { EngineError, type FinalValues, type Lowered } from '../../checker/index.js';
import type { CellRun, Runner, Subject } from '../../comparison/index.js';
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
  /** How many stores a store buffer holds; as many as are needed if absent. */
  readonly buffer: number | undefined;
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
  { exploration, coverage, without, buffer, jobs, cache, ...named }: CellOptions,
  pool: ProcessPool,
  stop: Stop,
): Runner {
  // Several processes leave no processor for threads of one.
  const options = { ...exploration, workers: exploration.workers ?? (jobs > 1 ? 1 : undefined) };
  const asked = (subject: Subject) => askedOf({ model: named.model, without, buffer }, subject);
  const lowerWith = ({ settings }: Subject, slots: number | undefined) => lower(settings, without, slots);
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
    lower: (what, subject) => {
      const slots = asked(subject).memory === 'tso' ? (buffer ?? 1) : undefined;
      return unlessStopped(() => stop.run(`${what} was lowered`, () => lowerWith(subject, slots)));
    },
    explore: async (_, lowered, subject): Promise<CellRun | undefined> => {
      const question = { kind: 'cell', asked: asked(subject), options, coverage } as const;
      const found = await answered<'cell'>(question, lowered, ['cell', coverage, buffer], ({ report }) =>
        isRepeatable(report),
      );
      if (found === undefined) return undefined;
      const { bufferSlots } = found.report.evidence;
      const isSame = lowered.program.storeBuffers?.slots === bufferSlots;
      return cellRun(found, isSame ? lowered : lowerWith(subject, bufferSlots));
    },
    finalValues: (_, lowered, subject, { name }): Promise<FinalValues | undefined> => {
      const question = { kind: 'ends', asked: asked(subject), options, variable: name } as const;
      return answered<'ends'>(
        question,
        lowered,
        ['ends', name, buffer],
        ({ values }) => values !== undefined,
      );
    },
    watch: watchAll,
    stopped: () => stop.reason(),
    locate,
  };
}

/** A model under what a cell says; `buffer` is of those under x86-TSO. */
const askedOf = (
  { buffer, ...named }: Pick<CellOptions, 'model' | 'without' | 'buffer'>,
  { settings, memory = 'sc' }: Subject,
): ModelAsked => ({
  ...{ ...named, settings, memory },
  ...(memory === 'tso' && buffer !== undefined && { buffer }),
});

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
