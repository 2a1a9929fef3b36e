// The one way to check a Program: selects an engine, runs its search, and makes the report. A search that is stopped,
// or that reaches a limit, ends in 'incomplete', never in 'holds'.

import { mayBeStuck } from './analyse/may_be_stuck.js';
import { chooseEngine, doubtOf, type Engine, type SearchOptions } from './choose.js';
import { coverageOf } from './coverage/coverage.js';
import { goalsOf, wanted } from './coverage/goals.js';
import { type LockRules, lockRules } from './coverage/lock_rules.js';
import { antecedentChecks, isVacuous } from './coverage/vacuity.js';
import { asks, checkAsking, isExample, needsGraph } from './decide/decide.js';
import type { CheckName } from './ir/built_in_checks.js';
import { not } from './ir/expression.js';
import type { Program } from './ir/program.js';
import type { LivenessResults } from './liveness/run.js';
import type { Property } from './property/property.js';
import { lockedOutAfter } from './reference/lock_cycle.js';
import type { Progress, SearchResult } from './search/breadth_first.js';
import { EngineError } from './search/engine_error.js';
import type { Explored } from './search/evidence.js';
import {
  bufferReached,
  type LimitReached,
  memoryReached,
  statesReached,
  withinReached,
} from './search/limit.js';
import { type Check, checksOf, type Finding, formulaChecks, type Report, reportOf } from './search/report.js';
import type { StoredStates } from './search/stored_states.js';
import { drive, stoppable } from './search/work.js';

export interface ExploreOptions extends SearchOptions {
  /** Search for the shortest lassos of liveness properties, not only for short ones. */
  readonly shortestLassos?: boolean;
  /**
   * With more states than this, stuck actors are not searched for: a million if absent, since it takes the graph of all
   * states. With `Infinity` they always are, and a limit that is reached in that search makes the run incomplete.
   */
  readonly stuckStatesMax?: number;
  /** Report the coverage of each label. */
  readonly coverage?: boolean;
  /** Report statistics of a search that is complete, which takes the graph of all states. */
  readonly statistics?: boolean;
  /**
   * Built-in checks to leave out, beside those that the Program was lowered without; only those of whole searches:
   * 'lock-order', 'deadlock', 'stuck'.
   */
  readonly without?: readonly CheckName[];
  /** Called with all states by a search that keeps them, once it is complete. */
  readonly onStates?: (states: StoredStates) => void;
  /** Called regularly; a limit that it returns stops the search, and is part of the report. */
  readonly onProgress?: (progress: Progress) => LimitReached | undefined;
  /** Stops the search when it is aborted. */
  readonly signal?: AbortSignal;
}

const aborted: LimitReached = { kind: 'interrupt', text: 'stopped' };

/**
 * Explores a Program and checks its properties. Throws an EngineError for what the engine cannot do exactly.
 * Example: `(await explore(program, properties, { engine: 'reference' })).verdict`
 */
export async function explore(
  program: Program,
  properties: readonly Property[],
  options: ExploreOptions = {},
): Promise<Report<Explored>> {
  const { engine = 'compiled', search = 'bfs', storage = 'exact', onProgress, signal } = options;
  const without = [...(options.without ?? []), ...(program.without ?? [])];
  const checks = checksOf(program, properties, without);
  const antecedents = antecedentChecks(checks);
  const goals = options.coverage ? goalsOf(program) : [];
  const rules = lockRules(program, without);
  const formulas = formulaChecks(checks);
  const own = limitsOf(program);
  const sought = [...own, ...goals].map(({ check }) => check);
  const beside = [...sought, ...formulas, ...[...antecedents.values()].flat(), ...rules.goals];
  const whole = needsEveryState(options, checks, { ...program, without });
  if (options.reduce !== 'auto') refuseReduced(options);
  const { reduce, ...unreduced } = options;
  const chosen = chooseEngine(program, reduce === 'auto' && whole !== undefined ? unreduced : options);
  const searching = await chosen.search([...checks, ...beside]);
  const stop = (progress: Progress) =>
    onProgress?.({ ...progress, ...violatedIn(progress, checks) }) ?? (signal?.aborted ? aborted : undefined);
  const result = await drive(searching, stop);
  const { counts, missProbability, coverage } = result;
  const limit = result.limit ?? doubtOf(storage, result) ?? limitMet(own, result);
  if (limit === undefined && result.stored !== undefined) options.onStates?.(result.stored);
  const { listed, ruled, pathless } = listedAfter(result, checks, formulas, rules);
  const explored: Explored = {
    kind: 'explored',
    ...{ engine, search, storage },
    reductions: result.reductions ?? [],
    ...(reduce === 'auto' && { reductionsWhy: whole ?? result.reductionsWhy ?? '' }),
    ...memoryModelOf(program),
    ...{ exhaustive: limit === undefined, limit },
    ...(pathless.length > 0 && { pathless }),
    ...(missProbability !== undefined && { missProbability }),
    ...(coverage !== undefined && { coverage }),
    ...counts,
  };
  const runs = checks.filter(needsGraph);
  const live = await livenessAfter(explored, { ...program, without }, chosen, runs, options, stop);
  const idle = checks.filter((check) => isVacuous(check, antecedents, result.findings));
  const report = reportOf(live.limit === undefined ? explored : { ...explored, limit: live.limit }, listed, {
    findings: new Map([
      ...withLockWaits(program, result.findings),
      ...live.findings,
      ...findingsOf(ruled, result.findings),
    ]),
    undecided: new Map([...unvalued(result.undecided), ...live.undecided]),
    vacuous: new Set([...idle, ...live.vacuous]),
    unchecked: live.unchecked ?? new Map(),
    stopsActors: [...result.findings.keys()].some(stopsActors),
  });
  return {
    ...report,
    ...(options.coverage &&
      result.pathless === undefined && { labels: coverageOf(program, goals, result.findings) }),
    ...(options.statistics && (await statisticsAfter(report.evidence, program, chosen, result.stored, stop))),
  };
}

