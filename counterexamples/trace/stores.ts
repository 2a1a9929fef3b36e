// Which assignments of a step store, and which of these a trace shows: `x = c ? e : x` stores only where c is true.

import {
  type Assignment,
  boundsOf,
  type Cell,
  type Expr,
  evaluate,
  type Program,
  type State,
  type VariableId,
} from '../../checker/index.js';

/** Does the assignment store, in the state before its step? One that only resets a dead local does not. */
export const stores = ({ target, value, reset }: Assignment, state: State, program: Program): boolean =>
  reset === undefined && !keeps(value, target, state, program);

/** As `stores`, but for what can hold one value only, such as a word of memory that the kernel accesses. */
export const showsStore = (assignment: Assignment, state: State, program: Program): boolean =>
  stores(assignment, state, program) && !assignment.target.variables.every((id) => hasOneValue(id, program));

function hasOneValue(id: VariableId, { variables }: Program): boolean {
  const { min, max } = boundsOf(variables[id]!.domain);
  return min === max;
}

/** Is the value a choice, which chooses here what the cell holds already? */
function keeps(x: Expr, target: Cell, state: State, program: Program): boolean {
  if (x.op !== 'if') return false;
  const chosen = evaluate(x.x, state, program) === 0 ? x.else : x.then;
  return chosen.op === 'read' ? isSame(chosen.cell, target) : keeps(chosen, target, state, program);
}

const isSame = (a: Cell, b: Cell): boolean =>
  a.variables.length === b.variables.length &&
  a.variables.every((id, i) => id === b.variables[i]) &&
  JSON.stringify(a.index) === JSON.stringify(b.index);
