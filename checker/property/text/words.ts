// The words of the text language of formulas: the spellings of each operator, which no name may have unless it is
// quoted.

import type { Formula } from '../../../properties/language/temporal.js';
import type { Arithmetic } from '../../ir/expression.js';
import type { Expr } from '../../ir/program.js';

export type FormulaOp = Exclude<Formula<Expr>['op'], 'state'>;

/** Between two formulas; bind tighter than `&&`. */
export const binaryWords: { readonly [word: string]: FormulaOp } = {
  ...{ U: 'until', until: 'until', W: 'weakUntil', weakUntil: 'weakUntil', R: 'release', release: 'release' },
  ...{ S: 'since', since: 'since' },
};
/** Before a formula. */
export const unaryWords: { readonly [word: string]: FormulaOp } = {
  ...{ not: 'not', G: 'always', '[]': 'always', always: 'always', F: 'eventually', '<>': 'eventually' },
  ...{ eventually: 'eventually', X: 'next', next: 'next', never: 'not', O: 'once', once: 'once' },
  ...{ H: 'historically', historically: 'historically', Y: 'previously', previously: 'previously' },
};
/** Between two formulas; bind looser than `||`, and nest to the right. */
export const implyWords: { readonly [word: string]: FormulaOp } = {
  ...{ '->': 'implies', '=>': 'implies', implies: 'implies', '~>': 'leadsTo', leadsTo: 'leadsTo' },
};
export const sums: { readonly [sign: string]: Arithmetic } = { '+': 'add', '-': 'sub' };
export const products: { readonly [sign: string]: Arithmetic } = { '*': 'mul', '/': 'div', '%': 'mod' };
export const comparisons = ['==', '!=', '<', '<=', '>', '>='] as const;

export const reserved: ReadonlySet<string> = new Set([
  ...Object.keys({ ...binaryWords, ...unaryWords, ...implyWords }),
  ...['and', 'or', 'iff', 'at', 'is', 'enabled'],
]);
