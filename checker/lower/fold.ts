// Folding: what domains leave to the settings (lengths, first values, ranges) as plain numbers.

import { type DomainNode, type ExprNode, ModelError } from '../../models/language/index.js';
import { constant, int, truth, typeOfDomain } from '../ir/expression.js';
import type { Expr } from '../ir/program.js';
import { refuseAssignment } from './effects.js';
import { lowerExpr } from './expressions.js';
import { requireConstant, type Scope } from './scope.js';
import { type Fold, numberOf } from './state_variables.js';

/** Decides in a scope what a domain leaves open; a refusal names the scope's line. */
export const foldIn = (scope: Scope): Fold => ({
  lengthOf({ node }) {
    if (node.kind !== 'array') throw new Error('only arrays have a length');
    const length = requireConstant(lowerExpr(node.length, scope), 'the length of an array', scope.at);
    if (length >= 1) return length;
    throw new ModelError(`an array of length ${length}: it needs at least one element`, scope.at);
  },
  numberOf(domain, value, name) {
    if (typeof value !== 'object') return numberOf(domain, value, name, scope.at);
    const folded = lowerExpr(value, scope, typeOfDomain(domain));
    refuseAssignment(domain, folded, name, scope.at);
    return requireConstant(folded, `the first value of ${name}`, scope.at);
  },
});

/** The values that a Choose() chooses from, as constants. */
export function choices(from: DomainNode | ExprNode, scope: Scope): readonly Expr[] {
  if ('op' in from) {
    const length = requireConstant(lowerExpr(from, scope), 'the range of Choose()', scope.at);
    return Array.from({ length: Math.max(0, length) }, (_, i) => int(i));
  }
  if (from.kind === 'enum') return from.values.map((_, i) => constant(i, from.values));
  if (from.kind === 'int') {
    return Array.from({ length: from.max - from.min + 1 }, (_, i) => int(from.min + i));
  }
  return [truth(false), truth(true)];
}
