// Expressions of steps over the registers of a litmus test.

import { conjuncts, type Expr, parts, substitute, type VariableId } from '../../checker/index.js';

/** What stands for variables: the registers into which they were read. */
export type RegistersByVariable = ReadonlyMap<VariableId, Expr>;

export const number = (value: number): Expr => ({ op: 'const', value, type: 'int' });

/** Does it read the variable? */
export const reads = (x: Expr, id: VariableId): boolean =>
  (x.op === 'read' && x.cell.variables[0] === id) || parts(x).some((part) => reads(part, id));

/** Does it read what `register` reads? */
export const mentions = (x: Expr, register: Expr): boolean =>
  register.op === 'read' && reads(x, register.cell.variables[0]!);

/** With registers in the place of variables. */
export const replaced = (x: Expr, leaves: RegistersByVariable): Expr =>
  substitute(x, (part) => (part.op === 'read' ? leaves.get(part.cell.variables[0]!) : undefined));

/** Has C of litmus tests its operators, as herd reads it? */
export const isWritable = (x: Expr): boolean =>
  x.op !== 'if' && x.op !== 'at' && x.op !== 'mod' && parts(x).every(isWritable);

/** Without terms about a register whose value another one gives: `r == 1 && 1 <= r`. */
export function simpler(condition: Expr): Expr {
  const all = conjuncts(condition);
  const isEquality = (x: Expr) => x.op === 'eq' && x.y.op === 'const';
  const isGiven = (x: Expr) => all.some((y) => y !== x && y.op === 'eq' && isEquality(y) && isAbout(x, y.x));
  const kept = all.filter((x) => isEquality(x) || !isGiven(x));
  return kept.length === all.length ? condition : kept.reduce((x, y) => ({ op: 'and', x, y }));
}

/** Does it read this register, and nothing else? */
function isAbout(x: Expr, register: Expr): boolean {
  if (register.op !== 'read') return false;
  if (x.op === 'read') return x.cell.variables[0] === register.cell.variables[0];
  return x.op === 'const' || (parts(x).length > 0 && parts(x).every((part) => isAbout(part, register)));
}
