// The left sides of the implications that a property is made of. If none of them is ever true, the property holds,
// and says nothing.
//
//   always (locked implies held) and always (done implies eventually idle)      locked, done

import type { Formula } from '../../properties/language/temporal.js';
import type { Expr } from '../ir/program.js';

/** The conditions that something is claimed to follow from; conditions about more than the present are left out. */
export function antecedentsOf(claim: Formula<Expr>): readonly Expr[] {
  switch (claim.op) {
    case 'state':
      return ofCondition(claim.x);
    case 'and':
      return [...antecedentsOf(claim.x), ...antecedentsOf(claim.y)];
    case 'always':
      return antecedentsOf(claim.x);
    case 'implies':
    case 'leadsTo':
      return claim.x.op === 'state' ? [claim.x.x] : [];
    default:
      return [];
  }
}

/** `!x || y` is how an implication between conditions reads once it is lowered. */
function ofCondition(x: Expr): readonly Expr[] {
  if (x.op === 'and') return [...ofCondition(x.x), ...ofCondition(x.y)];
  return x.op === 'or' && x.x.op === 'not' ? [x.x.x] : [];
}
