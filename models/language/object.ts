// Objects with a lifetime: allocated, used and freed. Every step that reads or writes a field is checked in the step
// itself; the state of an object is a field of it, `dev.lifetime`.

import { exactly } from './arity.js';
import {
  type Domain,
  domainText,
  type EnumDomain,
  ObjectDomain,
  oneOf,
  PointerDomain,
  PoolDomain,
  RecordDomain,
  requireFields,
  type ScalarShape,
  type Shape,
} from './domain.js';
import { atOnce, forAll } from './effect.js';
import {
  all,
  Bool,
  conditionNode,
  count,
  describe,
  type Int,
  ifElse,
  intNode,
  not,
  type Place,
  yes,
} from './expression.js';
import { ModelError } from './location.js';
import { expects, expectsSoftly, given, type Part } from './parts.js';
import { requireDomain, requireFunction, requireOptions, requireText } from './required.js';
import { EnumVar, OwnerVar } from './scalar_variable.js';
import {
  type AnyObject,
  domainOf,
  elementOf,
  isObject,
  lengthOf,
  Pointer,
  PoolVar,
  placeOf,
  slotOf,
  type VarOf,
  variable,
} from './variable.js';

type Lifetime = 'unused' | 'live' | 'freed';

const objectOf = <S extends Shape>(fields: S, lifetime: EnumDomain<Lifetime>): ObjectDomain<S> => {
  if (Object.hasOwn(fields, 'lifetime')) throw new ModelError("an object has a 'lifetime' of its own");
  return new ObjectDomain<S>({ kind: 'record', fields: { ...fields, lifetime }, lifetime }, { values: [] });
};

/**
 * An object that may be freed; it is live from the start, or with `starts: 'unused'` once it is allocated.
 * Example: `object({ refs: int(0, 2) })`
 */
export const object = exactly(
  'object',
  <S extends Shape>(fields: S, options: { readonly starts?: 'live' | 'unused' } = {}): ObjectDomain<S> => {
    requireFields(fields, 'object(…)');
    requireOptions(options, ['starts'], 'object(…)');
    const { starts = 'live' } = options;
    const words = starts === 'live' ? oneOf('live', 'freed') : oneOf('unused', 'live', 'freed');
    return objectOf(fields, words as EnumDomain<Lifetime>);
  },
);

/**
 * `length` objects that are unused until they are allocated. A freed slot is not used again, as with KASAN's
 * quarantine, so that late accesses are found; with `reuse: 'typesafe'` it is reused at once, with the old values in
 * its fields, and no access is checked, as under SLAB_TYPESAFE_BY_RCU.
 * Example: `pool(2, { refs: int(0, 2) })`
 */
export const pool = exactly(
  'pool',
  <S extends Shape>(
    length: number | Int,
    fields: S,
    options: { readonly reuse?: 'typesafe' } = {},
  ): PoolDomain<S> => {
    requireOptions(options, ['reuse'], 'pool(…)');
    const { reuse } = options;
    if (typeof length === 'number' && (!Number.isInteger(length) || length < 1)) {
      throw new ModelError(`pool(${length}, …): the length must be a whole number from 1 up`);
    }
    requireFields(fields, 'pool(…)');
    const words = reuse === undefined ? oneOf('unused', 'live', 'freed') : oneOf('unused', 'live');
    const element = objectOf(fields, words as EnumDomain<Lifetime>);
    return new PoolDomain<S>({ kind: 'array', length: intNode(length), element }, { values: [] });
  },
);

/** NULL, or one of the pool's objects; starts as NULL. Example: `pointer(Node)` */
export const pointer = exactly('pointer', <S extends Shape>(to: PoolDomain<S>): PointerDomain<S> => {
  if (!(to instanceof PoolDomain)) throw new ModelError(`pointer(…) needs a pool(…), not ${describe(to)}`);
  return new PointerDomain<S>({ kind: 'pointer', pool: to }, { values: ['NULL'] });
});

