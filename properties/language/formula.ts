// Temporal formulas as data. `leadsTo(wants, holds)` builds a tree and computes nothing; operands are conditions on
// the state or formulas themselves. What is true of a whole run becomes a property by `property(formula)`.

import {
  type Binder,
  Bool,
  created,
  describe,
  dropped,
  type ExprNode,
  ModelError,
  requireActor,
  requireText,
} from '../../models/language/index.js';
import type { Formula, FutureBinary, PastBinary, UnaryTemporal } from './temporal.js';

/** What a formula of a model is about: a condition on the state, or whether an actor can take a step. */
export type AtomNode =
  | { readonly kind: 'condition'; readonly node: ExprNode }
  | {
      readonly kind: 'enabled';
      readonly actor: string;
      readonly copy: ExprNode;
      /** Only the steps of this label; all the actor's steps if absent. */
      readonly label: string | undefined;
    }
  /** A statement about each of several: of all of them, or of one at least. */
  | {
      readonly kind: 'each';
      readonly quantifier: 'any' | 'all';
      readonly binder: Binder;
      readonly x: FormulaNode;
    };
export type FormulaNode = Formula<AtomNode>;

/** A statement about a run, seen from one position of it. */
export interface Temporal {
  readonly formula: FormulaNode;
  readonly temporal: true;
}
/** A condition on the state is a formula too: it speaks of the present. */
export type Operand = Bool | Temporal;

export const formulaOf = (x: Operand): FormulaNode =>
  x instanceof Bool
    ? { op: 'state', x: { kind: 'condition', node: x.node } }
    : (partOf(x).formula ?? refuse(x));

const partOf = (x: Temporal): Partial<Temporal> => Object(x);
const refuse = (x: unknown): never => {
  throw new ModelError(`a formula or a condition is expected, not ${describe(x)}`);
};

const temporal = (formula: FormulaNode): Temporal => ({
  formula: created(formula, dropped.formula),
  temporal: true,
});
const unary =
  (op: 'not' | UnaryTemporal) =>
  (x: Operand): Temporal =>
    temporal({ op, x: formulaOf(x) });
const binary =
  (op: 'and' | 'or' | 'implies' | 'iff' | FutureBinary | PastBinary) =>
  (x: Operand, y: Operand): Temporal =>
    temporal({ op, x: formulaOf(x), y: formulaOf(y) });

/** x is true now or at some later position. */
export const eventually = unary('eventually');
/** x is true at the next position. */
export const next = unary('next');
/** x stays true until y is, and y does come true. */
export const until = binary('until');
/** x stays true until y is, or for ever. */
export const weakUntil = binary('weakUntil');
/** y stays true up to and including where x is, or for ever. */
export const release = binary('release');
/** Whenever x is true, y is true then or later. */
export const leadsTo = binary('leadsTo');

/** x is true now or was at some position before. */
export const once = unary('once');
/** x is true now and was at every position before. */
export const historically = unary('historically');
/** x was true at the position before; false at the first. */
export const previously = unary('previously');
/** y is or was true, and x has been true ever since. */
export const since = binary('since');

/** Connectives over formulas; those of conditions are methods of Bool. */
export const negation = unary('not');
export const both = binary('and');
export const either = binary('or');
export const implies = binary('implies');
export const equivalent = binary('iff');

/** Can the actor take a step: any at all, or one that has the label? */
export const enabled = <L extends string>(
  actor: { readonly name: string; readonly copy: ExprNode; at(label: L): Bool },
  label?: NoInfer<L>,
): Temporal => {
  requireActor(actor, 'enabled(actor)');
  if (label !== undefined) requireText(label, 'the label of enabled(actor, label)');
  return temporal({ op: 'state', x: { kind: 'enabled', actor: actor.name, copy: actor.copy, label } });
};
