// Expressions over the state, as data. `pmd.is('none')` builds a tree and computes nothing; lowering gives it its
// meaning. The classes are typed handles on the trees: Bool, Int, Enum.

import { exactly, refuseMore, refuseMoreArguments } from './arity.js';
import { created, dropped } from './creation.js';
import { ModelError } from './location.js';
import type { LoadOrder } from './order.js';

/** A variable, or a part of one: `page[1]._mapcount` is { name: 'page', path: [1, '_mapcount'] }. */
export interface Place {
  readonly name: string;
  /** Field names and index expressions, outermost first. */
  readonly path: readonly (string | ExprNode)[];
  /** Set for a local: the procedure that owns it. Every actor has a copy of its own. */
  readonly procedure?: string;
  /** Set for a variable of each actor, or each CPU: whose variable it is. */
  readonly each?: {
    readonly family: EachFamily;
    readonly whom: ExprNode;
  };
  /** Set for all latches of a group, wherever they are: the group. */
  readonly group?: object;
  /** Set for a place in a pool: its domain, which identifies the pool in the model's state, whatever `name` is. */
  readonly pool?: object;
}

/** A variable of each actor, or each CPU. */
export interface EachFamily {
  readonly name: string;
  readonly domain: object;
  readonly by: 'actor' | 'cpu';
  /** While it is not 0, its actor must not sleep. */
  readonly forbidsSleep?: true;
  /** Reported where its actor is done while it is not 0. */
  readonly keptMessage?: string;
}

/** Conditions of the running actor on its context. */
export type ContextQuestion = 'may sleep' | 'is preemptible' | 'in interrupt' | 'has interrupts off';

export type ExprNode =
  | { readonly op: 'const'; readonly value: number | boolean | string }
  | { readonly op: 'setting'; readonly name: string }
  /** The slot of the pool that the pointer means, -1 for NULL. */
  | { readonly op: 'slot'; readonly pool: object; readonly x: ExprNode }
  /** The pointer to a slot of the pool. */
  | { readonly op: 'address'; readonly pool: object; readonly x: ExprNode }
  | { readonly op: 'read'; readonly place: Place }
  /** The variable of a quantifier, a `For` or a `Choose`. */
  | { readonly op: 'bound'; readonly id: symbol }
  /** Does the running actor own the lock at `place`? */
  | { readonly op: 'owned'; readonly place: Place }
  | { readonly op: 'owned by'; readonly place: Place; readonly whom: ExprNode }
  /** The running actor. */
  | { readonly op: 'self' }
  | { readonly op: 'actor'; readonly actor: string; readonly copy: ExprNode }
  /** The number of the actor that x means, in a place of which each actor has one. */
  | { readonly op: 'whose'; readonly x: ExprNode }
  | { readonly op: 'free'; readonly place: Place }
  /** Does the running actor own any lock of this kind? */
  /** Of the kind, or any whose waiters spin. */
  | { readonly op: 'owns any'; readonly kind?: string }
  /** Is a latch at `place`, or one of its group, still set? */
  | { readonly op: 'armed'; readonly place: Place }
  /** Is the running actor an interrupt that has begun and not ended? */
  | { readonly op: 'handling' }
  | { readonly op: 'at'; readonly actor: string; readonly copy: ExprNode; readonly label: string }
  | { readonly op: 'done'; readonly actor: string; readonly copy: ExprNode }
  | { readonly op: 'dead'; readonly actor: string; readonly copy: ExprNode }
  /** Of the running actor: its level, and what it has disabled. */
  | { readonly op: 'context'; readonly asks: ContextQuestion }
  /** Are interrupts off on the CPU of the actor that `whom` means? */
  | { readonly op: 'context'; readonly asks: 'has interrupts off'; readonly whom: ExprNode }
  /** Does the running actor run at this level? */
  | { readonly op: 'level'; readonly level: string }
  /** Is every actor done or at rest, and no step enabled? */
  | { readonly op: 'finished' }
  | { readonly op: 'not'; readonly x: ExprNode }
  /** The same as x, printed as its name. */
  | { readonly op: 'called'; readonly name: string; readonly x: ExprNode }
  /** The same as x, which reads a place: the load is in this order. */
  | { readonly op: 'ordered'; readonly order: LoadOrder; readonly x: ExprNode }
  | { readonly op: BinaryOperator; readonly x: ExprNode; readonly y: ExprNode }
  | { readonly op: 'if'; readonly x: ExprNode; readonly then: ExprNode; readonly else: ExprNode }
  | { readonly op: Quantifier; readonly length: ExprNode; readonly id: symbol; readonly x: ExprNode }
  /** A quantifier over the copies of an actor. */
  | { readonly op: Quantifier; readonly actor: string; readonly id: symbol; readonly x: ExprNode }
  /** A quantifier over all actors. */
  | { readonly op: Quantifier; readonly everyone: true; readonly id: symbol; readonly x: ExprNode };

