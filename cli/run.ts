// Checks a model under some settings: explores it, and replays every finding on the reference engine before it is
// reported.

import {
  addTyped,
  decisive,
  type Explored,
  type ExploreOptions,
  explore,
  type FinalValues,
  finalValues,
  type Lowered,
  type Program,
  type Report,
  type Snapshot,
  type StoredStates,
  type TypedProperty,
  type Variable,
  withGrowingBuffers,
} from '../checker/index.js';
import { replay } from '../counterexamples/replay/replay.js';
import { type ExplorationValues, exploreOptions } from './arguments/options.js';
import type { CheckedModel } from './checked_model.js';
import { locate } from './locate.js';
import type { CheckpointWriter } from './output/checkpoint_file.js';
import { noteStats, watch } from './output/progress.js';
import type { Stop } from './stop.js';

/** What to check and compute beyond the model's own properties. */
export interface Questions {
  readonly typed?: readonly TypedProperty[];
  readonly shortestLassos?: boolean;
  readonly coverage?: boolean;
  /** Is some actor stuck for ever, though others go on? Asked however many states there are. */
  readonly stuck?: boolean;
  /** Figures of the whole search, which take the graph of all states. */
  readonly statistics?: boolean;
  /** Called with all states, where the search keeps them and has found them all. */
  readonly onStates?: (states: StoredStates) => void;
  /** Go on from a snapshot of the same search. */
  readonly resume?: Snapshot | undefined;
  /** Writes checkpoints. */
  readonly checkpoints?: CheckpointWriter | undefined;
  /** Under x86-TSO: lowers again, with so many slots in each store buffer; `slots` if they are given. */
  readonly buffers?: { readonly lower: (slots: number) => Lowered; readonly slots: number | undefined };
  /** Which findings will be printed, and so must be replayed; all if absent. */
  readonly replayed?: 'all' | 'decisive';
}

/**
 * Explores a model that was lowered under `settings`. `what` names the run in the line of progress. Once the search has
 * started, a signal only stops the search: then there is a partial result to report.
 */
export async function run(
  what: string,
  lowered: Lowered,
  settings: { readonly [name: string]: unknown },
  options: ExplorationValues,
  stop: Stop,
  questions: Questions = {},
): Promise<CheckedModel> {
  const {
    typed = [],
    shortestLassos = false,
    coverage = false,
    stuck = false,
    statistics = false,
    replayed = 'all',
    onStates,
    resume,
    checkpoints,
    buffers,
  } = questions;
  const attempt = async (bare: Lowered) => {
    const asked = stop.run('the formulas were translated', () => addTyped(bare, typed));
    const report = await watched(what, options, stop, ({ onProgress, ...watchedOptions }, seconds) =>
      explore(asked.program, asked.properties, {
        ...watchedOptions,
        onProgress: (progress) => {
          const limit = onProgress?.(progress);
          checkpoints?.onProgress(progress, seconds(), limit ?? progress.reached);
          return limit;
        },
        ...(checkpoints && { snapshots: true }),
        ...(resume && { resume }),
        ...{ shortestLassos, coverage, statistics },
        ...(stuck && { stuckStatesMax: Number.POSITIVE_INFINITY }),
        ...(onStates && { onStates }),
      }),
    );
    return { lowered: asked, report };
  };
  const buffered = (slots: number) => attempt(buffers!.lower(slots));
  const { lowered: asked, report } =
    buffers === undefined
      ? await attempt(lowered)
      : await (buffers.slots === undefined ? withGrowingBuffers(buffered) : buffered(buffers.slots));
  const { program } = asked;
  const speaking = decisive(report);
  const found = report.properties.filter(
    (result) => result.finding !== undefined && (replayed === 'all' || result === speaking),
  );
  return {
    model: program.name,
    settings: program.settings,
    chosen: Object.keys(program.settings).filter((name) => Object.hasOwn(settings, name)),
    report,
    traces: new Map(found.map((result) => [result, replay(program, result, locate)] as const)),
    lowered: asked,
  };
}

/** The values of a variable in the states where all actors are done. */
export async function endsOf(
  what: string,
  program: Program,
  variable: Variable,
  options: ExplorationValues,
  stop: Stop,
): Promise<FinalValues> {
  return watched(what, options, stop, (watchedOptions) => finalValues(program, variable, watchedOptions));
}

/** Runs a search with a line of progress; limits and signals stop it. */
async function watched<R extends Pick<Report<Explored>, 'evidence'>>(
  what: string,
  options: ExplorationValues,
  stop: Stop,
  search: (options: ExploreOptions, seconds: () => number) => Promise<R>,
): Promise<R> {
  stop.listen();
  const { onProgress, end, seconds } = watch(what, stop, {
    states: options['max-states'],
    megabytes: options['max-memory'],
    seconds: options['max-seconds'],
  });
  const found = await search({ ...exploreOptions(options), onProgress }, seconds).finally(end);
  if (options.stats) noteStats(found.evidence, seconds());
  return found;
}
