// Conditions that are true for all values of their parts.

import { isTrue } from './expression.js';
import type { Expr } from './program.js';

/** Conditions with more parts than this are not examined: they count as false for some values. */
const partsMax = 12;

/** Is it true for all values of its parts, as the disjunction of both branches of an If is? */
export function isAlwaysTrue(x: Expr): boolean {
  if (isTrue(x)) return true;
  const parts = new Map<string, number>();
  const collect = (y: Expr): void => {
    if (y.op === 'and' || y.op === 'or') {
      collect(y.x);
      collect(y.y);
    } else if (y.op === 'not') collect(y.x);
    else if (y.op !== 'const') parts.set(JSON.stringify(y), parts.get(JSON.stringify(y)) ?? parts.size);
  };
  collect(x);
  if (parts.size > partsMax) return false;
  const value = (y: Expr, letter: number): boolean => {
    if (y.op === 'and') return value(y.x, letter) && value(y.y, letter);
    if (y.op === 'or') return value(y.x, letter) || value(y.y, letter);
    if (y.op === 'not') return !value(y.x, letter);
    if (y.op === 'const') return y.value !== 0;
    return ((letter >> parts.get(JSON.stringify(y))!) & 1) === 1;
  };
  for (let letter = 0; letter < 2 ** parts.size; letter++) if (!value(x, letter)) return false;
  return true;
}