/** The names of the properties that are violated so far. */
const violatedIn = ({ found }: Progress, checks: readonly Check[]): Pick<Progress, 'violated'> =>
  found === undefined
    ? {}
    : { violated: checks.filter((check) => !isExample(check) && found.has(check)).map(({ name }) => name) };

/** Statistics take the graph of all states; nothing if the search was not complete, or if this is stopped. */
async function statisticsAfter(
  explored: Explored,
  program: Program,
  chosen: Engine,
  stored: StoredStates | undefined,
  stop: (progress: Progress) => LimitReached | undefined,
): Promise<Pick<Report, 'statistics'>> {
  if (explored.limit !== undefined) return {};
  const building = stoppable(await chosen.graph());
  const graph = await drive(building, ({ count, bytes }) => stop({ ...explored, queue: count, bytes }));
  if (graph === undefined) return {};
  const { statisticsOf } = await import('./coverage/statistics.js');
  return { statistics: statisticsOf(program, graph, stored) };
}

/** A limit of the Program itself, and the check that finds out whether it is met. */
interface OwnLimit {
  readonly check: Check;
  readonly limit: (result: Pick<SearchResult, 'cuts'>) => LimitReached;
}

/** Under x86-TSO a store that finds its buffer full; a state outside of the model's own bound. Looked for beside the checks. */
const limitsOf = ({ storeBuffers, within }: Program): readonly OwnLimit[] => [
  ...(storeBuffers === undefined
    ? []
    : [
        {
          check: wanted('a store finds its buffer full', storeBuffers.full),
          limit: () => bufferReached(storeBuffers.slots),
        },
      ]),
  ...(within === undefined
    ? []
    : [
        {
          check: wanted("a state is outside of the model's 'within'", not(within)),
          limit: ({ cuts }: Pick<SearchResult, 'cuts'>) => withinReached(cuts),
        },
      ]),
];

const limitMet = (own: readonly OwnLimit[], result: SearchResult): LimitReached | undefined =>
  own.find(({ check }) => result.findings.has(check))?.limit(result);

const memoryModelOf = ({
  storeBuffers,
}: Program): Pick<Explored, 'memoryModel' | 'bufferSlots' | 'coarse'> =>
  storeBuffers === undefined
    ? { memoryModel: 'sc' }
    : {
        ...{ memoryModel: 'tso', bufferSlots: storeBuffers.slots },
        ...(storeBuffers.coarse.length > 0 && { coarse: storeBuffers.coarse }),
      };

/** Why no reduction is of use, whatever the model is; undefined if one may be. */
function needsEveryState(
  { coverage, statistics, snapshots, resume }: ExploreOptions,
  checks: readonly Check[],
  program: Program,
): string | undefined {
  const needs = (what: string) => `none, since ${what} every state`;
  if (coverage) return needs('coverage needs');
  if (statistics) return needs('statistics need');
  if (snapshots || resume !== undefined) return needs('checkpoints need');
  const runs = checks.filter((check) => needsGraph(check) && (!asks(check, 'stuck') || mayBeStuck(program)));
  return runs[0] && needs(`'${runs[0].name}' needs`);
}

/** Refuses requests that need every state. */
function refuseReduced({ reduce, coverage, stuckStatesMax }: ExploreOptions): void {
  if (reduce === undefined) return;
  const both = `needs every state, and the reduction '${reduce}' leaves some out: ask for one of the two`;
  if (coverage) throw new EngineError(`coverage ${both}`);
  if (stuckStatesMax === Number.POSITIVE_INFINITY) throw new EngineError(`'no actor is stuck' ${both}`);
}

/** Checks whose condition has no value in some state; the check for faults has the trace that leads there. */
const unvalued = (checks: ReadonlySet<Check>) =>
  [...checks].map((check) => [check, 'the condition has no value in some state'] as const);

