// The essence of what a run found, for reports: of the counterexample that speaks for it, and bounded, since a report
// is not worth a long wait. `explain` looks further. Loaded only by those who tell it.

import { decisive, type Report } from '../../checker/index.js';
import { type Essence, type NoEssence, tryEssence } from '../../counterexamples/index.js';
import type { CheckedModel } from '../run.js';
import { type Stop, Stopped } from '../stop.js';
import { locate } from './locate.js';
import { watchAll } from './progress.js';
import type { ToldEssence } from './report_json.js';

/** Of a run, what an essence is looked for in. */
type EssenceSource = Pick<CheckedModel, 'report' | 'traces' | 'lowered'>;

/** How many states the search for an essence may look at: a second or a few, by the reference engine. */
const statesMax = 20_000;

/** Undefined if nothing is violated by a run that can be told. */
export function essenceTold({ report, traces, lowered }: EssenceSource, stop: Stop): ToldEssence | undefined {
  const of = decisive(report);
  if (of?.finding === undefined || !traces.has(of)) return undefined;
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

/** The essences of several runs, one for each report; once it is stopped, those that are left are said to be missing. */
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
    const told = essenceTold(run, stop)?.essence;
    if (told !== undefined) found.set(run.report, told);
  }
  end();
  return found;
}
