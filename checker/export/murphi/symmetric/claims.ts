// What a symmetric module claims. A check that names some thread is about any, for what one can do the others can do
// as well; one that depends on their numbers has no meaning over scalarsets.

import { distinguishes } from '../../../analyse/asymmetry.js';
import { asks, invariantOf, isExample } from '../../../decide/decide.js';
import type { Expr } from '../../../ir/program.js';
import type { Check } from '../../../search/report.js';
import { chain } from '../syntax.js';
import { areDifferent, bindAll, parametersOf } from './bound.js';
import { expressionOf } from './expressions.js';
import type { OpenExpression } from './holes.js';
import type { SymmetricNames } from './names.js';

/** The condition that is claimed, or why there is none over scalarsets. */
export type SymmetricClaim =
  | { readonly ok: true; readonly condition: OpenExpression }
  /** What is wrong with the check, as the end of a sentence that begins with its name. */
  | { readonly ok: false; readonly why: string };

/** What the tool is asked for a check that a property states. */
export function claimedOf(check: Check, names: SymmetricNames): SymmetricClaim {
  const { condition } = check;
  if (distinguishes(condition, names.symmetry, names.program)) {
    return { ok: false, why: 'distinguishes interchangeable actors by their numbers' };
  }
  if (asks(check, 'possibility')) {
    const { bound, open } = bindAll([], names, (known) => ({
      condition: expressionOf(condition, known, names),
    }));
    // With the reduction, rumur forgets which of them it was that could still come there.
    if (bound.size > 0) {
      return { ok: false, why: 'asks what is always possible for one of interchangeable actors' };
    }
    return { ok: true, condition: open.condition };
  }
  return {
    ok: true,
    condition: isExample(check)
      ? ofAny('exists', condition, names)
      : ofAny('forall', invariantOf(check)!, names),
  };
}

/** The condition, of some threads or of any, where it singles some out. */
export function ofAny(word: 'exists' | 'forall', x: Expr, names: SymmetricNames): OpenExpression {
  const { bound, open } = bindAll([], names, (known) => ({ condition: expressionOf(x, known, names) }));
  const body: OpenExpression =
    word === 'exists'
      ? chain('&', [...areDifferent(bound, names), open.condition])
      : chain('|', [...areDifferent(bound, names, '='), open.condition]);
  return parametersOf(bound, names).reduceRight<OpenExpression>(
    (inner, over) => ({ kind: 'quantified', word, over, body: inner }),
    body,
  );
}
