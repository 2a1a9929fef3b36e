// What an expression can be worth, and whether it can lack a value, from the domains of what it reads. A check that
// can never fail is not generated.
//
//   page[i]._mapcount + 1     with i in 0 … 1 and _mapcount in -1 … 2 for two pages: 0 … 3, never a fault

import type { Cell, Expr } from '../../ir/program.js';
import { arithmeticRange, type Range, union } from '../../ir/range.js';
import type { Layout } from '../layout.js';

const bool: Range = { min: 0, max: 1 };

/** The values that an expression can have where it has one. */
export function rangeOf(x: Expr, layout: Layout): Range {
  switch (x.op) {
    case 'const':
      return { min: x.value, max: x.value };
    case 'read':
      return x.cell.variables.map((id) => layout.variables[id]!).reduce<Range>(union, nothing);
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'mod':
      return arithmeticRange(x.op, rangeOf(x.x, layout), rangeOf(x.y, layout));
    case 'if':
      return union(rangeOf(x.then, layout), rangeOf(x.else, layout));
    default:
      return bool;
  }
}

const nothing: Range = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };

/** Can evaluation hit an index outside its array or a division by zero? */
export function canFault(x: Expr, layout: Layout): boolean {
  switch (x.op) {
    case 'const':
    case 'at':
      return false;
    case 'read':
      return indexCanFault(x.cell, layout);
    case 'not':
      return canFault(x.x, layout);
    case 'if':
      return canFault(x.x, layout) || canFault(x.then, layout) || canFault(x.else, layout);
    case 'div':
    case 'mod': {
      const { min, max } = rangeOf(x.y, layout);
      return (min <= 0 && max >= 0) || canFault(x.x, layout) || canFault(x.y, layout);
    }
    default:
      return canFault(x.x, layout) || canFault(x.y, layout);
  }
}

/** Can the index of a cell be outside 0 … variables.length - 1, or have no value? */
export function indexCanFault({ variables, index }: Cell, layout: Layout): boolean {
  if (index === undefined) return false;
  const { min, max } = rangeOf(index, layout);
  return min < 0 || max >= variables.length || canFault(index, layout);
}
