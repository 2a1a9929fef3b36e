// Domains: the finite sets of values of variables, locals and settings. One object is both the run-time description and
// the static type: `oneOf('none', 'huge')` gives the type 'none' | 'huge'.

import { exactly, refuseMore, withoutArguments } from './arity.js';
import { describe, Expr, type ExprNode, Int, intNode, type Place } from './expression.js';
import { ModelError, type SourceLocation, whereWritten } from './location.js';
import { requireDomain, requireDomains, requireText } from './required.js';
import { visible } from './visible.js';

export type DomainNode =
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'int'; readonly min: number; readonly max: number }
  /** An int whose bounds depend on settings. */
  | { readonly kind: 'range'; readonly min: ExprNode; readonly max: ExprNode }
  | { readonly kind: 'bool' }
  /** A latch: records a condition since it was armed, by its own rule. */
  | {
      readonly kind: 'latch';
      readonly latch: LatchRule;
      readonly each?: LatchEach;
      /** `place.group` is the group of latches that are armed together with it. */
      readonly group?: { readonly place: Place };
    }
  /** An actor, or nobody. */
  | { readonly kind: 'someone' }
  /** One for each actor. */
  | { readonly kind: 'per actor'; readonly element: Domain<unknown> }
  /** NULL, or a slot of the pool. */
  | { readonly kind: 'pointer'; readonly pool: Domain<unknown> }
  /** At most one actor: the holder of an exclusive lock. `lock` is its kind, such as 'spinlock'. */
  | {
      readonly kind: 'owner';
      readonly lock: string;
      readonly spins: boolean;
      readonly class?: string;
      /** Any actor may release it, so its owner may lose it at any moment. */
      readonly anyoneReleases?: true;
    }
  /** A set of actors: the holders of a shared lock. */
  | { readonly kind: 'holders'; readonly lock: string; readonly spins: boolean; readonly class?: string }
  /**
   * `isLock`: its fields are the parts of one lock, which has the name of the record. `queuesWriters`: an actor that
   * waits for the exclusive part keeps out new holders of the shared part.
   */
  | {
      readonly kind: 'record';
      readonly fields: { readonly [name: string]: Domain<unknown> };
      readonly isLock?: true;
      /** Of a lock: its class, where that is not its place. */
      readonly class?: string;
      readonly queuesWriters?: true;
      /** An object is allocated and freed; the state of that is a field with this name. */
      readonly lifetime?: Domain<unknown>;
      /** A condition that must be true where it is freed, as a part of an object. */
      readonly whenFreed?: readonly FreedCheck[];
    }
  | {
      readonly kind: 'array';
      readonly length: ExprNode;
      readonly element: Domain<unknown>;
      /** First in, first out. The number of used cells is stored beside them, as `length`. */
      readonly isQueue?: true;
    };

/** The rule of a latch; its conditions are relative to where the latch lies. */
export type LatchRule =
  | { readonly is: 'latch'; readonly cond: LatchCondition }
  | { readonly is: 'instance'; readonly pending: LatchCondition; readonly running: LatchCondition };
/** The same for every place, or depending on the fields beside the latch. */
export type LatchCondition = ExprNode | ((own: Place) => ExprNode);
/** For which actors there is a latch each: those that the condition is about, or those that arm it. */
export type LatchEach = 'observed' | 'waiting';

/** A condition on a part of an object, which must be true where the object is freed. */
export interface FreedCheck {
  readonly cond: (place: Place) => ExprNode;
  readonly message: string;
}

export type InitialValue = number | boolean | string;
/** The first values of a scalar (constants, or expressions of settings), or a function of the array indices. */
export type Initial =
  | {
      readonly values: readonly (InitialValue | ExprNode)[];
      /** Of an int that says no first value: where it stands. It must say one if it contains 0 and does not begin there. */
      readonly unsaid?: SourceLocation;
    }
  | { readonly of: (...indices: readonly number[]) => InitialValue | ExprNode };

declare const $value: unique symbol;

export class Domain<V> {
  declare readonly [$value]?: V;
  readonly node: DomainNode;
  readonly initial: Initial;
  /** Lies in an object, but not in its memory. */
  readonly notMemory?: true;

  constructor(node: DomainNode, initial: Initial) {
    this.node = node;
    this.initial = initial;
  }

  protected with(initial: Initial): this {
    return Object.assign(Object.create(Object.getPrototypeOf(this)), { ...this, initial });
  }
}

/** A domain of scalar values, with optional first values. */
class ScalarDomain<V extends InitialValue> extends Domain<V> {
  /** The first value, which may depend on settings; with several, every one of them is an initial state. */
  starts(...values: readonly [NoInfer<V> | Expr<NoInfer<V>>, ...(NoInfer<V> | Expr<NoInfer<V>>)[]]): this {
    for (const value of values) if (!(value instanceof Expr)) requireMember(this.node, value);
    return this.with({ values: values.map((value) => (value instanceof Expr ? value.node : value)) });
  }
  /** The first value as a function of the index (the indices, outermost first) in the arrays around it. */
  startsAs(of: (...indices: readonly number[]) => NoInfer<V> | Expr<NoInfer<V>>): this {
    return this.with({
      of: (...indices) => {
        const value = of(...indices);
        return value instanceof Expr ? value.node : value;
      },
    });
  }
}

