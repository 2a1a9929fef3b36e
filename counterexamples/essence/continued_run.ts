// Events of a run, named independently of the run: "the second time that adder[0] takes a step that starts at
// increment.load". A counterexample is continued beyond its end, since steps that have not happened yet are also part
// of a race. docs/essence.md defines both.

import { type Path, type State, type StepId, stepsFrom, type ThreadId } from '../../checker/index.js';
import { keyOf, type Move, type ProgramWalker } from '../replay/program_walker.js';

/** The nth time that a thread takes a step that starts at a location, whichever step it is. */
export interface Event {
  readonly thread: ThreadId;
  readonly location: number;
  readonly visit: number;
}

/** Numbers of steps in the continued run: the second does not happen before the first. */
export interface Ordering {
  readonly first: number;
  readonly then: number;
}

/**
 * A counterexample, continued: each actor of it then runs alone, one after the other, as far as it can. An actor that
 * is not done by then has one more step, for which it waits and which is never taken.
 */
export interface ContinuedRun {
  readonly steps: readonly StepId[];
  /** The state before each step, and the final state if it exists. */
  readonly states: readonly State[];
  /** How many steps are those of the counterexample. */
  readonly length: number;
  /** How many of the steps are taken. */
  readonly taken: number;
}

/** Takes the steps of a counterexample and continues it; undefined if that takes more than `stepsMax` further steps. */
export function continued(walker: ProgramWalker, path: Path, stepsMax: number): ContinuedRun | undefined {
  const { program } = walker;
  const steps: StepId[] = [];
  const states = [walker.initial(path)!];
  const take = (move: Move) => {
    steps.push(move.step);
    if ('to' in move) states.push(move.to);
  };
  for (const id of path.steps) {
    take(walker.movesOf(program.steps[id]!.thread, states.at(-1)!).find(({ step }) => step === id)!);
  }
  const length = steps.length;
  const actors = [...new Set(steps.map((id) => program.steps[id]!.thread))].sort((a, b) => a - b);
  const met = new Set<string>();
  while (states.length > steps.length && !met.has(keyOf(states.at(-1)!))) {
    met.add(keyOf(states.at(-1)!));
    const moves = actors.flatMap((thread) => walker.movesOf(thread, states.at(-1)!));
    const move = moves.find((each) => 'to' in each);
    if (move === undefined) break;
    if (steps.length - length >= stepsMax) return undefined;
    take(move);
  }
  const end = states.at(-1)!;
  const waiting = actors.flatMap((thread) => stepsFrom(program, thread, end.at.get(thread)!)[0] ?? []);
  return {
    steps: [...steps, ...waiting.map(({ id }) => id)],
    states: [...states, ...waiting.map(() => end)],
    length,
    taken: steps.length,
  };
}

/** Where a step starts. */
export interface StepStart {
  readonly thread: ThreadId;
  readonly from: number;
}

/** The events of a run, given where its steps start. */
export function eventsOf(steps: readonly StepStart[]): readonly Event[] {
  const visits = new Map<string, number>();
  return steps.map(({ thread, from: location }) => {
    const key = `${thread} ${location}`;
    const visit = (visits.get(key) ?? 0) + 1;
    visits.set(key, visit);
    return { thread, location, visit };
  });
}
