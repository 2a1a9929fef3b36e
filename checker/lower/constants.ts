// Constants and words: numbers that are exact, words of enums as numbers, and the same word in another enum.

import { type ExprNode, ModelError } from '../../models/language/index.js';
import { boundsIn, isExact, rangeOf } from '../analyse/ranges.js';
import { constant, equal, ifElse, int, sameType, truth, typeOf } from '../ir/expression.js';
import type { Expr, Type } from '../ir/program.js';
import { exprText } from '../ir/text.js';
import { provisionalNames, type Scope } from './scope.js';

/** Refuses arithmetic whose results may not be exact. */
export function requireExact(x: Expr, { world, at }: Scope): Expr {
  const { variables } = world.state;
  const range = rangeOf(x, boundsIn(variables));
  if (isExact(range)) return x;
  const text = exprText(x, provisionalNames(world));
  throw new ModelError(`${text} computes numbers beyond 2^53, which are not exact: narrow the domains`, at);
}

export function lowerConstant(value: number | boolean | string, scope: Scope, hint: Type | undefined): Expr {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return int(value + 0);
    if (Number.isInteger(value)) {
      throw new ModelError(`${value} is beyond 2^53: such numbers are not exact`, scope.at);
    }
    throw new ModelError(`${value} is not a whole number`, scope.at);
  }
  if (typeof value === 'boolean') return truth(value);
  if (hint === undefined || typeof hint === 'string') {
    throw new ModelError(`'${value}': a word of an enum cannot be used here`, scope.at);
  }
  const index = hint.indexOf(value);
  if (index < 0) throw new ModelError(`'${value}' is none of ${hint.join(', ')}`, scope.at);
  return constant(index, hint);
}

/** The same word in another enum; a variable's word that the other enum lacks becomes -1, which equals nothing. */
export function convert(x: Expr, type: Type, scope: Scope): Expr {
  const own = typeOf(x);
  if (sameType(own, type)) return x;
  if (typeof own === 'string' || typeof type === 'string') {
    const name = (of: Type) => (typeof of === 'string' ? of : `one of ${of.join(', ')}`);
    throw new ModelError(`${name(type)} is expected here, not ${name(own)}`, scope.at);
  }
  if (x.op === 'const') return lowerConstant(own[x.value]!, scope, type);
  const common = own.filter((word) => type.includes(word));
  if (common.length === 0) {
    throw new ModelError(`{ ${own.join(', ')} } and { ${type.join(', ')} } have no word in common`, scope.at);
  }
  const inType = (word: string) => constant(type.indexOf(word), type);
  const [last, ...others] = common.length === own.length ? common : ['', ...common];
  return others.reduce<Expr>(
    (rest, word) => ifElse(equal(x, constant(own.indexOf(word), own)), inType(word), rest),
    inType(last!),
  );
}

/** The words of an enum between which an expression chooses; undefined if it has other values. */
export function wordsIn(node: ExprNode): readonly string[] | undefined {
  if (node.op === 'const') return typeof node.value === 'string' ? [node.value] : undefined;
  if (node.op !== 'if') return undefined;
  const [then, other] = [wordsIn(node.then), wordsIn(node.else)];
  return then && other && [...new Set([...then, ...other])];
}
