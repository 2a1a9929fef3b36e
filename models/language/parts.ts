// Parts of a step: guards, expectations and effects. All of it happens in one step.

import { exactly } from './arity.js';
import { created, dropped } from './creation.js';
import { type Effect, effectsOf, isEffect, type SomeEffect } from './effect.js';
import { Bool, conditionNode, describe, type ExprNode } from './expression.js';
import { ModelError } from './location.js';
import type { MemoryPart } from './order.js';
import { requireText } from './required.js';

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
/** Parts that the step has only under some settings. */
export interface GivenParts {
  readonly given: ExprNode;
  readonly parts: readonly Part[];
}
/** Parts that the step has only where a condition is true in the state before the step. */
export interface ConditionalParts {
  readonly onlyIf: ExprNode;
  readonly parts: readonly ConditionalPart[];
}
/** Parts that may be conditional: all but guards. */
export type ConditionalPart = SomeEffect | StepExpectation | GivenParts | ConditionalParts;
/** The target of the step's value, which is read before all effects. */
export interface StoredValue {
  readonly stores: Effect;
}
/** An actor at the step is not waited for. */
export interface Resting {
  readonly rests: true;
}
export type Part =
  | SomeEffect
  | ConditionalParts
  | Guard
  | StepExpectation
  | GivenParts
  | StoredValue
  | Resting
  | MemoryPart;

/** All effects among the parts, including nested ones. */
export const effectsIn = (parts: readonly Part[]): readonly Effect[] =>
  parts.flatMap((part) => {
    if ('given' in part || 'onlyIf' in part) return effectsIn(part.parts);
    if ('stores' in part) return [part.stores];
    return isEffect(part) ? effectsOf(part) : [];
  });

const part = <P extends Part>(node: P): P => created(node, dropped.part);

const partKinds = ['guard', 'expect', 'given', 'onlyIf', 'rests', 'memory'] as const;

/** Throws a ModelError for what is no part of a step. */
export function requirePart(x: unknown): void {
  if (isEffect(x) || partKinds.some((kind) => kind in Object(x))) return;
  const hint = x instanceof Bool ? ': when(…) waits for it, expects(…) demands it' : '';
  throw new ModelError(`a step has effects, guards and expectations, not ${describe(x)}${hint}`);
}

/** The step waits until `cond` is true. Example: ``c`wait`(when(flag))`` */
export const when = exactly('when', (cond: Bool): Guard => part({ guard: conditionNode(cond, 'when()') }));

/**
 * A part of a step: an actor that stands there is not waited for. It marks where a server idles, such as a kworker that
 * waits for work. A run may end while the actor stands there; elsewhere it can be in a deadlock like any other actor.
 * Example: ``c`wait for work`(rests(), when(flag))``
 */
export const rests = exactly('rests', (): Resting => part({ rests: true }));

/**
 * Parts that the step has only if a condition on settings is true.
 * Example: ``c`clear`(given(fix.is('none'), flag.set(false)))``
 */
export const given = (cond: Bool, ...parts: readonly Part[]): GivenParts => {
  for (const each of parts) requirePart(each);
  return part({ given: conditionNode(cond, 'given()'), parts });
};

/**
 * Parts that the step has only where `cond` is true when it is taken: `onlyIf(c, x.set(e))` stores `c ? e : x`. Guards
 * cannot be conditional, nor can locks, which C takes after a test: `If(c, { lock: … })`.
 * Example: ``c`count`(onlyIf(n.lt(3), n.inc()))``
 */
export const onlyIf = (cond: Bool, ...parts: readonly ConditionalPart[]): ConditionalParts => {
  for (const each of parts) {
    requirePart(each);
    refuseConditional(each);
  }
  return part({ onlyIf: conditionNode(cond, 'onlyIf()'), parts });
};

function refuseConditional(each: Part): void {
  if ('guard' in each) throw new ModelError('onlyIf() waits for nothing: say when(not(condition).or(…))');
  if ('rests' in each) throw new ModelError('onlyIf() cannot rest: rests() is a part of the whole step');
  if ('stores' in each) throw new ModelError('onlyIf() stores no value of a step');
  const effects = effectsIn([each]);
  if (effects.some((one) => one.effect === 'arm')) {
    throw new ModelError('onlyIf() arms no latch: say If(condition, { arm: … })');
  }
  if (effects.some((one) => one.effect !== 'set')) {
    const instead = "If(condition, { lock: … }), or a test's yes: [lock.take()]";
    throw new ModelError(
      `onlyIf() cannot take or drop a lock, since C does so after the test: use ${instead}`,
    );
  }
  if ('given' in each) for (const inner of each.parts) refuseConditional(inner);
}

const expectation = (whose: string, cond: Bool, rest: Omit<StepExpectation, 'expect'>): StepExpectation => {
  const expect = conditionNode(cond, `${whose}()`);
  requireText(rest.message, `the message of ${whose}(condition, message)`);
  return part({ expect, ...rest });
};

/**
 * The step reports a bug, and its actor is dead from then on, if `cond` is false when the step is taken. `check` names
 * the built-in check with which it is switched off.
 * Example: ``c`zap`(expects(pmd.is('huge'), 'VM_BUG_ON'), pmd.set('none'))``
 */
export const expects = exactly(
  'expects',
  (cond: Bool, message: string, check?: string): StepExpectation =>
    expectation('expects', cond, { message, severity: 'bug', ...(check !== undefined && { check }) }),
);
/**
 * The step reports a warning, and goes on, if `cond` is false when it is taken.
 * Example: ``c`put`(expectsSoftly(n.gt(0), 'WARN_ON'))``
 */
export const expectsSoftly = exactly(
  'expectsSoftly',
  (cond: Bool, message: string, check?: string): StepExpectation =>
    expectation('expectsSoftly', cond, {
      message,
      severity: 'warning',
      ...(check !== undefined && { check }),
    }),
);
/**
 * As `expects`, but the bug is reported as soon as the actor stands before the step, whether or not the step's guards
 * are true: spinning on freed memory is a bug even if the loop never ends. In the first step of an arm of Either it is
 * an `expects`, since the arm need not be chosen.
 * Example: ``c`spin`(when(flag), demands(isLive(dev), 'use after free'))``
 */
export const demands = exactly(
  'demands',
  (cond: Bool, message: string): StepExpectation =>
    expectation('demands', cond, { message, severity: 'bug', onArrival: true }),
);
/**
 * As `demands`, with a warning: the actor reports it once, and stays before the same step. `check` names the built-in
 * check with which it is switched off.
 * Example: ``c`wait`(when(flag), demandsSoftly(maySleep(), 'sleeping in atomic context'))``
 */
export const demandsSoftly = exactly(
  'demandsSoftly',
  (cond: Bool, message: string, check?: string): StepExpectation =>
    expectation('demandsSoftly', cond, {
      message,
      severity: 'warning',
      onArrival: true,
      ...(check !== undefined && { check }),
    }),
);
