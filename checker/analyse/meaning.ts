// When does an expression have a value, and a step an effect? As plain conditions, for tools that have no faults, or
// other ones. Conditions that the bounds of the variables guarantee are left out.
//
//   x := a[i] / y      has a value where    0 <= i && i <= 1 && y != 0
//   0 … 3 n := n + 1   has an effect where  n + 1 <= 3

import {
  allOf,
  and,
  boundsOf,
  constant,
  equal,
  ifElse,
  int,
  isTrue,
  less,
  not,
  or,
  truth,
  typeOf,
} from '../ir/expression.js';
import type { Assignment, Cell, Expr, Program, Step } from '../ir/program.js';
import { boundsIn, type Range, rangeOf } from './ranges.js';

/** The conjunction of all of them, without duplicates. */
function conjunction(xs: readonly Expr[]): Expr {
  const parts = (x: Expr): readonly Expr[] => (x.op === 'and' ? [...parts(x.x), ...parts(x.y)] : [x]);
  const byText = new Map(xs.flatMap(parts).map((x) => [JSON.stringify(x), x] as const));
  return allOf([...byText.values()]);
}

/** Where the expression has a value. */
export function hasValue(x: Expr, program: Program): Expr {
  const has = (y: Expr) => hasValue(y, program);
  switch (x.op) {
    case 'const':
    case 'at':
      return truth(true);
    case 'read':
      return hasPlace(x.cell, program);
    case 'not':
      return has(x.x);
    case 'and':
      return and(has(x.x), isTrue(has(x.y)) ? truth(true) : or(not(x.x), has(x.y)));
    case 'or':
      return and(has(x.x), isTrue(has(x.y)) ? truth(true) : or(x.x, has(x.y)));
    case 'if': {
      const [yes, no] = [has(x.then), has(x.else)];
      return and(has(x.x), isTrue(yes) && isTrue(no) ? yes : ifElse(x.x, yes, no));
    }
    case 'div':
    case 'mod': {
      const { min, max } = rangeOf(x.y, boundsIn(program.variables));
      const divides = min > 0 || max < 0 ? truth(true) : not(equal(x.y, int(0)));
      return conjunction([has(x.x), has(x.y), divides]);
    }
    default:
      return conjunction([has(x.x), has(x.y)]);
  }
}

/** Where the index of the cell is in range. */
function hasPlace({ variables, index }: Cell, program: Program): Expr {
  if (index === undefined) return truth(true);
  return and(hasValue(index, program), isWithin(index, { min: 0, max: variables.length - 1 }, program));
}

/** Where a number lies between two bounds, both included. */
function isWithin(x: Expr, { min, max }: Range, program: Program): Expr {
  const range = rangeOf(x, boundsIn(program.variables));
  return and(
    range.min >= min ? truth(true) : less('le', int(min), x),
    range.max <= max ? truth(true) : less('le', x, int(max)),
  );
}

/** Where the assignment stores a value of its target's domain. */
function hasEffect({ target, value }: Assignment, program: Program): Expr {
  const stores = target.variables.map((id) => isInDomainOf(id, value, program));
  const same = target.variables.every((id) => {
    const [a, b] = [id, target.variables[0]!].map((one) => boundsOf(program.variables[one]!.domain));
    return a!.min === b!.min && a!.max === b!.max;
  });
  const { index } = target;
  const fits =
    same || index === undefined
      ? stores[0]!
      : allOf(stores.map((one, i) => (isTrue(one) ? one : or(not(equal(index, int(i))), one))));
  return conjunction([hasPlace(target, program), hasValue(value, program), fits]);
}

function isInDomainOf(id: number, value: Expr, program: Program): Expr {
  const bounds = boundsOf(program.variables[id]!.domain);
  const type = typeOf(value);
  if (typeof type === 'string') return isWithin(value, bounds, program);
  // Variables of an enum's type have no value that is not a word, except -1.
  return rangeOf(value, boundsIn(program.variables)).min >= 0
    ? truth(true)
    : not(equal(value, constant(-1, type)));
}

/** Conditions on a step, beside its location: where it can be taken, and where it faults. */
export interface Meaning {
  /** The guard has a value and is true, and every assignment has an effect. */
  readonly isTaken: Expr;
  /** The guard has no value, or is true while an assignment has no effect. */
  readonly isFault: Expr;
}

export function meaningOf({ guard, assignments }: Step, program: Program): Meaning {
  const decides = hasValue(guard, program);
  const acts = conjunction(assignments.map((assignment) => hasEffect(assignment, program)));
  return {
    isTaken: conjunction([decides, guard, acts]),
    isFault: or(not(decides), isTrue(acts) ? truth(false) : and(guard, not(acts))),
  };
}
