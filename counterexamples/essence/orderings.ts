// Searches the essence of a race: the best set of orderings between steps of different actors that makes the bug
// inevitable. Orderings of accesses to the same data are preferred, then small sets. docs/essence.md defines the
// essence and proves its properties.
//
//   counterexample   a.load  b.load  a.store  b.store          two increments, one is lost
//   essence          a.load before b.store, b.load before a.store
//
// A run without the bug must break one of the orderings of the essence, so the orderings that it breaks are a set to be
// hit. Each round searches a run that keeps the current choice and avoids the bug. If there is none, the choice is the
// essence; otherwise the next choice is a best hitting set of what all runs so far break. Each round adds a set that
// the last choice missed, so this terminates, and no better choice hits all sets.

import { asks, type Check, type Path, type Program, type ThreadId } from '../../checker/index.js';
import { beyondStates, bugOf, walkerOf } from '../replay/program_walker.js';
import { EssenceError, escapeFrom, type SharedSearch } from './bug_free_runs.js';
import { type ContinuedRun, continued, type Event, eventsOf, type Ordering } from './continued_run.js';
import { bestHittingSet, type Element } from './hitting_set.js';
import {
  type AccessingStep,
  askedBy,
  type CheckReads,
  isDecided,
  type Meeting,
  meetingOf,
  numberedByActor,
  takenIn,
} from './meetings.js';

export interface Orderings {
  readonly run: ContinuedRun;
  readonly orderings: readonly Ordering[];
  /** The events of the run, by step, and what they access. */
  readonly events: readonly Event[];
  readonly taken: readonly AccessingStep[];
  /** What the property reads. */
  readonly asked: CheckReads;
  /** How the steps of an ordering interact. */
  readonly meets: (ordering: Ordering) => Meeting;
  /** How many runs without the bug were found on the way. */
  readonly ruledOut: number;
  /** Does a run that keeps the orderings avoid the bug by never scheduling some actor again? Such runs do not count. */
  readonly isUnfairlyEscaped: boolean;
}

export interface EssenceOptions {
  /** How many states all searches together may visit. Default: 200,000. */
  readonly statesMax?: number;
  /** How many candidate orderings there may be. Default: 20,000. */
  readonly orderingsMax?: number;
  /** How many choices may be tried. Default: 5,000,000. */
  readonly choicesMax?: number;
}

/** Throws an EssenceError. `path` must be one on which `check` finds its bug. */
export function essentialOrderings(
  program: Program,
  check: Check,
  path: Path,
  { statesMax = 200_000, orderingsMax = 20_000, choicesMax = 5_000_000 }: EssenceOptions = {},
): Orderings {
  const walker = walkerOf(program);
  const bug = bugOf(walker, check);
  if (bug === undefined) throw new EssenceError(`${beyondStates(check)}, which no ordering decides`);
  const refuseMany = (threads: readonly ThreadId[]) => {
    if (countCandidates(threads, path.steps.length) > orderingsMax)
      throw new EssenceError(`the trace has more than ${orderingsMax} orderings`);
  };
  refuseMany(path.steps.map((id) => program.steps[id]!.thread));
  const run = continued(walker, path, statesMax);
  if (run === undefined)
    throw new EssenceError(`after the trace its actors go on for more than ${statesMax} steps`);
  const events = eventsOf(run.steps.map((id) => program.steps[id]!));
  refuseMany(events.map(({ thread }) => thread));
  const candidates = candidatesOf(events, run.length);
  const asked = askedBy(program, check);
  const taken = run.steps.map((id, i) => takenIn(program, program.steps[id]!, run.states[i]!, asked));
  const waiting = asks(check, 'deadlock') ? taken.slice(run.taken) : [];
  const waitedFor = new Set(waiting.flatMap(({ accesses }) => [...accesses.reads]));
  const meets = ({ first, then }: Ordering) => meetingOf(program, waitedFor, taken[first]!, taken[then]!);
  const elements = elementsOf(candidates, taken, meets, run);
  const search: SharedSearch = { walker, bug, run, events, budget: statesMax };
  const broken: ReadonlySet<number>[] = [];
  let choices = choicesMax;
  const spend = () => {
    if (choices-- <= 0) throw new EssenceError('there are too many choices of orderings to try');
  };
  for (;;) {
    const chosen = bestHittingSet(broken, elements, spend)?.map((i) => candidates[i]!);
    if (chosen === undefined) throw new Error('the run that keeps every ordering must have the bug');
    const found = escapeFrom(search, chosen);
    if (found.places === undefined)
      return {
        run,
        orderings: chosen,
        ...{ events, taken, asked, meets },
        ruledOut: broken.length,
        isUnfairlyEscaped: found.isUnfairlyEscaped,
      };
    broken.push(brokenBy(eventsOf(found.places), candidates, events));
  }
}

