// One run: a model under some settings, explored; every finding replayed by the reference engine before anyone is
// told of it.

import { addTyped, explore, type PropertyResult, type Report, type TypedProperty } from '../checker/index.js';
import { replay } from '../counterexamples/replay.js';
import type { Trace } from '../counterexamples/trace.js';
import type { SettingValue } from '../models/language/index.js';
import { locate } from './locate.js';
import type { LoadedModel } from './model.js';
import { type ExplorationArguments, exploreOptions } from './options.js';
import { noteStats, watch } from './watch.js';

export interface Run {
  readonly model: string;
  /** All of them, resolved. */
  readonly settings: { readonly [name: string]: SettingValue };
  /** Names of the settings that were not left as the model has them. */
  readonly chosen: readonly string[];
  readonly report: Report;
  /** The traces of the results that have one. */
  readonly traces: ReadonlyMap<PropertyResult, Trace>;
  /** By Ctrl-C. */
  readonly isInterrupted: boolean;
}

/** What is asked beside the model's own properties. */
export interface Questions {
  readonly typed?: readonly TypedProperty[];
  readonly shortestLassos?: boolean;
  readonly coverage?: boolean;
}

/** Explores. `what` names the run in the line of progress. */
export async function run(
  what: string,
  model: LoadedModel,
  settings: { readonly [name: string]: unknown },
  options: ExplorationArguments,
  { typed = [], shortestLassos = false, coverage = false }: Questions = {},
): Promise<Run> {
  const { program, properties } = addTyped(model.lower(settings), typed);
  const { onProgress, isInterrupted, end, seconds } = watch(what, options['max-seconds']);
  const report = await explore(program, properties, {
    ...exploreOptions(options),
    ...{ onProgress, shortestLassos, coverage },
  }).finally(end);
  if (options.stats) noteStats(report.exploration, seconds());
  const found = report.properties.filter(({ finding }) => finding !== undefined);
  return {
    model: program.name,
    settings: program.settings,
    chosen: Object.keys(program.settings).filter((name) => name in settings),
    report,
    traces: new Map(found.map((result) => [result, replay(program, properties, result, locate)] as const)),
    isInterrupted: isInterrupted(),
  };
}
