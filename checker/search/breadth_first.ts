// Breadth-first search. States are numbered in the order in which they are found, so the first path to a state is a
// shortest one, and of the shortest the first in the order of the steps. The array of states is the queue.
//
//   state     0    1    2    3    4
//   parent    -    0    0    1    2      levels 1, 2, 2
//   step           a    b    c    a      the trace to 4: b a

import type { Program, StepId } from '../ir/program.js';
import type { Counts, ReductionName } from './evidence.js';
import { FindingRecorder, type PathToState } from './finding_recorder.js';
import { depthReached, type LimitReached, statesReached } from './limit.js';
import type { Check, Finding, Path } from './report.js';
import type { Snapshot } from './snapshot.js';
import type { StoredStates } from './stored_states.js';
import { type System, statesPerTurn } from './system.js';

export interface Limits {
  /** Stop before there are more states than this. */
  readonly statesMax?: number;
  /** States at this distance from an initial state are checked, and not expanded; the same in every search. */
  readonly depthMax?: number;
}

export interface SearchResult {
  readonly counts: Counts;
  readonly findings: ReadonlyMap<Check, Finding>;
  /** Checks whose condition had no value in some state. */
  readonly undecided: ReadonlySet<Check>;
  /** What was left out; undefined if nothing was. */
  readonly limit: LimitReached | undefined;
  /** Findings without a trace, since the search was stopped before it rebuilt their paths; absent if there are none. */
  readonly pathless?: readonly Check[];
  /** The probability that some state was taken for a seen one; absent if that cannot happen. */
  readonly missProbability?: number;
  /** The estimated share of the reachable states that was found; absent if it is not estimated. */
  readonly coverage?: number;
  /** How many states the model's `within` cuts; absent if they were not counted. */
  readonly cuts?: number;
  /** All states that were found, from a search that keeps them. */
  readonly stored?: StoredStates;
  /** The reductions that were used; absent if there were none. */
  readonly reductions?: readonly ReductionName[];
  /** Why these, where the choice was left to `auto`. */
  readonly reductionsWhy?: string;
}

/** The progress of a search. */
export interface Progress extends Counts {
  /** States that are found but not expanded yet. */
  readonly queue: number;
  /** The bytes of states, table and queue; absent if the engine does not count them. */
  readonly bytes?: number;
  /** After the search, while traces are searched for: the progress of that, from 0 to 1. */
  readonly again?: number;
  /** Takes a snapshot of the search, where it can go on from one; to be called before the search does. */
  readonly snapshot?: () => Snapshot;
  /** The limit at which a search that has snapshots ends by itself: this is its last report. */
  readonly reached?: LimitReached;
  /** The checks that something was found for; absent if the search does not say. */
  readonly found?: ReadonlyMap<Check, unknown>;
  /** The names of the properties that are violated so far; filled in by \`explore\`. */
  readonly violated?: readonly string[];
}

const isTurn = (i: number): boolean => i % statesPerTurn === statesPerTurn - 1;

/** Searches. Yields now and then, and stops if the caller sends a reason. */
export function* breadthFirst<S>(
  system: System<S>,
  program: Program,
  checks: readonly Check[],
  limits: Limits = {},
): Generator<Progress, SearchResult, LimitReached | undefined> {
  const seen = system.seenStates();
  const states: S[] = [];
  const parents: number[] = [];
  const steps: StepId[] = [];
  const levels: number[] = [];
  const { statesMax = Number.POSITIVE_INFINITY, depthMax = Number.POSITIVE_INFINITY } = limits;
  let transitions = 0;
  /** The reason that stops the search, and the reason that only leaves states out. */
  let limit: LimitReached | undefined;
  let cut: LimitReached | undefined;

  const add = (state: S, parent: number, step: StepId): void => {
    if (!seen.add(state)) return;
    states.push(state);
    parents.push(parent);
    steps.push(step);
  };
  const pathTo = (end: number, ...last: StepId[]): Path => {
    const back: StepId[] = [];
    let at = end;
    for (; parents[at]! >= 0; at = parents[at]!) back.push(steps[at]!);
    return { initial: at, steps: [...back.reverse(), ...last] };
  };
  const recorder = new FindingRecorder(system, program, checks);

  for (const state of system.initialStates()) add(state, -1, -1);
  const counts = (): Counts => ({ states: states.length, transitions, depth: levels.length - 1, levels });
  let levelEnd = states.length;
  levels.push(states.length);
  for (let i = 0; i < states.length && limit === undefined; i++) {
    if (i === levelEnd) {
      levels.push(states.length - levelEnd);
      levelEnd = states.length;
    }
    if (isTurn(i)) limit = yield { ...counts(), queue: states.length - i, found: recorder.findings };
    if (limit !== undefined) break;
    const state = states[i]!;
    const way: PathToState = (...last) => pathTo(i, ...last);
    recorder.checkState(state, way);
    if (levels.length > depthMax) {
      cut = depthReached(depthMax);
      continue;
    }
    const out = system.transitions(state);
    transitions += out.length;
    recorder.checkTransitions(state, out, way);
    for (const transition of out) {
      if (!('to' in transition)) continue;
      if (states.length >= statesMax && seen.add(transition.to)) {
        limit = statesReached(statesMax);
        break;
      }
      add(transition.to, i, transition.step);
    }
  }
  if (limit !== undefined && states.length > levelEnd) levels.push(states.length - levelEnd);
  const { findings, undecided, cuts } = recorder;
  return { counts: counts(), findings, undecided, limit: limit ?? cut, cuts };
}
