// Expressions of a symmetric Program in Murphi, over scalarsets: a thread is a variable that a rule or a quantifier
// binds; equal conditions on all other threads become a quantifier, equal summands a sum over them.
//
//   bound: p is worker[0]     arrived[0] && !arrived[1] && !arrived[2]
//                             arrived[p] & (forall x: worker_t do (x = p) | (!arrived[x]) endforall)

import { exprKey, operands } from '../../../analyse/keys.js';
import { boundsIn, rangeOf } from '../../../analyse/ranges.js';
import { classOf, isOwnerType, type ThreadClass } from '../../../analyse/swap.js';
import { mayFault, typeOf } from '../../../ir/expression.js';
import type { Cell, Expr, Location, ThreadId } from '../../../ir/program.js';
import { constantOf, signs } from '../expressions.js';
import { binary, chain, equals, type MurphiExpression, name, negation } from '../syntax.js';
import { type BoundThreads, isOther, parametersOf, withEach } from './bound.js';
import { expressionKind, grouped, mentioned } from './groups.js';
import { type OpenExpression, type OpenPlace, total, unbound } from './holes.js';
import type { SymmetricNames } from './names.js';

/** The expression, with a hole for each thread that it singles out and that is not bound. */
export function expressionOf(x: Expr, bound: BoundThreads, names: SymmetricNames): OpenExpression {
  const inner = (y: Expr) => expressionOf(y, bound, names);
  switch (x.op) {
    case 'const':
      return constantOf(x.value, x.type, names.symbols);
    case 'not':
      return negation(inner(x.x));
    case 'and':
    case 'or':
      return chainOf(operands(x, x.op), x.op, bound, names);
    case 'add':
      return sumOf(operands(x, 'add'), bound, names);
    case 'if':
      return { kind: 'choice', x: inner(x.x), yes: inner(x.then), no: inner(x.else) };
    default: {
      // A single condition may be about the only remaining thread.
      const isOpen = typeOf(x) === 'bool' && mentioned(x, names).some((thread) => !bound.has(thread));
      return isOpen ? chainOf([x], 'and', bound, names) : leafOf(x, bound, names);
    }
  }
}

/** The variable that stands for a thread. */
export function threadOf(thread: ThreadId, bound: BoundThreads): OpenPlace {
  const variable = bound.get(thread);
  return variable === undefined ? unbound(thread) : name(variable.name);
}

/**
 * The place that is read or written, if no index is a number; for an owner of a class, the variable beside its kind.
 */
export function placeOf(
  { variables, index }: Cell,
  bound: BoundThreads,
  names: SymmetricNames,
  ofOwner?: ThreadClass,
): OpenPlace {
  const [first] = variables;
  const family = names.familyOf(first!);
  const own = ofOwner === undefined ? names.nameOf(first!) : names.ownersOf(first!).get(ofOwner)!;
  if (index === undefined) {
    if (family === undefined) return name(own);
    const thread = family.of.threads[family.variables.indexOf(first!)]!;
    return { kind: 'element', array: own, index: threadOf(thread, bound) };
  }
  if (index.op !== 'read' || family === undefined) throw new Error('an index that names no thread');
  return { kind: 'element', array: own, index: placeOf(index.cell, bound, names) };
}

/** The place that holds a thread's location. */
export function whereOf(thread: ThreadId, bound: BoundThreads, names: SymmetricNames): OpenPlace {
  const of = names.classOf(thread);
  if (of === undefined) return name(names.symbols.at[thread]!);
  return { kind: 'element', array: names.of(of).at, index: threadOf(thread, bound) };
}

/** Is the thread there? */
export const standsAt = (
  thread: ThreadId,
  location: Location,
  bound: BoundThreads,
  names: SymmetricNames,
): OpenExpression => equals(whereOf(thread, bound, names), name(names.locationOf(thread, location)));

function leafOf(x: Expr, bound: BoundThreads, names: SymmetricNames): OpenExpression {
  const inner = (y: Expr) => expressionOf(y, bound, names);
  switch (x.op) {
    case 'read': {
      const { index } = x.cell;
      if (index === undefined || classOf(index, names.symmetry) !== undefined) {
        return placeOf(x.cell, bound, names);
      }
      return { kind: 'call', name: names.symbols.groupOf(x.cell).name, given: [inner(index)] };
    }
    case 'at':
      return chain(
        '|',
        x.locations.map((location) => standsAt(x.thread, location, bound, names)),
      );
    case 'eq': {
      const named = classOf(x.x, names.symmetry) ?? classOf(x.y, names.symmetry);
      if (named !== undefined) return sameName(x.x, x.y, named, bound, names);
      return isOwnerType(x.x, names.program)
        ? sameOwner(x.x, x.y, bound, names)
        : equals(inner(x.x), inner(x.y));
    }
    case 'lt':
    case 'le':
    case 'sub':
    case 'mul':
    case 'div':
    case 'mod':
      return binary(signs[x.op], inner(x.x), inner(x.y));
    default:
      throw new Error(`'${x.op}' is no leaf`);
  }
}

const compound: ReadonlySet<Expr['op']> = new Set(['not', 'and', 'or', 'add', 'if', 'const']);

/** Not as a chain of its own: every thread that it mentions is bound. */
const singleOf = (x: Expr, bound: BoundThreads, names: SymmetricNames): OpenExpression =>
  compound.has(x.op) ? expressionOf(x, bound, names) : leafOf(x, bound, names);

