// Evaluates plans one state at a time, slowly, to explain why a step or a condition has no value in a state, in the
// words of the reference engine. Searches run emitted code, and call this after that code has found a fault.

import { compute, typeOfDomain, valueText } from '../../ir/expression.js';
import type { Program } from '../../ir/program.js';
import { domainText } from '../../ir/text.js';
import { type Field, maskOf } from './layout.js';
import type { Action, StepPlan } from './step.js';
import type { Fault, Local, PlanValue, Test } from './value.js';

/** Thrown where a value is missing, with the reason. */
class FaultError extends Error {}

/** Values, tests and actions in the state whose first word is `words[at]`. */
export class PlanEvaluation {
  readonly #locals: number[] = [];
  readonly #program: Program;
  readonly #words: Int32Array;
  readonly #at: number;

  constructor(program: Program, words: Int32Array, at: number) {
    this.#program = program;
    this.#words = words;
    this.#at = at;
  }

  /** The locals that an action or a value has set. */
  local(local: Local): number {
    return this.#locals[local]!;
  }

  value(x: PlanValue): number {
    switch (x.kind) {
      case 'constant':
        return x.value;
      case 'field':
        return this.#field(x.field);
      case 'local':
        return this.local(x.local);
      case 'element': {
        const index = this.value(x.index);
        this.#locals[x.local] = index;
        const field = x.fields[index];
        return field === undefined ? this.#fail(x.fault!, index) : this.#field(field);
      }
      case 'outside':
        return this.#fail(x.fault, x.index);
      case 'arithmetic': {
        const [a, b] = [this.value(x.x), this.value(x.y)];
        return compute(x.op, a, b) ?? this.#fail(x.checked!.fault, b);
      }
      case 'choice':
        return this.value(this.test(x.test) ? x.yes : x.no);
      case 'truth':
        return this.test(x.test) ? 1 : 0;
    }
  }

  test(x: Test): boolean {
    switch (x.kind) {
      case 'fixed':
        return x.value;
      case 'is':
        return this.#field(x.field) === x.value;
      case 'in':
        return ((x.set >>> this.#field(x.field)) & 1) !== 0;
      case 'not':
        return !this.test(x.x);
      case 'and':
        return this.test(x.x) && this.test(x.y);
      case 'or':
        return this.test(x.x) || this.test(x.y);
      case 'equal':
        return this.value(x.x) === this.value(x.y);
      case 'less':
        return this.value(x.x) < this.value(x.y);
      case 'atMost':
        return this.value(x.x) <= this.value(x.y);
      case 'choice':
        return this.test(this.test(x.test) ? x.yes : x.no);
      case 'nonzero':
        return this.value(x.x) !== 0;
    }
  }

  act(action: Action): void {
    switch (action.kind) {
      case 'compute':
        this.#locals[action.local] = this.value(action.value);
        return;
      case 'check': {
        const { when, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = action;
        if (when !== undefined && this.local(when.local) !== when.is) return;
        const value = this.value(action.value);
        if (value < min || value > max) this.#fail(action.fault, value);
        return;
      }
      case 'fail':
        this.#fail(action.fault, action.index);
    }
  }

  #field(field: Field): number {
    const { word, shift, bits, min } = field;
    return bits === 0 ? min : ((this.#words[this.#at + word]! & maskOf(field)) >>> shift) + min;
  }

  #fail(fault: Fault, value: number): never {
    throw new FaultError(this.#text(fault, value));
  }

  #text(fault: Fault, value: number): string {
    switch (fault.kind) {
      case 'index':
        return `index ${value} is outside 0 … ${fault.count - 1} of ${fault.name} and its neighbours`;
      case 'division':
        return 'division by zero';
      case 'domain': {
        const { variables, index } = fault;
        const { name, domain } =
          this.#program.variables[variables[index === undefined ? 0 : this.local(index)]!]!;
        return `${name} would become ${valueText(value, typeOfDomain(domain))}, outside ${domainText(domain)}`;
      }
    }
  }
}

/** Is a test true in a state? A text says why it has no value. */
export function truthOf(test: Test, program: Program, words: Int32Array, at: number): boolean | string {
  return attempt(() => new PlanEvaluation(program, words, at).test(test));
}

/** Why a step has a fault in a state; undefined if it has none, or is not enabled. */
export function faultOf(step: StepPlan, program: Program, words: Int32Array, at: number): string | undefined {
  const evaluation = new PlanEvaluation(program, words, at);
  const said = attempt(() => {
    if (evaluation.test(step.guard)) for (const action of step.actions) evaluation.act(action);
    return undefined;
  });
  return said;
}

function attempt<T>(run: () => T): T | string {
  try {
    return run();
  } catch (fault) {
    if (fault instanceof FaultError) return fault.message;
    throw fault;
  }
}
