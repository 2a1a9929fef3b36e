// Assignments that add a constant: x := x + 1, x := x - 1.

import { constantOf } from '../ir/expression.js';
import type { Assignment, Expr, VariableId } from '../ir/program.js';

/** The variable and the constant; undefined if the assignment does something else. */
export function addedTo({
  target,
  value,
}: Assignment): { readonly variable: VariableId; readonly constant: number } | undefined {
  const [variable, ...more] = target.variables;
  if (variable === undefined || more.length > 0 || target.index !== undefined) return undefined;
  if (value.op !== 'add' && value.op !== 'sub') return undefined;
  const isIt = (x: Expr) => x.op === 'read' && x.cell.index === undefined && x.cell.variables[0] === variable;
  const [x, y] = [constantOf(value.x), constantOf(value.y)];
  if (y !== undefined && isIt(value.x)) return { variable, constant: value.op === 'sub' ? -y : y };
  return x !== undefined && isIt(value.y) && value.op === 'add' ? { variable, constant: x } : undefined;
}
