// Effects: what a step does to the state. All effects of a step happen at once, and each reads the state before the
// step.

import { exactly } from './arity.js';
import { created, dropped } from './creation.js';
import { describe, type ExprNode, Int, intNode, type Place } from './expression.js';
import { ModelError } from './location.js';
import type { StoreOrder } from './order.js';
import { requireFunction } from './required.js';

/** What a step does to one place. */
export type Effect =
  | { readonly effect: 'set'; readonly place: Place; readonly to: ExprNode; readonly order?: StoreOrder }
  /** Wait until the lock is free, then own it. */
  | {
      readonly effect: 'take';
      readonly place: Place;
      /** For the order of locks, it counts as a lock of another class. 0 if absent. */
      readonly subclass?: number;
      /** Where this is true, a share is granted although a writer waits. */
      readonly overtakes?: ExprNode;
    }
  /** Stop owning the lock; a bug unless the running actor owns it. */
  | { readonly effect: 'drop'; readonly place: Place }
  /** Nobody owns the lock any more, whoever runs. */
  | { readonly effect: 'release'; readonly place: Place }
  /** Let the latches record the state after this step. */
  | { readonly effect: 'arm'; readonly place: Place };
/** The same effect for every i in 0 … length - 1, or for every actor. */
export interface EffectForAll {
  readonly length: ExprNode | 'everyone';
  readonly id: symbol;
  readonly forAll: SomeEffect;
}
/** Effects that all read the state before any of them. */
export interface EffectsAtOnce {
  readonly atOnce: readonly SomeEffect[];
}
export type SomeEffect = Effect | EffectForAll | EffectsAtOnce;

export const effect = exactly('effect', (node: Effect): Effect => created(node, dropped.effect));
export const set = (place: Place, to: ExprNode): Effect => effect({ effect: 'set', place, to });

/** All effects, including nested ones. */
export const effectsOf = (part: SomeEffect): readonly Effect[] => {
  if ('forAll' in part) return effectsOf(part.forAll);
  return 'atOnce' in part ? part.atOnce.flatMap(effectsOf) : [part];
};

export const isEffect = (x: unknown): x is SomeEffect => {
  const given = Object(x);
  return 'effect' in given || 'forAll' in given || 'atOnce' in given;
};

/**
 * The same effect for every i in 0 … length - 1, all in one step.
 * Example: ``c`clear`(forAll(2, (i) => marks.at(i).set(false)))``
 */
export const forAll = exactly(
  'forAll',
  (length: number | Int, made: (i: Int) => SomeEffect): EffectForAll => {
    requireFunction(made, 'forAll(n, (i) => …)');
    const id = Symbol('i');
    const inner = made(new Int({ op: 'bound', id }));
    if (!isEffect(inner)) throw new ModelError(`forAll(n, (i) => …) makes an effect, not ${describe(inner)}`);
    return created({ length: intNode(length), id, forAll: inner }, dropped.part);
  },
);

/**
 * Effects that exchange values: each reads the state before all of them, in whatever order they are written. So
 * `atOnce(a.set(b), b.set(a))` is `swap(a, b)`; side by side in a step they would be refused, since in C the second one
 * would read the result of the first.
 * Example: ``c`swap`(atOnce(n.set(m), m.set(n)))``
 */
export const atOnce = (...effects: readonly SomeEffect[]): EffectsAtOnce => {
  for (const each of effects) {
    if (!isEffect(each)) throw new ModelError(`atOnce() has effects, not ${describe(each)}`);
  }
  return created({ atOnce: effects }, dropped.part);
};