export class EnumDomain<V extends string> extends ScalarDomain<V> {
  declare readonly $enum: V;
}
export class IntDomain extends ScalarDomain<number> {
  declare readonly $int: true;
}
export class BoolDomain extends ScalarDomain<boolean> {
  declare readonly $bool: true;
}
export class OwnerDomain<K extends string> extends Domain<string> {
  declare readonly $owner: K;
}
export class HoldersDomain<K extends string> extends Domain<readonly string[]> {
  declare readonly $holders: K;
}
export class SomeoneDomain extends Domain<string> {
  declare readonly $someone: true;
}
export class PerActorDomain<D extends AnyDomain> extends Domain<{ readonly [actor: string]: ValueOf<D> }> {
  declare readonly $each: D;
}
export class ArrayDomain<D extends AnyDomain> extends Domain<readonly ValueOf<D>[]> {
  declare readonly $element: D;
}
export class QueueDomain<D extends AnyDomain> extends Domain<readonly ValueOf<D>[]> {
  declare readonly $queued: D;
}
export class RecordDomain<S extends Shape> extends Domain<ValuesOf<S>> {
  declare readonly $fields: S;
}
export class ObjectDomain<S extends Shape> extends Domain<ValuesOf<S>> {
  declare readonly $object: S;
}
/** Objects of one kind, in slots numbered from 0. */
export class PoolDomain<S extends Shape> extends Domain<readonly ValuesOf<S>[]> {
  declare readonly $pool: S;
}
export class PointerDomain<S extends Shape> extends ScalarDomain<string> {
  declare readonly $target: S;
}

// biome-ignore lint/suspicious/noExplicitAny: a bound on type parameters, never a value's type
export type AnyEnum = EnumDomain<any>;
export type AnyDomain =
  | AnyEnum
  | IntDomain
  | BoolDomain
  | OwnerDomain<string>
  | HoldersDomain<string>
  | SomeoneDomain
  // biome-ignore lint/suspicious/noExplicitAny: as above
  | PerActorDomain<any>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  | ArrayDomain<any>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  | QueueDomain<any>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  | RecordDomain<any>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  | ObjectDomain<any>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  | PoolDomain<any>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  | PointerDomain<any>
  | AnyLatch;
/** What `latch(…)` and `instance(…)` return. */
export type AnyLatch = Domain<boolean> & { readonly $latch: true };
export type Shape = { readonly [name: string]: AnyDomain };
export type ScalarShape = { readonly [name: string]: AnyEnum | IntDomain | BoolDomain };
export type ValueOf<D> = D extends Domain<infer V> ? V : never;
export type ValuesOf<S extends Shape> = { readonly [K in keyof S]: ValueOf<S[K]> };

/** One of these words; starts as the first. Example: `oneOf('none', 'huge')` */
export function oneOf<const V extends string>(...values: readonly [V, ...V[]]): EnumDomain<V> {
  for (const value of values) requireText(value, 'each value of oneOf(…)');
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) throw new ModelError(`oneOf(…) names '${twice}' twice`);
  if (values.length === 0) throw new ModelError('oneOf() needs at least one value');
  const hidden = values.find((value) => visible(value) !== value);
  if (hidden !== undefined)
    throw new ModelError(`oneOf(…): '${visible(hidden)}' has a character that cannot be shown`);
  return new EnumDomain<V>({ kind: 'enum', values }, { values: [values[0]] });
}

/**
 * A whole number from min to max, both included; starts at min. `int(max)` begins at 0. Bounds may be settings. One that
 * contains 0 and does not begin there must say where it starts: `int(-1, 1).starts(0)`.
 * Example: `int(-1, 1).starts(0)`
 */
export function int(max: number | Int): IntDomain;
export function int(min: number | Int, max: number | Int): IntDomain;
export function int(first: number | Int, second?: number | Int, ...more: readonly unknown[]): IntDomain {
  refuseMore('int', 2, [first, second, ...more]);
  const [min, max] = second === undefined ? [0, first] : [first, second];
  for (const bound of [min, max]) {
    if (typeof bound !== 'number' && !(bound instanceof Int)) {
      throw new ModelError(`int(min, max) has numbers, not ${describe(bound)}`);
    }
    if (typeof bound === 'number') requireBound(bound, `int(${[min, max].map(boundText).join(', ')})`);
  }
  if (typeof min !== 'number' || typeof max !== 'number') {
    const bounds = { min: intNode(min), max: intNode(max) };
    return new IntDomain({ kind: 'range', ...bounds }, { values: [bounds.min], unsaid: whereWritten() });
  }
  if (min > max) throw new ModelError(`int(${min}, ${max}) is empty: the first bound is above the second`);
  const unsaid = min < 0 && max >= 0 && { unsaid: whereWritten() };
  return new IntDomain({ kind: 'int', min, max }, { values: [min], ...unsaid });
}