/**
 * A record that must satisfy a condition when the object around it is freed: a work item, for example, must not be
 * pending. Several are asked in the order in which they are written, the innermost first.
 * Example: `whenFreed(record({ pending: bool() }), (work) => not(work.pending), 'freed while pending')`
 */
export const whenFreed = exactly(
  'whenFreed',
  <S extends Shape>(
    record: RecordDomain<S>,
    cond: (record: VarOf<RecordDomain<S>>) => Bool,
    message: string,
  ): RecordDomain<S> => {
    if (!(record instanceof RecordDomain)) {
      throw new ModelError(`whenFreed(…) needs a record({ … }), not ${describe(record)}`);
    }
    requireFunction(cond, 'whenFreed(record({ … }), (r) => …)');
    requireText(message, 'what whenFreed(…) reports');
    const { node, initial } = record;
    const whole = new RecordDomain<S>(node, initial);
    const check = {
      cond: (place: Place) => conditionNode(cond(variable(place, whole)), 'whenFreed(…)'),
      message,
    };
    const checks = node.kind === 'record' ? [...(node.whenFreed ?? []), check] : [check];
    return new RecordDomain<S>({ ...node, whenFreed: checks } as typeof node, initial);
  },
);

/**
 * A part of an object that is not in its memory, but a fact about it: that its timer is armed, or that its callback
 * runs. It may be read and written after the object is freed, as by a callback that frees its own object.
 * Example: `object({ armed: notMemory(bool()) })`
 */
export const notMemory = exactly('notMemory', <D extends ScalarShape[string]>(domain: D): D => {
  requireDomain(domain, 'notMemory(…)');
  const { node, initial } = domain as Domain<unknown>;
  if (['record', 'array', 'owner', 'holders', 'latch'].includes(node.kind)) {
    throw new ModelError(`notMemory(…) has one value, such as bool(), not ${domainText(node)}`);
  }
  return Object.assign(Object.create(Object.getPrototypeOf(domain)), { node, initial, notMemory: true });
});

/** The built-in check of freeing. */
const badFree = 'bad-free';

/** Is it allocated, and not freed? Reading this is no access to it. Example: `isLive(dev)` */
export const isLive = exactly(
  'isLive',
  (of: AnyObject): Bool => lifetimeAt(placeOf(requireObject(of, 'isLive()'))).is('live'),
);

function requireObject(of: AnyObject, whose: string): AnyObject {
  if (isObject(of)) return of;
  throw new ModelError(`${whose} needs an object(…) of the state, not ${describe(of)}`);
}

function requirePool<S extends Shape>(of: PoolVar<S>, whose: string): PoolVar<S> {
  if (of instanceof PoolVar) return of;
  throw new ModelError(`${whose} needs a pool(…) of the state, not ${describe(of)}`);
}

/** One of the objects that an expression may mean. */
interface Meant {
  readonly isIt: Bool;
  readonly place: Place;
}

/** A statement about each object that may be meant: `where` is called with each of them. */
function forEach<S extends Shape>(of: AnyObject | Pointer<S>, where: (one: Meant) => Bool): Bool {
  if (!(of instanceof Pointer)) return where({ isIt: yes, place: placeOf(of) });
  return all(lengthOf(of.pool), (i) => where({ isIt: isSlot(of, i), place: slotOf(of.pool, i) }));
}

/**
 * The parts of a step that frees an object, or what a pointer points to; NULL is freed without effect. A bug unless it is
 * live; a warning if a lock in it is held.
 * Example: ``c`free`(frees(dev))``
 */
export const frees = exactly('frees', <S extends Shape>(of: AnyObject | Pointer<S>): Part => {
  if (!(of instanceof Pointer)) requireObject(of, 'a free');
  const domain = of instanceof Pointer ? elementOf(of.pool) : domainOf(of);
  const word = freedWord(domain);
  const isLiveAt = ({ isIt, place }: Meant) => not(isIt).or(lifetimeAt(place).is('live'));
  const checks = freedChecks(domain, []).map(({ path, cond, message }) =>
    expectsSoftly(
      forEach(of, ({ isIt, place }) => not(isIt).or(cond({ ...place, path: [...place.path, ...path] }))),
      message,
      badFree,
    ),
  );
  const effect =
    of instanceof Pointer
      ? forAll(lengthOf(of.pool), (i) => {
          const lifetime = lifetimeAt(slotOf(of.pool, i));
          return lifetime.set(ifElse(isSlot(of, i), word, lifetime));
        })
      : lifetimeAt(placeOf(of)).set(word);
  return given(yes, expects(forEach(of, isLiveAt), 'BUG: KASAN: double-free', badFree), ...checks, effect);
});

