// Builds terms and folds constants. An index is always in range here, so no term has a fault.

import type { BoundIndex, Rule, StateTerm } from './program.js';

export const truth = (value: boolean): StateTerm => ({ op: 'const', value: value ? 1 : 0, type: 'bool' });
export const isTrue = (x: StateTerm): boolean => x.op === 'const' && x.type === 'bool' && x.value !== 0;
export const isFalse = (x: StateTerm): boolean => x.op === 'const' && x.type === 'bool' && x.value === 0;

export function not(x: StateTerm): StateTerm {
  if (x.op === 'const') return truth(x.value === 0);
  return x.op === 'not' ? x.x : { op: 'not', x };
}

const joined = (op: 'and' | 'or', xs: readonly StateTerm[]): StateTerm => {
  const flat = xs.flatMap((x) => (x.op === op ? x.xs : [x]));
  const [decides, neutral] = op === 'and' ? [isFalse, isTrue] : [isTrue, isFalse];
  if (flat.some(decides)) return truth(op === 'or');
  const rest = flat.filter((x) => !neutral(x));
  if (rest.length === 0) return truth(op === 'and');
  return rest.length === 1 ? rest[0]! : { op, xs: rest };
};
export const and = (...xs: readonly StateTerm[]): StateTerm => joined('and', xs);
export const or = (...xs: readonly StateTerm[]): StateTerm => joined('or', xs);
export const implies = (x: StateTerm, y: StateTerm): StateTerm => or(not(x), y);

export function equal(x: StateTerm, y: StateTerm): StateTerm {
  if (x.op === 'const' && y.op === 'const') return truth(x.value === y.value);
  if (sameTerm(x, y)) return truth(true);
  const [a, b] = x.op === 'const' ? [y, x] : [x, y];
  if (b.op === 'const' && b.type === 'bool') return b.value === 0 ? not(a) : a;
  return { op: 'eq', x: a, y: b };
}

export function ifElse(x: StateTerm, then: StateTerm, otherwise: StateTerm): StateTerm {
  if (x.op === 'const') return x.value === 0 ? otherwise : then;
  if (isTrue(then) && isFalse(otherwise)) return x;
  if (isFalse(then) && isTrue(otherwise)) return not(x);
  return sameTerm(then, otherwise) ? then : { op: 'if', x, then, else: otherwise };
}

export const all = (bound: BoundIndex, x: StateTerm): StateTerm =>
  x.op === 'const' ? x : { op: 'all', bound, x };
export const any = (bound: BoundIndex, x: StateTerm): StateTerm =>
  x.op === 'const' ? x : { op: 'any', bound, x };

/** Terms are plain data with a few shared objects, compared by their names. */
export const keyOf = (x: StateTerm): string =>
  JSON.stringify(x, (key, value) =>
    key === 'fun' || key === 'family' ? (value as { readonly name: string }).name : value,
  );
const sameTerm = (x: StateTerm, y: StateTerm): boolean => x === y || keyOf(x) === keyOf(y);

export function parts(x: StateTerm): readonly StateTerm[] {
  switch (x.op) {
    case 'read':
      return x.args;
    case 'at':
    case 'actor':
      return x.member === undefined ? [] : [x.member];
    case 'modulo':
    case 'not':
    case 'all':
    case 'any':
    case 'sum':
      return [x.x];
    case 'and':
    case 'or':
      return x.xs;
    case 'eq':
    case 'lt':
    case 'le':
    case 'add':
    case 'sub':
    case 'mul':
      return [x.x, x.y];
    case 'if':
      return [x.x, x.then, x.else];
    default:
      return [];
  }
}

export function walk(x: StateTerm, visit: (x: StateTerm) => void): void {
  visit(x);
  for (const part of parts(x)) walk(part, visit);
}

/** Rebuilds a term: what `of` gives stands for a part; where it gives nothing, its own parts are looked at. */
export function substitute(x: StateTerm, of: (x: StateTerm) => StateTerm | undefined): StateTerm {
  const other = of(x);
  if (other !== undefined) return other;
  const inner = (y: StateTerm) => substitute(y, of);
  switch (x.op) {
    case 'read':
      return { ...x, args: x.args.map(inner) };
    case 'at':
    case 'actor':
      return x.member === undefined ? x : { ...x, member: inner(x.member) };
    case 'modulo':
    case 'sum':
      return { ...x, x: inner(x.x) };
    case 'not':
      return not(inner(x.x));
    case 'all':
      return all(x.bound, inner(x.x));
    case 'any':
      return any(x.bound, inner(x.x));
    case 'and':
      return and(...x.xs.map(inner));
    case 'or':
      return or(...x.xs.map(inner));
    case 'eq':
      return equal(inner(x.x), inner(x.y));
    case 'lt':
    case 'le':
    case 'add':
    case 'sub':
    case 'mul':
      return { ...x, x: inner(x.x), y: inner(x.y) };
    case 'if':
      return ifElse(inner(x.x), inner(x.then), inner(x.else));
    default:
      return x;
  }
}

/** Puts terms in the place of variables, by their names. */
export const replaced = (x: StateTerm, by: ReadonlyMap<string, StateTerm>): StateTerm =>
  substitute(x, (y) => (y.op === 'var' ? by.get(y.name) : undefined));

/** Does a step change anything that the condition reads? */
export function isTouched(x: StateTerm, rule: Rule): boolean {
  const written = new Set(rule.updates.map(({ fun }) => fun));
  let touched = false;
  walk(x, (one) => {
    if (one.op === 'read' && written.has(one.fun)) touched = true;
    if (one.op === 'at' && one.family === rule.family) {
      if (one.locations.includes(rule.from) !== one.locations.includes(rule.to)) touched = true;
    }
  });
  return touched;
}
