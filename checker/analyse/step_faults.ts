// Can a step have no value: an index or a value outside its domain, a division by zero?

import type { Assignment, Program, Step, StepId } from '../ir/program.js';
import { addedTo } from './added_constant.js';
import { type Bounds, boundsIn, canFault, indexCanFault, rangeOf } from './ranges.js';
import { sumsWithinDomain } from './sums.js';

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

/** The steps of a Program that can have no value; a sum that stays within its domain always has one. */
export function stepsThatCanFault(program: Program): ReadonlySet<StepId> {
  const bounds = boundsIn(program.variables);
  const sums = sumsWithinDomain(program);
  const isOpen = (assignment: Assignment) => {
    const sum = addedTo(assignment);
    return sum === undefined || !sums.has(sum.variable);
  };
  const faulty = program.steps.filter(({ guard, assignments }) =>
    stepCanFault({ guard, assignments: assignments.filter(isOpen) }, bounds),
  );
  return new Set(faulty.map(({ id }) => id));
}
