// Expressions over the state, as data. `pmd.is('none')` builds a tree and computes nothing; what it means is
// decided when a model is lowered. The classes are typed handles on the trees: Bool, Int, Enum.

import { ModelError } from './location.js';

/** A variable, or a part of one: `page[1]._mapcount` is { name: 'page', path: [1, '_mapcount'] }. */
export interface Place {
  readonly name: string;
  /** Field names and index expressions, outermost first. */
  readonly path: readonly (string | ExprNode)[];
  /** Set for a local: the procedure that owns it. Every actor has a copy of its own. */
  readonly procedure?: string;
}

export type ExprNode =
  | { readonly op: 'const'; readonly value: number | boolean | string }
  | { readonly op: 'setting'; readonly name: string }
  | { readonly op: 'read'; readonly place: Place }
  /** The variable of a quantifier, a `For` or a `Choose`. */
  | { readonly op: 'bound'; readonly id: symbol }
  /** Does the running actor own the lock at `place`? */
  | { readonly op: 'owned'; readonly place: Place }
  | { readonly op: 'owned by'; readonly place: Place; readonly actor: string; readonly copy: ExprNode }
  | { readonly op: 'free'; readonly place: Place }
  /** Does the running actor own any lock of this kind? */
  /** Of the kind, or any whose waiters spin. */
  | { readonly op: 'owns any'; readonly kind?: string }
  | { readonly op: 'at'; readonly actor: string; readonly copy: ExprNode; readonly label: string }
  | { readonly op: 'done'; readonly actor: string; readonly copy: ExprNode }
  | { readonly op: 'dead'; readonly actor: string; readonly copy: ExprNode }
  /** Is every actor done or at rest, and can no step be taken? */
  | { readonly op: 'finished' }
  | { readonly op: 'not'; readonly x: ExprNode }
  /** As x, but told by its name. */
  | { readonly op: 'called'; readonly name: string; readonly x: ExprNode }
  | { readonly op: BinaryOperator; readonly x: ExprNode; readonly y: ExprNode }
  | { readonly op: 'if'; readonly x: ExprNode; readonly then: ExprNode; readonly else: ExprNode }
  | { readonly op: Quantifier; readonly length: ExprNode; readonly id: symbol; readonly x: ExprNode }
  /** A quantifier over the copies of an actor. */
  | { readonly op: Quantifier; readonly actor: string; readonly id: symbol; readonly x: ExprNode };

export type BinaryOperator = 'eq' | 'lt' | 'le' | 'and' | 'or' | 'add' | 'sub' | 'mul' | 'div' | 'mod';
export type Quantifier = 'any' | 'all' | 'count';

declare const $value: unique symbol;

/** An expression of type V. Its value exists only while a model is being checked. */
export class Expr<V> {
  declare readonly [$value]: V;
  readonly node: ExprNode;

  constructor(node: ExprNode) {
    this.node = node;
  }

  /** `a < b`, `${a}` and `a + 1` would run now, while the model is being built: refuse them. */
  [Symbol.toPrimitive](): never {
    throw new TypeError('an expression has no value while the model is built; use .eq(), .lt(), .plus() …');
  }
}

export class Bool extends Expr<boolean> {
  and(y: Bool): Bool {
    return new Bool({ op: 'and', x: this.node, y: y.node });
  }
  or(y: Bool): Bool {
    return new Bool({ op: 'or', x: this.node, y: y.node });
  }
  implies(y: Bool): Bool {
    return not(this).or(y);
  }
  /** The same condition, told by a name: `page_mapped(page)` instead of every counter it reads. */
  called(name: string): Bool {
    return new Bool({ op: 'called', name, x: this.node });
  }
  /** Both true or both false. */
  eq(y: boolean | Bool): Bool {
    return new Bool({ op: 'eq', x: this.node, y: boolNode(y) });
  }
}

export class Int extends Expr<number> {
  eq(y: number | Int): Bool {
    return new Bool({ op: 'eq', x: this.node, y: intNode(y) });
  }
  ne(y: number | Int): Bool {
    return not(this.eq(y));
  }
  lt(y: number | Int): Bool {
    return new Bool({ op: 'lt', x: this.node, y: intNode(y) });
  }
  le(y: number | Int): Bool {
    return new Bool({ op: 'le', x: this.node, y: intNode(y) });
  }
  gt(y: number | Int): Bool {
    return not(this.le(y));
  }
  ge(y: number | Int): Bool {
    return not(this.lt(y));
  }
  plus(y: number | Int): Int {
    return new Int({ op: 'add', x: this.node, y: intNode(y) });
  }
  minus(y: number | Int): Int {
    return new Int({ op: 'sub', x: this.node, y: intNode(y) });
  }
  times(y: number | Int): Int {
    return new Int({ op: 'mul', x: this.node, y: intNode(y) });
  }
  /** Rounded toward zero, as in C. Dividing by zero is a model error with a trace. */
  dividedBy(y: number | Int): Int {
    return new Int({ op: 'div', x: this.node, y: intNode(y) });
  }
  /** With the sign of the dividend, as `%` in C. */
  mod(y: number | Int): Int {
    return new Int({ op: 'mod', x: this.node, y: intNode(y) });
  }
}