export type BinaryOperator = 'eq' | 'lt' | 'le' | 'and' | 'or' | 'add' | 'sub' | 'mul' | 'div' | 'mod';
export type Quantifier = 'any' | 'all' | 'count';

declare const $value: unique symbol;

/** Nodes that exist in any case: a model may leave one unused. */
const handles: ReadonlySet<string> = new Set([
  'armed',
  'const',
  'setting',
  'read',
  'self',
  'bound',
  'dead',
  'done',
  'finished',
]);

/**
 * An expression is never called. But a callable value is always defined, so TypeScript refuses to test it: `flag && x`,
 * `flag ? x : y` and `if (flag)` are errors (2774).
 */
export interface Expr<V> {
  readonly [$value]: V;
  (never: never): never;
}
/** An expression of type V. Its value exists only while a model is being checked. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: no class can declare that it can be called
export class Expr<V> {
  declare readonly [$value]: V;
  readonly node: ExprNode;

  constructor(node: ExprNode) {
    this.node = handles.has(node.op) ? node : created(node, dropped.expression);
  }

  /** `a < b`, `${a}` and `a + 1` would be computed while the model is built: they are refused. */
  [Symbol.toPrimitive](): never {
    throw new TypeError('an expression has no value while the model is built; use .eq(), .lt(), .plus() …');
  }
}

export class Bool extends Expr<boolean> {
  and(y: Bool): Bool {
    return new Bool({ op: 'and', x: this.node, y: conditionNode(y, '.and()') });
  }
  or(y: Bool): Bool {
    return new Bool({ op: 'or', x: this.node, y: conditionNode(y, '.or()') });
  }
  implies(y: Bool): Bool {
    return not(this).or(y);
  }
  /** The same condition, printed as a name: `page_mapped(page)` instead of every counter that it reads. */
  called(name: string): Bool {
    if (typeof name !== 'string') throw new ModelError(`.called() takes a text, not ${describe(name)}`);
    return new Bool({ op: 'called', name, x: this.node });
  }
  /** Are both true, or both false? */
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
  /** Is the value one of these? */
  isIn(...values: readonly NoInfer<V>[]): Bool {
    return anyOf(...values.map((value) => this.is(value)));
  }
}

// The types exclude what these refuse; a model in plain JavaScript, or one that was not compiled, may contain it.

export const intNode = (y: number | Int): ExprNode => {
  if (y instanceof Int) return y.node;
  return typeof y === 'number' ? { op: 'const', value: y } : refuse('a number', y);
};
export const boolNode = (y: boolean | Bool): ExprNode => {
  if (y instanceof Bool) return y.node;
  return typeof y === 'boolean' ? { op: 'const', value: y } : refuse('true, false or a condition', y);
};
export const enumNode = <V extends string>(y: V | Enum<V>): ExprNode => {
  if (y instanceof Enum) return y.node;
  return typeof y === 'string' ? { op: 'const', value: y } : refuse('a word of an enum', y);
};

/** The tree of a condition. Throws a ModelError for anything else, with a hint at what was meant. */
export const conditionNode = (x: Bool, whose: string): ExprNode =>
  x instanceof Bool ? x.node : refuse('a condition', x, `${whose} `);

