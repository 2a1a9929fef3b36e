// The one way to check a Program: choose an engine, drive its search, report. A search that is told to stop, or
// that reaches a limit, ends in 'incomplete', never in 'holds'.

import { compiledSearch } from './compiled/search.js';
import type { Program, Property } from './ir/program.js';
import { referenceSystem } from './reference/semantics.js';
import { breadthFirst, type Limits, type Progress, type SearchResult } from './search/breadth_first.js';
import { EngineError } from './search/engine_error.js';
import { type Check, checksOf, type Exploration, type Report, reportOf } from './search/report.js';

export interface ExploreOptions extends Limits {
  /** The readable engine that defines what a Program means, or the fast one. Default: compiled. */
  readonly engine?: Exploration['engine'];
  /** Called now and then; a text stops the search, and says why. */
  readonly onProgress?: (progress: Progress) => string | undefined;
  /** Stops the search when it is aborted. */
  readonly signal?: AbortSignal;
}

/** How many progress reports pass between two turns of the event loop, so that signals are heard. */
const turnEvery = 8;

/** A search under way: yields how far it is, stops if it is sent a reason to. */
type Search = Generator<Progress, SearchResult, string | undefined>;

/** Explores a Program and checks its properties. Throws an EngineError for what the engine cannot do exactly. */
export async function explore(
  program: Program,
  properties: readonly Property[],
  options: ExploreOptions = {},
): Promise<Report> {
  const { engine = 'compiled', onProgress, signal } = options;
  const checks = checksOf(program, properties);
  const search = searchOf(engine, program, checks, options);
  let next = search.next();
  for (let turn = 1; !next.done; turn++) {
    if (turn % turnEvery === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    next = search.next(onProgress?.(next.value) ?? (signal?.aborted ? 'stopped' : undefined));
  }
  const { counts, findings, undecided, limit } = next.value;
  const exhaustive = limit === undefined;
  const exploration: Exploration = { engine, search: 'bfs', storage: 'exact', exhaustive, limit, ...counts };
  return reportOf(exploration, checks, findings, undecided);
}

function searchOf(
  engine: Exploration['engine'],
  program: Program,
  checks: readonly Check[],
  options: ExploreOptions,
): Search {
  if (engine === 'reference') return breadthFirst(referenceSystem(program), program, checks, options);
  return compiledSearch(program, checks, options);
}

export { EngineError };
