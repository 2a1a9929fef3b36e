// Swaps two interchangeable threads: their locations, their variables, and their numbers where a value names them. An
// expression that depends on the numbers themselves cannot be swapped; asymmetry.ts finds those beforehand.
//
//   swapping worker[0] and worker[1]:   arrived[0] := door == 1   becomes   arrived[1] := door == 0

import { typeOf, typeOfDomain } from '../ir/expression.js';
import type { Assignment, Cell, Expr, Program, Step, ThreadId, VariableId } from '../ir/program.js';

/** Threads that may be permuted at will, and at which place each of them stands among them. */
export interface ThreadClass {
  readonly name: string;
  readonly threads: readonly ThreadId[];
}

/** Variables of which each belongs to one thread of a class, in the order of the class. */
export interface VariableFamily {
  readonly name: string;
  readonly of: ThreadClass;
  readonly variables: readonly VariableId[];
}

export interface Symmetry {
  readonly classes: readonly ThreadClass[];
  readonly families: readonly VariableFamily[];
  /** Variables whose values name threads of a class: 0 for the first, and `noThread` for none. */
  readonly namers: ReadonlyMap<VariableId, ThreadClass>;
  /** By class: the number that stands for none of its threads. */
  readonly noThread: ReadonlyMap<ThreadClass, number>;
}

/** Is it the number of one of the class? */
export const isMember = (value: number, { threads }: ThreadClass): boolean =>
  value >= 0 && value < threads.length;

/** Swaps two threads of a class, with their variables, in everything that does not distinguish them. */
export class Swap {
  readonly #symmetry: Symmetry;
  readonly #threads: readonly [ThreadId, ThreadId];
  readonly #program: Program;
  readonly #outside: Map<ThreadClass, Set<number>>;
  readonly #variables: readonly VariableId[];

  constructor(
    symmetry: Symmetry,
    one: ThreadId,
    other: ThreadId,
    program: Program,
    outside: Map<ThreadClass, Set<number>> = new Map(),
  ) {
    this.#symmetry = symmetry;
    this.#threads = [one, other];
    this.#program = program;
    this.#outside = outside;
    const moved = program.variables.map(({ id }) => id);
    for (const { of, variables } of symmetry.families) {
      const [i, j] = [of.threads.indexOf(one), of.threads.indexOf(other)];
      if (i < 0 || j < 0) continue;
      [moved[variables[i]!], moved[variables[j]!]] = [variables[j]!, variables[i]!];
    }
    this.#variables = moved;
  }

  thread(id: ThreadId): ThreadId {
    const [one, other] = this.#threads;
    return id === one ? other : id === other ? one : id;
  }
  variable(id: VariableId): VariableId {
    return this.#variables[id]!;
  }
  /** A value of a variable. */
  value(id: VariableId, value: number): number {
    if (this.#program.variables[id]!.domain.kind === 'owner') return this.#owner(value);
    return this.#name(value, this.#symmetry.namers.get(id));
  }
  #owner = (value: number): number => (value <= 0 ? value : 1 + this.thread(value - 1));
  #name(value: number, named: ThreadClass | undefined): number {
    if (named === undefined) return value;
    if (isMember(value, named)) return named.threads.indexOf(this.thread(named.threads[value]!));
    this.#outside.set(named, (this.#outside.get(named) ?? new Set()).add(value));
    return value;
  }

  step(step: Step): Step {
    return {
      ...step,
      thread: this.thread(step.thread),
      guard: this.expr(step.guard),
      assignments: step.assignments.map((assignment) => this.assignment(assignment)),
    };
  }
  assignment({ target, value }: Assignment): Assignment {
    const names = namedBy(target, this.#symmetry);
    return { target: this.#cell(target), value: this.expr(value, names) };
  }

  /**
   * The expression that has in a swapped state the value that this one has in the state. `names`: the class of which
   * its value names a thread.
   */
  expr(x: Expr, names?: ThreadClass): Expr {
    const plain = (y: Expr) => this.expr(y);
    switch (x.op) {
      case 'const':
        if (names !== undefined) return { ...x, value: this.#name(x.value, names) };
        return isOwnerType(x, this.#program) ? { ...x, value: this.#owner(x.value) } : x;
      case 'read':
        return { ...x, cell: this.#cell(x.cell) };
      case 'at':
        return { ...x, thread: this.thread(x.thread) };
      case 'not':
        return { ...x, x: plain(x.x) };
      case 'if':
        return { ...x, x: plain(x.x), then: this.expr(x.then, names), else: this.expr(x.else, names) };
      case 'eq': {
        const named = classOf(x.x, this.#symmetry) ?? classOf(x.y, this.#symmetry);
        return { ...x, x: this.expr(x.x, named), y: this.expr(x.y, named) };
      }
      default:
        return { ...x, x: plain(x.x), y: plain(x.y) };
    }
  }

  #cell({ variables, index }: Cell): Cell {
    if (index === undefined) return { variables: variables.map((id) => this.variable(id)) };
    // The variables belong either to no thread, or to all threads of a class, and then the index names the thread.
    return { variables, index: this.expr(index, classOf(index, this.#symmetry)) };
  }
}

/**
 * The class of which the value of an expression names a thread; undefined for constants, which name one where the other
 * side does.
 */
export function classOf(x: Expr, symmetry: Symmetry): ThreadClass | undefined {
  if (x.op === 'read') return namedBy(x.cell, symmetry);
  return x.op === 'if' ? (classOf(x.then, symmetry) ?? classOf(x.else, symmetry)) : undefined;
}
/** The class of which the value of a variable names a thread. */
export const namedBy = ({ variables }: Cell, { namers }: Symmetry): ThreadClass | undefined =>
  namers.get(variables[0]!);

/** Does the expression say who owns something? */
export function isOwnerType(x: Expr, { variables }: Program): boolean {
  const type = typeOf(x);
  if (typeof type === 'string') return false;
  return variables.some(
    ({ domain }) => domain.kind === 'owner' && String(typeOfDomain(domain)) === String(type),
  );
}