const boundText = (bound: number | Int): string => (typeof bound === 'number' ? String(bound) : '…');

function requireBound(bound: number, whose: string): void {
  if (Number.isInteger(bound) && Math.abs(bound) <= 2 ** 30) return;
  throw new ModelError(`${whose}: ${bound} is not a whole number within ±2^30`);
}

/** False or true; starts false. Example: `bool()` */
export const bool: () => BoolDomain = withoutArguments(
  'bool',
  () => new BoolDomain({ kind: 'bool' }, { values: [false] }),
  ': write bool().starts(true) for another first value',
);

/**
 * `length` copies of a domain, numbered from 0. The length may be a setting.
 * Example: `array(2, int(0, 3))`
 */
export const array = exactly(
  'array',
  <D extends AnyDomain>(length: number | Int, element: D): ArrayDomain<D> => {
    if (typeof length === 'number' && (!Number.isInteger(length) || length < 1)) {
      throw new ModelError(`array(${length}, …): the length must be a whole number from 1 up`);
    }
    requireDomain(element, 'array(length, domain)');
    return new ArrayDomain<D>({ kind: 'array', length: intNode(length), element }, element.initial);
  },
);

/** An actor, or nobody; starts as nobody. Example: `someone()` */
export const someone: () => SomeoneDomain = withoutArguments(
  'someone',
  () => new SomeoneDomain({ kind: 'someone' }, { values: ['nobody'] }),
);

const queued: readonly DomainNode['kind'][] = ['enum', 'int', 'range', 'bool', 'pointer', 'someone'];

/**
 * At most `length` values, first in, first out; starts empty. The length may be a setting.
 * Example: `queue(int(0, 3), 4)`
 */
export const queue = exactly(
  'queue',
  <D extends AnyDomain>(element: D, length: number | Int): QueueDomain<D> => {
    requireDomain(element, 'queue(domain, length)');
    const { node, initial } = element;
    if (!queued.includes(node.kind)) {
      throw new ModelError(`queue(…) has single values, not ${domainText(node)}`);
    }
    if (!('values' in initial) || initial.values.length !== 1) {
      throw new ModelError('the values of a queue(…) start as one: its unused cells have the first value');
    }
    if (typeof length === 'number' && (!Number.isInteger(length) || length < 1)) {
      throw new ModelError(`queue(…, ${length}): the length must be a whole number from 1 up`);
    }
    return new QueueDomain<D>({ kind: 'array', length: intNode(length), element, isQueue: true }, initial);
  },
);

/**
 * Fields by name. `.set` and `.copy` store several at once.
 * Example: `record({ key: int(0, 3), busy: bool() })`
 */
export const record = exactly('record', <S extends Shape>(fields: S): RecordDomain<S> => {
  requireFields(fields, 'record(…)');
  return new RecordDomain<S>({ kind: 'record', fields }, { values: [] });
});

/**
 * For internal use: throws a ModelError unless `fields` has domains by name, and no field has a name that records
 * reserve.
 */
export function requireFields(fields: Shape, whose: string): void {
  requireDomains(fields, whose);
  for (const word of ['set', 'copy']) {
    if (Object.hasOwn(fields, word))
      throw new ModelError(`${whose} has a word '${word}': name the field otherwise`);
  }
}

/**
 * Throws unless `value` is in a scalar domain; a domain whose bounds depend on settings is checked when they are known.
 */
function requireMember(node: DomainNode, value: unknown, at = whereWritten()): void {
  if (node.kind === 'range' ? typeof value === 'number' : isMember(node, value)) return;
  throw new ModelError(`${JSON.stringify(value)} is not in ${domainText(node)}`, at);
}

export function isMember(node: DomainNode, value: unknown): boolean {
  switch (node.kind) {
    case 'enum':
      return typeof value === 'string' && node.values.includes(value);
    case 'int':
      return Number.isInteger(value) && (value as number) >= node.min && (value as number) <= node.max;
    case 'bool':
      return typeof value === 'boolean';
    default:
      return false;
  }
}

/** A domain as the model writes it. */
export function domainText(node: DomainNode): string {
  switch (node.kind) {
    case 'enum':
      return `oneOf(${node.values.map((value) => `'${value}'`).join(', ')})`;
    case 'int':
      return `int(${node.min}, ${node.max})`;
    case 'range':
      return 'int(…), whose bounds are settings';
    case 'bool':
      return 'bool()';
    case 'pointer':
      return 'pointer(…)';
    case 'latch':
      return `${node.latch.is}(…)`;
    case 'someone':
      return 'someone()';
    case 'per actor':
      return `perActor(${domainText(node.element.node)})`;
    case 'owner':
    case 'holders':
      return `${node.lock}()`;
    case 'record':
      if (node.lifetime !== undefined) return `object({ ${Object.keys(node.fields).join(', ')} })`;
      return `record({ ${Object.keys(node.fields).join(', ')} })`;
    case 'array':
      return `${node.isQueue ? 'queue' : 'array'}(${domainText(node.element.node)})`;
  }
}
