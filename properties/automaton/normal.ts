// Negation normal form: future formulas over numbered atoms in which only atoms are negated, with no other operators
// than next, until and release. All other operators are expressed by these, with simple simplifications.
//
//   not always (p implies eventually q)   becomes   true U (p & (false R !q))

import { ModelError } from '../../models/language/index.js';
import { type Formula, isPastOperator } from '../language/temporal.js';

/** `key` is the formula as text: equal formulas have equal keys. */
export type Normal = { readonly key: string } & (
  | { readonly op: 'true' | 'false' }
  | { readonly op: 'literal'; readonly atom: number; readonly positive: boolean }
  | { readonly op: 'next'; readonly x: Normal }
  | { readonly op: 'and' | 'or'; readonly x: Normal; readonly y: Normal }
  | { readonly op: 'until'; readonly x: Normal; readonly y: Normal }
  | { readonly op: 'release'; readonly x: Normal; readonly y: Normal }
);

export const True: Normal = { op: 'true', key: 'true' };
export const False: Normal = { op: 'false', key: 'false' };

export const literal = (atom: number, positive: boolean): Normal => ({
  op: 'literal',
  atom,
  positive,
  key: `${positive ? '' : '!'}p${atom}`,
});

export function and(x: Normal, y: Normal): Normal {
  if (x.op === 'false' || y.op === 'true' || x.key === y.key) return x;
  if (y.op === 'false' || x.op === 'true') return y;
  // G x & G y is G (x & y), X x & X y is X (x & y).
  if (isAlways(x) && isAlways(y)) return release(False, and(x.y, y.y));
  if (x.op === 'next' && y.op === 'next') return next(and(x.x, y.x));
  return sorted('and', '&', x, y);
}
export function or(x: Normal, y: Normal): Normal {
  if (x.op === 'true' || y.op === 'false' || x.key === y.key) return x;
  if (y.op === 'true' || x.op === 'false') return y;
  if (isEventually(x) && isEventually(y)) return until(True, or(x.y, y.y));
  if (x.op === 'next' && y.op === 'next') return next(or(x.x, y.x));
  return sorted('or', '|', x, y);
}
function sorted(op: 'and' | 'or', sign: string, x: Normal, y: Normal): Normal {
  const [a, b] = x.key <= y.key ? [x, y] : [y, x];
  return { op, x: a, y: b, key: bounded(`(${a.key} ${sign} ${b.key})`) };
}

/** The operands of `iff` are written twice, once as they are and once negated: such formulas can grow exponentially. */
const keyMax = 500_000;
function bounded(key: string): string {
  if (key.length <= keyMax) return key;
  throw new ModelError(
    "the formula is too large: each 'iff' between formulas about runs doubles what it joins",
  );
}

const next = (x: Normal): Normal =>
  x.op === 'true' || x.op === 'false' ? x : { op: 'next', x, key: bounded(`X ${x.key}`) };

function until(x: Normal, y: Normal): Normal {
  if (y.op === 'true' || y.op === 'false' || x.op === 'false' || x.key === y.key) return y;
  if (isEventually(y) || (isAlways(y) && isEventually(y.y) && x.op === 'true')) return y;
  return { op: 'until', x, y, key: bounded(`(${x.key} U ${y.key})`) };
}
function release(x: Normal, y: Normal): Normal {
  if (y.op === 'true' || y.op === 'false' || x.op === 'true' || x.key === y.key) return y;
  if (isAlways(y) || (isEventually(y) && isAlways(y.y) && x.op === 'false')) return y;
  return { op: 'release', x, y, key: bounded(`(${x.key} R ${y.key})`) };
}

/** Is it an `always`, with its operand on the right side? */
export const isAlways = (x: Normal): x is Extract<Normal, { op: 'release' }> =>
  x.op === 'release' && x.x.op === 'false';
const isEventually = (x: Normal): x is Extract<Normal, { op: 'until' }> =>
  x.op === 'until' && x.x.op === 'true';

/** The formula, or its negation, in normal form; `atom` numbers what it is about. Throws for a past operator. */
export function normalise<A>(formula: Formula<A>, positive: boolean, atom: (x: A) => Normal): Normal {
  const same = (x: Formula<A>) => normalise(x, positive, atom);
  const opposite = (x: Formula<A>) => normalise(x, !positive, atom);
  switch (formula.op) {
    case 'state': {
      const x = atom(formula.x);
      return positive ? x : negate(x);
    }
    case 'not':
      return opposite(formula.x);
    case 'and':
      return (positive ? and : or)(same(formula.x), same(formula.y));
    case 'or':
      return (positive ? or : and)(same(formula.x), same(formula.y));
    case 'implies':
      return (positive ? or : and)(opposite(formula.x), same(formula.y));
    case 'iff': {
      const yes = and(same(formula.x), normalise(formula.y, true, atom));
      const no = and(opposite(formula.x), normalise(formula.y, false, atom));
      return or(yes, no);
    }
    case 'next':
      return next(same(formula.x));
    case 'eventually':
      return positive ? until(True, same(formula.x)) : release(False, same(formula.x));
    case 'always':
      return positive ? release(False, same(formula.x)) : until(True, same(formula.x));
    case 'until':
      return (positive ? until : release)(same(formula.x), same(formula.y));
    case 'release':
      return (positive ? release : until)(same(formula.x), same(formula.y));
    case 'weakUntil': {
      // x W y is y R (x | y).
      const [x, y] = [same(formula.x), same(formula.y)];
      return positive ? release(y, or(x, y)) : until(y, and(x, y));
    }
    case 'leadsTo': {
      const inner = (positive ? or : and)(opposite(formula.x), eventually(same(formula.y), positive));
      return positive ? release(False, inner) : until(True, inner);
    }
    default: {
      if (isPastOperator(formula.op))
        throw new ModelError(`'${formula.op}' cannot contain operators of the future`);
      throw new ModelError(`unknown operator '${formula.op}'`);
    }
  }
}
const eventually = (x: Normal, positive: boolean): Normal => (positive ? until(True, x) : release(False, x));

/** The opposite of a literal or a constant. */
export function negate(x: Normal): Normal {
  if (x.op === 'literal') return literal(x.atom, !x.positive);
  return x.op === 'true' ? False : True;
}

/** Can only a whole run make it true: has it neither until nor eventually? */
export const isSyntacticSafety = (x: Normal): boolean => !uses(x, 'until');
export const uses = (x: Normal, op: Normal['op']): boolean =>
  x.op === op || ('x' in x && uses(x.x, op)) || ('y' in x && uses(x.y, op));

/** The operands of a conjunction; otherwise the formula itself. */
export const conjunctsOf = (x: Normal): readonly Normal[] =>
  x.op === 'and' ? [...conjunctsOf(x.x), ...conjunctsOf(x.y)] : [x];
