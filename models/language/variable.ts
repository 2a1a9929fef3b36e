// Variables: typed handles on places of the state, by their domains: single values and locks, and what is made of them.

import { exactly, refuseMoreArguments, withoutMoreArguments } from './arity.js';
import {
  type AnyDomain,
  type AnyLatch,
  type ArrayDomain,
  type BoolDomain,
  type Domain,
  type DomainNode,
  type EnumDomain,
  type HoldersDomain,
  type IntDomain,
  type ObjectDomain,
  type OwnerDomain,
  type PerActorDomain,
  type PointerDomain,
  PoolDomain,
  type QueueDomain,
  type RecordDomain,
  type Shape,
  type SomeoneDomain,
} from './domain.js';
import { type Effect, type EffectsAtOnce, set } from './effect.js';
import { Bool, describe, type Enum, Expr, type ExprNode, Int, intNode, type Place } from './expression.js';
import { ModelError } from './location.js';
import { PerActorVar } from './per_actor.js';
import { QueueVar } from './queue.js';
import { copyFields, type DomainPlace, sameFields, setFields } from './record.js';
import {
  BoolVar,
  EnumVar,
  HoldersVar,
  IntVar,
  LatchVar,
  OwnerVar,
  SomeoneVar,
  type Storable,
  stored,
} from './scalar_variable.js';
import type { ActorRef, Who } from './someone.js';

