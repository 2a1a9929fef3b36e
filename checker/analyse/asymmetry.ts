// Finds what distinguishes interchangeable threads: comparing their numbers by order, arithmetic on them, a number as
// an index of an array that belongs to them. Everything else can be swapped (swap.ts).

import type { Assignment, Cell, Expr, Program, Step } from '../ir/program.js';
import { classOf, isOwnerType, namedBy, type Symmetry, type ThreadClass } from './swap.js';

/** Does the step depend on which thread has which number? */
export const stepDistinguishes = (
  { guard, assignments }: Step,
  symmetry: Symmetry,
  program: Program,
): boolean =>
  distinguishes(guard, symmetry, program) ||
  assignments.some((one) => assignmentDistinguishes(one, symmetry, program));

function assignmentDistinguishes(
  { target, value }: Assignment,
  symmetry: Symmetry,
  program: Program,
): boolean {
  // An owner is set to a thread, never to the value of another owner.
  if (isOwnerType(value, program) && value.op !== 'const') return true;
  return (
    cellDistinguishes(target, symmetry, program) ||
    distinguishes(value, symmetry, program, namedBy(target, symmetry))
  );
}

/**
 * Does the expression depend on which thread has which number? `names`: the class of which its value has to name a
 * thread.
 */
export function distinguishes(x: Expr, symmetry: Symmetry, program: Program, names?: ThreadClass): boolean {
  const inner = (y: Expr, named?: ThreadClass) => distinguishes(y, symmetry, program, named);
  if (names !== undefined && x.op !== 'const' && x.op !== 'read' && x.op !== 'if') return true;
  switch (x.op) {
    case 'const':
    case 'at':
      return false;
    case 'read':
      return namedBy(x.cell, symmetry) !== names || cellDistinguishes(x.cell, symmetry, program);
    case 'not':
      return inner(x.x);
    case 'if':
      return inner(x.x) || inner(x.then, names) || inner(x.else, names);
    case 'eq': {
      const named = classOf(x.x, symmetry) ?? classOf(x.y, symmetry);
      if ([x.x, x.y].every((side) => isOwnerType(side, program) && side.op !== 'const')) return true;
      return inner(x.x, named) || inner(x.y, named);
    }
    default:
      return inner(x.x) || inner(x.y);
  }
}

/**
 * Either the index names a thread and the elements belong to the threads, or it is a number and the elements belong to
 * none.
 */
function cellDistinguishes({ variables, index }: Cell, symmetry: Symmetry, program: Program): boolean {
  if (index === undefined) return false;
  if (program.variables[variables[0]!]!.domain.kind === 'owner') return true;
  const named = classOf(index, symmetry);
  if (named === undefined) {
    const theirs = new Set(symmetry.families.flatMap((family) => family.variables));
    return (
      variables.some((id) => theirs.has(id) || symmetry.namers.has(id)) ||
      distinguishes(index, symmetry, program)
    );
  }
  const isFamily = symmetry.families.some(
    (family) => family.of === named && family.variables.join() === variables.join(),
  );
  return !isFamily || index.op !== 'read' || distinguishes(index, symmetry, program, named);
}
