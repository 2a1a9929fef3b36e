// The essence of what a run found, for reports: of the counterexample that speaks for it, and bounded, since a report
// is not worth a long wait. `explain` looks further. Loaded only by those who tell it.

import type { Report } from '../checker/index.js';
import type { Essence } from '../counterexamples/index.js';
import { decisive } from './exit-status.js';
import { type NoEssence, tryEssence } from './finding.js';
import type { ToldEssence } from './report-json.js';
import type { Run } from './run.js';
import { watch, watchAll } from './watch.js';

/** How many states the search for an essence may look at: a second or a few, by the reference engine. */
const statesMax = 20_000;

/** Undefined if nothing is violated by a run that can be told. */
export function essenceTold({ report, traces, lowered }: Run): ToldEssence | undefined {
  const of = decisive(report);
  if (of?.finding === undefined || !traces.has(of)) return undefined;
  return { of, essence: tryEssence({ ...lowered, check: of.check, path: of.finding.path }, statesMax) };
}

/** The essences of several runs, one for each report; after Ctrl-C those that are left are said to be missing. */
export async function essencesOf(runs: readonly Run[]): Promise<ReadonlyMap<Report, Essence | NoEssence>> {
  const found = new Map<Report, Essence | NoEssence>();
  const distinct = [...new Map(runs.map((run) => [run.report, run])).values()];
  const { isInterrupted, end: stopWatching } = watch('essences');
  const { next, end } = watchAll(distinct.length);
  for (const run of distinct) {
    next('essences');
    await new Promise((resolve) => setImmediate(resolve));
    const told = isInterrupted() ? { why: 'interrupted' } : essenceTold(run)?.essence;
    if (told !== undefined) found.set(run.report, told);
  }
  end();
  stopWatching();
  return found;
}
