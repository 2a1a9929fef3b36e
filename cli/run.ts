// One run: a model under some settings, explored; every finding replayed by the reference engine before anyone is
// told of it.

import {
  addTyped,
  decisive,
  type Evidence,
  type Explored,
  type ExploreOptions,
  explore,
  type FinalValues,
  finalValues,
  type Lowered,
  type Program,
  type PropertyResult,
  type Report,
  type StoredStates,
  type TypedProperty,
  type Variable,
} from '../checker/index.js';
import { replay } from '../counterexamples/replay/replay.js';
import type { Trace } from '../counterexamples/trace/trace.js';
import type { SettingValue } from '../models/language/index.js';
import { type ExplorationValues, exploreOptions } from './arguments/options.js';
import { locate } from './output/locate.js';
import { noteStats, watch } from './output/progress.js';
import type { Stop } from './stop.js';

/** One run; `E` is what its answer rests on. */
export interface CheckedModel<E extends Evidence = Explored> {
  readonly model: string;
  /** All of them, resolved. */
  readonly settings: { readonly [name: string]: SettingValue };
  /** Names of the settings that were not left as the model has them. */
  readonly chosen: readonly string[];
  readonly report: Report<E>;
  /** The traces of the results that are told and have one. */
  readonly traces: ReadonlyMap<PropertyResult, Trace>;
  /** What was explored. */
  readonly lowered: Lowered;
}

/** What is asked beside the model's own properties. */
export interface Questions {
  readonly typed?: readonly TypedProperty[];
  readonly shortestLassos?: boolean;
  readonly coverage?: boolean;
  /** Is some actor stuck for ever, though others go on? Asked however many states there are. */
  readonly stuck?: boolean;
  /** Called with all states, where the search keeps them and has found them all. */
  readonly onStates?: (states: StoredStates) => void;
  /** Which findings will be told, and so have to be replayed; all of them if absent. */
  readonly told?: 'all' | 'decisive';
}

/**
 * Explores what a model became under `settings`. `what` names the run in the line of progress. From the beginning of the
 * search on, a signal only stops what goes on: there is something to report.
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
    told = 'all',
    onStates,
  } = questions;
  const asked = stop.run('the formulas were translated', () => addTyped(lowered, typed));
  const { program, properties } = asked;
  const report = await watched(what, options, stop, (watchedOptions) =>
    explore(program, properties, {
      ...watchedOptions,
      ...{ shortestLassos, coverage },
      ...(stuck && { stuckStatesMax: Number.POSITIVE_INFINITY }),
      ...(onStates && { onStates }),
    }),
  );
  const speaking = decisive(report);
  const found = report.properties.filter(
    (result) => result.finding !== undefined && (told === 'all' || result === speaking),
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

/** The values that a variable has where all actors are done, explored in the same way. */
export async function endsOf(
  what: string,
  program: Program,
  variable: Variable,
  options: ExplorationValues,
  stop: Stop,
): Promise<FinalValues> {
  return watched(what, options, stop, (watchedOptions) => finalValues(program, variable, watchedOptions));
}

/** A search with a line of progress, which limits and signals stop. */
async function watched<R extends Pick<Report<Explored>, 'evidence'>>(
  what: string,
  options: ExplorationValues,
  stop: Stop,
  search: (options: ExploreOptions) => Promise<R>,
): Promise<R> {
  stop.listen();
  const { onProgress, end, seconds } = watch(what, stop);
  const found = await search({ ...exploreOptions(options), onProgress }).finally(end);
  if (options.stats) noteStats(found.evidence, seconds());
  return found;
}
