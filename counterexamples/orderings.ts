// The essence of a race, by search: the fewest orderings between steps of different actors that make the bug
// inevitable. docs/essence.md defines it and proves what it means.
//
//   counterexample   a.load  b.load  a.store  b.store          two increments, one is lost
//   essence          a.load before b.store, b.load before a.store
//
// A run that ends without the bug must break one of the orderings, so the orderings that it breaks are a set that must
// be hit. Find such a run among those that keep what has been chosen; if there is none, the choice is the essence;
// else choose again: a minimum hitting set of what all runs so far break. Each round adds a set that the choice before
// missed, so this ends, and no smaller choice hits even those.

import type { Check, Path, Program, Property, State, Step, StepId, ThreadId } from '../checker/index.js';
import { type Accesses, accessesOf, sharedBy } from './accesses.js';
import { type Bug, bugOf, keyOf, type Move, type Walk, walkOf } from './bug.js';
import { type Element, minimumHittingSet } from './hitting_set.js';

/** The nth time that a thread runs what starts at a location, whichever way it goes from there. */
interface Event {
  readonly thread: ThreadId;
  readonly location: number;
  readonly visit: number;
}

/** Numbers of steps in the continued run: one does not happen before the other. */
export interface Ordering {
  readonly first: number;
  readonly then: number;
}

/**
 * A counterexample, continued: those who take part go on alone, one after the other, as far as they can. Whoever is
 * not done then has one more step, which it waits for and never takes.
 */
export interface ContinuedRun {
  readonly steps: readonly StepId[];
  /** The state before each step, and the last one if there is one. */
  readonly states: readonly State[];
  /** How many of the steps are the counterexample. */
  readonly length: number;
  /** How many of the steps are taken. */
  readonly taken: number;
}

export interface Orderings {
  readonly run: ContinuedRun;
  readonly orderings: readonly Ordering[];
  /** How many runs without the bug had to be ruled out. */
  readonly ruledOut: number;
  /** Are there runs that keep the orderings, never end, and so never show the bug? They are not counted. */
  readonly isEndless: boolean;
}

/** There is no essence to tell: endless runs, a trace that is too long, or a search that got too large. */
export class EssenceError extends Error {
  override readonly name = 'EssenceError';
}

export interface EssenceOptions {
  /** How many states all searches together may look at. Default: 200,000. */
  readonly statesMax?: number;
  /** How many orderings there may be to choose from. Default: 20,000. */
  readonly orderingsMax?: number;
}

/** Throws an EssenceError. `path` must be one on which `check` finds its bug. */
export function essentialOrderings(
  program: Program,
  properties: readonly Property[],
  check: Check,
  path: Path,
  { statesMax = 200_000, orderingsMax = 20_000 }: EssenceOptions = {},
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
  for (;;) {
    const chosen = minimumHittingSet(broken, elements)?.map((i) => candidates[i]!);
    if (chosen === undefined) throw new Error('the run that keeps every ordering must have the bug');
    const { harmless, isEndless } = runWithoutBug(search, chosen);
    if (harmless === undefined) {
      if (chosen.length === 0 && isEndless) throw new EssenceError('only runs without an end are free of it');
      return { run, orderings: chosen, ruledOut: broken.length, isEndless };
    }
    broken.push(brokenBy(eventsOf(harmless), candidates, events));
  }
}

function continued(walk: Walk, path: Path): ContinuedRun {
  const { program } = walk;
  const steps: StepId[] = [];
  const states = [walk.initial(path)!];
  const take = (move: Move) => {
    steps.push(move.step);
    if ('to' in move) states.push(move.to);
  };
  for (const id of path.steps) {
    take(walk.movesOf(program.steps[id]!.thread, states.at(-1)!).find(({ step }) => step === id)!);
  }
  const length = steps.length;
  const actors = [...new Set(steps.map((id) => program.steps[id]!.thread))].sort((a, b) => a - b);
  const met = new Set<string>();
  while (states.length > steps.length && !met.has(keyOf(states.at(-1)!))) {
    met.add(keyOf(states.at(-1)!));
    const moves = actors.flatMap((thread) => walk.movesOf(thread, states.at(-1)!));
    const move = moves.find((each) => 'to' in each);
    if (move === undefined) break;
    take(move);
  }
  const end = states.at(-1)!;
  const waiting = actors.flatMap((thread) => program.steps.find((step) => isNext(step, thread, end)) ?? []);
  return {
    steps: [...steps, ...waiting.map(({ id }) => id)],
    states: [...states, ...waiting.map(() => end)],
    length,
    taken: steps.length,
  };
}

const isNext = (step: Step, thread: ThreadId, { at }: State): boolean =>
  step.thread === thread && step.from === at.get(thread);

interface Place {
  readonly thread: ThreadId;
  readonly from: number;
}

