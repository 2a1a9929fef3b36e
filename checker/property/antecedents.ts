// The left sides of the implications that a property consists of. If none of them is ever true, the property holds
// vacuously. `not p or q` is an implication as well, and so is p leadsTo q.
//
//   always (locked implies held) and always (done implies eventually idle)      locked, done
//   always (not p or not q or eventually r)                                     p and q

import { type Formula, state } from '../../properties/language/temporal.js';
import { and, not, or, truth } from '../ir/expression.js';
import type { Expr } from '../ir/program.js';

export interface Antecedent {
  readonly formula: Formula<Expr>;
  /** Does it count at any position of a run, or only at the first one? */
  readonly isAnywhere: boolean;
}

/** The left sides of a claim, which is stated at the first position of a run, or at any. */
export function antecedentsOf(claim: Formula<Expr>, isAnywhere: boolean): readonly Antecedent[] {
  switch (claim.op) {
    case 'and':
      return [...antecedentsOf(claim.x, isAnywhere), ...antecedentsOf(claim.y, isAnywhere)];
    case 'always':
    case 'historically':
      return antecedentsOf(claim.x, true);
    case 'leadsTo':
      return [{ formula: claim.x, isAnywhere: true }];
    case 'state':
      if (claim.x.op === 'and') {
        return antecedentsOf({ op: 'and', x: state(claim.x.x), y: state(claim.x.y) }, isAnywhere);
      }
      return ofDisjunction(claim, isAnywhere);
    case 'or':
    case 'implies':
      return ofDisjunction(claim, isAnywhere);
    default:
      return [];
  }
}

/** Negated parts of a disjunction are left sides; if all parts are negated, only the first is. */
function ofDisjunction(claim: Formula<Expr>, isAnywhere: boolean): readonly Antecedent[] {
  const parts = disjunctsOf(claim);
  const negated = parts.flatMap(negationOf);
  const [first] = negated;
  if (first === undefined || parts.length === 1) return [];
  const formula = negated.length === parts.length ? first : negated.reduce(conjunction);
  return [{ formula, isAnywhere }];
}

function disjunctsOf(x: Formula<Expr>): readonly Formula<Expr>[] {
  if (x.op === 'or') return [...disjunctsOf(x.x), ...disjunctsOf(x.y)];
  if (x.op === 'implies') return [{ op: 'not', x: x.x }, ...disjunctsOf(x.y)];
  if (x.op === 'state' && x.x.op === 'or')
    return [...disjunctsOf(state(x.x.x)), ...disjunctsOf(state(x.x.y))];
  return [x];
}

function negationOf(x: Formula<Expr>): readonly Formula<Expr>[] {
  if (x.op === 'not') return [x.x];
  return x.op === 'state' && x.x.op === 'not' ? [state(x.x.x)] : [];
}

const conjunction = (x: Formula<Expr>, y: Formula<Expr>): Formula<Expr> =>
  x.op === 'state' && y.op === 'state' ? state(and(x.x, y.x)) : { op: 'and', x, y };

/** The formula that is true of runs in which the left side counts at some position. */
export const occurrence = ({ formula, isAnywhere }: Antecedent): Formula<Expr> =>
  isAnywhere ? { op: 'eventually', x: formula } : formula;

/**
 * A condition that is true in some state if a formula without past, or its negation, is ever true: p for `eventually
 * p`. Of conditions at several positions, one is kept.
 */
export function trace(formula: Formula<Expr>, isTrue: boolean): Expr {
  const same = (x: Formula<Expr>) => trace(x, isTrue);
  switch (formula.op) {
    case 'state':
      return isTrue ? formula.x : not(formula.x);
    case 'not':
      return trace(formula.x, !isTrue);
    case 'next':
    case 'eventually':
    case 'always':
      return same(formula.x);
    case 'and':
      return isTrue ? oneOf(formula.x, true, formula.y, true) : or(same(formula.x), same(formula.y));
    case 'or':
      return isTrue ? or(same(formula.x), same(formula.y)) : oneOf(formula.x, false, formula.y, false);
    case 'implies':
      return isTrue ? or(trace(formula.x, false), same(formula.y)) : oneOf(formula.x, true, formula.y, false);
    case 'weakUntil':
      return isTrue ? or(same(formula.x), same(formula.y)) : same(formula.y);
    case 'until':
    case 'release':
      return same(formula.y);
    default:
      return truth(true);
  }
}

/** Combines conditions at one position: both if they are about the present, otherwise one that is. */
function oneOf(x: Formula<Expr>, isX: boolean, y: Formula<Expr>, isY: boolean): Expr {
  if (x.op !== 'state') return trace(y, isY);
  return y.op === 'state' ? and(trace(x, isX), trace(y, isY)) : trace(x, isX);
}