/** The ranks of orderings, from the best: by how their steps interact; orderings of steps after the trace come last. */
const rankOf: { readonly [meeting in Meeting]: number } = { data: 0, asked: 1, lock: 2, nothing: 3 };
const rankOfNothingLater = 4;

/**
 * Both weights are smaller than that of a repeated direction (1e7): first for orderings that decide nothing, then for
 * strength.
 */
const undecidedWeight = 1e5;

/**
 * The best orderings are those of two accesses to the same data. Among equally good choices, those with orderings in
 * both directions between two actors are preferred, since then neither could have gone first; then those by which an
 * actor decides how to continue; then the weakest: the earlier the first step and the later the second, the more runs
 * keep the ordering.
 */
function elementsOf(
  candidates: readonly Ordering[],
  taken: readonly AccessingStep[],
  meets: (ordering: Ordering) => Meeting,
  { length }: ContinuedRun,
): readonly Element[] {
  const places = numberedByActor(taken.map(({ step }) => step));
  return candidates.map((ordering) => {
    const { first, then } = ordering;
    const [a, b] = [taken[first]!, taken[then]!];
    const meeting = meets(ordering);
    const isLater = meeting === 'nothing' && then >= length;
    const strength = places[first]! + taken.length - places[then]!;
    return {
      rank: isLater ? rankOfNothingLater : rankOf[meeting],
      weight: strength + (isDecided(a, b) ? 0 : undecidedWeight),
      group: `${a.step.thread} before ${b.step.thread}`,
    };
  });
}

/** The orderings of the counterexample: each of its steps before later steps of other actors. */
function candidatesOf(events: readonly Event[], length: number): readonly Ordering[] {
  const byThread = new Map<ThreadId, number[]>();
  for (const [i, { thread }] of events.entries()) {
    const own = byThread.get(thread);
    if (own === undefined) byThread.set(thread, [i]);
    else own.push(i);
  }
  return events.slice(0, length).flatMap(({ thread }, first) => {
    const others = [...byThread].flatMap(([other, own]) => (other === thread ? [] : own));
    return others
      .filter((then) => then > first)
      .sort((a, b) => a - b)
      .map((then) => ({ first, then }));
  });
}

/** The number of candidates, without building them: those of a long trace do not fit into memory. */
function countCandidates(threads: readonly ThreadId[], length: number): number {
  const later = new Map<ThreadId, number>();
  let count = 0;
  for (let i = threads.length - 1; i >= 0; i--) {
    const own = later.get(threads[i]!) ?? 0;
    if (i < length) count += threads.length - 1 - i - own;
    later.set(threads[i]!, own + 1);
  }
  return count;
}

/** The candidates that a run breaks: the later event happens without the earlier one before it. */
function brokenBy(
  happened: readonly Event[],
  candidates: readonly Ordering[],
  events: readonly Event[],
): ReadonlySet<number> {
  const key = ({ thread, location, visit }: Event) => `${thread} ${location} ${visit}`;
  const when = new Map(happened.map((event, i) => [key(event), i] as const));
  const times = events.map((event) => when.get(key(event)) ?? Number.POSITIVE_INFINITY);
  const isBroken = ({ first, then }: Ordering) => times[then]! < times[first]!;
  return new Set([...candidates.keys()].filter((i) => isBroken(candidates[i]!)));
}
