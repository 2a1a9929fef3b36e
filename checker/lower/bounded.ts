// A bound on what is explored: no step is taken from a state in which the model's `within` is false. Such states are
// found and checked, and no deadlock; that there are any makes a run incomplete.
//
//   within n <= 2      n = 0, 1, 2, 3: the state with n = 3 is cut

import { ModelError } from '../../models/language/index.js';
import { and, isFalse, isTrue, mayFault } from '../ir/expression.js';
import type { Expr, Program } from '../ir/program.js';
import { lowerExpr } from './expressions.js';
import { rootScope, type World } from './scope.js';

/** The Program of a model with a bound, bounded; the very same one if it has none, or none with these settings. */
export function boundedBy<L extends { readonly program: Program }>(lowered: L, world: World): L {
  const { model } = world;
  if (model.within === undefined) return lowered;
  const cond = lowerExpr(model.within, rootScope(world));
  if (isTrue(cond)) return lowered;
  if (isFalse(cond))
    throw new ModelError('within is false in every state: nothing would be explored', model.at);
  if (mayFault(cond)) {
    const problem = 'within divides by, or indexes with, something that varies: it may have no value';
    throw new ModelError(problem, model.at);
  }
  const within: Expr = { ...cond, name: 'within' };
  const { program } = lowered;
  const steps = program.steps.map((step) => ({ ...step, guard: and(within, step.guard) }));
  return { ...lowered, program: { ...program, steps, within } };
}
