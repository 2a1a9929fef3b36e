// Variables of which each actor has one, or each CPU: `.mine` is that of the actor that runs the step, and all can be
// gone through. With bools they are sets of actors.

import { refuseMoreArguments } from './arity.js';
import { created, dropped } from './creation.js';
import { type Effect, type EffectForAll, type EffectsAtOnce, type SomeEffect, set } from './effect.js';
import {
  type Bool,
  counted,
  describe,
  Expr,
  type ExprNode,
  type Int,
  type Place,
  quantified,
} from './expression.js';
import { ModelError } from './location.js';
import { requireFunction } from './required.js';
import { ActorRef, type Who, whoNode } from './someone.js';

/** What can be asked whether an actor is in it. */
interface ActorSet {
  has(who: Who): Bool;
}

/** What has been bound to each actor: a body is made once, and stands for each. */
const everyone = <T>(made: (who: ActorRef) => T): { readonly id: symbol; readonly made: T } => {
  const id = Symbol('actor');
  return { id, made: made(new ActorRef({ op: 'bound', id })) };
};

/** Is it true of some actor, or of every one? */
export function ofActors(quantifier: 'any' | 'all', cond: (who: ActorRef) => Bool): Bool {
  requireFunction(cond, `${quantifier}((actor) => …)`);
  const { id, made } = everyone(cond);
  return quantified(quantifier, { everyone: true, id }, made);
}

/** Of how many actors is it true? */
export function countOfActors(cond: (who: ActorRef) => Bool): Int {
  requireFunction(cond, 'count((actor) => …)');
  const { id, made } = everyone(cond);
  return counted({ everyone: true, id }, made);
}

/** A variable for each actor, or for each CPU. */
export class PerActorVar<V> {
  readonly place: Place;
  readonly #at: (who: ExprNode) => V;

  constructor(place: Place, at: (who: ExprNode) => V) {
    this.place = place;
    this.#at = at;
  }

  /** That of the actor that runs, or of its CPU. */
  get mine(): V {
    return this.#at({ op: 'self' });
  }
  /** That of an actor, or of its CPU. Of nobody it is a model error with a trace. */
  of(who: Who): V {
    return this.#at(whoNode(who, `'${this.place.name}'.of()`));
  }
  any(cond: (x: V, who: ActorRef) => Bool): Bool {
    requireFunction(cond, 'any((x, actor) => …)');
    return ofActors('any', (who) => cond(this.of(who), who));
  }
  all(cond: (x: V, who: ActorRef) => Bool): Bool {
    requireFunction(cond, 'all((x, actor) => …)');
    return ofActors('all', (who) => cond(this.of(who), who));
  }
  count(cond: (x: V, who: ActorRef) => Bool): Int {
    requireFunction(cond, 'count((x, actor) => …)');
    return countOfActors((who) => cond(this.of(who), who));
  }
  /** An effect for each actor, all in one step. */
  forAll(made: (x: V, who: ActorRef) => SomeEffect): EffectForAll {
    requireFunction(made, 'forAll((x, actor) => …)');
    const { id, made: forAll } = everyone((who) => made(this.of(who), who));
    return created({ length: 'everyone', id, forAll }, dropped.part);
  }
  /** Stores what another has for each actor; in bools, whether the actor is in a set, such as the holders of a lock. */
  copy(from: PerActorVar<V> | (V extends Bool ? ActorSet : never)): EffectForAll {
    return this.forAll((x, who) => {
      if (from instanceof PerActorVar) return copied(x, from.of(who));
      if (typeof Object(from).has === 'function') return copied(x, (from as ActorSet).has(who));
      throw new ModelError(`copy() needs what each actor has, or a set of actors, not ${describe(from)}`);
    });
  }
}

refuseMoreArguments(PerActorVar);

/** What has words to store a value, or a record, in it. */
interface HasStore {
  readonly place?: Place;
  copy?(from: unknown): EffectsAtOnce;
}

function copied(x: unknown, from: unknown): Effect | EffectsAtOnce {
  const to: HasStore = Object(x);
  if (to.copy !== undefined) return to.copy(from);
  if (to.place !== undefined && from instanceof Expr) return set(to.place, from.node);
  throw new ModelError(`copy() copies single values and records, not ${describe(x)}`);
}
