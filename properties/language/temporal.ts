// Formulas of linear temporal logic with past, over atoms of any kind: the model's trees before lowering, `Expr`
// after. A formula is true or false at a position of an infinite run; a run that ends repeats its last state.
//
//   always (p implies eventually q)     position   0  1  2  2  2 …      p at 0, q at 2: true

export type UnaryTemporal = FutureUnary | PastUnary;
type FutureUnary = 'next' | 'eventually' | 'always';
/** `previously` is false at position 0; `once` and `historically` include the present. */
type PastUnary = 'previously' | 'once' | 'historically';
/**
 * `until` requires that its right side becomes true, `weakUntil` does not. `release`: the right side holds up to and
 * including where the left does, or for ever. `leadsTo`: always (x implies eventually y).
 */
export type FutureBinary = 'until' | 'weakUntil' | 'release' | 'leadsTo';
/** `x since y`: y was true at some position, and x at every later one up to now. */
export type PastBinary = 'since';

export type Formula<A> =
  | { readonly op: 'state'; readonly x: A }
  | { readonly op: 'not' | UnaryTemporal; readonly x: Formula<A> }
  | {
      readonly op: 'and' | 'or' | 'implies' | 'iff' | FutureBinary | PastBinary;
      readonly x: Formula<A>;
      readonly y: Formula<A>;
    };

export const state = <A>(x: A): Formula<A> => ({ op: 'state', x });

/** The formulas directly inside a formula. */
export function operands<A>(formula: Formula<A>): readonly Formula<A>[] {
  if (formula.op === 'state') return [];
  return 'y' in formula ? [formula.x, formula.y] : [formula.x];
}

/** The atoms of a formula, from left to right. Example: `atomsOf(formula).length === 1` */
export const atomsOf = <A>(formula: Formula<A>): readonly A[] =>
  formula.op === 'state' ? [formula.x] : operands(formula).flatMap((inner) => atomsOf(inner));

/** The same formula over other atoms. */
export function mapAtoms<A, B>(formula: Formula<A>, atom: (x: A) => Formula<B>): Formula<B> {
  if (formula.op === 'state') return atom(formula.x);
  const x = mapAtoms(formula.x, atom);
  return 'y' in formula ? { op: formula.op, x, y: mapAtoms(formula.y, atom) } : { op: formula.op, x };
}

const past: ReadonlySet<string> = new Set(['previously', 'once', 'historically', 'since']);
const future: ReadonlySet<string> = new Set([
  ...['next', 'eventually', 'always', 'until', 'weakUntil', 'release', 'leadsTo'],
]);

export const isPastOperator = (op: string): op is PastUnary | PastBinary => past.has(op);
export const isFutureOperator = (op: string): op is FutureUnary | FutureBinary => future.has(op);

/** Does an operator that fits occur anywhere in the formula? */
export const mentions = <A>(formula: Formula<A>, fits: (op: string) => boolean): boolean =>
  fits(formula.op) || operands(formula).some((inner) => mentions(inner, fits));

const words: { readonly [op: string]: string } = { weakUntil: 'weak until', leadsTo: 'leads to' };

/**
 * A formula in words: `always (p implies eventually q)`; `atom` writes what it is about.
 * Example: `formulaText(formula, (x) => exprText(x, program)) === 'eventually (counter == 2)'`
 */
export function formulaText<A>(formula: Formula<A>, atom: (x: A) => string): string {
  const inner = (x: Formula<A>): string => {
    const text = formulaText(x, atom);
    return /^[\w[\].]+$/.test(text) ? text : `(${text})`;
  };
  if (formula.op === 'state') return atom(formula.x);
  const word = words[formula.op] ?? formula.op;
  return 'y' in formula ? `${inner(formula.x)} ${word} ${inner(formula.y)}` : `${word} ${inner(formula.x)}`;
}
