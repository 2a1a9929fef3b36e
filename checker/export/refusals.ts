// What no other tool can be given exactly.

import { walk } from '../ir/expression.js';
import { rangeOf } from '../ir/meaning.js';
import type { Expr, Program } from '../ir/program.js';

/** A Program that a tool cannot run exactly. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}

/** Refuses expressions whose values may not fit in 32 bits, for tools that compute with C's int. */
export function refuseWideNumbers(roots: readonly Expr[], program: Program): void {
  for (const root of roots) {
    walk(root, (x) => {
      const { min, max } = rangeOf(x, program);
      if (min >= -(2 ** 31) && max <= 2 ** 31 - 1) return;
      throw new ExportError(`a value from ${min} to ${max} does not fit in 32 bits`);
    });
  }
}
