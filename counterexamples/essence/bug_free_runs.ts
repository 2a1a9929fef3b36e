// Searches for runs without the bug. Orderings make a bug inevitable if no run keeps them and avoids the bug; such a
// run ends, or repeats a cycle for ever that is fair to every actor.
//
//   a: x = 1        b: while (!x); BUG        no escape: to let b go round for ever is to pass over a

import type { State, StepId, ThreadId } from '../../checker/index.js';
import { type Bug, keyOf, type Move, type ProgramWalker } from '../replay/program_walker.js';
import type { ContinuedRun, Event, Ordering, StepStart } from './continued_run.js';
import { type Cycle, fairCycle, hasCycle, type RunEdge } from './fair_cycle.js';

/** There is no essence: the check is about liveness, the trace is too long, or the search reached its limit. */
export class EssenceError extends Error {
  override readonly name = 'EssenceError';
}

/** What several searches share. */
export interface SharedSearch {
  readonly walker: ProgramWalker;
  readonly bug: Bug;
  readonly run: ContinuedRun;
  readonly events: readonly Event[];
  /** How many more states may be visited. */
  budget: number;
}

export type Escape =
  /** Where the steps start. Of an endless run, as many rounds of its cycle as some event needs. */
  | { readonly places: readonly StepStart[] }
  /** No run escapes; but do some that pass over an actor for ever? */
  | { readonly places: undefined; readonly isUnfairlyEscaped: boolean };

interface SearchNode {
  readonly state: State;
  /** How often a step was taken from each counted location, up to the largest count that matters. */
  readonly visits: readonly number[];
  readonly back: SearchNode | undefined;
  readonly step: StepId;
  readonly edges: RunEdge[];
  idle: readonly ThreadId[];
}

/** A run that keeps all orderings and avoids the bug; if some such run ends, a shortest one. */
export function escapeFrom(search: SharedSearch, chosen: readonly Ordering[]): Escape {
  const { walker, bug, run } = search;
  const counter = counterOf(search, chosen);
  const actors = [...new Set(run.steps.map((id) => walker.program.steps[id]!.thread))].sort((a, b) => a - b);
  const nodes: SearchNode[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (
    state: State,
    visits: readonly number[],
    back: SearchNode | undefined,
    step: StepId,
  ): number => {
    const key = `${keyOf(state)};${visits.join()}`;
    const number = numbers.get(key) ?? nodes.push({ state, visits, back, step, edges: [], idle: [] }) - 1;
    numbers.set(key, number);
    return number;
  };
  numberOf(run.states[0]!, counter.none, undefined, -1);
  for (const node of nodes) {
    if (bug.inState(node.state)) continue;
    if (search.budget-- <= 0)
      throw new EssenceError('the search for runs without the bug reached its limit of states');
    const moves = actors.map((thread) => walker.movesOf(thread, node.state));
    const harmless = moves.flatMap((own) => counter.chosenAs(own, node)).filter((move) => !bug.atMove(move));
    if (moves.every(({ length }) => length === 0)) return { places: placesTo(walker, node) };
    node.idle = actors.filter((_, i) => moves[i]!.length === 0);
    for (const move of harmless) {
      const step = walker.program.steps[move.step]!;
      if (!counter.isAllowed(step, node)) continue;
      if (!('to' in move)) return { places: [...placesTo(walker, node), step] };
      const to = numberOf(move.to, counter.after(step, node), node, step.id);
      node.edges.push({ step: step.id, thread: step.thread, to });
    }
  }
  const cycle = fairCycle(nodes, actors);
  return cycle === undefined
    ? { places: undefined, isUnfairlyEscaped: hasCycle(nodes) }
    : { places: [...placesTo(walker, nodes[cycle.start]!), ...placesOf(search, cycle)] };
}

/** Repeats the cycle until the latest event of any ordering. */
function placesOf({ walker, events }: SharedSearch, { edges }: Cycle): readonly StepStart[] {
  const once = edges.map(({ step }) => walker.program.steps[step]!);
  const most = events.reduce((max, { visit }) => Math.max(max, visit), 0);
  return Array.from({ length: most }, () => once).flat();
}

function placesTo({ program }: ProgramWalker, node: SearchNode): readonly StepStart[] {
  const places: StepStart[] = [];
  for (let at: SearchNode | undefined = node; at?.back !== undefined; at = at.back)
    places.push(program.steps[at.step]!);
  return places.reverse();
}

/** Counts the visits on which the orderings and the choices of the counterexample depend. */
function counterOf({ walker, run, events }: SharedSearch, chosen: readonly Ordering[]) {
  const choices = choicesOf(walker, run, events);
  const counted = [
    ...chosen.flatMap(({ first, then }) => [events[first]!, events[then]!]),
    ...choices.map(({ event }) => event),
  ];
  const places = [...new Map(counted.map((event) => [`${event.thread} ${event.location}`, event])).values()];
  const most = places.map((place) =>
    counted.reduce((most, event) => (isAt(event, place) ? Math.max(most, event.visit) : most), 0),
  );
  const visitOf = (place: Pick<Event, 'thread' | 'location'>, { visits }: SearchNode): number => {
    const i = places.findIndex((other) => isAt(other, place));
    return i < 0 ? 0 : visits[i]!;
  };
  const placeOf = ({ thread, from }: StepStart) => ({ thread, location: from });
  return {
    none: places.map(() => 0),
    after: (step: StepStart, { visits }: SearchNode): readonly number[] =>
      visits.map((visit, i) => (isAt(places[i]!, placeOf(step)) ? Math.min(visit + 1, most[i]! + 1) : visit)),
    /** Does the step keep the orderings? */
    isAllowed: (step: StepStart, node: SearchNode): boolean =>
      chosen.every(({ first, then }) => {
        const [before, after] = [events[first]!, events[then]!];
        const isNow = isAt(after, placeOf(step)) && visitOf(after, node) + 1 === after.visit;
        return !isNow || visitOf(before, node) >= before.visit;
      }),
    /** Where an actor has several steps, it takes the one of the counterexample. */
    chosenAs: (moves: readonly Move[], node: SearchNode): readonly Move[] => {
      if (moves.length < 2) return moves;
      const place = placeOf(walker.program.steps[moves[0]!.step]!);
      const visit = visitOf(place, node) + 1;
      const choice = choices.find(({ event }) => isAt(event, place) && event.visit === visit);
      const same = moves.filter(({ step }) => step === choice?.step);
      return same.length === 0 ? moves : same;
    },
  };
}

const isAt = (a: Pick<Event, 'thread' | 'location'>, b: Pick<Event, 'thread' | 'location'>): boolean =>
  a.thread === b.thread && a.location === b.location;

/** The steps of a run at which their actor had another step, too. */
const choicesOf = (walker: ProgramWalker, { steps, states, taken }: ContinuedRun, events: readonly Event[]) =>
  steps
    .slice(0, taken)
    .flatMap((step, i) =>
      walker.movesOf(events[i]!.thread, states[i]!).length > 1 ? [{ event: events[i]!, step }] : [],
    );