/** The checks of the report, those of the rules with their goals, and the names of those that are found without a trace. */
function listedAfter(
  { findings, pathless = [] }: Pick<SearchResult, 'findings' | 'pathless'>,
  checks: readonly Check[],
  formulas: readonly Check[],
  rules: LockRules,
) {
  const isMet = (check: Check): boolean => findings.has(check) || pathless.includes(check);
  const ruled = new Map(rules.conclude(isMet));
  const listed = [...checks, ...formulas.filter(isMet), ...ruled.keys()];
  const traceless = listed.filter((check) => pathless.includes(ruled.get(check) ?? check));
  return { ruled, listed, pathless: traceless.map(({ name }) => name) };
}

/** What was found for the goals that checks of the report rest on. */
const findingsOf = (
  ruled: ReadonlyMap<Check, Check | undefined>,
  findings: ReadonlyMap<Check, Finding>,
): readonly (readonly [Check, Finding])[] =>
  [...ruled].flatMap(([check, goal]) => {
    const finding = goal && findings.get(goal);
    return finding === undefined ? [] : [[check, finding] as const];
  });

/**
 * The findings, and for a deadlock which actor waits for which lock of which holder: that takes a replay of the path by
 * the reference engine.
 */
function withLockWaits(program: Program, findings: ReadonlyMap<Check, Finding>): ReadonlyMap<Check, Finding> {
  const check = checkAsking([...findings.keys()], 'deadlock');
  const finding = check && findings.get(check);
  if (check === undefined || finding === undefined) return findings;
  const lockWaits = lockedOutAfter(program, finding.path);
  return lockWaits.length === 0 ? findings : new Map(findings).set(check, { ...finding, lockWaits });
}

/** Does the finding stop an actor for good? A warning does not. */
const stopsActors = (check: Check): boolean => asks(check, 'deadlock') || check.severity === 'bug';

/** The results, and the checks that were left out. */
interface GraphResults extends LivenessResults {
  readonly unchecked?: ReadonlyMap<Check, string>;
}

/**
 * Checks of whole runs, alwaysPossible and stuck actors are decided on the graph of all states: only if the search has
 * seen them all. The code for that is loaded only if a check needs it.
 */
async function livenessAfter(
  explored: Explored,
  program: Program,
  chosen: Engine,
  checks: readonly Check[],
  { shortestLassos = false, stuckStatesMax = 1_000_000, memoryMax }: ExploreOptions,
  stop: (progress: Progress) => LimitReached | undefined,
): Promise<GraphResults> {
  const none: GraphResults = { findings: new Map(), undecided: new Map(), vacuous: new Set() };
  if (!explored.exhaustive) {
    return { ...none, undecided: new Map(checks.map((check) => [check, undefined])) };
  }
  const isStuck = (check: Check) => asks(check, 'stuck');
  const leaveOut = (why: LimitReached) =>
    new Map(checks.filter(isStuck).map((check) => [check, why.text] as const));
  if (explored.reductions.length > 0) return { ...none, ...leftOpen(explored, program, checks) };
  const canBe = checks.some(isStuck) && mayBeStuck(program);
  const isTooLarge = canBe && explored.states > stuckStatesMax;
  const runs = checks.filter((check) => !isStuck(check) || (canBe && !isTooLarge));
  const unchecked = isTooLarge ? leaveOut(statesReached(stuckStatesMax)) : new Map();
  if (runs.length === 0) return { ...none, unchecked };
  const { livenessOf } = await import('./liveness/run.js');
  const graph = await chosen.graph();
  let limit: LimitReached | undefined;
  const results = await drive(livenessOf(program, graph, runs, shortestLassos), ({ count, bytes }) => {
    limit = stop({ ...explored, queue: count, bytes });
    if (memoryMax !== undefined && bytes > memoryMax) limit ??= memoryReached(memoryMax);
    return limit;
  });
  if (limit === undefined) return { ...results, unchecked };
  // A limit reached in a check that was not requested leaves all others decided. A stop from outside does not.
  const isAsked = stuckStatesMax === Number.POSITIVE_INFINITY;
  if (results.stoppedAt && isStuck(results.stoppedAt) && !isAsked && limit.kind !== 'interrupt') {
    const undecided = new Map([...results.undecided].filter(([check]) => !isStuck(check)));
    return { ...results, undecided, unchecked: leaveOut(limit) };
  }
  return { ...results, limit, unchecked };
}

/** The checks that a reduced search leaves open: properties of whole runs, and stuck actors if there can be any. */
function leftOpen(
  { reductions }: Explored,
  program: Program,
  checks: readonly Check[],
): Pick<GraphResults, 'undecided' | 'unchecked'> {
  const isStuck = (check: Check) => asks(check, 'stuck');
  const left = `the states that the reduction '${reductions.join()}' leaves`;
  const stuck = mayBeStuck(program) ? checks.filter(isStuck) : [];
  const runs = checks.filter((check) => !isStuck(check));
  return {
    undecided: new Map(runs.map((check) => [check, `'${check.name}' needs more than ${left}`])),
    unchecked: new Map(stuck.map((check) => [check, left])),
  };
}

export { EngineError };
