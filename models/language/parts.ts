// Parts of a step: what it waits for, what it is expected to find, and its effects. All that happens in one step.

import { created, dropped } from './creation.js';
import { Bool, conditionNode, describe, type ExprNode, Int, intNode } from './expression.js';
import { ModelError } from './location.js';
import { requireFunction, requireText } from './required.js';
import type { Effect } from './variable.js';

/** Waits until true: the step is enabled only then. */
export interface Guard {
  readonly guard: ExprNode;
}
/** Reports `message` when the condition is false as the step is taken. */
export interface StepExpectation {
  readonly expect: ExprNode;
  readonly message: string;
  /** After a bug the actor is dead; after a warning it goes on. */
  readonly severity: 'bug' | 'warning';
  /** Reports as soon as the actor stands before the step, whether or not the step's guards are true. */
  readonly onArrival?: true;
  /** The built-in check with which the expectation is switched off. */
  readonly check?: string;
}
/** The same effect for every i in 0 … length - 1, all in this one step. */
export interface EffectForAll {
  readonly length: ExprNode;
  readonly id: symbol;
  readonly forAll: Effect;
}
/** Effects that all read what was there before any of them. */
export interface EffectsAtOnce {
  readonly atOnce: readonly (Effect | EffectForAll)[];
}
/** Parts that the step has only under some settings. */
export interface GivenParts {
  readonly given: ExprNode;
  readonly parts: readonly Part[];
}
/** Where the value of the step goes: it is what was there before all effects. */
export interface StoredValue {
  readonly stores: Effect;
}
/** An actor that stands at the step need never go on. */
export interface Resting {
  readonly rests: true;
}
export type Part =
  | Effect
  | EffectForAll
  | EffectsAtOnce
  | Guard
  | StepExpectation
  | GivenParts
  | StoredValue
  | Resting;

/** The effects among some parts, those inside others included. */
export const effectsIn = (parts: readonly Part[]): readonly Effect[] =>
  parts.flatMap((part) => {
    if ('given' in part) return effectsIn(part.parts);
    if ('forAll' in part) return [part.forAll];
    if ('stores' in part) return [part.stores];
    if ('atOnce' in part) return effectsIn(part.atOnce);
    return 'effect' in part ? [part] : [];
  });

const part = <P extends Part>(node: P): P => created(node, dropped.part);

const partKinds = ['effect', 'forAll', 'atOnce', 'guard', 'expect', 'given', 'rests'] as const;

/** Throws a ModelError for what is no part of a step. */
export function requirePart(x: unknown): void {
  if (typeof x === 'object' && x !== null && partKinds.some((kind) => kind in x)) return;
  const hint = x instanceof Bool ? ': when(…) waits for it, expects(…) demands it' : '';
  throw new ModelError(`a step has effects, guards and expectations, not ${describe(x)}${hint}`);
}

/** The step waits until `cond` is true. */
export const when = (cond: Bool): Guard => part({ guard: conditionNode(cond, 'when()') });

/**
 * A part of a step: an actor that stands there is not waited for. It is where a server idles, such as a kworker that
 * waits for work. A run may end while it stands there; where it is stuck elsewhere is a deadlock as for anybody.
 */
export const rests = (): Resting => part({ rests: true });

/** The same effect for every i in 0 … length - 1, all in one step. */
export const forAll = (length: number | Int, effect: (i: Int) => Effect): EffectForAll => {
  requireFunction(effect, 'forAll(n, (i) => …)');
  const id = Symbol('i');
  return part({ length: intNode(length), id, forAll: effect(new Int({ op: 'bound', id })) });
};

/**
 * Effects that exchange values: each reads what was there before all of them, in whatever order they are written. So
 * `atOnce(a.set(b), b.set(a))` is `swap(a, b)`; side by side in a step they would be refused, for in C the second would
 * read what the first has written.
 */
export const atOnce = (...effects: readonly (Effect | EffectForAll)[]): EffectsAtOnce => {
  for (const each of effects) {
    if (Object(each).effect === undefined && Object(each).forAll === undefined) {
      throw new ModelError(`atOnce() has effects, not ${describe(each)}`);
    }
  }
  return part({ atOnce: effects });
};

/** Parts that the step has only if a condition on settings is true. */
export const given = (cond: Bool, ...parts: readonly Part[]): GivenParts => {
  for (const each of parts) requirePart(each);
  return part({ given: conditionNode(cond, 'given()'), parts });
};

const expectation = (whose: string, cond: Bool, rest: Omit<StepExpectation, 'expect'>): StepExpectation => {
  const expect = conditionNode(cond, `${whose}()`);
  requireText(rest.message, `the message of ${whose}(condition, message)`);
  return part({ expect, ...rest });
};

/**
 * The step reports a bug, and its actor dies there, if `cond` is false when the step is taken. `check` names the built-in
 * check with which it is switched off.
 */
export const expects = (cond: Bool, message: string, check?: string): StepExpectation =>
  expectation('expects', cond, { message, severity: 'bug', ...(check !== undefined && { check }) });
/** The step reports a warning, and goes on, if `cond` is false when it is taken. */
export const expectsSoftly = (cond: Bool, message: string, check?: string): StepExpectation =>
  expectation('expectsSoftly', cond, { message, severity: 'warning', ...(check !== undefined && { check }) });
/**
 * As `expects`, but the bug is reported as soon as the actor stands before the step, whether or not the step's guards
 * are true: a spinner that reads freed memory is wrong even if it never stops waiting. In the first step of an arm of
 * Either it is an `expects`, for the arm need not be chosen.
 */
export const demands = (cond: Bool, message: string): StepExpectation =>
  expectation('demands', cond, { message, severity: 'bug', onArrival: true });
/**
 * As `demands`, with a warning: the actor reports it once, and stands before the same step as before. `check` names the
 * built-in check with which it is switched off.
 */
export const demandsSoftly = (cond: Bool, message: string, check?: string): StepExpectation =>
  expectation('demandsSoftly', cond, {
    message,
    severity: 'warning',
    onArrival: true,
    ...(check !== undefined && { check }),
  });
