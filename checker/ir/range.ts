// What a number can be worth, from the domains of what it reads. Numbers are JavaScript's, exact up to 2^53: what
// might exceed that is refused where it is written, so no engine ever computes it.
//
//   n * n    with n in 0 … 2^30: up to 2^60, refused

import { type Arithmetic, boundsOf } from './expression.js';
import type { Expr, Variable } from './program.js';

/** The smallest and the largest value, both included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The values that an expression can have where it has one. */
export function rangeOf(x: Expr, variables: readonly Variable[]): Range {
  switch (x.op) {
    case 'const':
      return { min: x.value, max: x.value };
    case 'read':
      // The elements of an array share a domain.
      return boundsOf(variables[x.cell.variables[0]!]!.domain);
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'mod':
      return arithmeticRange(x.op, rangeOf(x.x, variables), rangeOf(x.y, variables));
    case 'if':
      return union(rangeOf(x.then, variables), rangeOf(x.else, variables));
    default:
      return { min: 0, max: 1 };
  }
}

/** Is every value of a range exact? */
export const isExact = ({ min, max }: Range): boolean =>
  Number.isSafeInteger(min) && Number.isSafeInteger(max);

export const union = (x: Range, y: Range): Range => ({
  min: Math.min(x.min, y.min),
  max: Math.max(x.max, y.max),
});

/** The values of an operation on values of these ranges. */
export function arithmeticRange(op: Arithmetic, x: Range, y: Range): Range {
  switch (op) {
    case 'add':
      return { min: x.min + y.min, max: x.max + y.max };
    case 'sub':
      return { min: x.min - y.max, max: x.max - y.min };
    case 'mul': {
      const corners = [x.min * y.min, x.min * y.max, x.max * y.min, x.max * y.max];
      return { min: Math.min(...corners), max: Math.max(...corners) };
    }
    case 'div': {
      const most = largest(x);
      return x.min >= 0 && y.min >= 0 ? { min: 0, max: x.max } : { min: -most, max: most };
    }
    case 'mod': {
      const most = Math.min(largest(x), Math.max(0, largest(y) - 1));
      return { min: x.min >= 0 ? 0 : -most, max: x.max <= 0 ? 0 : most };
    }
  }
}

const largest = ({ min, max }: Range): number => Math.max(Math.abs(min), Math.abs(max));
