// Lowering for any number: settings that are left open. Their values, and indices below them, are rigid variables: no
// step writes them, and no two of them are compared or added while lowering, so what is lowered holds for every value.
//
//   For(NR, (i) => …)       one copy of the body, with a variable i of its actor instead of the numbers 0, 1, 2, …
//   any(NR, (i) => x)       if (i) x else false, where `i` is quantified
//   flags.at(i)             flags[i], of an array with one element that stands for all

import { compute, ifElse, int, parts, read, truth, typeOf, walk } from '../ir/expression.js';
import type { Expr, VariableId } from '../ir/program.js';
import type { Rigid } from './rigid.js';
import type { Scope, World } from './scope.js';

/** Before anything is lowered for any number, from these least values on. */
export const nothingFound = (least: ReadonlyMap<string, number>): NonNullable<World['open']> => ({
  ...{ least, settled: [], leftOut: [], sampled: [] },
});

const rigidIn = (x: Expr, scope: Scope): Rigid | undefined =>
  x.op === 'read' && x.cell.index === undefined
    ? scope.world.state.rigid.get(x.cell.variables[0]!)
    : undefined;

/** The setting whose value the expression is, if it is left open. */
export function openSize(x: Expr, scope: Scope): string | undefined {
  const rigid = rigidIn(x, scope);
  return rigid?.kind === 'size' ? rigid.setting : undefined;
}

/** A new index below the value of a setting. */
export function newIndex(of: Omit<Extract<Rigid, { kind: 'index' }>, 'kind'>, scope: Scope): Expr {
  const id = scope.world.state.rigidVariable(`${of.setting}.${of.role}`, { kind: 'index', ...of });
  return read({ variables: [id] }, 'int');
}

/** The variable of an index that `newIndex` made. */
export const idOfIndex = (x: Expr): VariableId => (x as Extract<Expr, { op: 'read' }>).cell.variables[0]!;

/** Something about every index, some index, or the sum over all indices, with the index that is bound in it. */
export function overAll(quantifier: 'any' | 'all' | 'count', index: Expr, x: Expr): Expr {
  const bound = read({ variables: [idOfIndex(index)] }, 'bool');
  if (quantifier === 'count') return ifElse(bound, ifElse(x, int(1), int(0)), int(0));
  return x.op === 'const' ? x : ifElse(bound, x, truth(quantifier === 'all'));
}

/** Is it a size, an index, or made of such? It has one value as long as loops stand still. */
export function isRigid(x: Expr, scope: Scope): boolean {
  if (scope.world.open === undefined) return false;
  if (x.op === 'const') return true;
  return x.op === 'read'
    ? rigidIn(x, scope) !== undefined
    : x.op !== 'at' && parts(x).every((one) => isRigid(one, scope));
}

/** Does the expression name one index: one that is bound, or a copy's number modulo a size? */
export function namesIndex(x: Expr, scope: Scope): boolean {
  if (x.op === 'mod') return rigidIn(x.x, scope)?.kind === 'index' && openSize(x.y, scope) !== undefined;
  return rigidIn(x, scope)?.kind === 'index' || x.op === 'const';
}

/** The setting below which an index lies. */
function settingOfIndex(x: Expr, scope: Scope): string | undefined {
  if (x.op === 'mod' && namesIndex(x, scope)) return openSize(x.y, scope);
  const rigid = rigidIn(x, scope);
  return rigid?.kind === 'index' ? rigid.setting : undefined;
}

/**
 * A comparison of sizes and indices as a constant, if it does not depend on them; where it does, it stays, and is refused
 * if a step needs it. Comparing two indices is left to the state. An index modulo its own size is itself.
 */
