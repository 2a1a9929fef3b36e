// What is checked while a search walks, in the order in which it walks: conditions in every state, assertions and
// faults of every step, and that not everybody is stuck. The first finding of each check is kept; of what has no value,
// the nearest. (A step without a value is met together with its state, one step away; a condition without a value in a
// later state of the same level is nearer.)

import {
  type ConditionCheck,
  checkAsking,
  conditionChecks,
  isDeadlock,
  noValue,
  reportChecks,
} from '../decide/decide.js';
import type { Program, StepId } from '../ir/program.js';
import type { Check, Finding, Path } from './report.js';
import type { System, Transition } from './system.js';

/** The way to the state at hand. */
export interface PathToState {
  /** How many steps it has. */
  readonly length: number;
  /** It as a path, and on with some steps. */
  readonly path: (...last: StepId[]) => Path;
}

export class FindingRecorder<S> {
  readonly findings = new Map<Check, Finding>();
  /** Checks whose condition had no value in some state. */
  readonly undecided = new Set<Check>();
  readonly #system: System<S>;
  readonly #deadlock: Check | undefined;
  readonly #domain: Check | undefined;
  /** How many steps it takes to what is found to have no value. */
  #faultLength = Number.POSITIVE_INFINITY;
  readonly #conditions: readonly ConditionCheck<Check>[];
  readonly #assertions: ReadonlyMap<StepId, Check>;

  constructor(system: System<S>, program: Program, checks: readonly Check[]) {
    this.#system = system;
    this.#deadlock = checkAsking(checks, 'deadlock');
    this.#domain = checkAsking(checks, 'fault');
    this.#conditions = conditionChecks(checks);
    this.#assertions = reportChecks(program, checks);
  }

  checkState(state: S, { length, path }: PathToState): void {
    for (const { check, where } of this.#conditions) {
      if (this.findings.has(check)) continue;
      const value = this.#system.holds(check.condition, state);
      if (typeof value === 'string') {
        this.undecided.add(check);
        const fault = noValue(check.name, value);
        if (length < this.#faultLength) this.#findFault(length, () => ({ path: path(), fault }));
      } else if (value === where) {
        this.#find(check, () => ({ path: path() }));
      }
    }
  }

  checkTransitions(state: S, out: readonly Transition<S>[], { length, path }: PathToState): void {
    for (const transition of out) {
      const { step } = transition;
      if ('fault' in transition) {
        const { fault } = transition;
        if (length + 1 < this.#faultLength) this.#findFault(length + 1, () => ({ path: path(step), fault }));
      } else {
        this.#find(this.#assertions.get(step), () => ({ path: path(step) }));
      }
    }
    if (this.#deadlock === undefined || this.findings.has(this.#deadlock)) return;
    if (isDeadlock(this.#system, state, out.length > 0)) this.#find(this.#deadlock, () => ({ path: path() }));
  }

  #findFault(length: number, finding: () => Finding): void {
    if (this.#domain === undefined) return;
    this.findings.set(this.#domain, finding());
    this.#faultLength = length;
  }

  #find(check: Check | undefined, finding: () => Finding): void {
    if (check !== undefined && !this.findings.has(check)) this.findings.set(check, finding());
  }
}
