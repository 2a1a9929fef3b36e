// What a walk can do next: each possible step with what it would change, what it would violate or reach, and the names
// by which a user may ask for it.

import { asks, type Check, isExample, type Program, type State } from '../../checker/index.js';
import { displayLocation, type SourceLocation } from '../../models/language/index.js';
import { shownAfter, shownStates } from '../explain/shown_values.js';
import type { TraceState, TraceStep } from '../trace/trace.js';
import { Words } from '../trace/trace_words.js';
import type { Move } from './program_walker.js';
import { allMet, choicesOf, choose, type Stepper } from './stepper.js';

export interface PossibleStep {
  readonly move: Move;
  readonly step: TraceStep;
  /** Before it and after it, with locals as the model has them; without the second if it has no value. */
  readonly states: readonly TraceState[];
  /** What it reports, or why it has no value. */
  readonly message?: string;
  /** Does its actor stop with it, at a bug, or the whole walk, at a fault? */
  readonly isFatal: boolean;
  /** Of what it does not report itself: the checks that are violated after it, and were not before. */
  readonly violates: readonly string[];
  /** The examples that are reached after it, and were not before. */
  readonly reaches: readonly string[];
}

/** The states of a walk with locals as the model has them. */
export const shownIn = ({ ground: { walker }, path, states }: Stepper): readonly State[] =>
  shownStates(
    walker.program,
    path.steps.map((id) => walker.program.steps[id]!),
    states,
  );

/** The possible steps, in the order of the Program; none after a fault. */
export function possibleSteps(
  stepper: Stepper,
  locate: (at: SourceLocation) => string = displayLocation,
): readonly PossibleStep[] {
  const { program } = stepper.ground.walker;
  const words = new Words(program, locate);
  const before = shownIn(stepper).at(-1)!;
  const known = new Set(allMet(stepper).map(({ check }) => check));
  return choicesOf(stepper).map((move): PossibleStep => {
    const step = program.steps[move.step]!;
    const after = 'to' in move ? shownAfter(program, step, before, move.to) : undefined;
    const message = 'fault' in move ? move.fault : step.reports?.message;
    const found = allMet(choose(stepper, move)).flatMap(({ check }) => (known.has(check) ? [] : [check]));
    return {
      move,
      step: words.step(step, before, after),
      states: [before, ...(after === undefined ? [] : [after])].map((state) => words.state(state)),
      ...(message !== undefined && { message }),
      isFatal: 'fault' in move || step.reports?.kind === 'bug',
      violates: found.filter((check) => !isExample(check) && !isSaid(check)).map(({ name }) => name),
      reaches: found.filter(isExample).map(({ name }) => name),
    };
  });
}

/** Is the finding what the step reports, or its fault? */
const isSaid = (check: Check): boolean => asks(check, 'report') || asks(check, 'fault');

/**
 * The steps that a text names, of those that are given: each of its words is the step's actor (`munmap[1]`, or `munmap`
 * for any of them), its label or a part of it (`clear_pmd`, or the procedure), or the label with its callers.
 */
export function stepsNamed<S extends Pick<TraceStep, 'actor' | 'label' | 'path'>>(
  steps: readonly S[],
  text: string,
): readonly S[] {
  const names = text.split(/\s+/).filter((name) => name !== '');
  return steps.filter((step) => names.every((name) => namesOf(step).includes(name)));
}

function namesOf({ actor, label, path }: Pick<TraceStep, 'actor' | 'label' | 'path'>): readonly string[] {
  const place = path.split(' > ').at(-1)!;
  const partsOf = (name: string) => {
    const dot = name.lastIndexOf('.');
    return [name, name.slice(0, Math.max(dot, 0)), name.slice(dot + 1)];
  };
  const family = actor.replace(/\[.*$/, '');
  return [actor, family, ...partsOf(label), ...partsOf(place), path.replaceAll(' ', '')];
}

/** All steps of a Program by name, for those that are not possible now. */
export const stepNames = (program: Program): readonly Pick<TraceStep, 'actor' | 'label' | 'path'>[] =>
  program.steps.map(({ thread, from, label, armPath }) => {
    const { name, locations } = program.threads[thread]!;
    return { actor: name, label, path: armPath ?? locations[from]!.path };
  });
