// Translates steps, states and endings of a Program, which are numbers, to the names of the model, as a Trace has them.

import {
  type Assignment,
  type Cell,
  type Check,
  type Expr,
  evaluate,
  exprText,
  formulaText,
  hasStatedCondition,
  isMonitored,
  type Program,
  parts,
  referenceSystem,
  type Source,
  type State,
  type Step,
  stepsFrom,
  type ThreadId,
  typeOf,
  typeOfDomain,
  type Variable,
  type VariableId,
  valueText,
} from '../../checker/index.js';
import type { SourceLocation } from '../../models/language/index.js';
import { guardText } from './guard_text.js';
import { showsStore } from './stores.js';
import type {
  Ending,
  Standing,
  TraceProperty,
  TraceState,
  TraceStep,
  TraceVariable,
  Value,
  Write,
} from './trace.js';

export class Words {
  readonly #program: Program;
  readonly #locate: (at: SourceLocation) => string;

  /** `locate` writes a place in the model's sources. */
  constructor(program: Program, locate: (at: SourceLocation) => string) {
    this.#program = program;
    this.#locate = locate;
  }

  property(check: Check, verdict: 'violated' | 'reached'): TraceProperty {
    const { name, kind, about, condition, liveness, source } = check;
    const formula = liveness && formulaText(liveness.formula, (x) => exprText(x, this.#program));
    return {
      name,
      expectation: kind,
      verdict,
      ...(about !== undefined && { about }),
      ...(hasStatedCondition(check) && { condition: exprText(condition, this.#program) }),
      ...(formula !== undefined && { condition: formula }),
      ...this.#source(source),
    };
  }

  variable({ name, thread, lock, ofLock, holder, queue, slot, domain }: Variable): TraceVariable {
    return {
      name,
      ...(thread !== undefined && { actor: this.#program.threads[thread]!.name }),
      // A lock that anybody may release has a holder to show, too.
      ...(lock === undefined && domain.kind === 'owner' && { lock: 'lock' }),
      ...(lock !== undefined && { lock: lock.kind, ...(lock.name !== name && { lockName: lock.name }) }),
      ...(ofLock !== undefined && { ofLock: this.#ofLock(ofLock) }),
      ...(holder !== undefined && { holder: this.#program.threads[holder]!.name }),
      ...(queue !== undefined && { queue }),
      ...(slot !== undefined && { slot }),
    };
  }

  #ofLock({ lock, what, thread }: NonNullable<Variable['ofLock']>): NonNullable<TraceVariable['ofLock']> {
    return { lock, what, actor: this.#program.threads[thread]!.name };
  }

  /** A step between two states; without the second for a fault, which writes nothing. */
  step(step: Step, before: State, after: State | undefined): TraceStep {
    const thread = this.#program.threads[step.thread]!;
    const writes = [...step.assignments, ...(step.unread ?? [])].filter(
      (one) => after !== undefined && showsStore(one, before, this.#program),
    );
    return {
      actor: thread.name,
      label: step.label,
      path: step.armPath ?? thread.locations[step.from]!.path,
      caption: step.caption,
      ...(step.source.file !== undefined && { file: step.source.file }),
      ...this.#source(step.source),
      writes: after === undefined ? [] : writes.map((assignment) => this.#write(assignment, before, after)),
    };
  }

  state(state: State): TraceState {
    const { threads, variables } = this.#program;
    return {
      at: Object.fromEntries(threads.map(({ id, name }) => [name, this.#location(id, state).label])),
      values: Object.fromEntries(variables.map(({ id, name }) => [name, this.#value(id, state)])),
    };
  }

  /** The ending of a run in state `end`, decided by the values of `conditions` in `decidedIn`. */
  ending(end: State, decidedIn: State, conditions: readonly Expr[], message?: string): Ending {
    const named = new Map<string, Value>();
    const variables = new Set<VariableId>();
    const asked = new Set<ThreadId>();
    const visit = (x: Expr): void => {
      const value = x.name === undefined ? undefined : this.#valueOf(x, decidedIn);
      if (x.name !== undefined && value !== undefined) named.set(x.name, value);
      if (x.op === 'read') {
        for (const id of x.cell.variables)
          if (!isMonitored(this.#program, id) && this.#program.variables[id]!.slot === undefined)
            variables.add(id);
      }
      if (x.op === 'at') asked.add(x.thread);
      parts(x).forEach(visit);
    };
    conditions.forEach(visit);
    return {
      ...(message !== undefined && { message }),
      evidence: [
        ...[...named].map(([path, value]) => ({ path, value })),
        ...[...variables]
          .sort((a, b) => a - b)
          .map((id) => ({ path: this.#program.variables[id]!.name, value: this.#value(id, decidedIn) })),
      ],
      standing: this.#program.threads.map(({ id }) => this.#standing(id, end, asked.has(id))),
    };
  }

  #standing(thread: ThreadId, state: State, asked: boolean): Standing {
    const { label, path } = this.#location(thread, state);
    const system = referenceSystem(this.#program);
    const steps = stepsFrom(this.#program, thread, state.at.get(thread)!);
    const waits = steps.length > 0 && steps.every(({ guard }) => system.holds(guard, state) === false);
    const rests = this.#program.threads[thread]!.rests?.includes(state.at.get(thread)!);
    const texts = [...new Set(steps.map((step) => guardText(step, this.#program, steps.length > 1)))];
    return {
      actor: this.#program.threads[thread]!.name,
      label,
      path,
      ...(waits && { waitsFor: texts.join(' || ') }),
      ...(rests && { rests }),
      asked,
    };
  }

  #write({ target }: Assignment, before: State, after: State): Write {
    const id = this.#variable(target, before);
    return {
      path: this.#program.variables[id]!.name,
      from: this.#value(id, before),
      to: this.#value(id, after),
    };
  }

  #variable({ variables, index }: Cell, state: State): VariableId {
    return variables[index === undefined ? 0 : evaluate(index, state, this.#program)]!;
  }

  #location(thread: ThreadId, state: State) {
    return this.#program.threads[thread]!.locations[state.at.get(thread)!]!;
  }

  #value(id: VariableId, state: State): Value {
    const { domain } = this.#program.variables[id]!;
    return word(state.value.get(id)!, typeOfDomain(domain));
  }

  /** Undefined if the expression has no value, such as with an index out of bounds. */
  #valueOf(x: Expr, state: State): Value | undefined {
    try {
      return word(evaluate(x, state, this.#program), typeOf(x));
    } catch {
      return undefined;
    }
  }

  #source({ model }: Source): { readonly source?: string } {
    return model === undefined ? {} : { source: this.#locate(model) };
  }
}

const word = (value: number, type: Parameters<typeof valueText>[1]): Value =>
  type === 'int' ? value : type === 'bool' ? value !== 0 : valueText(value, type);