function eventsOf(steps: readonly Place[]): readonly Event[] {
  const visits = new Map<string, number>();
  return steps.map(({ thread, from: location }) => {
    const key = `${thread} ${location}`;
    const visit = (visits.get(key) ?? 0) + 1;
    visits.set(key, visit);
    return { thread, location, visit };
  });
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

interface Search {
  readonly walk: Walk;
  readonly bug: Bug;
  readonly run: ContinuedRun;
  readonly events: readonly Event[];
  /** How many more states may be looked at. */
  budget: number;
}

interface Node {
  readonly state: State;
  /** How often each counted location was run from, up to as often as anyone asks. */
  readonly visits: readonly number[];
  readonly back: Node | undefined;
  readonly step: StepId;
}

interface Outcome {
  /** The steps of a shortest run to an end, without the bug, that keeps all orderings; undefined if there is none. */
  readonly harmless: readonly Place[] | undefined;
  /** Can such a run go round for ever? Known only if there is none with an end. */
  readonly isEndless: boolean;
}

function runWithoutBug(search: Search, chosen: readonly Ordering[]): Outcome {
  const { walk, bug, run } = search;
  const counter = counterOf(search, chosen);
  const actors = [...new Set(run.steps.map((id) => walk.program.steps[id]!.thread))].sort((a, b) => a - b);
  const nodes: Node[] = [{ state: run.states[0]!, visits: counter.none, back: undefined, step: -1 }];
  const numbers = new Map<string, number>([[nodeKey(nodes[0]!), 0]]);
  const edges: (readonly [from: number, to: number])[] = [];
  for (const [from, node] of nodes.entries()) {
    if (bug.inState(node.state)) continue;
    if (search.budget-- <= 0) throw new EssenceError('the search for runs without the bug got too large');
    const moves = actors.flatMap((thread) => counter.chosenAs(walk.movesOf(thread, node.state), node));
    const harmless = moves.filter((move) => !bug.atMove(move));
    const ends = moves.length === 0 || harmless.some((move) => 'fault' in move);
    if (ends) return { harmless: placesTo(walk, node), isEndless: false };
    for (const move of harmless) {
      const step = walk.program.steps[move.step]!;
      if (!('to' in move) || !counter.isAllowed(step, node)) continue;
      const next = { state: move.to, visits: counter.after(step, node), back: node, step: move.step };
      const key = nodeKey(next);
      const to = numbers.get(key) ?? nodes.push(next) - 1;
      numbers.set(key, to);
      edges.push([from, to]);
    }
  }
  return { harmless: undefined, isEndless: hasCycle(nodes.length, edges) };
}

/** Takes away nodes that nothing leads to, until none is left or only cycles and what they lead to. */
function hasCycle(count: number, edges: readonly (readonly [from: number, to: number])[]): boolean {
  const leading: number[][] = Array.from({ length: count }, () => []);
  const incoming = new Array<number>(count).fill(0);
  for (const [from, to] of edges) {
    leading[from]!.push(to);
    incoming[to]! += 1;
  }
  const free = [...incoming.keys()].filter((node) => incoming[node] === 0);
  for (const node of free) {
    for (const to of leading[node]!) if (--incoming[to]! === 0) free.push(to);
  }
  return free.length < count;
}

const nodeKey = ({ state, visits }: Node): string => `${keyOf(state)};${visits.join()}`;

function placesTo({ program }: Walk, node: Node): readonly Place[] {
  const places: Place[] = [];
  for (let at: Node | undefined = node; at?.back !== undefined; at = at.back)
    places.push(program.steps[at.step]!);
  return places.reverse();
}

/** Counts visits, as far as the orderings and the choices of the counterexample depend on them. */
function counterOf({ walk, run, events }: Search, chosen: readonly Ordering[]) {
  const choices = choicesOf(walk, run, events);
  const counted = [
    ...chosen.flatMap(({ first, then }) => [events[first]!, events[then]!]),
    ...choices.map(({ event }) => event),
  ];
  const places = [...new Map(counted.map((event) => [`${event.thread} ${event.location}`, event])).values()];
  const most = places.map((place) =>
    Math.max(...counted.filter((event) => isAt(event, place)).map((e) => e.visit)),
  );
  const visitOf = (place: Pick<Event, 'thread' | 'location'>, { visits }: Node): number => {
    const i = places.findIndex((other) => isAt(other, place));
    return i < 0 ? 0 : visits[i]!;
  };
  const placeOf = ({ thread, from }: Place) => ({ thread, location: from });
  return {
    none: places.map(() => 0),
    after: (step: Place, { visits }: Node): readonly number[] =>
      visits.map((visit, i) => (isAt(places[i]!, placeOf(step)) ? Math.min(visit + 1, most[i]! + 1) : visit)),
    /** Does the step keep the orderings? */
    isAllowed: (step: Place, node: Node): boolean =>
      chosen.every(({ first, then }) => {
        const [before, after] = [events[first]!, events[then]!];
        const isNow = isAt(after, placeOf(step)) && visitOf(after, node) + 1 === after.visit;
        return !isNow || visitOf(before, node) >= before.visit;
      }),
    /** Where an actor is free to choose, it chooses as in the counterexample. */
    chosenAs: (moves: readonly Move[], node: Node): readonly Move[] => {
      if (moves.length < 2) return moves;
      const place = placeOf(walk.program.steps[moves[0]!.step]!);
      const visit = visitOf(place, node) + 1;
      const choice = choices.find(({ event }) => isAt(event, place) && event.visit === visit);
      const same = moves.filter(({ step }) => step === choice?.step);
      return same.length === 0 ? moves : same;
    },
  };
}

const isAt = (a: Pick<Event, 'thread' | 'location'>, b: Pick<Event, 'thread' | 'location'>): boolean =>
  a.thread === b.thread && a.location === b.location;

/** The steps of a run that were not the only one that their actor could have taken. */
const choicesOf = (walk: Walk, { steps, states, taken }: ContinuedRun, events: readonly Event[]) =>
  steps
    .slice(0, taken)
    .flatMap((step, i) =>
      walk.movesOf(events[i]!.thread, states[i]!).length > 1 ? [{ event: events[i]!, step }] : [],
    );
