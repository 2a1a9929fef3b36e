// For tools that assign one after the other, not simultaneously: where does the order make a difference?

import { walk } from '../ir/expression.js';
import type { Assignment, Program } from '../ir/program.js';

/** Does an assignment read what one before it has written? */
export function spoilsItself(assignments: readonly Assignment[]): boolean {
  return assignments.some(({ target, value }, i) => {
    const written = new Set(assignments.slice(0, i).flatMap((before) => before.target.variables));
    let reads = false;
    for (const root of target.index === undefined ? [value] : [value, target.index]) {
      walk(root, (x) => {
        if (x.op === 'read' && x.cell.variables.some((id) => written.has(id))) reads = true;
      });
    }
    return reads;
  });
}

/** The names of the values and indices that a step saves before it assigns. */
export const takenAside = ({ steps }: Program): readonly string[] =>
  [...Array(Math.max(0, ...steps.map(({ assignments }) => assignments.length))).keys()].flatMap((i) => [
    `index_${i}`,
    `value_${i}`,
  ]);