export class Enum<V extends string> extends Expr<V> {
  is(y: NoInfer<V> | Enum<V>): Bool {
    return new Bool({ op: 'eq', x: this.node, y: enumNode(y) });
  }
  isnt(y: NoInfer<V> | Enum<V>): Bool {
    return not(this.is(y));
  }
  /** Is it one of these? */
  isIn(...values: readonly NoInfer<V>[]): Bool {
    return anyOf(...values.map((value) => this.is(value)));
  }
}

export const intNode = (y: number | Int): ExprNode => (y instanceof Int ? y.node : { op: 'const', value: y });
export const boolNode = (y: boolean | Bool): ExprNode =>
  y instanceof Bool ? y.node : { op: 'const', value: y };
export const enumNode = <V extends string>(y: V | Enum<V>): ExprNode =>
  y instanceof Enum ? y.node : { op: 'const', value: y };

export const not = (x: Bool): Bool => new Bool({ op: 'not', x: x.node });
export const yes = new Bool({ op: 'const', value: true });
export const no = new Bool({ op: 'const', value: false });

/** True when all are true; `allOf()` is true. */
export const allOf = (...xs: readonly Bool[]): Bool => xs.reduce((x, y) => x.and(y), yes);
/** True when one is true; `anyOf()` is false. */
export const anyOf = (...xs: readonly Bool[]): Bool => xs.reduce((x, y) => x.or(y), no);

/** `cond ? x : y`. */
export function ifElse(cond: Bool, x: number | Int, y: number | Int): Int;
export function ifElse<const V extends string>(cond: Bool, x: V | Enum<V>, y: V | Enum<V>): Enum<V>;
export function ifElse(
  cond: Bool,
  x: number | string | Int | Enum<string>,
  y: number | string | Int | Enum<string>,
): Int | Enum<string> {
  const node = (of: typeof x): ExprNode => (of instanceof Expr ? of.node : { op: 'const', value: of });
  const both = { op: 'if', x: cond.node, then: node(x), else: node(y) } as const;
  return typeof x === 'string' || x instanceof Enum ? new Enum(both) : new Int(both);
}

/** What a quantifier ranges over, and the variable that stands for one of them. */
export type Binder = { readonly id: symbol } & (
  | { readonly length: ExprNode }
  /** The copies of an actor. */
  | { readonly actor: string }
);

/** A statement about a run, as the properties' language makes them: a quantifier ranges over these as well. */
export interface Statement {
  readonly formula: unknown;
  readonly temporal: true;
}
export type About<T extends Statement> = Pick<T, keyof Statement>;

/** For internal use: `any` or `all` over a condition, or over a statement about a run. */
export function quantified(
  quantifier: 'any' | 'all',
  binder: Binder,
  body: Bool | Statement,
): Bool & Statement {
  // What comes out is what went in: the overloads of any() and all() say so.
  if (body instanceof Bool) return new Bool({ op: quantifier, ...binder, x: body.node }) as Bool & Statement;
  const x = { kind: 'each', quantifier, binder, x: body.formula };
  return { formula: { op: 'state', x }, temporal: true } as unknown as Bool & Statement;
}

/** For internal use: how many of them make the condition true. */
export function counted(binder: Binder, body: Bool): Int {
  if (!(body instanceof Bool)) throw new ModelError('count() takes a condition on the state');
  return new Int({ op: 'count', ...binder, x: body.node });
}

const over = <T>(length: number | Int, x: (i: Int) => T): readonly [Binder, T] => {
  const id = Symbol('i');
  return [{ length: intNode(length), id }, x(new Int({ op: 'bound', id }))];
};
/** Is x(i) true for some i in 0 … length - 1? */
export function any(length: number | Int, x: (i: Int) => Bool): Bool;
export function any<T extends Statement>(length: number | Int, x: (i: Int) => T): About<T>;
export function any(length: number | Int, x: (i: Int) => Bool | Statement): Bool | Statement {
  return quantified('any', ...over(length, x));
}
/** Is x(i) true for every i in 0 … length - 1? */
export function all(length: number | Int, x: (i: Int) => Bool): Bool;
export function all<T extends Statement>(length: number | Int, x: (i: Int) => T): About<T>;
export function all(length: number | Int, x: (i: Int) => Bool | Statement): Bool | Statement {
  return quantified('all', ...over(length, x));
}
/** For how many i in 0 … length - 1 is x(i) true? */
export const count = (length: number | Int, x: (i: Int) => Bool): Int => counted(...over(length, x));

/** Does the running actor own a lock of this kind (`owner(kind)`)? */
export const ownsAny = (kind: string): Bool => new Bool({ op: 'owns any', kind });
/** Does the running actor own a lock whose waiters spin (`owner(kind, { spins: true })`)? It must not sleep then. */
export const ownsAnySpinning = (): Bool => new Bool({ op: 'owns any' });
