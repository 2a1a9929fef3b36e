// What a step reads and writes in a given state, and what two steps both access.

import {
  type Assignment,
  type Cell,
  type Expr,
  evaluate,
  type Program,
  parts,
  type State,
  type Step,
  type ThreadId,
  type VariableId,
} from '../../checker/index.js';
import { stores } from '../trace/stores.js';

export interface Accesses {
  readonly reads: ReadonlySet<VariableId>;
  readonly writes: ReadonlySet<VariableId>;
  /** The reads of the guard. */
  readonly tests: ReadonlySet<VariableId>;
  /** The reads of a thread's location. */
  readonly places: readonly (Expr & { readonly op: 'at' })[];
}

/** Both in the state before the step; what only resets is left out. */
export function accessesOf(program: Program, { thread, guard, assignments }: Step, state: State): Accesses {
  const reads = new Set<VariableId>();
  const places: (Expr & { readonly op: 'at' })[] = [];
  const read = (x: Expr): void => {
    if (x.op === 'at') places.push(x);
    if (asksForOwn(x, thread, program)) {
      if (x.x.cell.index !== undefined) read(x.x.cell.index);
      return;
    }
    if (x.op === 'read') {
      for (const id of chosenBy(x.cell, state, program)) reads.add(id);
    }
    parts(x).forEach(read);
  };
  read(guard);
  const tests = new Set(reads);
  const made = assignments.filter(({ reset }) => reset === undefined);
  for (const { target, value } of made) {
    read(value);
    if (target.index !== undefined) read(target.index);
  }
  const stored = made.filter((one) => mayStore(one, state, program));
  return {
    reads,
    tests,
    places,
    writes: new Set(stored.flatMap(({ target }) => chosenBy(target, state, program))),
  };
}

/** Does the assignment store? One that has no value might. */
function mayStore(assignment: Assignment, state: State, program: Program): boolean {
  try {
    return stores(assignment, state, program);
  } catch {
    return true;
  }
}

type Equality = Expr & { readonly op: 'eq'; readonly x: Expr & { readonly op: 'read' } };

/** Does it test whether the thread itself owns a lock? No other thread can change that. */
const asksForOwn = (x: Expr, thread: ThreadId, { variables }: Program): x is Equality =>
  x.op === 'eq' &&
  x.x.op === 'read' &&
  x.y.op === 'const' &&
  x.y.value === thread + 1 &&
  x.x.cell.variables.every((id) => variables[id]!.domain.kind === 'owner');

/** The variable that a cell selects; all that it could select if its index has no value. */
export function chosenBy({ variables, index }: Cell, state: State, program: Program): readonly VariableId[] {
  if (index === undefined) return [variables[0]!];
  try {
    const id = variables[evaluate(index, state, program)];
    return id === undefined ? variables : [id];
  } catch {
    return variables;
  }
}

/** What both access and one of them writes, in the order of the variables. */
export function sharedBy(a: Accesses, b: Accesses): readonly VariableId[] {
  const all = [...a.writes].filter((id) => b.writes.has(id) || b.reads.has(id));
  return [...new Set([...all, ...[...b.writes].filter((id) => a.reads.has(id))])].sort((x, y) => x - y);
}
