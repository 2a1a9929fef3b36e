// The values of an actor's steps: what comes from the variables of the test is in registers, all else is as in the run.

import {
  type Assignment,
  type Expr,
  evaluate,
  type Program,
  parts,
  type State,
  type Step,
  substitute,
  type ThreadId,
  typeOf,
  type VariableId,
} from '../../checker/index.js';
import type { Orderings } from '../essence/orderings.js';
import { chosenBy } from '../explain/accesses.js';
import type { RunIndex } from '../story/recorded_run.js';
import { isWritable, number, type RegistersByVariable, replaced } from './expressions.js';
import type { Numbering } from './numbering.js';
import type { LocationKey, TestRegister } from './statements.js';

export interface ValueSource {
  readonly program: Program;
  readonly found: Orderings;
  readonly numbering: Numbering;
}

export class RunValues {
  readonly registers: TestRegister[] = [];
  readonly #source: ValueSource;
  readonly #thread: ThreadId;
  /** What locals have that came from registers. */
  readonly #known = new Map<VariableId, Expr>();

  constructor(source: ValueSource, thread: ThreadId) {
    this.#source = source;
    this.#thread = thread;
  }

  /** A register more: its number. */
  register(index: RunIndex, of: LocationKey, value: number): number {
    return this.registers.push({ index, of, value }) - 1;
  }

  /** The register that the next `register` makes, as an expression. */
  next(of: LocationKey): Expr {
    const { domain } = this.#source.program.variables[variableOf(of) ?? -1] ?? {};
    const type =
      domain === undefined || domain.kind === 'int' ? 'int' : domain.kind === 'bool' ? 'bool' : domain.values;
    return { op: 'read', cell: { variables: [this.#first() + this.registers.length] }, type };
  }

  /** So many variables of expressions there are, registers included. */
  count = (): number => this.#first() + this.registers.length + 1;

  /** The step with the values of the run for all but some variables, and what is known of locals. */
  resolved(i: RunIndex, step: Step, isOpen: (id: VariableId) => boolean): Step {
    const { program } = this.#source;
    const state = this.#state(i);
    const of = (part: Expr): Expr | undefined => {
      if (part.op !== 'read' && part.op !== 'at') return undefined;
      const [id, ...others] = part.op === 'read' ? chosenBy(part.cell, state, program) : [];
      if (part.op === 'read' && id !== undefined && others.length === 0) {
        const known = this.#known.get(id);
        if (known !== undefined) return known;
        if (isOpen(id)) return { ...part, cell: { variables: [id] } };
      }
      return { op: 'const', value: valueIn(part, state, program), type: typeOf(part) };
    };
    const assignments = step.assignments
      .filter(({ reset }) => reset === undefined)
      .map((one) => ({
        ...one,
        target: { variables: chosenBy(one.target, state, program) },
        value: substitute(one.value, of),
      }));
    return { ...step, guard: substitute(step.guard, of), assignments };
  }

  /** What a step stores, over registers as far as C of litmus tests can write it. */
  stored(i: RunIndex, { value, target }: Assignment, leaves: RegistersByVariable): Expr {
    const { numbering } = this.#source;
    const [id] = target.variables;
    const written = replaced(value, leaves);
    const isKept = isWritable(written) && this.isOfRegisters(written) && !this.#isNumbered(written);
    return isKept && !numbering.isOwn(id!) ? written : number(numbering.after(id!, i));
  }

  /** Of `c ? x : y`, the arm that the run takes: a refcount_t that is not saturated. */
  armInRun(i: RunIndex, value: Expr): Expr {
    if (value.op !== 'if') return value;
    const isElse = valueIn(value.x, this.#state(i), this.#source.program) === 0;
    return this.armInRun(i, isElse ? value.else : value.then);
  }

  /** A condition over registers; where C of litmus tests cannot write it, that they have what they have in the run. */
  condition(x: Expr): Expr {
    if (isWritable(x) && !this.#isNumbered(x)) return x;
    const each = this.#registersIn(x).map(
      (register): Expr => ({
        op: 'eq',
        x: register,
        y: {
          op: 'const',
          value: this.registers[this.#numberOf(register)]!.value,
          type: typeOf(register),
        },
      }),
    );
    return each.reduce((a, b) => ({ op: 'and', x: a, y: b }));
  }

  /** Does it depend on what was read, and on nothing else that varies? */
  isDecidedByReads = (x: Expr): boolean => this.#registersIn(x).length > 0 && this.isOfRegisters(x);

  isOfRegisters = (x: Expr): boolean =>
    x.op === 'read' ? this.#numberOf(x) >= 0 : parts(x).every(this.isOfRegisters);

  /** Notes what the step stores in locals. */
  follow(i: RunIndex, step: Step, leaves: RegistersByVariable): void {
    const values = this.resolved(i, step, (id) => leaves.has(id)).assignments.map(
      ({ target, value }) => [target.variables, replaced(value, leaves)] as const,
    );
    for (const [[id, ...others], value] of values) {
      if (others.length > 0 || this.#source.program.variables[id!]!.thread !== this.#thread) continue;
      const isKept = this.#registersIn(value).length > 0 && isWritable(value) && !this.#isNumbered(value);
      if (isKept) this.#known.set(id!, value);
      else this.#known.delete(id!);
    }
  }

  /** Does it read what has numbers of its own? */
  #isNumbered = (x: Expr): boolean =>
    this.#registersIn(x).some((register) => {
      const id = variableOf(this.registers[this.#numberOf(register)]?.of ?? 'mark 0');
      return id !== undefined && this.#source.numbering.isOwn(id);
    });

  #registersIn = (x: Expr): readonly Expr[] =>
    this.#numberOf(x) >= 0 ? [x] : parts(x).flatMap(this.#registersIn);
  #numberOf = (x: Expr): number => (x.op === 'read' ? x.cell.variables[0]! - this.#first() : -1);
  /** Registers are numbered behind the variables of the Program. */
  #first = (): VariableId => firstRegister(this.#source.program);
  #state = (i: RunIndex): State => this.#source.found.run.states[i]!;
}

/** The variable of expressions that is register 0. */
export const firstRegister = ({ variables, monitors = [] }: Program): VariableId =>
  variables.length + monitors.length;

/** The variable of a location, if it is one. */
export const variableOf = (key: LocationKey): VariableId | undefined =>
  key.startsWith('variable ') ? Number(key.split(' ')[1]) : undefined;

/** Where it has no value, nobody looks at it. */
function valueIn(x: Expr, state: State, program: Program): number {
  try {
    return evaluate(x, state, program);
  } catch {
    return 0;
  }
}
