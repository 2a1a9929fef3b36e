// The findings of a search so far, and which events would still be new. The generated code only tests whether an event
// is new; new events are examined here, slowly and exactly in the order of the reference engine.

import { checkAsking, conditionChecks, reportChecks, valueChecks } from '../../decide/decide.js';
import { allOf, anyOf } from '../../ir/expression.js';
import type { Expr, StepId } from '../../ir/program.js';
import type { Check } from '../../search/report.js';
import type { CompiledProgram } from '../compile.js';
import { conditionBit, nowhere, type RareEvents, type Watched } from '../emit/javascript_program.js';
import type { States } from '../table/states.js';
import type { FoundAt } from './paths.js';
import { SearchCode } from './search_code.js';

/** A check that a condition decides, in states in which the condition is `wanted`. */
export interface WatchedCheck extends Watched {
  readonly check: Check;
}

export class Findings {
  readonly places = new Map<Check, FoundAt>();
  readonly undecided = new Set<Check>();
  readonly #conditions: readonly WatchedCheck[];
  /** By condition: the check that it has a value. */
  readonly #values: ReadonlyMap<Expr, Check>;
  readonly #assertions: ReadonlyMap<StepId, Check>;
  readonly #deadlock: Check | undefined;
  readonly #domain: Check | undefined;
  /** The code that sweeps. */
  readonly code: SearchCode;
  readonly #own: RareEvents = {
    onCondition: (number, s, at) => this.#onCondition(number, s, at),
    onFault: (number, step) => this.#onFault(number, step),
    onReport: (number, step) => {
      if (number !== nowhere) this.#find(this.#assertions.get(step), { number, step });
    },
    onStuck: (number, s, at) => this.#onStuck(number, s, at),
    onLockCycle: (number) => {
      if (number !== nowhere) this.#find(this.#deadlock, { number });
    },
  };
  #faults = 0;
  #faulty = -1;

  readonly compiled: CompiledProgram;
  readonly states: States;

  constructor(compiled: CompiledProgram, checks: readonly Check[], states: States, batch: Int32Array) {
    this.compiled = compiled;
    this.states = states;
    this.#deadlock = checkAsking(checks, 'deadlock');
    this.#domain = checkAsking(checks, 'fault');
    this.#conditions = watchedChecks(compiled, checks);
    this.#values = valueChecks(checks);
    this.#assertions = reportChecks(compiled.program, checks);
    this.code = new SearchCode(compiled, this.#conditions, states, batch, this.#own);
    this.#update();
  }

  /** Checks and expands states of one segment from `number` on; returns the first that did not fit. */
  sweep(number: number, end: number): number {
    return this.sweepBy(() => this.code.sweep(number, end));
  }

  /** The same by other code, which passes its events to `code.events`. */
  sweepBy(sweep: () => number): number {
    this.#faults = 0;
    return sweep();
  }

  /** Would a step without a value be new, or a state without successors? */
  get faultIsNews(): boolean {
    return this.#domain !== undefined && !this.places.has(this.#domain);
  }
  get deadlockIsNews(): boolean {
    return this.#deadlock !== undefined && !this.places.has(this.#deadlock);
  }

  /** The number of faults in the last sweep. */
  get faults(): number {
    return this.#faults;
  }

  /** Takes over what a search before this one found. */
  restore(places: Iterable<readonly [Check, FoundAt]>, undecided: Iterable<Check>): void {
    for (const [check, place] of places) this.places.set(check, place);
    for (const check of undecided) this.undecided.add(check);
    this.#update();
  }

  #find(check: Check | undefined, place: FoundAt): void {
    if (check === undefined || this.places.has(check)) return;
    this.places.set(check, place);
    this.#update();
  }

  /** Writes for the generated code which events are still new. */
  #update(): void {
    const open = this.code.openConditions.fill(0);
    this.#conditions.forEach(({ check }, i) => {
      if (this.places.has(check)) return;
      const { at, bit } = conditionBit(i);
      open[at]! |= bit;
      if (!this.undecided.has(check)) open[at + 1]! |= bit;
    });
    for (const [step, check] of this.#assertions) this.code.openSteps[step] = this.places.has(check) ? 0 : 1;
  }

  #onCondition(number: number, s: Int32Array, at: number): void {
    for (const { check, wanted, condition } of this.#conditions) {
      if (this.places.has(check)) continue;
      const value = this.compiled.explain(condition, s, at);
      if (typeof value === 'string') {
        this.undecided.add(check);
        this.#find(this.#values.get(check.condition), { number, fault: value });
      } else if (value === wanted) {
        this.#find(check, { number });
      }
    }
    this.#update();
  }

  #onFault(number: number, step: StepId): void {
    if (number === nowhere) return;
    this.#faults++;
    this.#faulty = number;
    if (!this.faultIsNews) return;
    const fault = this.compiled.fault(step, this.states.segment(number), this.states.offset(number));
    this.#find(this.#domain, { number, step, fault });
  }

  #onStuck(number: number, s: Int32Array, at: number): void {
    if (this.#faulty === number || !this.deadlockIsNews) return;
    if (!this.code.isFinal(s, at)) this.#find(this.#deadlock, { number });
  }
}

/** The checks that a condition on single states decides: with orbits, some image of the condition. */
export const watchedChecks = (compiled: CompiledProgram, checks: readonly Check[]): readonly WatchedCheck[] =>
  conditionChecks(checks).map(({ check, where }) => {
    const images = compiled.orbits?.images(check.condition).map(({ condition }) => condition);
    const condition = images === undefined ? check.condition : (where ? anyOf : allOf)(images);
    return { check, wanted: where, condition: compiled.condition(condition) };
  });
