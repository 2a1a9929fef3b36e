// Does a step change the state whenever it is taken? Tools that compare the states before and after a step do not
// notice a step that changes nothing, such as a test in a spinning loop.
//
//   from 1 to 2: anything        yes      from 1 to 1: n := n + 1        yes      from 1 to 1: x := false      unknown

import type { Assignment, Step } from '../../ir/program.js';

/** True if the step changes a location or a variable in every state in which it is taken. */
export const changesState = ({ from, to, assignments }: Step): boolean =>
  from !== to || assignments.some(changesTarget);

/**
 * Does the assigned value always differ from the old one: a negated bool, or a number plus a constant that is not 0?
 */
function changesTarget({ target, value }: Assignment): boolean {
  const isTarget = (x: Assignment['value']): boolean =>
    x.op === 'read' && x.cell.index === undefined && target.index === undefined
      ? x.cell.variables[0] === target.variables[0]
      : false;
  const isNotZero = (x: Assignment['value']): boolean => x.op === 'const' && x.value !== 0;
  switch (value.op) {
    case 'not':
      return isTarget(value.x);
    case 'add':
      return (isTarget(value.x) && isNotZero(value.y)) || (isTarget(value.y) && isNotZero(value.x));
    case 'sub':
      return isTarget(value.x) && isNotZero(value.y);
    default:
      return false;
  }
}
