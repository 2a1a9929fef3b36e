// What candidates for invariants are made of: simple conditions on the shared state, on one element of an array, and on
// the member of a family that stands at a place.

import { boundsOf } from '../ir/expression.js';
import { standsAt, variable } from './clauses.js';
import type { BoundIndex, Family, Fun, Parameterised, Sort, StateTerm } from './program.js';
import { equal, keyOf, parts, replaced, walk } from './term.js';

/** The element that a condition is about. */
export const elementOf = (sort: Sort): BoundIndex => ({ name: 'm', sort });

/** Conditions on the value of a function. */
function onValue(fun: Fun, args: readonly StateTerm[]): readonly StateTerm[] {
  const read: StateTerm = { op: 'read', fun, args };
  const { range } = fun;
  if (range.kind === 'bool') return [read];
  if (range.kind === 'owner') return [equal(read, { op: 'nobody' })];
  if (range.kind !== 'enum' && (range.kind !== 'int' || fun.isCounter)) return [];
  const { min, max } = boundsOf(range);
  if (max - min > 7) return [];
  const type = range.kind === 'enum' ? range.values : 'int';
  return Array.from({ length: max - min + 1 }, (_, i) => equal(read, { op: 'const', value: min + i, type }));
}

const isShared = ({ kind }: Fun): boolean => kind === 'shared';
const isSelf = (x: StateTerm): boolean => x.op === 'var' && x.name === 'self';

/** About the shared state that has no index. */
export function groundAtoms({ funs, rules }: Parameterised): readonly StateTerm[] {
  const simple = funs
    .filter((fun) => isShared(fun) && fun.args.length === 0)
    .flatMap((fun) => onValue(fun, []));
  const asked = rules
    .flatMap(({ guard }) => atomsIn(guard))
    .filter((x) => freeIn(x).size === 0 && isOfShared(x));
  return distinct([...simple, ...asked]);
}

/** Does a condition read no variable of an actor? A single actor's have no index, so they look like shared ones. */
function isOfShared(x: StateTerm): boolean {
  let shared = true;
  walk(x, (one) => {
    if (one.op === 'read' && one.fun.kind !== 'shared' && one.fun.kind !== 'share') shared = false;
  });
  return shared;
}

/** About one element. */
export function elementAtoms(sort: Sort, { funs }: Parameterised): readonly StateTerm[] {
  const m = variable(elementOf(sort));
  const simple = funs
    .filter((fun) => isShared(fun) && fun.args.join() === sort)
    .flatMap((fun) => onValue(fun, [m]));
  return distinct(simple);
}

/** The indices that a member of a family names in its steps, but for those that it chooses. */
function indicesOf(family: Family, { rules }: Parameterised): readonly StateTerm[] {
  const found: StateTerm[] = [];
  const visit = (x: StateTerm) =>
    walk(x, (one) => {
      const isIndex =
        one.op === 'modulo' || one.op === 'first' || (one.op === 'read' && one.fun.range.kind === 'index');
      if (isIndex && [...freeIn(one)].every((name) => name === 'self')) found.push(one);
      if (one.op === 'read' && isShared(one.fun)) found.push(...one.args.filter(isSelf));
    });
  for (const { family: whose, guard, updates } of rules) {
    if (whose !== family) continue;
    visit(guard);
    for (const { fun, args, value } of updates) {
      if (isShared(fun)) found.push(...args.filter(isSelf));
      for (const x of [...args, value]) visit(x);
    }
  }
  return distinct(found);
}

/** About a member: its own variables, what its guards ask, and the elements that it names. */
export function memberAtoms(family: Family, program: Parameterised): readonly StateTerm[] {
  const { op: _, ...at } = standsAt(family, []) as Extract<StateTerm, { op: 'at' }>;
  const members = at.member === undefined ? [] : [at.member];
  const own = program.funs
    .filter(
      ({ kind, family: of, args }) => kind === 'local' && of === family && args.length === members.length,
    )
    .flatMap((fun) => onValue(fun, members));
  const asked = program.rules
    .filter((rule) => rule.family === family)
    .flatMap(({ guard }) => atomsIn(guard))
    .filter((x) => [...freeIn(x)].every((name) => name === 'self'));
  const named = indicesOf(family, program).flatMap((index) => {
    const sort = (index as { readonly sort?: Sort }).sort ?? (index as { readonly fun: Fun }).fun.range;
    const of = typeof sort === 'string' ? sort : (sort as { readonly sort: Sort }).sort;
    return elementAtoms(of, program).map((x) => replaced(x, new Map([['m', index]])));
  });
  return distinct([...groundAtoms(program), ...own, ...named, ...asked]);
}

/** The conditions that a guard is made of. */
function atomsIn(x: StateTerm): readonly StateTerm[] {
  if (x.op === 'and' || x.op === 'or' || x.op === 'not') return parts(x).flatMap(atomsIn);
  return x.op === 'const' ? [] : [x];
}

/** The names of the variables that are not bound in a term. */
export function freeIn(x: StateTerm): ReadonlySet<string> {
  if (x.op === 'var') return new Set([x.name]);
  const inner = new Set(parts(x).flatMap((part) => [...freeIn(part)]));
  if (x.op === 'all' || x.op === 'any' || x.op === 'sum') inner.delete(x.bound.name);
  return inner;
}

function distinct(xs: readonly StateTerm[]): readonly StateTerm[] {
  return [...new Map(xs.map((x) => [keyOf(x), x])).values()];
}

/** Is it about one state of few variables: no quantifier, no place, no lock, and no counter that grows? */
export function isPlain(x: StateTerm): boolean {
  let plain = true;
  walk(x, (one) => {
    if (['all', 'any', 'sum', 'at', 'nobody', 'actor'].includes(one.op)) plain = false;
    if (one.op === 'read' && one.fun.isCounter) plain = false;
  });
  return plain;
}