function chainOf(
  all: readonly Expr[],
  op: 'and' | 'or',
  bound: BoundThreads,
  names: SymmetricNames,
): OpenExpression {
  const open = all.flatMap((one) => mentioned(one, names)).find((thread) => !bound.has(thread));
  // Order matters here: the right side may have no value where the left side decides.
  if (open !== undefined && all.some(mayFault)) return unbound(open);
  const found = grouped(all, expressionKind, bound, names);
  if (!found.ok) return unbound(found.unbound);
  const parts = found.groups.map(({ item, each }): OpenExpression => {
    if (each === undefined) return singleOf(item, bound, names);
    const { variable, inner, over } = withEach(each, bound, names);
    const of = names.classOf(each)!;
    const own = singleOf(item, inner, names);
    const body =
      op === 'or'
        ? conjunction([...isOther(variable, of, bound, names), own])
        : disjunction([...isOther(variable, of, bound, names, '='), own]);
    return { kind: 'quantified', word: op === 'or' ? 'exists' : 'forall', over, body };
  });
  return chain(op === 'and' ? '&' : '|', parts);
}

/** The conjunction or disjunction; of one condition, that condition. */
export const conjunction = <H>(all: readonly MurphiExpression<H>[]): MurphiExpression<H> => chain('&', all);
const disjunction = <H>(all: readonly MurphiExpression<H>[]): MurphiExpression<H> => chain('|', all);

function sumOf(all: readonly Expr[], bound: BoundThreads, names: SymmetricNames): OpenExpression {
  const open = all.flatMap((one) => mentioned(one, names)).find((thread) => !bound.has(thread));
  if (open === undefined) {
    return chain(
      '+',
      all.map((one) => expressionOf(one, bound, names)),
    );
  }
  // Equal operands count with their multiplicity.
  if (new Set(all.map(exprKey)).size < all.length) return unbound(open);
  const found = grouped(all, expressionKind, bound, names);
  if (!found.ok) return unbound(found.unbound);
  const parts = found.groups.map(({ item, each }): OpenExpression => {
    if (each === undefined) return expressionOf(item, bound, names);
    const { variable, inner, over } = withEach(each, bound, names);
    const of = names.classOf(each)!;
    return total({
      over,
      others: isOther(variable, of, bound, names),
      value: expressionOf(item, inner, names),
      ...totalBounds(item, of.threads.filter((thread) => !bound.has(thread)).length, names),
      bound: parametersOf(bound, names),
    });
  });
  return chain('+', parts);
}

/** A range that includes all sums of up to `count` such values, and the empty sum. */
function totalBounds(item: Expr, count: number, { program }: SymmetricNames) {
  const { min, max } = rangeOf(item, boundsIn(program.variables));
  return { min: Math.min(0, count * min), max: Math.max(0, count * max) };
}

const isUndefined = <H>(x: MurphiExpression<H>): MurphiExpression<H> => ({
  kind: 'call',
  name: 'isundefined',
  given: [x],
});

/** Do two expressions name the same thread of a class, or both none? */
function sameName(
  x: Expr,
  y: Expr,
  named: ThreadClass,
  bound: BoundThreads,
  names: SymmetricNames,
): OpenExpression {
  const choice = (of: Extract<Expr, { op: 'if' }>, side: (x: Expr) => OpenExpression): OpenExpression => ({
    kind: 'choice',
    x: expressionOf(of.x, bound, names),
    yes: side(of.then),
    no: side(of.else),
  });
  if (x.op === 'if') return choice(x, (side) => sameName(side, y, named, bound, names));
  if (y.op === 'if') return choice(y, (side) => sameName(x, side, named, bound, names));
  if (x.op === 'const' && y.op === 'const') return name(x.value === y.value ? 'true' : 'false');
  if (x.op === 'const') return sameName(y, x, named, bound, names);
  const one = leafOf(x, bound, names);
  if (y.op === 'const') {
    const thread = named.threads[y.value];
    if (thread === undefined) {
      return y.value === names.symmetry.noThread.get(named) ? isUndefined(one) : name('false');
    }
    return conjunction([negation(isUndefined(one)), equals(one, threadOf(thread, bound))]);
  }
  const other = leafOf(y, bound, names);
  return {
    kind: 'choice',
    x: isUndefined(one),
    yes: isUndefined(other),
    no: conjunction([negation(isUndefined(other)), equals(one, other)]),
  };
}

/** Is the owner this thread? No expression compares two variables that hold owners. */
function sameOwner(x: Expr, y: Expr, bound: BoundThreads, names: SymmetricNames): OpenExpression {
  if (x.op === 'const' && y.op !== 'const') return sameOwner(y, x, bound, names);
  if (x.op !== 'read' || x.cell.index !== undefined || y.op !== 'const') throw new Error('two owners');
  const kind = placeOf(x.cell, bound, names);
  const of = y.value > 0 ? names.classOf(y.value - 1) : undefined;
  if (y.value < 0) return name('false');
  if (of === undefined) return equals(kind, constantOf(y.value, y.type, names.symbols));
  const which = placeOf(x.cell, bound, names, of);
  return conjunction([equals(kind, name(names.of(of).kind)), equals(which, threadOf(y.value - 1, bound))]);
}
