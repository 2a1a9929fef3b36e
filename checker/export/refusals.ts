// What a tool cannot state exactly is refused here.

import { boundsIn, rangeOf } from '../analyse/ranges.js';
import { checkAsking } from '../decide/decide.js';
import { walk } from '../ir/expression.js';
import type { Expr, Program } from '../ir/program.js';
import type { Check } from '../search/report.js';

/** A Program that a tool cannot run exactly. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}

/** Refuses properties of what some run may still do, for tools that check each run by itself. */
export function refuseBranching(checks: readonly Check[], tool: string): void {
  const first = checkAsking(checks, 'possibility');
  if (first === undefined) return;
  throw new ExportError(
    `'${first.name}' asks what is always possible, which ${tool} cannot check (rumur can, --to=murphi); --checks=none leaves it out`,
  );
}

/** Refuses a model's own bound: a tool that stops there too would say that all is explored. */
export function refuseBounded({ within }: Pick<Program, 'within'>, tool: string): void {
  if (within === undefined) return;
  throw new ExportError(
    `the model's 'within' leaves states out, which ${tool} cannot say: widen it by a setting until it is always true, or remove it`,
  );
}

/** Refuses expressions whose values may not fit in 32 bits, for tools that compute with C's int. */
export function refuseWideNumbers(roots: readonly Expr[], program: Program): void {
  const bounds = boundsIn(program.variables);
  for (const root of roots) {
    walk(root, (x) => {
      const { min, max } = rangeOf(x, bounds);
      if (min >= -(2 ** 31) && max <= 2 ** 31 - 1) return;
      throw new ExportError(`a value from ${min} to ${max} does not fit in 32 bits`);
    });
  }
}
