// Variables of single values, and locks: reading one is an expression (`pmd.is('none')`), writing one an effect.

import { refuseMoreArguments } from './arity.js';
import { type Effect, effect, set } from './effect.js';
import {
  Bool,
  boolNode,
  conditionNode,
  describe,
  Enum,
  enumNode,
  Int,
  intNode,
  type Place,
} from './expression.js';
import { ModelError } from './location.js';
import { countOfActors, ofActors } from './per_actor.js';
import { requireFunction, requireOptions } from './required.js';
import { ActorRef, someoneNode, type Who, whoNode } from './someone.js';

/** How a lock is taken. */
export interface TakeOptions {
  /** As in spin_lock_nested(): for the order of locks, it counts as a lock of another class. From 1 to 7. */
  readonly subclass?: number;
  /** For a share: where this is true, it is granted although a writer waits. */
  readonly overtakes?: Bool;
}

/** What has a value of V that can be stored in a variable, in a step of its own: a test, or a step with a value. */
export interface Storable<V, S> {
  readonly $value: V;
  /** The statement that stores it. */
  storedIn(place: Place): S;
}

/** For internal use: the statement that stores a step's value at a place; throws a ModelError where it has none. */
export function stored<S>(from: Storable<unknown, S>, place: Place): S {
  if (typeof Object(from).storedIn === 'function') return from.storedIn(place);
  const what = describe(from);
  throw new ModelError(
    `.assign() takes a step with a value, such as xchg(…), c\`…\`.value(…) or a test, not ${what}; an expression is stored with .set(…)`,
  );
}

/** For internal use: the effect that arms the latches at a place. */
export const armed = (place: Place): Effect => effect({ effect: 'arm', place });

export class IntVar extends Int {
  readonly place: Place;
  constructor(place: Place) {
    super({ op: 'read', place });
    this.place = place;
  }
  set(to: number | Int): Effect {
    return set(this.place, intNode(to));
  }
  inc(): Effect {
    return this.set(this.plus(1));
  }
  dec(): Effect {
    return this.set(this.minus(1));
  }
  /** The step whose value is stored here. */
  assign<S>(from: Storable<number, S>): S {
    return stored(from, this.place);
  }
}

export class EnumVar<V extends string> extends Enum<V> {
  readonly place: Place;
  constructor(place: Place) {
    super({ op: 'read', place });
    this.place = place;
  }
  set(to: NoInfer<V> | Enum<V>): Effect {
    return set(this.place, enumNode(to));
  }
  /** The step whose value is stored here. */
  assign<S>(from: Storable<NoInfer<V>, S>): S {
    return stored(from, this.place);
  }
}

export class BoolVar extends Bool {
  readonly place: Place;
  constructor(place: Place) {
    super({ op: 'read', place });
    this.place = place;
  }
  set(to: boolean | Bool): Effect {
    return set(this.place, boolNode(to));
  }
  /** The step whose value is stored here. */
  assign<S>(from: Storable<boolean, S>): S {
    return stored(from, this.place);
  }
}

/** A latch: does it still remember? Nobody writes it; `arm` lets it begin. */
export class LatchVar extends Bool {
  readonly place: Place;
  constructor(place: Place) {
    super({ op: 'armed', place });
    this.place = place;
  }
  arm(): Effect {
    return armed(this.place);
  }
}

/** Who holds an exclusive lock. */
export class OwnerVar<K extends string> {
  declare readonly $kind: K;
  readonly place: Place;
  constructor(place: Place) {
    this.place = place;
  }
  take(options: TakeOptions = {}): Effect {
    requireOptions(options, ['subclass', 'overtakes'], '.take(…)');
    const { subclass = 0, overtakes } = options;
    if (!Number.isInteger(subclass) || subclass < 0 || subclass > 7) {
      throw new ModelError(`a subclass of locks is a number from 0 to 7, not ${describe(subclass)}`);
    }
    return effect({
      ...{ effect: 'take', place: this.place },
      ...(subclass > 0 && { subclass }),
      ...(overtakes !== undefined && { overtakes: conditionNode(overtakes, 'overtakes') }),
    });
  }
  drop(): Effect {
    return effect({ effect: 'drop', place: this.place });
  }
  /** Of a lock that anybody may release (`owner(kind, { anyoneReleases: true })`): nobody owns it any more. */
  release(): Effect {
    return effect({ effect: 'release', place: this.place });
  }
  isFree(): Bool {
    return new Bool({ op: 'free', place: this.place });
  }
  /** Does the actor that runs this step own it? */
  isMine(): Bool {
    return new Bool({ op: 'owned', place: this.place });
  }
  isOwnedBy(who: Who): Bool {
    return new Bool({ op: 'owned by', place: this.place, whom: whoNode(who, '.isOwnedBy()') });
  }
}

/**
 * Which actors hold a shared lock. `take` and `drop` concern the running actor only; a share that it has taken again is
 * held until it is dropped as often.
 */
export class HoldersVar<K extends string> extends OwnerVar<K> {
  declare readonly $shared: true;
  /** How many hold it. */
  get size(): Int {
    return countOfActors((who) => this.isOwnedBy(who));
  }
  has(who: Who): Bool {
    return this.isOwnedBy(who);
  }
  /** Is it true of some who hold it? */
  any(cond: (who: ActorRef) => Bool): Bool {
    requireFunction(cond, '.any((who) => …)');
    return ofActors('any', (who) => this.isOwnedBy(who).and(cond(who)));
  }
  /** Is it true of all who hold it? */
  all(cond: (who: ActorRef) => Bool): Bool {
    requireFunction(cond, '.all((who) => …)');
    return ofActors('all', (who) => this.isOwnedBy(who).implies(cond(who)));
  }
}

/** One of the actors, or nobody. */
export class SomeoneVar extends ActorRef {
  readonly place: Place;
  constructor(place: Place) {
    super({ op: 'read', place });
    this.place = place;
  }
  set(to: Who | 'nobody'): Effect {
    return set(this.place, someoneNode(to, '.set()'));
  }
  /** The step whose value is stored here. */
  assign<S>(from: Storable<ActorRef, S>): S {
    return stored(from, this.place);
  }
}

refuseMoreArguments(IntVar, EnumVar, BoolVar, LatchVar, OwnerVar, HoldersVar, SomeoneVar);
