// Fits a saved trace to the current Program: takes its steps again, by the names of their labels, and reports the first
// step that the Program does not allow. A trace that fits becomes a Trace of the current Program.

import {
  type Check,
  initialStates,
  type Lowered,
  noFault,
  type Path,
  type Program,
  type State,
  type Step,
  stepsFrom,
} from '../../checker/index.js';
import { displayLocation, type SourceLocation } from '../../models/language/index.js';
import { shownAfter } from '../explain/shown_values.js';
import type { SavedTrace } from '../trace/saved.js';
import type { Trace, TraceState, TraceStep } from '../trace/trace.js';
import { Words } from '../trace/trace_words.js';
import { type Move, type ProgramWalker, walkerOf } from './program_walker.js';
import { ReplayError, replay, replayWalk } from './replay.js';

export type Fit =
  | { readonly fits: true; readonly trace: Trace; readonly path: Path }
  /** `at` counts the steps that still fit. */
  | { readonly fits: false; readonly at: number; readonly why: string };

/** Built-in checks that were renamed, by the name in older traces. */
const formerNames: ReadonlyMap<string, string> = new Map([['no value outside its domain', noFault]]);

/**
 * Takes a saved trace again. `checks` are all checks of today's run, as `checksOf` lists them; `locate` writes a place
 * in the model's sources.
 */
export function fitTrace(
  { trace, path }: SavedTrace,
  { program }: Lowered,
  checks: readonly Check[],
  locate: (at: SourceLocation) => string = displayLocation,
): Fit {
  const { property } = trace;
  const isWalk = property.verdict === 'walked';
  const wanted = formerNames.get(property.name) ?? property.name;
  const check = checks.find(({ name, kind }) => name === wanted && kind === property.expectation);
  if (check === undefined && !isWalk)
    return misfit(0, `there is no property '${property.name}' (${property.expectation}) any more`);
  const walker = walkerOf(program);
  const words = new Words(program, locate);
  const initial = findInitial(program, trace.states[0]!, path.initial, words);
  if (typeof initial === 'string') return misfit(0, initial);
  const steps: number[] = [];
  let state = walker.initial({ initial })!;
  let shown = state;
  for (const [i, step] of trace.steps.entries()) {
    const taken = findStep(walker, words, { state, shown }, step, path.steps[i]!, trace.states[i + 1]);
    if (typeof taken === 'string') return misfit(i, `step ${i + 1} (${step.actor} ${step.label}): ${taken}`);
    steps.push(taken.step);
    if ('to' in taken) {
      shown = shownAfter(program, program.steps[taken.step]!, shown, taken.to);
      state = taken.to;
    } else if (i + 1 < trace.steps.length)
      return misfit(i, `step ${i + 1} (${step.actor} ${step.label}): ${taken.fault}`);
  }
  const found = { initial, steps };
  const finding = { path: found, ...(trace.loop !== undefined && { loop: trace.loop }) };
  try {
    const replayed =
      isWalk || check === undefined
        ? replayWalk(program, found, property.name, locate)
        : replay(program, { check, verdict: property.verdict, finding }, locate);
    return { fits: true, trace: replayed, path: found };
  } catch (error) {
    if (!(error instanceof ReplayError)) throw error;
    return misfit(steps.length, `all steps fit, but ${error.message}`);
  }
}

const misfit = (at: number, why: string): Fit => ({ fits: false, at, why });

/** The initial state with the recorded values; or why there is none. */
function findInitial(
  program: Program,
  recorded: TraceState,
  preferred: number,
  words: Words,
): number | string {
  const states = initialStates(program);
  const differences = states.map((state) => differenceOf(recorded, words.state(state)));
  if (differences[preferred] === undefined && states[preferred] !== undefined) return preferred;
  const found = differences.indexOf(undefined);
  return found >= 0
    ? found
    : `no initial state is the one of the trace: ${differences[preferred] ?? differences[0]}`;
}

/** The recorded step in this state; or why it cannot be taken, or leads to another state. */
function findStep(
  { program, movesOf }: ProgramWalker,
  words: Words,
  { state, shown }: { readonly state: State; readonly shown: State },
  recorded: TraceStep,
  preferred: number,
  after: TraceState | undefined,
): Move | string {
  const thread = program.threads.find(({ name }) => name === recorded.actor);
  if (thread === undefined) return 'there is no such actor any more';
  const here = thread.locations[state.at.get(thread.id)!]!;
  const own = stepsFrom(program, thread.id, state.at.get(thread.id)!);
  const names = [here.path, here.label, ...own.flatMap(({ label, armPath }) => [label, armPath])];
  if (!names.includes(recorded.path) && !names.includes(recorded.label))
    return `${thread.name} stands at ${here.label}`;
  const moves = movesOf(thread.id, state);
  if (moves.length === 0) return `it cannot be taken: ${waitText(program, words, thread.id, state)}`;
  const outcomes = moves.map((move) => ({ move, difference: outcome(program, move, shown, after, words) }));
  const same = outcomes.filter(({ difference }) => difference === undefined);
  const exact = same.find(
    ({ move }) => move.step === preferred && isStill(program.steps[preferred], recorded),
  );
  return (exact ?? same[0])?.move ?? `it leads elsewhere: ${outcomes[0]!.difference}`;
}

const isStill = (step: Step | undefined, { label }: TraceStep): boolean => step?.label === label;

function outcome(
  program: Program,
  move: Move,
  shown: State,
  after: TraceState | undefined,
  words: Words,
): string | undefined {
  if ('fault' in move) return after === undefined ? undefined : move.fault;
  return after === undefined
    ? 'it ended in a value out of range when it was saved, and now it succeeds'
    : differenceOf(after, words.state(shownAfter(program, program.steps[move.step]!, shown, move.to)));
}

function waitText(program: Program, words: Words, thread: number, state: State): string {
  const { standing } = words.ending(state, state, []);
  const { waitsFor } = standing.find(({ actor }) => actor === program.threads[thread]!.name)!;
  return waitsFor === undefined ? 'nothing starts here' : `it waits until ${waitsFor}`;
}

/** The first difference of two states, as text. */
function differenceOf(recorded: TraceState, today: TraceState): string | undefined {
  for (const [name, value] of Object.entries(recorded.values)) {
    if (!Object.hasOwn(today.values, name)) return `there is no variable ${name} any more`;
    const now = today.values[name]!;
    if (now !== value) return `${name} is ${now}, in the trace ${value}`;
  }
  const added = Object.keys(today.values).find((name) => !Object.hasOwn(recorded.values, name));
  if (added !== undefined) return `the trace knows no variable ${added}`;
  for (const [actor, label] of Object.entries(recorded.at)) {
    if (today.at[actor] !== label)
      return `${actor} is at ${today.at[actor] ?? 'nothing'}, in the trace at ${label}`;
  }
  const actor = Object.keys(today.at).find((name) => !Object.hasOwn(recorded.at, name));
  return actor === undefined ? undefined : `the trace knows no actor ${actor}`;
}
