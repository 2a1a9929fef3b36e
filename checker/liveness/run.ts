// All checks of a run that need the graph, on one graph: liveness, and what stays possible.

import { asks } from '../decide/decide.js';
import type { Growth, StateGraph } from '../graph/state_graph.js';
import type { Program } from '../ir/program.js';
import { limitText } from '../search/evidence.js';
import { formulaReached, type LimitReached } from '../search/limit.js';
import type { Check, Finding } from '../search/report.js';
import { type StoppableWork, stoppable, type Work } from '../search/work.js';
import { checkLiveness } from './check.js';
import { largestPart } from './largest_part.js';
import { checkPossible } from './possible.js';

export interface LivenessResults {
  readonly findings: ReadonlyMap<Check, Finding>;
  /** Those that were not checked to the end, and those that cannot be decided, with the reason. */
  readonly undecided: ReadonlyMap<Check, string | undefined>;
  /** Those that no run is as they assume. */
  readonly vacuous: ReadonlySet<Check>;
  /** What stopped the search before all were checked. */
  readonly limit?: LimitReached;
}

/** Builds the graph and checks them all. What was decided before it is stopped stays decided. */
export function* livenessOf(
  program: Program,
  building: Work<StateGraph, Growth>,
  checks: readonly Check[],
  shortest: boolean,
): StoppableWork<LivenessResults, Growth> {
  const findings = new Map<Check, Finding>();
  const undecided = new Map<Check, string | undefined>(checks.map((check) => [check, undefined]));
  const vacuous = new Set<Check>();
  let limit: LimitReached | undefined;
  const graph = yield* stoppable(building);
  for (const check of checks) {
    if (asks(check, 'possibility')) {
      const possible = graph && (yield* stoppable(checkPossible(graph, graph.truthOf(check.condition))));
      if (possible === undefined) break;
      if (possible.finding !== undefined) findings.set(check, possible.finding);
      if (possible.openBecause === undefined) undecided.delete(check);
      else undecided.set(check, possible.openBecause);
      continue;
    }
    const result = graph && (yield* stoppable(checkLiveness(program, graph, check, shortest)));
    if (result === undefined) break;
    if (result.finding !== undefined) findings.set(check, result.finding);
    if (result.isTooLarge) {
      const tooLarge = formulaReached(check.name, largestPart(check.liveness!, program));
      undecided.set(check, limitText(tooLarge));
      limit ??= tooLarge;
    } else if (result.openBecause === undefined) undecided.delete(check);
    else undecided.set(check, result.openBecause);
    if (result.isVacuous) vacuous.add(check);
  }
  return { findings, undecided, vacuous, ...(limit && { limit }) };
}
