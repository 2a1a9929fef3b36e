// The one way to check a Program: choose an engine, drive its search, report. A search that is told to stop, or
// that reaches a limit, ends in 'incomplete', never in 'holds'.

import { chooseEngine, doubtOf, type Engine, type SearchOptions } from './choose.js';
import { coverageOf } from './coverage/coverage.js';
import { goalsOf } from './coverage/goals.js';
import { orderChecks, orderEdges } from './coverage/lock_order.js';
import { antecedentChecks, isVacuous } from './coverage/vacuity.js';
import { needsGraph } from './decide/decide.js';
import type { CheckName } from './ir/built_in_checks.js';
import type { Program } from './ir/program.js';
import type { LivenessResults } from './liveness/run.js';
import type { Property } from './property/property.js';
import type { Progress } from './search/breadth_first.js';
import { EngineError } from './search/engine_error.js';
import type { Explored } from './search/evidence.js';
import { type LimitReached, memoryReached } from './search/limit.js';
import { type Check, checksOf, type Finding, formulaChecks, type Report, reportOf } from './search/report.js';
import { drive } from './search/work.js';

export interface ExploreOptions extends SearchOptions {
  /** Look for the shortest lassos of liveness properties, not just for short ones. */
  readonly shortestLassos?: boolean;
  /** Tell what the run met of each label. */
  readonly coverage?: boolean;
  /** Built-in checks to leave out, beside those that the Program was lowered without; here only 'lock-order'. */
  readonly without?: readonly CheckName[];
  /** Called now and then; what it returns stops the search, and is told as its limit. */
  readonly onProgress?: (progress: Progress) => LimitReached | undefined;
  /** Stops the search when it is aborted. */
  readonly signal?: AbortSignal;
}

const aborted: LimitReached = { kind: 'interrupt', text: 'stopped' };

/** Explores a Program and checks its properties. Throws an EngineError for what the engine cannot do exactly. */
export async function explore(
  program: Program,
  properties: readonly Property[],
  options: ExploreOptions = {},
): Promise<Report<Explored>> {
  const { engine = 'compiled', search = 'bfs', storage = 'exact', onProgress, signal } = options;
  const checks = checksOf(program, properties);
  const antecedents = antecedentChecks(checks);
  const goals = options.coverage ? goalsOf(program) : [];
  const isOrderOff = [...(options.without ?? []), ...(program.without ?? [])].includes('lock-order');
  const order = isOrderOff ? [] : orderEdges(program);
  const formulas = formulaChecks(checks);
  const beside = [
    ...formulas,
    ...[...antecedents.values()].flat(),
    ...[...goals, ...order].map(({ check }) => check),
  ];
  const chosen = chooseEngine(program, options);
  const searching = await chosen.search([...checks, ...beside]);
  const stop = (progress: Progress) => onProgress?.(progress) ?? (signal?.aborted ? aborted : undefined);
  const result = await drive(searching, stop);
  const { counts, missProbability, coverage } = result;
  const limit = result.limit ?? doubtOf(storage, result);
  const pathless = checks.filter((check) => result.pathless?.includes(check)).map(({ name }) => name);
  const explored: Explored = {
    kind: 'explored',
    engine,
    search,
    storage,
    reductions: [],
    memoryModel: 'sc',
    exhaustive: limit === undefined,
    limit,
    ...(pathless.length > 0 && { pathless }),
    ...(missProbability !== undefined && { missProbability }),
    ...(coverage !== undefined && { coverage }),
    ...counts,
  };
  const runs = checks.filter(needsGraph);
  const live = await livenessAfter(explored, program, chosen, runs, options, stop);
  const idle = checks.filter((check) => isVacuous(check, antecedents, result.findings));
  const circles = orderChecks(order, result.findings);
  const report = reportOf(
    live.limit === undefined ? explored : { ...explored, limit: live.limit },
    [...checks, ...formulas.filter((check) => result.findings.has(check)), ...circles.keys()],
    {
      findings: new Map([...result.findings, ...live.findings, ...found(circles)]),
      undecided: new Map([...unvalued(result.undecided), ...live.undecided]),
      vacuous: new Set([...idle, ...live.vacuous]),
    },
  );
  return options.coverage && result.pathless === undefined
    ? { ...report, labels: coverageOf(program, goals, result.findings) }
    : report;
}

/** Checks whose condition has no value in some state; the check for faults has the trace that leads there. */
const unvalued = (checks: ReadonlySet<Check>) =>
  [...checks].map((check) => [check, 'the condition has no value in some state'] as const);

const found = (circles: ReadonlyMap<Check, Finding | undefined>) =>
  [...circles].flatMap(([check, finding]) => (finding === undefined ? [] : [[check, finding] as const]));

/**
 * What is true of whole runs, and what stays possible, is decided on the graph of all states: only if the search has seen them all. Nothing that
 * this needs is loaded where nobody asks.
 */
async function livenessAfter(
  explored: Explored,
  program: Program,
  chosen: Engine,
  runs: readonly Check[],
  { shortestLassos = false, memoryMax }: ExploreOptions,
  stop: (progress: Progress) => LimitReached | undefined,
): Promise<LivenessResults> {
  if (runs.length === 0 || !explored.exhaustive) {
    return {
      findings: new Map(),
      undecided: new Map(runs.map((check) => [check, undefined])),
      vacuous: new Set(),
    };
  }
  const { livenessOf } = await import('./liveness/run.js');
  const graph = await chosen.graph();
  let limit: LimitReached | undefined;
  const results = await drive(livenessOf(program, graph, runs, shortestLassos), ({ count, bytes }) => {
    limit = stop({ ...explored, queue: count });
    if (memoryMax !== undefined && bytes > memoryMax) limit ??= memoryReached(memoryMax);
    return limit;
  });
  return limit === undefined ? results : { ...results, limit };
}

export { EngineError };
