// Temporal formulas as data. `leadsTo(wants, holds)` builds a tree and computes nothing; operands are conditions on
// the state or formulas themselves. What is true of a whole run becomes a property by `property(formula)`.

import {
  type Binder,
  Bool,
  created,
  describe,
  dropped,
  type ExprNode,
  exactly,
  ModelError,
  requireActor,
  requireText,
} from '../../models/language/index.js';
import type { Formula, FutureBinary, PastBinary, UnaryTemporal } from './temporal.js';

/** An atom of a formula of a model: a condition on the state, or whether an actor can take a step. */
export type AtomNode =
  | { readonly kind: 'condition'; readonly node: ExprNode }
  | {
      readonly kind: 'enabled';
      readonly actor: string;
      readonly copy: ExprNode;
      /** Only the steps of this label; all the actor's steps if absent. */
      readonly label: string | undefined;
    }
  /** A statement about each of several items: about all of them, or at least one. */
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
/** A condition on the state is a formula too: it is about the present. */
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

/** x is true now or at some later position. Example: `eventually(flag)` */
export const eventually = exactly('eventually', unary('eventually'));
/** x is true at the next position. Example: `implies(flag, next(not(flag)))` */
export const next = exactly('next', unary('next'));
/** x stays true until y is, and y does come true. Example: `until(flag, n.eq(0))` */
export const until = exactly('until', binary('until'));
/** x stays true until y is, or for ever. Example: `weakUntil(not(flag), n.gt(0))` */
export const weakUntil = exactly('weakUntil', binary('weakUntil'));
/** y stays true up to and including where x is, or for ever. Example: `release(flag, n.eq(0))` */
export const release = exactly('release', binary('release'));
/** Whenever x is true, y is true then or later. Example: `leadsTo(flag, n.eq(0))` */
export const leadsTo = exactly('leadsTo', binary('leadsTo'));

/** x is true now or was at some position before. Example: `implies(n.gt(0), once(flag))` */
export const once = exactly('once', unary('once'));
/** x is true now and was at every position before. Example: `implies(flag, historically(n.eq(0)))` */
export const historically = exactly('historically', unary('historically'));
/** x was true at the position before; false at the first. Example: `implies(flag, previously(not(flag)))` */
export const previously = exactly('previously', unary('previously'));
/** y is or was true, and x has been true ever since. Example: `since(n.gt(0), flag)` */
export const since = exactly('since', binary('since'));

/**
 * The formula is false. The connectives of conditions are methods of Bool.
 * Example: `negation(eventually(flag))`
 */
export const negation = exactly('negation', unary('not'));
/** Are both true? Example: `both(eventually(flag), eventually(n.gt(0)))` */
export const both = exactly('both', binary('and'));
/** Is at least one true? Example: `either(eventually(flag), always(n.eq(0)))` */
export const either = exactly('either', binary('or'));
/** Is y true where x is? Example: `implies(flag, eventually(n.eq(0)))` */
export const implies = exactly('implies', binary('implies'));
/** Are both true, or both false? Example: `equivalent(flag, once(n.gt(0)))` */
export const equivalent = exactly('equivalent', binary('iff'));

/**
 * Can the actor take a step: any at all, or one that has the label?
 * Example: `enabled(worker, 'truncate.zap')`
 */
export const enabled = exactly(
  'enabled',
  <L extends string>(
    actor: { readonly name: string; readonly copy: ExprNode; at(label: L): Bool },
    label?: NoInfer<L>,
  ): Temporal => {
    requireActor(actor, 'enabled(actor)');
    if (label !== undefined) requireText(label, 'the label of enabled(actor, label)');
    return temporal({ op: 'state', x: { kind: 'enabled', actor: actor.name, copy: actor.copy, label } });
  },
);
