// The essence of a race, by search: the best orderings between steps of different actors that make the bug inevitable,
// accesses to the same data before all others, and then as few as will do. docs/essence.md defines it and proves what
// it means.
//
//   counterexample   a.load  b.load  a.store  b.store          two increments, one is lost
//   essence          a.load before b.store, b.load before a.store
//
// A run that escapes the bug must break one of the orderings, so the orderings that it breaks are a set that must be
// hit. Find such a run among those that keep what has been chosen; if there is none, the choice is the essence; else
// choose again: a best hitting set of what all runs so far break. Each round adds a set that the choice before missed,
// so this ends, and no better choice hits even those.

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
  /** Of the run: what happens, by steps, and how. */
  readonly events: readonly Event[];
  readonly taken: readonly AccessingStep[];
  /** What the property reads. */
  readonly asked: CheckReads;
  /** How the steps of an ordering meet. */
  readonly meets: (ordering: Ordering) => Meeting;
  /** How many runs without the bug had to be ruled out. */
  readonly ruledOut: number;
  /** Does a run that keeps the orderings escape by passing over an actor for ever? Such runs are not counted. */
  readonly isUnfairlyEscaped: boolean;
}

export interface EssenceOptions {
  /** How many states all searches together may look at. Default: 200,000. */
  readonly statesMax?: number;
  /** How many orderings there may be to choose from. Default: 20,000. */
  readonly orderingsMax?: number;
  /** How many choices among them may be tried. Default: 5,000,000. */
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

/** The ranks of orderings, from the best: by how their steps meet, and last those of steps that come after the trace. */
const rankOf: { readonly [meeting in Meeting]: number } = { data: 0, asked: 1, lock: 2, nothing: 3 };
const rankOfNothingLater = 4;

/** The two weigh less than the same direction again (1e7): what nobody decides by, then strength. */
const undecidedWeight = 1e5;

/**
 * The best orderings are those of two accesses to the same data. Of equally good choices those are best that go both
 * ways between two actors, so that neither could have gone first; of those, such as somebody decides by how to go on; of
 * those the weakest: the sooner one step and the later the other, the more runs keep their ordering.
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

/** What the counterexample orders: its own steps before later ones of others. */
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

/** How many candidates there are, without making them: a long trace has more than there is memory for. */
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

/** The candidates that a run breaks: what should come later happens without the other before it. */
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
