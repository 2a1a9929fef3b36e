// Depth-first search: it follows the first step as far as possible, then goes back to the last state with a step not
// yet taken. It stores the current path instead of a queue. Its traces are not the shortest, and it has no distances of
// states.
//   graph 0 1 3, 0 2 3        breadth-first 0 1 2 3        depth-first 0 1 3 2
//
// Iterative deepening searches depth-first within 1 step, then within 2, … until nothing is left out. It finds the same
// shortest traces and the same levels as breadth-first search, and searches again for each level.
//
// A limit on depth means the same in all three searches: the states at most so many steps away from an initial state
// are found and checked, and those at that distance are not expanded. In depth-first search a state may be reached by a
// long path before a short one: then it is expanded again.

import type { Program, StepId } from '../ir/program.js';
import type { Limits, Progress, SearchResult } from './breadth_first.js';
import { FindingRecorder, type PathToState } from './finding_recorder.js';
import { depthReached, type LimitReached, statesReached } from './limit.js';
import type { Check } from './report.js';
import type { System, Transition } from './system.js';

type Searching<R> = Generator<Progress, R, LimitReached | undefined>;

/** How many transitions are processed between two reports of progress. */
const turnsPerProgress = 1024;

/** A state on the path, and its next transition. */
interface PathFrame<S> {
  readonly state: S;
  readonly out: readonly Transition<S>[];
  next: number;
}

interface WalkEnd {
  readonly states: number;
  readonly transitions: number;
  /** The longest path walked. */
  readonly depth: number;
  /** Was some state not expanded because it is too far away? */
  readonly isCut: boolean;
  readonly limit: LimitReached | undefined;
}

/** Searches depth-first. In the counts, `depth` is the longest path walked, and there are no levels. */
export function* depthFirst<S>(
  system: System<S>,
  program: Program,
  checks: readonly Check[],
  { statesMax = Number.POSITIVE_INFINITY, depthMax = Number.POSITIVE_INFINITY }: Limits = {},
): Searching<SearchResult> {
  const recorder = new FindingRecorder(system, program, checks);
  const { states, transitions, depth, isCut, limit } = yield* walk(system, recorder, {
    bound: depthMax,
    statesMax,
    reentersNearer: depthMax < Number.POSITIVE_INFINITY,
    checksAtBound: true,
  });
  const { findings, undecided, cuts } = recorder;
  const counts = { states, transitions, depth, levels: [] };
  return {
    counts,
    findings,
    undecided,
    ...(depthMax === Infinity && { cuts }),
    limit: limit ?? (isCut ? depthReached(depthMax) : undefined),
  };
}

/** Searches by iterative deepening. The states at a bound are checked in the next round. */
export function* iterativeDeepening<S>(
  system: System<S>,
  program: Program,
  checks: readonly Check[],
  { statesMax = Number.POSITIVE_INFINITY, depthMax = Number.POSITIVE_INFINITY }: Limits = {},
): Searching<SearchResult> {
  const recorder = new FindingRecorder(system, program, checks);
  const levels: number[] = [];
  for (let bound = 0; ; bound++) {
    const how = { bound, statesMax, reentersNearer: true, checksAtBound: false };
    const { states, transitions, isCut, limit } = yield* walk(system, recorder, how);
    const fresh = states - levels.reduce((sum, level) => sum + level, 0);
    if (fresh > 0 || bound === 0) levels.push(fresh);
    const last = isCut && bound >= depthMax ? depthReached(depthMax) : undefined;
    if (isCut && limit === undefined && last === undefined) continue;
    // The last round: the states at its bound are checked after all nearer steps.
    const closing =
      limit === undefined && last !== undefined
        ? (yield* walk(system, recorder, { ...how, checksAtBound: true })).limit
        : undefined;
    const counts = { states, transitions, depth: levels.length - 1, levels };
    const { findings, undecided } = recorder;
    return { counts, findings, undecided, limit: limit ?? closing ?? last };
  }
}

interface How {
  /** States at this distance are not expanded. */
  readonly bound: number;
  readonly statesMax: number;
  /** Is a state that is reached by a shorter path expanded again, so that all states within the bound are found? */
  readonly reentersNearer: boolean;
  /** Are the states at the bound checked? */
  readonly checksAtBound: boolean;
}

/** One depth-first search. */
function* walk<S>(
  system: System<S>,
  recorder: FindingRecorder<S>,
  { bound, statesMax, reentersNearer, checksAtBound }: How,
): Searching<WalkEnd> {
  const seen = system.seenStates();
  const expanded = system.seenStates();
  const stack: PathFrame<S>[] = [];
  const taken: StepId[] = [];
  let [states, transitions, depth, initial, turns, left] = [0, 0, 0, 0, 0, 0];
  const enter = (state: S): void => {
    depth = Math.max(depth, stack.length);
    const way: PathToState = (...last) => ({ initial, steps: [...taken, ...last] });
    if (stack.length >= bound) {
      if (checksAtBound) recorder.checkState(state, way);
      return;
    }
    recorder.checkState(state, way);
    const out = system.transitions(state);
    if (expanded.add(state)) {
      transitions += out.length;
      left--;
    }
    recorder.checkTransitions(state, out, way);
    stack.push({ state, out, next: 0 });
  };
  const isWorthEntering = (state: S): boolean | undefined => {
    const reached = seen.reach(state, reentersNearer ? stack.length : 0);
    if (reached === 'new' && ++states > statesMax && taken.length > 0) return undefined;
    if (reached === 'new') left++;
    return reached === 'new' || (reached === 'nearer' && reentersNearer);
  };
  const result = (limit?: LimitReached): WalkEnd => ({ states, transitions, depth, isCut: left > 0, limit });

  for (const [number, state] of system.initialStates().entries()) {
    taken.length = 0;
    if (!isWorthEntering(state)) continue;
    initial = number;
    enter(state);
    while (stack.length > 0) {
      if (++turns % turnsPerProgress === 0) {
        const stop = yield { states, transitions, depth, levels: [], queue: stack.length };
        if (stop !== undefined) return result(stop);
      }
      const frame = stack.at(-1)!;
      const transition = frame.out[frame.next++];
      taken.length = stack.length - 1;
      if (transition === undefined) {
        stack.pop();
      } else if ('to' in transition) {
        taken.push(transition.step);
        const enters = isWorthEntering(transition.to);
        if (enters === undefined) {
          states--;
          return result(statesReached(statesMax));
        }
        if (!enters) continue;
        enter(transition.to);
      }
    }
  }
  return result();
}
