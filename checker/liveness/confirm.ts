// Confirms a liveness counterexample by definition: the run closes or has ended, the formula is evaluated position by
// position, and each assumed fairness is checked in the loop. It uses no automata.

import { is } from 'immutable';
import { type Bits, bit, type Normal, normalise, True, truthOf } from '../../properties/automaton/index.js';
import { afterRepeat } from '../ir/monitors.js';
import type { Expr, Program, StepId } from '../ir/program.js';
import { Atoms } from '../property/atoms.js';
import type { Fairness, Liveness } from '../property/property.js';
import { evaluate, type State } from '../reference/semantics.js';
import { referenceSystem } from '../reference/system.js';

/** A run: one more state than steps; the last step leads back to the state at `loop`, if there is a loop. */
export interface LassoRun {
  readonly states: readonly State[];
  readonly steps: readonly StepId[];
  readonly loop: number | undefined;
}

/** Why the run is no counterexample; undefined if it is one. */
export function objection(program: Program, liveness: Liveness, run: LassoRun): string | undefined {
  const { states, loop } = run;
  const { previously = 0 } = liveness;
  const system = referenceSystem(program);
  const end = states.at(-1)!;
  if (loop === undefined) {
    if (system.transitions(end).some((transition) => 'to' in transition)) return 'the run does not end';
  } else if (!is(states[loop], end) || loop >= run.steps.length) return 'the run does not close';
  const atoms = new Atoms();
  const formula = normalise(liveness.formula, true, atoms.literal);
  const assumed =
    liveness.assumption === undefined ? True : normalise(liveness.assumption, true, atoms.literal);
  const positions = loop === undefined ? states : states.slice(0, -1);
  const letterOf = (state: State, exprs: readonly Expr[]): Bits =>
    exprs.reduce((letter, x, i) => (evaluate(x, state, program) ? letter | bit(i) : letter), 0n);
  const letters = positions.map((state) => letterOf(state, atoms.exprs));
  if (loop === undefined) {
    let later: readonly Expr[] = atoms.exprs;
    for (let i = 0; i < previously; i++) {
      later = later.map((x) => afterRepeat(x, program.monitors ?? []));
      letters.push(letterOf(end, later));
    }
  }
  const isTrue = (x: Normal) => truthOf(x, { letters, loop: loop ?? letters.length - 1 })[0];
  if (isTrue(formula)) return 'the formula is true';
  if (!isTrue(assumed)) return 'the run is not as assumed';
  const unfair = liveness.fairness.find((fairness) => !isFairIn(run, fairness, program));
  return unfair && `it is not ${unfair.strength}ly fair to ${unfair.name}`;
}

function isFairIn({ states, steps, loop }: LassoRun, { strength, steps: fair }: Fairness, program: Program) {
  if (loop === undefined) return true;
  const system = referenceSystem(program);
  const enabled = states
    .slice(loop, -1)
    .map((state) => system.transitions(state).some((out) => 'to' in out && fair.includes(out.step)));
  const demanded = strength === 'weak' ? enabled.every(Boolean) : enabled.some(Boolean);
  return !demanded || steps.slice(loop).some((step) => fair.includes(step));
}