const isSlot = <S extends Shape>(of: Pointer<S>, i: Int): Bool =>
  new Bool({ op: 'eq', x: of.node, y: { op: 'address', pool: of.pool, x: i.node } });

const lifetimeAt = (place: Place): EnumVar<Lifetime> =>
  new EnumVar<Lifetime>({ ...place, path: [...place.path, 'lifetime'] });

/** The state of a freed slot: unused again where slots are reused. */
const freedWord = (domain: Domain<unknown>): Lifetime => {
  const { node } = domain;
  const words =
    node.kind === 'record' && node.lifetime?.node.kind === 'enum' ? node.lifetime.node.values : [];
  return words.includes('freed') ? 'freed' : 'unused';
};

interface PathCheck {
  readonly path: Place['path'];
  readonly cond: (place: Place) => Bool;
  readonly message: string;
}

/**
 * The conditions on the parts of an object where it is freed: no lock in it is held, and the conditions of its records.
 */
function freedChecks({ node }: Domain<unknown>, path: Place['path']): readonly PathCheck[] {
  if (node.kind === 'owner' || node.kind === 'holders') {
    return [{ path, cond: (place) => new OwnerVar(place).isFree(), message: 'WARNING: held lock freed!' }];
  }
  if (node.kind !== 'record') return [];
  const own = (node.whenFreed ?? []).map(({ cond, message }): PathCheck => {
    return { path, cond: (place) => new Bool(cond(place)), message };
  });
  return [
    ...own,
    ...Object.entries(node.fields).flatMap(([name, field]) => freedChecks(field, [...path, name])),
  ];
}

/** The parts of a step that allocates an object that is unused. Example: ``c`allocate`(allocates(dev))`` */
export const allocates = exactly('allocates', (of: AnyObject): Part => {
  const lifetime = lifetimeAt(placeOf(requireObject(of, 'allocates()')));
  return given(yes, expects(lifetime.is('unused'), 'the object is allocated twice'), lifetime.set('live'));
});

/**
 * A pointer to the first unused slot of a pool; if there is none, a value outside its domain, which is a model error.
 * Example: `firstUnused(devs).isNull()`
 */
export const firstUnused = exactly(
  'firstUnused',
  <S extends Shape>(of: PoolVar<S>): Pointer<S> => requirePool(of, 'an allocation').ref(firstIndex(of)),
);
const firstIndex = <S extends Shape>(of: PoolVar<S>): Int =>
  count(of.length, (i) => all(i.plus(1), (j) => not(lifetimeAt(slotOf(of.domain, j)).is('unused'))));

/** Is a slot of the pool unused? Example: `hasUnused(devs)` */
export const hasUnused = exactly(
  'hasUnused',
  <S extends Shape>(of: PoolVar<S>): Bool =>
    not(
      all(requirePool(of, 'hasUnused()').length, (i) => not(lifetimeAt(slotOf(of.domain, i)).is('unused'))),
    ),
);

/**
 * The effects of allocating the first unused slot of a pool.
 * Example: ``c`allocate`(takesFirst(devs))``
 */
export const takesFirst = exactly(
  'takesFirst',
  <S extends Shape>(of: PoolVar<S>): Part =>
    atOnce(
      forAll(requirePool(of, 'takesFirst()').length, (i) => {
        const lifetime = lifetimeAt(slotOf(of.domain, i));
        return lifetime.set(ifElse(lifetime.is('unused').and(firstIndex(of).eq(i)), 'live', lifetime));
      }),
    ),
);
