// The essence of a race, by search: the fewest orderings between steps of different actors that make the bug
// inevitable. docs/essence.md defines it and proves what it means.
//
//   counterexample   a.load  b.load  a.store  b.store          two increments, one is lost
//   essence          a.load before b.store, b.load before a.store
//
// A run that escapes the bug must break one of the orderings, so the orderings that it breaks are a set that must be
// hit. Find such a run among those that keep what has been chosen; if there is none, the choice is the essence; else
// choose again: a minimum hitting set of what all runs so far break. Each round adds a set that the choice before
// missed, so this ends, and no smaller choice hits even those.

import type { Check, Path, Program, Property, ThreadId } from '../checker/index.js';
import { type Accesses, accessesOf, sharedBy } from './accesses.js';
import { bugOf, walkOf } from './bug.js';
import { EssenceError, escapeFrom, type Search } from './escapes.js';
import { type ContinuedRun, continued, type Event, eventsOf, type Ordering } from './events.js';
import { type Element, minimumHittingSet } from './hitting_set.js';

export interface Orderings {
  readonly run: ContinuedRun;
  readonly orderings: readonly Ordering[];
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
  properties: readonly Property[],
  check: Check,
  path: Path,
  { statesMax = 200_000, orderingsMax = 20_000, choicesMax = 5_000_000 }: EssenceOptions = {},
): Orderings {
  const walk = walkOf(program);
  const bug = bugOf(walk, properties, check);
  if (bug === undefined)
    throw new EssenceError(`'${check.name}' is about endless runs, which no ordering decides`);
  const run = continued(walk, path);
  const events = eventsOf(run.steps.map((id) => program.steps[id]!));
  const candidates = candidatesOf(events, run.length);
  if (candidates.length > orderingsMax)
    throw new EssenceError(`the trace has more than ${orderingsMax} orderings`);
  const elements = elementsOf(program, run, events, candidates);
  const search: Search = { walk, bug, run, events, budget: statesMax };
  const broken: ReadonlySet<number>[] = [];
  let choices = choicesMax;
  const spend = () => {
    if (choices-- <= 0) throw new EssenceError('there are too many choices of orderings to try');
  };
  for (;;) {
    const chosen = minimumHittingSet(broken, elements, spend)?.map((i) => candidates[i]!);
    if (chosen === undefined) throw new Error('the run that keeps every ordering must have the bug');
    const found = escapeFrom(search, chosen);
    if (found.places === undefined)
      return {
        run,
        orderings: chosen,
        ruledOut: broken.length,
        isUnfairlyEscaped: found.isUnfairlyEscaped,
      };
    broken.push(brokenBy(eventsOf(found.places), candidates, events));
  }
}

/** Each weighs more than what comes after it can: nothing, the same direction again (1e7), a lock, strength. */
const weightOf = { data: 0, lock: 1e5, nothing: 1e10 } as const;

/**
 * Of equally many orderings those are best that order two accesses to the same data, or at least to the same lock; of
 * those, such as go both ways between two actors, so that neither could have gone first; of those the weakest: the
 * sooner one step and the later the other, the more runs keep their ordering.
 */
function elementsOf(
  program: Program,
  { steps, states }: ContinuedRun,
  events: readonly Event[],
  candidates: readonly Ordering[],
): readonly Element[] {
  const accesses = steps.map((id, i): Accesses => accessesOf(program, program.steps[id]!, states[i]!));
  const places = numberedByActor(events);
  return candidates.map(({ first, then }) => {
    const shared = sharedBy(accesses[first]!, accesses[then]!);
    const data = shared.some((id) => program.variables[id]!.lock === undefined);
    const over = data ? 'data' : shared.length > 0 ? 'lock' : 'nothing';
    const group = `${events[first]!.thread} before ${events[then]!.thread}`;
    return { weight: weightOf[over] + places[first]! - places[then]!, group };
  });
}

/** For each event, how many of its own thread come before it. */
const numberedByActor = (events: readonly Event[]): readonly number[] => {
  const counts = new Map<ThreadId, number>();
  return events.map(({ thread }) => {
    const count = counts.get(thread) ?? 0;
    counts.set(thread, count + 1);
    return count;
  });
};

/** What the counterexample orders: its own steps before later ones of others. */
const candidatesOf = (events: readonly Event[], length: number): readonly Ordering[] =>
  events
    .slice(0, length)
    .flatMap(({ thread }, first) =>
      events.flatMap((event, then) => (then > first && event.thread !== thread ? [{ first, then }] : [])),
    );

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
