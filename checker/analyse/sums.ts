// Variables that steps only set to constants and add constants to, so few times that no sum can leave the domain. A
// step that lies on no cycle of its thread's locations is taken at most once in a run.
//
//   refs, 0 … 3, first 1, taken and dropped once by each of two threads     never below -1, never above 3

import { boundsOf, constantOf } from '../ir/expression.js';
import type { Assignment, Program, VariableId } from '../ir/program.js';
import { addedTo } from './added_constant.js';
import { repeatable } from './back_edges.js';

/** The variables of which that holds. */
export function sumsWithinDomain(program: Program): ReadonlySet<VariableId> {
  const repeats = repeatable(program);
  const sums = new Map<VariableId, Sum>();
  for (const { id, initial } of program.variables) {
    sums.set(id, { least: Math.min(...initial), most: Math.max(...initial), down: 0, up: 0 });
  }
  for (const step of program.steps) {
    for (const assignment of step.assignments) {
      for (const id of assignment.target.variables) {
        const after = assigned(sums.get(id), assignment, repeats.has(step.id));
        if (after === undefined) sums.delete(id);
        else sums.set(id, after);
      }
    }
  }
  const staysWithin = ([id, { least, most, down, up }]: readonly [VariableId, Sum]) => {
    const { min, max } = boundsOf(program.variables[id]!.domain);
    return least + down >= min && most + up <= max;
  };
  return new Set([...sums].filter(staysWithin).map(([id]) => id));
}

/** The interval of constants that a variable is set to, and how far all additions together can move it beyond. */
interface Sum {
  readonly least: number;
  readonly most: number;
  readonly down: number;
  readonly up: number;
}

/** The facts of a variable after one more assignment; undefined if nothing is known any more. */
function assigned(sum: Sum | undefined, assignment: Assignment, repeats: boolean): Sum | undefined {
  if (sum === undefined) return undefined;
  const { least, most, down, up } = sum;
  const constant = constantOf(assignment.value);
  if (constant !== undefined) {
    return { least: Math.min(least, constant), most: Math.max(most, constant), down, up };
  }
  const addition = addedTo(assignment);
  if (addition === undefined || repeats) return undefined;
  return {
    ...{ least, most },
    down: down + Math.min(0, addition.constant),
    up: up + Math.max(0, addition.constant),
  };
}
