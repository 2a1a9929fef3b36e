// Walks through a Program step by step: chosen by the user, with undo, or at random from a seed. A stepper is
// immutable: each move makes a new one, and undo returns to an old one. Checks are decided as in a search.

import {
  type Check,
  type Finding,
  formulaChecks,
  isExample,
  type Path,
  type Program,
  type PropertyResult,
  type State,
  type StepId,
  verdictOf,
} from '../../checker/index.js';
import { type Bug, bugOf, type Move, type ProgramWalker, walkerOf } from './program_walker.js';

/** What all walks through a Program share. */
export interface Ground {
  readonly walker: ProgramWalker;
  readonly looksFor: readonly { readonly check: Check; readonly bug: Bug }[];
}

export interface Stepper {
  readonly ground: Ground;
  readonly path: Path;
  /** One more than steps, unless the last step is a fault. */
  readonly states: readonly State[];
  /** The last move; undefined at the start. */
  readonly last: Move | undefined;
}

/** `checks` are those that a walk looks for; liveness is ignored. */
export function groundOf(program: Program, checks: readonly Check[]): Ground {
  const walker = walkerOf(program);
  const looksFor = [...checks, ...formulaChecks(checks)].flatMap((check) => {
    const bug = bugOf(walker, check);
    return bug === undefined ? [] : [{ check, bug }];
  });
  return { walker, looksFor };
}

/** A stepper at an initial state; undefined if there is no such number. */
export function startAt(ground: Ground, initial = 0): Stepper | undefined {
  const state = ground.walker.initial({ initial });
  return state && { ground, path: { initial, steps: [] }, states: [state], last: undefined };
}

/** The possible moves, in the order of the steps; none after a fault. */
export const choicesOf = ({ ground, states, path }: Stepper): readonly Move[] =>
  states.length > path.steps.length ? ground.walker.moves(states.at(-1)!) : [];

export const choose = ({ ground, path, states }: Stepper, move: Move): Stepper => ({
  ground,
  path: { ...path, steps: [...path.steps, move.step] },
  states: 'to' in move ? [...states, move.to] : states,
  last: move,
});

/** The stepper after its first `count` steps. */
export function backTo(stepper: Stepper, count: number): Stepper {
  let back = startAt(stepper.ground, stepper.path.initial)!;
  for (const step of stepper.path.steps.slice(0, count)) {
    back = choose(back, choicesOf(back).find((move) => move.step === step)!);
  }
  return back;
}

/** The first check that the last move violates or reaches, with its finding. */
export function met(stepper: Stepper, examplesToo = true): PropertyResult | undefined {
  const found = stepper.ground.looksFor.find((one) => isMet(one, stepper, examplesToo));
  return found && resultOf(found.check, stepper);
}

/** Everything that the last move violates or reaches. */
export const allMet = (stepper: Stepper): readonly PropertyResult[] =>
  stepper.ground.looksFor
    .filter((one) => isMet(one, stepper, true))
    .map(({ check }) => resultOf(check, stepper));

function isMet(
  { check, bug }: Ground['looksFor'][number],
  { path, states, last }: Stepper,
  examplesToo: boolean,
): boolean {
  if (!examplesToo && isExample(check)) return false;
  const here = states.length > path.steps.length ? states.at(-1) : undefined;
  return (last !== undefined && bug.atMove(last)) || (here !== undefined && bug.inState(here));
}

function resultOf(check: Check, { path, last }: Stepper): PropertyResult {
  const fault = last !== undefined && 'fault' in last ? last.fault : undefined;
  const finding: Finding = { path, ...(fault !== undefined && { fault }) };
  return { check, verdict: verdictOf(check, true, true), finding };
}

export interface WalkOptions {
  readonly seed: number;
  /** Stop after so many steps. */
  readonly stepsMax: number;
  /**
   * How often each step was taken before. If given, a walk adds its own steps, and with a probability of one half takes
   * one of the least taken steps. (Always taking these would repeat similar walks.)
   */
  readonly taken?: Map<StepId, number>;
}

/** A random walk to the first violation, to a state without transitions, or to `stepsMax`; reproducible by its seed. */
export function randomWalk(ground: Ground, options: WalkOptions): Stepper {
  const below = diceOf(options.seed);
  return extended(startAt(ground, below(ground.walker.initialCount()))!, below, options);
}

/** Goes on from where a walk stands with at most `stepsMax` random steps, and ends as `randomWalk` does. */
export const walkOn = (stepper: Stepper, options: WalkOptions): Stepper =>
  extended(stepper, diceOf(options.seed), options);

function extended(start: Stepper, below: RandomBelow, { stepsMax, taken }: WalkOptions): Stepper {
  // The walk is extended in place: a new stepper for each step would copy it each time.
  const [steps, states] = [[...start.path.steps], [...start.states]];
  let stepper: Stepper = { ...start, path: { ...start.path, steps }, states };
  const end = steps.length + stepsMax;
  while (steps.length < end && met(stepper, false) === undefined) {
    const all = choicesOf(stepper);
    const choices = taken !== undefined && below(2) === 0 ? leastTaken(all, taken) : all;
    if (choices.length === 0) break;
    const move = choices[below(choices.length)]!;
    taken?.set(move.step, (taken.get(move.step) ?? 0) + 1);
    steps.push(move.step);
    if ('to' in move) states.push(move.to);
    stepper = { ...stepper, last: move };
  }
  return stepper;
}

function leastTaken(moves: readonly Move[], taken: ReadonlyMap<StepId, number>): readonly Move[] {
  const times = ({ step }: Move) => taken.get(step) ?? 0;
  const least = Math.min(...moves.map(times));
  return moves.filter((move) => times(move) === least);
}

type RandomBelow = (count: number) => number;

/** Pseudo-random numbers from 0 to count - 1: the high bits of a 32-bit linear congruential generator. */
function diceOf(seed: number): RandomBelow {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
    return Math.floor((((mixed ^ (mixed >>> 12)) >>> 0) / 2 ** 32) * count);
  };
}