const refuse = (expected: string, x: unknown, whose = ''): never => {
  throw new ModelError(`${whose}needs ${expected}, not ${describe(x)}`);
};

/** The description of a value in messages, with a hint at what was meant. */
export function describe(x: unknown): string {
  if (x === undefined) return 'undefined: is a name misspelt?';
  if (typeof x === 'boolean') {
    return `${x}: JavaScript's !, &&, || and === are computed while the model is built; use not(…), .and(…), .or(…), .eq(…), or yes and no`;
  }
  if (x instanceof Bool) return 'a condition';
  if (x instanceof Int) return 'a number: compare it, as in .eq(0)';
  if (x instanceof Enum) return "a word of an enum: compare it, as in .is('…')";
  if (typeof x === 'function') return 'a function';
  if (typeof x !== 'object' || x === null) return typeof x === 'string' ? `'${x}'` : String(x);
  if (Array.isArray(x)) return 'a list';
  if ('negated' in x) return 'a test: it is a step of its own, for If, While or .assign()';
  if ('stmt' in x) return 'a statement';
  if ('isFree' in x) return 'a lock: say .isFree() or .isMine()';
  if ('actors' in x) return 'copy' in x ? 'an actor' : 'actors';
  if ('copy' in x && 'dead' in x) return 'an actor';
  if ('locals' in x && 'body' in x) return 'a procedure';
  if ('node' in x && 'initial' in x) return 'a domain';
  if ('effect' in x || 'forAll' in x || 'atOnce' in x) return 'an effect';
  if ('isNobody' in x) return 'an actor that varies: say .is(…) or .isNobody()';
  if ('mine' in x) return 'what each actor has: say .mine or .of(actor)';
  if ('isEmpty' in x) return 'a queue: say .head, .length or .isEmpty';
  if ('place' in x) return 'an array: say which of it, as in .at(0)';
  if ('copy' in x) return 'a record: say which of its fields';
  if ('guard' in x || 'expect' in x || 'given' in x || 'onlyIf' in x || 'rests' in x)
    return 'a part of a step';
  return 'formula' in x || 'claim' in x ? 'a formula' : 'an object';
}

refuseMoreArguments(Bool, Int, Enum);

/** A value with an answer that can be negated, and that is no condition: a test. */
export interface Answering<T> {
  negated(): T;
}

/**
 * The negation of a condition, or the test with the opposite answer.
 * Example: `not(pmd.is('none'))`
 */
export function not(x: Bool): Bool;
export function not<T extends Answering<T>>(test: T): T;
export function not<T extends Answering<T>>(x: Bool | T, ...more: readonly unknown[]): Bool | T {
  refuseMore('not', 1, [x, ...more]);
  if ('negated' in Object(x)) return (x as T).negated();
  return new Bool({ op: 'not', x: conditionNode(x as Bool, 'not()') });
}
export const yes = new Bool({ op: 'const', value: true });
export const no = new Bool({ op: 'const', value: false });

/** True when all are true; `allOf()` is true. Example: `allOf(flag, n.gt(0), pmd.is('huge'))` */
export const allOf = (...xs: readonly Bool[]): Bool => xs.reduce((x, y) => x.and(y), yes);
/** True when one is true; `anyOf()` is false. Example: `anyOf(flag, n.gt(0))` */
export const anyOf = (...xs: readonly Bool[]): Bool => xs.reduce((x, y) => x.or(y), no);

/** `cond ? x : y`. Example: `ifElse(flag, n, 0)` */
export function ifElse(cond: Bool, x: number | Int, y: number | Int): Int;
export function ifElse(cond: Bool, x: boolean | Bool, y: boolean | Bool): Bool;
export function ifElse<const V extends string>(cond: Bool, x: V | Enum<V>, y: V | Enum<V>): Enum<V>;
export function ifElse(
  cond: Bool,
  x: number | boolean | string | Expr<unknown>,
  y: number | boolean | string | Expr<unknown>,
  ...more: readonly unknown[]
): Int | Bool | Enum<string> {
  refuseMore('ifElse', 3, [cond, x, y, ...more]);
  const test = conditionNode(cond, 'ifElse()');
  const both = (node: (side: never) => ExprNode): ExprNode => {
    return { op: 'if', x: test, then: node(x as never), else: node(y as never) };
  };
  if (typeof x === 'string' || x instanceof Enum) return new Enum(both(enumNode));
  return typeof x === 'boolean' || x instanceof Bool ? new Bool(both(boolNode)) : new Int(both(intNode));
}

