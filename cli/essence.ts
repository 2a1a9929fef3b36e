// The essence of what a run found, for reports: of the counterexample that speaks for it, and bounded, since a report
// is not worth a long wait. `explain` looks further. Loaded only by those who tell it.

import { decisive } from './exit-status.js';
import { tryEssence } from './finding.js';
import type { ToldEssence } from './report-json.js';
import type { Run } from './run.js';

/** How many states the search for an essence may look at: a second or a few, by the reference engine. */
const statesMax = 20_000;

/** Undefined if nothing is violated by a run that can be told. */
export function essenceTold({ report, traces, lowered }: Run): ToldEssence | undefined {
  const of = decisive(report);
  if (of?.finding === undefined || !traces.has(of)) return undefined;
  return { of, essence: tryEssence({ ...lowered, check: of.check, path: of.finding.path }, statesMax) };
}
