// The claims of a symmetric module. A check that names a thread of a class is stated for any thread of the class, since
// the threads are interchangeable; a check that depends on their numbers has no meaning over scalarsets.

import { distinguishes } from '../../../analyse/asymmetry.js';
import { asks, invariantOf, isExample } from '../../../decide/decide.js';
import type { Expr } from '../../../ir/program.js';
import type { Check } from '../../../search/report.js';
import { chain } from '../syntax.js';
import { areDifferent, bindAll, parametersOf } from './bound.js';
import { expressionOf } from './expressions.js';
import type { OpenExpression } from './holes.js';
import type { SymmetricNames } from './names.js';

/** The condition, or the reason why scalarsets cannot state it. */
export type SymmetricClaim =
  | { readonly ok: true; readonly condition: OpenExpression }
  /** The reason, as the end of a sentence that begins with the name of the check. */
  | { readonly ok: false; readonly why: string };

/** The item for the tool of a check that a property states. */
export function claimedOf(check: Check, names: SymmetricNames): SymmetricClaim {
  const { condition } = check;
  if (distinguishes(condition, names.symmetry, names.program)) {
    return { ok: false, why: 'distinguishes interchangeable actors by their numbers' };
  }
  if (asks(check, 'possibility')) {
    const { bound, open } = bindAll([], names, (known) => ({
      condition: expressionOf(condition, known, names),
    }));
    // With the reduction, rumur does not distinguish which of them can still reach the condition.
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

/** The condition; where it singles out some threads, for any threads of their classes. */
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