export function settle(x: Expr, scope: Scope): Expr {
  if (x.op === 'mod' && openSize(x.y, scope) !== undefined) {
    const isSmall = x.x.op === 'const' && x.x.value === 0;
    return isSmall || settingOfIndex(x.x, scope) === openSize(x.y, scope) ? x.x : x;
  }
  if (x.op !== 'eq' && x.op !== 'lt' && x.op !== 'le') return x;
  if (typeOf(x.x) !== 'int' || !isRigid(x, scope)) return x;
  if (x.op === 'eq' && namesIndex(x.x, scope) && namesIndex(x.y, scope)) return x;
  const values = new Set<number>();
  for (const sample of samples(x, scope)) values.add(valueIn(x, sample));
  const [value, ...others] = values;
  if (others.length > 0 || value === undefined) return x;
  settleAs(x, value !== 0, scope);
  return truth(value !== 0);
}

/** Solvers are asked whether it is so from the least sizes on. */
function settleAs(x: Expr, value: boolean, { world, at }: Scope): void {
  const { settled, least } = world.open!;
  settled.push({ x, value, least, at });
}

/** How many values of each size are tried. */
const triedMax = 4;

/** The scope for a size that is at least so large. */
export function whereAtLeast(setting: string, size: number, scope: Scope): Scope {
  const { least, ...open } = scope.world.open!;
  const larger = new Map([...least, [setting, Math.max(size, least.get(setting)!)]]);
  return { ...scope, world: { ...scope.world, open: { ...open, least: larger } } };
}

/** Have two expressions of sizes the same value at small ones? Whether they have it at all is asked. */
export function areAlike(x: Expr, y: Expr, scope: Scope): boolean {
  if (![x, y].every((one) => isRigid(one, scope))) return false;
  const both: Expr = { op: 'eq', x, y };
  const isSo = [...samples(both, scope)].every((sample) => valueIn(both, sample) !== 0);
  if (isSo && (x.op !== 'const' || y.op !== 'const')) settleAs(both, true, scope);
  return isSo;
}

/** Small values for all that is rigid in an expression; indices are below their sizes. */
function* samples(x: Expr, scope: Scope): Generator<ReadonlyMap<VariableId, number>> {
  const { state, open } = scope.world;
  const ids = new Set<VariableId>();
  walk(x, (one) => {
    if (one.op === 'read') ids.add(one.cell.variables[0]!);
  });
  const settings = [...new Set([...ids].map((id) => state.rigid.get(id)!.setting))];
  for (const sizes of combinations(settings.map((name) => range(open!.least.get(name)!, triedMax)))) {
    const sizeOf = new Map(settings.map((name, i) => [name, sizes[i]!] as const));
    const each = [...ids].map((id) => {
      const { kind, setting } = state.rigid.get(id)!;
      return kind === 'size' ? [sizeOf.get(setting)!] : range(0, sizeOf.get(setting)!);
    });
    for (const values of combinations(each))
      yield new Map([...ids].map((id, i) => [id, values[i]!] as const));
  }
}

const range = (from: number, length: number): readonly number[] => Array.from({ length }, (_, i) => from + i);

function* combinations(each: readonly (readonly number[])[]): Generator<readonly number[]> {
  const [first, ...rest] = each;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const value of first) for (const others of combinations(rest)) yield [value, ...others];
}

/** The value of an expression of numbers. */
function valueIn(x: Expr, values: ReadonlyMap<VariableId, number>): number {
  const of = (y: Expr) => valueIn(y, values);
  switch (x.op) {
    case 'const':
      return x.value;
    case 'read':
      return values.get(x.cell.variables[0]!)!;
    case 'not':
      return of(x.x) === 0 ? 1 : 0;
    case 'and':
      return of(x.x) === 0 ? 0 : of(x.y);
    case 'or':
      return of(x.x) === 0 ? of(x.y) : 1;
    case 'if':
      return of(of(x.x) === 0 ? x.else : x.then);
    case 'eq':
      return of(x.x) === of(x.y) ? 1 : 0;
    case 'lt':
      return of(x.x) < of(x.y) ? 1 : 0;
    case 'le':
      return of(x.x) <= of(x.y) ? 1 : 0;
    case 'at':
      throw new Error('a place is not rigid');
    default:
      return compute(x.op, of(x.x), of(x.y)) ?? 0;
  }
}
