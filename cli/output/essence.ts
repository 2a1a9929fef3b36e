// The essence of the counterexample that decides a report. The search for it is bounded, so that a report never waits
// long; `explain` searches further. Loaded only by commands that print an essence.

import { decisive, type Lowered, type PropertyResult, type Report } from '../../checker/index.js';
import { type Essence, type NoEssence, storyOf, tryEssence } from '../../counterexamples/index.js';
import type { CheckedModel } from '../checked_model.js';
import { locate } from '../locate.js';
import { type Stop, Stopped } from '../stop.js';
import { watchAll } from './progress.js';
import type { ResultEssence } from './report_json.js';

/** The parts of a run that its essence is computed from. */
type EssenceSource = Pick<CheckedModel, 'report' | 'traces' | 'lowered'>;

/** How many states the search for an essence may visit: the reference engine takes a few seconds for them. */
const statesMax = 20_000;

/** Undefined if no violated property has a trace. */
export function essenceOfReport(
  { report, traces, lowered }: EssenceSource,
  stop: Stop,
): ResultEssence | undefined {
  const of = decisive(report);
  if (of === undefined || !traces.has(of)) return undefined;
  return essenceOfResult(lowered, of, stop);
}

/** Undefined if nothing was found. */
function essenceOfResult(lowered: Lowered, of: PropertyResult, stop: Stop): ResultEssence | undefined {
  if (of.finding === undefined) return undefined;
  const { path } = of.finding;
  try {
    const essence = stop.run('an essence was looked for', () =>
      tryEssence({ ...lowered, check: of.check, path }, { locate, statesMax }),
    );
    return { of, essence };
  } catch (error) {
    if (error instanceof Stopped) return { of, essence: { why: error.limit } };
    throw error;
  }
}

/** The numbers of the steps that matter to a finding and its essence. */
export function storyOfResult(
  { lowered }: Pick<EssenceSource, 'lowered'>,
  { of: { check, finding }, essence }: ResultEssence,
): readonly number[] {
  return storyOf(lowered.program, { check, ...finding! }, 'why' in essence ? undefined : essence);
}

/** The same for several results of a run. */
export const storiesOf = (
  run: EssenceSource,
  results: readonly PropertyResult[],
  stop: Stop,
): ReadonlyMap<PropertyResult, readonly number[]> =>
  new Map(
    results.flatMap((of) => {
      const decided = essenceOfResult(run.lowered, of, stop);
      return decided === undefined ? [] : [[of, storyOfResult(run, decided)] as const];
    }),
  );

/** The essences of several runs, by report. Once `stop` has stopped it, the remaining ones are given as missing. */
export async function essencesOf(
  runs: readonly EssenceSource[],
  stop: Stop,
): Promise<ReadonlyMap<Report, Essence | NoEssence>> {
  const found = new Map<Report, Essence | NoEssence>();
  const distinct = [...new Map(runs.map((run) => [run.report, run])).values()];
  const { next, end } = watchAll(distinct.length);
  for (const run of distinct) {
    next('essences');
    await new Promise((resolve) => setImmediate(resolve));
    const essence = essenceOfReport(run, stop)?.essence;
    if (essence !== undefined) found.set(run.report, essence);
  }
  end();
  return found;
}