export class ArrayVar<D extends AnyDomain> {
  readonly place: Place;
  readonly #element: D;
  constructor(place: Place, element: D) {
    this.place = place;
    this.#element = element;
  }
  /** The i-th element, from 0. An index outside the array is a model error with a trace. */
  at(i: number | Int): VarOf<D> {
    return variable({ ...this.place, path: [...this.place.path, intNode(i)] }, this.#element);
  }
}

refuseMoreArguments(ArrayVar);

const $record = Symbol('record');

/** A record with any fields: its place, and its domain. */
export interface AnyRecord {
  readonly [$record]: DomainPlace;
}
/** The fields of a record, and operations on several of them at once. */
export type RecordVar<S extends Shape> = VarsOf<S> &
  AnyRecord & {
    /** Stores values in the named fields. */
    set(values: ValuesFor<S>): EffectsAtOnce;
    /** Stores all fields of another record. */
    copy(from: RecordVar<S>): EffectsAtOnce;
  };
export const isRecord = (x: unknown): x is AnyRecord => $record in Object(x);

/** The place of a record, or a ModelError. */
export function requireRecord(x: unknown, whose: string): DomainPlace {
  if (isRecord(x)) return x[$record];
  throw new ModelError(`${whose} needs a record, not ${describe(x)}`);
}

/** Are all fields of two records the same? Example: `same(page.at(0), page.at(1))` */
export const same = exactly(
  'same',
  <S extends Shape>(x: RecordVar<S>, y: RecordVar<S>): Bool =>
    sameFields(requireRecord(x, 'same()'), requireRecord(y, 'same()')),
);

const $object = Symbol('object');

/** An object with any fields: its place, and its domain. */
export interface AnyObject extends AnyRecord {
  readonly [$object]: { readonly place: Place; readonly domain: Domain<unknown> };
}
/** The fields of an object. */
export type ObjectVar<S extends Shape> = RecordVar<S> & AnyObject;
export const isObject = (x: unknown): x is AnyObject => $object in Object(x);
export const placeOf = (of: AnyObject): Place => of[$object].place;
export const domainOf = (of: AnyObject): Domain<unknown> => of[$object].domain;

/** NULL, or one of the objects of a pool. */
export class Pointer<S extends Shape> extends Expr<string> {
  declare readonly $target: S;
  readonly pool: PoolDomain<S>;
  constructor(node: ExprNode, pool: PoolDomain<S>) {
    super(node);
    this.pool = pool;
  }
  isNull(): Bool {
    return new Bool({ op: 'eq', x: this.node, y: { op: 'const', value: 'NULL' } });
  }
  eq(to: Pointer<S>): Bool {
    return new Bool({ op: 'eq', x: this.node, y: pointerNode(to, '.eq()') });
  }
  /**
   * The object that it points to. Reading or writing a field of NULL is a bug, and so is accessing an object that is
   * freed.
   */
  get get(): ObjectVar<S> {
    const path: Place['path'] = [{ op: 'slot', pool: this.pool, x: this.node }];
    return variable({ name: '->', path, pool: this.pool }, elementOf(this.pool)) as ObjectVar<S>;
  }
}

function pointerNode<S extends Shape>(x: Pointer<S>, whose: string): ExprNode {
  if (x instanceof Pointer) return x.node;
  throw new ModelError(`${whose} of a pointer takes a pointer, such as pool.ref(0), not ${describe(x)}`);
}

export class PointerVar<S extends Shape> extends Pointer<S> {
  readonly place: Place;
  constructor(place: Place, pool: PoolDomain<S>) {
    super({ op: 'read', place }, pool);
    this.place = place;
  }
  set(to: Pointer<S> | 'NULL'): Effect {
    return set(this.place, to === 'NULL' ? { op: 'const', value: to } : pointerNode(to, '.set()'));
  }
  /** The step whose value is stored here. */
  assign<R>(from: Storable<Pointer<S>, R>): R {
    return stored(from, this.place);
  }
}

/** Objects of one kind, in slots numbered from 0. */
export class PoolVar<S extends Shape> {
  readonly place: Place;
  readonly domain: PoolDomain<S>;
  constructor(place: Place, domain: PoolDomain<S>) {
    this.place = place;
    this.domain = domain;
  }
  get length(): Int {
    return lengthOf(this.domain);
  }
  /** The object in the i-th slot, from 0. */
  at(i: number | Int): ObjectVar<S> {
    return variable(slotOf(this.domain, i), elementOf(this.domain)) as ObjectVar<S>;
  }
  /** The pointer to the i-th slot. */
  ref(i: number | Int): Pointer<S> {
    return new Pointer({ op: 'address', pool: this.domain, x: intNode(i) }, this.domain);
  }
}

refuseMoreArguments(Pointer, PointerVar, PoolVar);

/** The place of the i-th slot of a pool. */
export const slotOf = <S extends Shape>(pool: PoolDomain<S>, i: number | Int): Place => ({
  name: 'pool',
  path: [intNode(i)],
  pool,
});
export const lengthOf = <S extends Shape>({ node }: PoolDomain<S>): Int => new Int((node as PoolNode).length);
export const elementOf = <S extends Shape>({ node }: PoolDomain<S>): Domain<unknown> =>
  (node as PoolNode).element;
type PoolNode = Extract<DomainNode, { kind: 'array' }>;

/** The values that may be stored in a place of the domain; none for a lock or an array. */
export type ValueFor<D> =
  D extends EnumDomain<infer V>
    ? V | Enum<V>
    : D extends IntDomain
      ? number | Int
      : D extends BoolDomain
        ? boolean | Bool
        : D extends PointerDomain<infer S>
          ? 'NULL' | Pointer<S>
          : D extends SomeoneDomain
            ? 'nobody' | Who
            : D extends RecordDomain<infer S>
              ? ValuesFor<S>
              : never;
/** Values for some of the fields, by name. */
export type ValuesFor<S extends Shape> = { readonly [K in keyof S]?: ValueFor<S[K]> };
/** A value of the domain, as it is read. */
export type ReadOf<D> =
  D extends EnumDomain<infer V>
    ? Enum<V>
    : D extends IntDomain
      ? Int
      : D extends BoolDomain
        ? Bool
        : D extends PointerDomain<infer S>
          ? Pointer<S>
          : D extends SomeoneDomain
            ? ActorRef
            : never;

export type VarOf<D> =
  D extends HoldersDomain<infer K>
    ? HoldersVar<K>
    : D extends OwnerDomain<infer K>
      ? OwnerVar<K>
      : D extends AnyLatch
        ? LatchVar
        : D extends EnumDomain<infer V>
          ? EnumVar<V>
          : D extends IntDomain
            ? IntVar
            : D extends BoolDomain
              ? BoolVar
              : D extends ArrayDomain<infer E>
                ? ArrayVar<E>
                : D extends ObjectDomain<infer S>
                  ? ObjectVar<S>
                  : D extends PoolDomain<infer S>
                    ? PoolVar<S>
                    : D extends PointerDomain<infer S>
                      ? PointerVar<S>
                      : D extends QueueDomain<infer E>
                        ? QueueVar<ValueFor<E>, ReadOf<E>>
                        : D extends SomeoneDomain
                          ? SomeoneVar
                          : D extends PerActorDomain<infer E>
                            ? PerActorVar<VarOf<E>>
                            : D extends RecordDomain<infer S>
                              ? RecordVar<S>
                              : never;
export type VarsOf<S extends Shape> = { readonly [K in keyof S]: VarOf<S[K]> };

export const variable = exactly(
  'variable',
  <D extends Domain<unknown>>(place: Place, domain: D): VarOf<D> => {
    return handle(place, domain) as VarOf<D>;
  },
);

function handle(place: Place, domain: Domain<unknown>): unknown {
  const { node } = domain;
  switch (node.kind) {
    case 'enum':
      return new EnumVar(place);
    case 'int':
    case 'range':
      return new IntVar(place);
    case 'pointer':
      return new PointerVar(place, node.pool as PoolDomain<Shape>);
    case 'bool':
      return new BoolVar(place);
    case 'latch':
      return new LatchVar(place);
    case 'someone':
      return new SomeoneVar(place);
    case 'per actor':
      return new PerActorVar(place, (x) =>
        handle({ ...place, path: [...place.path, { op: 'whose', x }] }, node.element),
      );
    case 'owner':
      return new OwnerVar(place);
    case 'holders':
      return new HoldersVar(place);
    case 'array':
      if (domain instanceof PoolDomain) return new PoolVar(place, domain);
      if (node.isQueue) return new QueueVar(place, node, (cell) => handle(cell, node.element));
      return new ArrayVar(place, node.element as AnyDomain);
    case 'record': {
      const fields = Object.fromEntries(
        Object.entries(node.fields).map(([name, field]) => [
          name,
          handle({ ...place, path: [...place.path, name] }, field),
        ]),
      );
      const own: DomainPlace = { place, node };
      const words = withoutMoreArguments({
        [$record]: own,
        ...(node.lifetime !== undefined && { [$object]: { place, domain } }),
        set: (values: unknown) => setFields(own, values),
        copy: (from: unknown) => copyFields(own, requireRecord(from, 'copy()')),
      });
      // A field hides a method of the same name; only parts of a lock may have such a name.
      for (const key of Reflect.ownKeys(words)) {
        if (!Object.hasOwn(fields, key)) Object.defineProperty(fields, key, { value: words[key as 'set'] });
      }
      return fields;
    }
  }
}
