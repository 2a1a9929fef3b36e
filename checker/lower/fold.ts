// Folding: parts of domains that depend on settings (lengths, first values, ranges) become plain numbers.

import {
  type DomainNode,
  domainText,
  type ExprNode,
  type Initial,
  type Domain as ModelDomain,
  ModelError,
} from '../../models/language/index.js';
import { boundsOf, constant, int, typeOfDomain } from '../ir/expression.js';
import type { Domain, Expr } from '../ir/program.js';
import { refuseAssignment } from './effects.js';
import { lowerExpr } from './expressions.js';
import { numberOf } from './first_values.js';
import { areAlike, isRigid, openSize, whereAtLeast } from './open_sizes.js';
import { poolIn } from './pointers.js';
import type { Sorts } from './rigid.js';
import { requireConstant, type Scope } from './scope.js';
import { type Fold, initialValues, isScalar } from './state_variables.js';
import { actorWord, actorWords } from './whom.js';

/** Resolves in a scope the parts of a domain that depend on settings; messages name the scope's line. */
export const foldIn = (scope: Scope): Fold => ({
  domainOf: (node) => domainIn(node, scope),
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
  openLength({ node }) {
    if (node.kind !== 'array' || scope.world.open === undefined) return undefined;
    return openSize(lowerExpr(node.length, scope), scope);
  },
  openFirst(domain, initial, name, indices, sorts = []) {
    if (scope.world.open === undefined) return undefined;
    if ('of' in initial) requireAlike(domain, initial.of, name, indices, sorts, scope);
    const [value] = initialValues(initial, indices);
    if (typeof value !== 'object') return undefined;
    const folded = lowerExpr(value, scope, typeOfDomain(domain));
    return folded.op !== 'const' && isRigid(folded, scope) ? folded : undefined;
  },
});

/** Where a function gives first values, so many elements of an array of open length are compared at least. */
const elementsTried = 64;
/** And not more than so many in all, where arrays of open length have such arrays as elements. */
const elementsMax = 4096;

/** How many elements an array may have, as far as its setting goes; what a function says of others is not known. */
function elementsToTry(setting: string, arrays: number, name: string, scope: Scope): number {
  const { node } = scope.world.model.settings[setting]!;
  const most = node.kind === 'int' ? node.max : 0;
  const triedMax = Math.floor(elementsMax ** (1 / arrays) + 1e-9);
  if (most <= triedMax) return Math.min(triedMax, Math.max(elementsTried, most));
  const problem = `${name} starts as a function says, of up to ${most} elements (${setting})`;
  throw new ModelError(`${problem}: prove compares no more than ${triedMax}`, scope.at);
}

/** Refuses elements of arrays of open length that do not start alike: one stands for all. */
function requireAlike(
  domain: Domain,
  of: Extract<Initial, { of: unknown }>['of'],
  name: string,
  indices: readonly number[],
  sorts: Sorts,
  scope: Scope,
): void {
  const type = typeOfDomain(domain);
  const valueAt = (all: readonly number[], trial: Scope): Expr => {
    const value = of(...all);
    if (typeof value === 'object') return lowerExpr(value, trial, type);
    return constant(numberOf(domain, value, name, scope.at), type);
  };
  const open = sorts.flatMap((setting, position) => (setting === undefined ? [] : [{ setting, position }]));
  const lengths = open.map(({ setting }) => elementsToTry(setting, open.length, name, scope));
  for (const [i, { setting }] of open.entries())
    scope.world.open!.sampled.push({ name, setting, elements: lengths[i]! });
  for (const tried of indicesBelow(lengths)) {
    const other = open.reduce((all, { position }, i) => all.with(position, tried[i]!), [...indices]);
    const trial = open.reduce((inner, { setting }, i) => whereAtLeast(setting, tried[i]! + 1, inner), scope);
    if (areAlike(valueAt(indices, trial), valueAt(other, trial), trial)) continue;
    const settings = [...new Set(open.map(({ setting }) => setting))];
    const areOpen = `${settings.join(', ')} ${settings.length === 1 ? 'is' : 'are'} left open`;
    const problem = `${name} starts unlike the element with index ${tried.join(', ')}, and ${areOpen}`;
    throw new ModelError(`${problem}: prove needs elements that start alike`, scope.at);
  }
}

/** Each index with each other, as elements may differ only where several indices are not 0. */
function indicesBelow(lengths: readonly number[]): readonly (readonly number[])[] {
  let all: readonly (readonly number[])[] = [[]];
  for (const length of lengths)
    all = all.flatMap((before) => Array.from({ length }, (_, i) => [...before, i]));
  return all;
}

/** Stands for a bound that depends on sizes. */
const unboundedMax = 2 ** 20;

function domainIn(node: DomainNode, scope: Scope): Domain {
  switch (node.kind) {
    case 'range': {
      const [min, max] = [node.min, node.max].map((bound) => {
        const x = lowerExpr(bound, scope);
        // A number that grows with a size has no bound here.
        if (x.op !== 'const' && isRigid(x, scope)) return bound === node.min ? -unboundedMax : unboundedMax;
        return requireConstant(x, 'a bound of int()', scope.at);
      });
      if (min! <= max!) return { kind: 'int', min: min!, max: max! };
      throw new ModelError(`int(${min}, ${max}) is empty under these settings`, scope.at);
    }
    case 'pointer':
      return { kind: 'enum', values: poolIn(node.pool, scope).values };
    case 'someone':
      return { kind: 'enum', values: actorWords(scope) };
    case 'enum':
    case 'int':
    case 'bool':
      return node;
    default:
      throw new ModelError(`${domainText(node)} is no scalar`, scope.at);
  }
}

/** The value with which a variable starts; undefined for several, or for what is no scalar. */
export function firstValue(
  name: string,
  { node, initial }: ModelDomain<unknown>,
  scope: Scope,
): Expr | undefined {
  if (!isScalar(node)) return undefined;
  const values = initialValues(initial, []);
  if (values.length !== 1) return undefined;
  const domain = domainIn(node, scope);
  return constant(foldIn(scope).numberOf(domain, values[0]!, name), typeOfDomain(domain));
}

/** The values that a Choose() selects from, as constants. */
export function choices(from: DomainNode | ExprNode, scope: Scope): readonly Expr[] {
  if ('op' in from) {
    const length = requireConstant(lowerExpr(from, scope), 'the range of Choose()', scope.at);
    return Array.from({ length: Math.max(0, length) }, (_, i) => int(i));
  }
  const domain = domainIn(from, scope);
  const { min, max } = boundsOf(domain);
  // Of someone(), each actor.
  if (from.kind === 'someone') return scope.world.threadNames.map((_, thread) => actorWord(thread, scope));
  return Array.from({ length: max - min + 1 }, (_, i) => constant(min + i, typeOfDomain(domain)));
}