/** The range of a quantifier, and the variable bound by it. */
export type Binder = { readonly id: symbol } & (
  | { readonly length: ExprNode }
  /** The copies of an actor. */
  | { readonly actor: string }
  /** All actors. */
  | { readonly everyone: true }
);

/** A statement about a run, from the properties' language: a quantifier ranges over these as well. */
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
  // The result has the type of the argument, as the overloads of any() and all() declare.
  if (body instanceof Bool) return new Bool({ op: quantifier, ...binder, x: body.node }) as Bool & Statement;
  if (Object(body).formula === undefined) return refuse('a condition or a formula', body, `${quantifier}() `);
  const x = { kind: 'each', quantifier, binder, x: body.formula };
  const formula = created({ op: 'state', x }, dropped.formula);
  return { formula, temporal: true } as unknown as Bool & Statement;
}

/** For internal use: how many of them make the condition true. */
export function counted(binder: Binder, body: Bool): Int {
  return new Int({ op: 'count', ...binder, x: conditionNode(body, 'count()') });
}

const over = <T>(length: number | Int, x: (i: Int) => T): readonly [Binder, T] => {
  if (typeof x !== 'function') refuse('a function behind the number, such as (i) => flag.at(i)', x);
  const id = Symbol('i');
  return [{ length: intNode(length), id }, x(new Int({ op: 'bound', id }))];
};
/** Is x(i) true for some i in 0 … length - 1? Example: `any(2, (i) => marks.at(i))` */
export function any(length: number | Int, x: (i: Int) => Bool): Bool;
export function any<T extends Statement>(length: number | Int, x: (i: Int) => T): About<T>;
export function any(
  length: number | Int,
  x: (i: Int) => Bool | Statement,
  ...more: readonly unknown[]
): Bool | Statement {
  refuseMore('any', 2, [length, x, ...more]);
  return quantified('any', ...over(length, x));
}
/** Is x(i) true for every i in 0 … length - 1? Example: `all(2, (i) => not(marks.at(i)))` */
export function all(length: number | Int, x: (i: Int) => Bool): Bool;
export function all<T extends Statement>(length: number | Int, x: (i: Int) => T): About<T>;
export function all(
  length: number | Int,
  x: (i: Int) => Bool | Statement,
  ...more: readonly unknown[]
): Bool | Statement {
  refuseMore('all', 2, [length, x, ...more]);
  return quantified('all', ...over(length, x));
}
/** For how many i in 0 … length - 1 is x(i) true? Example: `count(2, (i) => marks.at(i)).eq(1)` */
export const count = exactly(
  'count',
  (length: number | Int, x: (i: Int) => Bool): Int => counted(...over(length, x)),
);

/** Does the running actor own a lock of this kind (`owner(kind)`)? Example: `not(ownsAny('mutex'))` */
export const ownsAny = exactly(
  'ownsAny',
  (kind: string): Bool =>
    typeof kind === 'string'
      ? new Bool({ op: 'owns any', kind })
      : refuse('a kind of locks', kind, 'ownsAny() '),
);
/**
 * Does the running actor own a lock whose waiters spin (`owner(kind, { spins: true })`)? It must not sleep then.
 * Example: ``c`schedule()`(expects(not(ownsAnySpinning()), 'BUG: scheduling while atomic'))``
 */
export const ownsAnySpinning = exactly('ownsAnySpinning', (): Bool => new Bool({ op: 'owns any' }));
/**
 * Is the running actor an interrupt? In the condition of a latch for each observed actor: is it an interrupt that has
 * begun and not ended?
 * Example: `latch(isHandling(), { each: 'observed' })`
 */
export const isHandling = exactly('isHandling', (): Bool => new Bool({ op: 'handling' }));
