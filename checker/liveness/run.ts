// All checks of a run that need the graph, on one graph: liveness, alwaysPossible, and stuck actors.

import { asks } from '../decide/decide.js';
import type { Growth, StateGraph } from '../graph/state_graph.js';
import type { Program } from '../ir/program.js';
import { limitText } from '../search/evidence.js';
import { formulaReached, type LimitReached } from '../search/limit.js';
import type { Check, Finding } from '../search/report.js';
import { type StoppableWork, stoppable, type Work } from '../search/work.js';
import { checkLiveness, type LivenessResult } from './check.js';
import { largestPart } from './largest_part.js';
import { checkPossible } from './possible.js';
import { findStuck } from './stuck.js';

export interface LivenessResults {
  readonly findings: ReadonlyMap<Check, Finding>;
  /** Checks that were not completed, and checks that cannot be decided, with the reason. */
  readonly undecided: ReadonlyMap<Check, string | undefined>;
  /** Checks whose assumptions no run satisfies. */
  readonly vacuous: ReadonlySet<Check>;
  /** The limit that stopped the search before all were checked. */
  readonly limit?: LimitReached;
  /** The check at which the search was stopped; earlier checks are decided. */
  readonly stoppedAt?: Check;
}

/** Builds the graph and checks them all. Checks that were decided before a stop stay decided. */
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
    const result = graph && (yield* stoppable(beside(graph, decide(program, graph, check, shortest))));
    if (result === undefined)
      return { findings, undecided, vacuous, ...(limit && { limit }), stoppedAt: check };
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

/** Decides one check on the graph. */
function* decide(
  program: Program,
  graph: StateGraph,
  check: Check,
  shortest: boolean,
): Work<LivenessResult, Growth> {
  if (asks(check, 'stuck')) return { finding: yield* findStuck(program, graph) };
  if (asks(check, 'possibility')) return yield* checkPossible(graph, graph.truthOf(check.condition));
  return yield* checkLiveness(program, graph, check, shortest);
}

/** The memory of the search, and of the graph. */
function* beside<R>({ bytes }: StateGraph, work: Work<R, Growth>): Work<R, Growth> {
  let next = work.next();
  for (; !next.done; next = work.next()) yield { count: next.value.count, bytes: bytes + next.value.bytes };
  return next.value;
}
