// The checks during a search, in the order of its walk: conditions in every state, whether they have a value there,
// reports and faults of every step, and deadlocks. The first finding of each check is kept.

import {
  type ConditionCheck,
  checkAsking,
  conditionChecks,
  isDeadlock,
  reportChecks,
  valueChecks,
} from '../decide/decide.js';
import type { Expr, Program, StepId } from '../ir/program.js';
import type { Check, Finding, Path } from './report.js';
import type { System, Transition } from './system.js';

/** The path to the current state, followed by some steps. */
export type PathToState = (...last: StepId[]) => Path;

export class FindingRecorder<S> {
  readonly findings = new Map<Check, Finding>();
  /** Checks whose condition had no value in some state. */
  readonly undecided = new Set<Check>();
  /** How many states were checked in which the Program's `within` is false: from them no step is taken. */
  cuts = 0;
  readonly #system: System<S>;
  readonly #within: Expr | undefined;
  readonly #deadlock: Check | undefined;
  readonly #domain: Check | undefined;
  readonly #conditions: readonly ConditionCheck<Check>[];
  /** By condition: the check that it has a value. */
  readonly #values: ReadonlyMap<Expr, Check>;
  readonly #assertions: ReadonlyMap<StepId, Check>;

  constructor(system: System<S>, program: Program, checks: readonly Check[]) {
    this.#system = system;
    this.#within = program.within;
    this.#deadlock = checkAsking(checks, 'deadlock');
    this.#domain = checkAsking(checks, 'fault');
    this.#conditions = conditionChecks(checks);
    this.#values = valueChecks(checks);
    this.#assertions = reportChecks(program, checks);
  }

  checkState(state: S, path: PathToState): void {
    if (this.#within !== undefined && this.#system.holds(this.#within, state) === false) this.cuts++;
    for (const { check, where } of this.#conditions) {
      if (this.findings.has(check)) continue;
      const value = this.#system.holds(check.condition, state);
      if (typeof value === 'string') {
        this.undecided.add(check);
        this.#find(this.#values.get(check.condition), () => ({ path: path(), fault: value }));
      } else if (value === where) {
        this.#find(check, () => ({ path: path() }));
      }
    }
  }

  checkTransitions(state: S, out: readonly Transition<S>[], path: PathToState): void {
    for (const transition of out) {
      const { step } = transition;
      if ('fault' in transition) {
        const { fault } = transition;
        this.#find(this.#domain, () => ({ path: path(step), fault }));
      } else {
        this.#find(this.#assertions.get(step), () => ({ path: path(step) }));
      }
    }
    if (this.#deadlock === undefined || this.findings.has(this.#deadlock)) return;
    if (isDeadlock(this.#system, state, out.length > 0)) this.#find(this.#deadlock, () => ({ path: path() }));
  }

  #find(check: Check | undefined, finding: () => Finding): void {
    if (check !== undefined && !this.findings.has(check)) this.findings.set(check, finding());
  }
}
