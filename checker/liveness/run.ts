// All liveness checks of a run, on one graph.

import type { Program } from '../ir/program.js';
import type { LimitReached } from '../search/limit.js';
import type { Check, Finding } from '../search/report.js';
import { checkLiveness } from './check.js';
import type { StateGraph } from './graph.js';

export interface LivenessResults {
  readonly findings: ReadonlyMap<Check, Finding>;
  /** Those that were not checked to the end, or whose formula has no value in some state. */
  readonly undecided: ReadonlySet<Check>;
  /** Those that no run is as they assume. */
  readonly vacuous: ReadonlySet<Check>;
  /** What stopped the search before all were checked. */
  readonly limit?: LimitReached;
}

/** Builds the graph and checks them all. Yields a count now and then, and gives up if it is told to. */
export function* livenessOf(
  program: Program,
  building: Generator<number, StateGraph | undefined, boolean>,
  checks: readonly Check[],
  shortest: boolean,
): Generator<number, LivenessResults, boolean> {
  const findings = new Map<Check, Finding>();
  const undecided = new Set<Check>();
  const vacuous = new Set<Check>();
  const graph = yield* building;
  for (const check of checks) {
    const result = graph && (yield* checkLiveness(program, graph, check, shortest));
    if (result?.finding !== undefined) findings.set(check, result.finding);
    if (!result?.isDecided) undecided.add(check);
    if (result?.isVacuous) vacuous.add(check);
  }
  return { findings, undecided, vacuous };
}
