// One run: a model under some settings, explored; every finding replayed by the reference engine before anyone is
// told of it.

import {
  addTyped,
  explore,
  type Lowered,
  type PropertyResult,
  type Report,
  type TypedProperty,
} from '../checker/index.js';
import { replay } from '../counterexamples/replay.js';
import type { Trace } from '../counterexamples/trace.js';
import type { SettingValue } from '../models/language/index.js';
import { decisive } from './exit-status.js';
import { locate } from './locate.js';
import { type ExplorationValues, exploreOptions } from './options.js';
import type { Stop } from './stop.js';
import { noteStats, watch } from './watch.js';

export interface Run {
  readonly model: string;
  /** All of them, resolved. */
  readonly settings: { readonly [name: string]: SettingValue };
  /** Names of the settings that were not left as the model has them. */
  readonly chosen: readonly string[];
  readonly report: Report;
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
  { typed = [], shortestLassos = false, coverage = false, told = 'all' }: Questions = {},
): Promise<Run> {
  const asked = stop.run('the formulas were translated', () => addTyped(lowered, typed));
  const { program, properties } = asked;
  stop.listen();
  const { onProgress, end, seconds } = watch(what, stop);
  const report = await explore(program, properties, {
    ...exploreOptions(options),
    ...{ onProgress, shortestLassos, coverage },
  }).finally(end);
  if (options.stats) noteStats(report.exploration, seconds());
  const speaking = decisive(report);
  const found = report.properties.filter(
    (result) => result.finding !== undefined && (told === 'all' || result === speaking),
  );
  return {
    model: program.name,
    settings: program.settings,
    chosen: Object.keys(program.settings).filter((name) => Object.hasOwn(settings, name)),
    report,
    traces: new Map(found.map((result) => [result, replay(program, properties, result, locate)] as const)),
    lowered: asked,
  };
}
