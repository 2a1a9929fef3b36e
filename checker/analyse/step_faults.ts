// Can a step have no value: an index or a value outside its domain, a division by zero?

import type { Assignment, Step } from '../ir/program.js';
import { type Bounds, canFault, indexCanFault, rangeOf } from './ranges.js';

/** Can its guard or one of its assignments have no value? */
export const stepCanFault = (
  { guard, assignments }: Pick<Step, 'guard' | 'assignments'>,
  bounds: Bounds,
): boolean =>
  canFault(guard, bounds) || assignments.some((assignment) => assignmentCanFault(assignment, bounds));

/** May the cell's index be out of range, or the value be missing or outside the domain of its target? */
export function assignmentCanFault({ target, value }: Assignment, bounds: Bounds): boolean {
  if (indexCanFault(target, bounds) || canFault(value, bounds)) return true;
  const { min, max } = rangeOf(value, bounds);
  return target.variables.some((id) => min < bounds(id).min || max > bounds(id).max);
}
