// The one way to check a Program: choose an engine, drive its search, report. A search that is told to stop, or
// that reaches a limit, ends in 'incomplete', never in 'holds'.

import type { Program, Property } from './ir/program.js';
import { referenceSystem } from './reference/semantics.js';
import { breadthFirst, type Limits, type Progress } from './search/breadth_first.js';
import { checksOf, type Report, reportOf } from './search/report.js';

export interface ExploreOptions extends Limits {
  /** Called now and then; a text stops the search, and says why. */
  readonly onProgress?: (progress: Progress) => string | undefined;
}

/** How many progress reports pass between two turns of the event loop, so that signals are heard. */
const turnEvery = 8;

export async function explore(
  program: Program,
  properties: readonly Property[],
  options: ExploreOptions = {},
): Promise<Report> {
  const checks = checksOf(program, properties);
  const search = breadthFirst(referenceSystem(program), program, checks, options);
  let next = search.next();
  for (let turn = 1; !next.done; turn++) {
    if (turn % turnEvery === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    next = search.next(options.onProgress?.(next.value));
  }
  const { counts, findings, undecided, limit } = next.value;
  const exhaustive = limit === undefined;
  const exploration = {
    engine: 'reference',
    search: 'bfs',
    storage: 'exact',
    exhaustive,
    limit,
    ...counts,
  } as const;
  return reportOf(exploration, checks, findings, undecided);
}
