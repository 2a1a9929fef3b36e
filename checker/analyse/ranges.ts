// Which values an expression can have, and whether it may have none, from the bounds of the variables that it reads. An
// expression that cannot fault needs no check, in generated code as in exports.
//
//   page[i]._mapcount + 1     with i in 0 … 1 and _mapcount in -1 … 2 for two pages: 0 … 3, never a fault

import { type Arithmetic, boundsOf } from '../ir/expression.js';
import type { Cell, Expr, Variable, VariableId } from '../ir/program.js';

/** The least and the greatest value. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The values that a variable can have. */
export type Bounds = (id: VariableId) => Range;

/** The bounds that domains give. */
export const boundsIn =
  (variables: readonly Variable[]): Bounds =>
  (id) =>
    boundsOf(variables[id]!.domain);

/** Is every value of a range exact? Numbers are JavaScript's: up to 2^53. */
export const isExact = ({ min, max }: Range): boolean =>
  Number.isSafeInteger(min) && Number.isSafeInteger(max);

const union = (x: Range, y: Range): Range => ({ min: Math.min(x.min, y.min), max: Math.max(x.max, y.max) });

/** The values that an expression can have where it has one: never too narrow, and 0 where it never has one. */
export function rangeOf(x: Expr, bounds: Bounds): Range {
  switch (x.op) {
    case 'const':
      return { min: x.value, max: x.value };
    case 'read':
      return x.cell.variables.map(bounds).reduce(union);
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'mod':
      return arithmeticRange(x.op, rangeOf(x.x, bounds), rangeOf(x.y, bounds));
    case 'if':
      return union(rangeOf(x.then, bounds), rangeOf(x.else, bounds));
    default:
      return { min: 0, max: 1 };
  }
}

/** From the least to the greatest of these; 0 for none. -0 is 0. */
const around = (values: readonly number[]): Range =>
  values.length === 0 ? { min: 0, max: 0 } : { min: Math.min(...values) + 0, max: Math.max(...values) + 0 };

const ends = ({ min, max }: Range): readonly number[] => [min, max];
const largest = ({ min, max }: Range): number => Math.max(Math.abs(min), Math.abs(max));

function arithmeticRange(op: Arithmetic, x: Range, y: Range): Range {
  switch (op) {
    case 'add':
      return { min: x.min + y.min, max: x.max + y.max };
    case 'sub':
      return { min: x.min - y.max, max: x.max - y.min };
    case 'mul':
      return around(ends(x).flatMap((a) => ends(y).map((b) => a * b)));
    case 'div': {
      // A quotient is extreme at an end of x, by a divisor at an end of y or next to 0. By 0 there is none.
      const divisors = [y.min, -1, 1, y.max].filter((by) => by !== 0 && by >= y.min && by <= y.max);
      return around(ends(x).flatMap((a) => divisors.map((by) => Math.trunc(a / by))));
    }
    case 'mod': {
      // A remainder has the sign of x, and either is x or is smaller than |y|.
      const most = Math.min(largest(x), Math.max(0, largest(y) - 1));
      return { min: Math.max(Math.min(x.min, 0), -most) + 0, max: Math.min(Math.max(x.max, 0), most) };
    }
  }
}

/** Can evaluation hit an index outside its array or a division by zero? */
export function canFault(x: Expr, bounds: Bounds): boolean {
  switch (x.op) {
    case 'const':
    case 'at':
      return false;
    case 'read':
      return indexCanFault(x.cell, bounds);
    case 'not':
      return canFault(x.x, bounds);
    case 'if':
      return canFault(x.x, bounds) || canFault(x.then, bounds) || canFault(x.else, bounds);
    case 'div':
    case 'mod': {
      const { min, max } = rangeOf(x.y, bounds);
      return (min <= 0 && max >= 0) || canFault(x.x, bounds) || canFault(x.y, bounds);
    }
    default:
      return canFault(x.x, bounds) || canFault(x.y, bounds);
  }
}

/** Can the index of a cell be outside 0 … variables.length - 1, or have no value? */
export function indexCanFault({ variables, index }: Cell, bounds: Bounds): boolean {
  if (index === undefined) return false;
  const { min, max } = rangeOf(index, bounds);
  return min < 0 || max >= variables.length || canFault(index, bounds);
}
