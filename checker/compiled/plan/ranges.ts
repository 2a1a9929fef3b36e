// What an expression can be worth, and whether it can lack a value, from the domains of what it reads. A check that
// can never fail is not generated.
//
//   page[i]._mapcount + 1     with i in 0 … 1 and _mapcount in -1 … 2 for two pages: 0 … 3, never a fault

import type { Cell, Expr } from '../../ir/program.js';
import type { Layout } from '../layout.js';

export interface Range {
  readonly min: number;
  readonly max: number;
}

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
const union = (x: Range, y: Range): Range => ({ min: Math.min(x.min, y.min), max: Math.max(x.max, y.max) });
const largest = ({ min, max }: Range): number => Math.max(Math.abs(min), Math.abs(max));

function arithmeticRange(op: 'add' | 'sub' | 'mul' | 'div' | 'mod', x: Range, y: Range): Range {
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
