// What is checked while a search walks, in the order in which it walks: conditions in every state, assertions and
// faults of every step, and that not everybody is stuck. The first finding of each check is kept.

import type { Program, StepId } from '../ir/program.js';
import type { Check, Finding, Path } from './report.js';
import type { System, Transition } from './system.js';

/** The path to the state at hand, and on with some steps. */
export type PathWith = (...last: StepId[]) => Path;

export class Watch<S> {
  readonly findings = new Map<Check, Finding>();
  /** Checks whose condition had no value in some state. */
  readonly undecided = new Set<Check>();
  readonly #system: System<S>;
  readonly #deadlock: Check | undefined;
  readonly #domain: Check | undefined;
  readonly #conditions: readonly Check[];
  readonly #assertions: ReadonlyMap<StepId, Check>;

  constructor(system: System<S>, program: Program, checks: readonly Check[]) {
    this.#system = system;
    this.#deadlock = checks.find((check) => check.kind === 'deadlock');
    this.#domain = checks.find((check) => check.kind === 'domain');
    this.#conditions = checks.filter(
      ({ kind }) => kind === 'always' || kind === 'never' || kind === 'sometimes',
    );
    this.#assertions = new Map(
      program.steps.flatMap(({ id, reports }) => {
        const check =
          reports && checks.find(({ kind, name }) => kind === 'assertion' && name === reports.message);
        return check === undefined ? [] : [[id, check] as const];
      }),
    );
  }

  checkState(state: S, path: PathWith): void {
    for (const check of this.#conditions) {
      if (this.findings.has(check)) continue;
      const value = this.#system.holds(check.condition, state);
      if (typeof value === 'string') {
        this.undecided.add(check);
        const fault = `'${check.name}' has no value: ${value}`;
        this.#find(this.#domain, () => ({ path: path(), fault }));
      } else if (value === (check.kind !== 'always')) {
        this.#find(check, () => ({ path: path() }));
      }
    }
  }

  checkTransitions(state: S, out: readonly Transition<S>[], path: PathWith): void {
    for (const transition of out) {
      const { step } = transition;
      if ('fault' in transition) {
        this.#find(this.#domain, () => ({ path: path(step), fault: transition.fault }));
      } else {
        this.#find(this.#assertions.get(step), () => ({ path: path(step) }));
      }
    }
    if (out.length === 0 && !this.#system.isFinal(state))
      this.#find(this.#deadlock, () => ({ path: path() }));
  }

  #find(check: Check | undefined, finding: () => Finding): void {
    if (check !== undefined && !this.findings.has(check)) this.findings.set(check, finding());
  }
}
