// Effects: the parts of one step as a guard, expectations and simultaneous assignments. The order in which the model
// writes effects is C's order; a step whose meaning would depend on it is refused.

import {
  type Effect,
  type EffectForAll,
  type GivenParts,
  ModelError,
  type Part,
  type SourceLocation,
} from '../../models/language/index.js';
import { checkNames } from '../ir/built_in_checks.js';
import {
  and,
  boundsOf,
  constant,
  int,
  isFalse,
  not,
  read,
  truth,
  typeOfDomain,
  valueText,
  walk,
} from '../ir/expression.js';
import type { Assignment, Cell, Domain, Expr, LockChange } from '../ir/program.js';
import { domainText, exprText } from '../ir/text.js';
import type { Draft } from './draft.js';
import { cellType, convert, lowerCell, lowerExpr } from './expressions.js';
import { armings } from './latches.js';
import { nestedIn, nesting } from './nested_shares.js';
import { requireThread } from './own.js';
import { admitted, queueFor } from './queues.js';
import { bind, provisionalNames, requireConstant, type Scope } from './scope.js';
import type { Slot } from './state_variables.js';

export type StepParts = Pick<Draft, 'guard' | 'expectations' | 'assignments' | 'locks' | 'rests' | 'queue'>;

/** `earlier`: what the same step has written before these parts. */
export function lowerParts(
  given: readonly Part[],
  scope: Scope,
  earlier: readonly Assignment[] = [],
): StepParts {
  const all = resolveGiven(given, scope);
  const guards = all.flatMap((part) => ('guard' in part ? [lowerExpr(part.guard, scope)] : []));
  // The effects of a step that is never taken need no meaning; its demands are checked all the same.
  const parts = guards.some(isFalse)
    ? all.filter((part) => 'guard' in part || 'rests' in part || isDemand(part))
    : all;
  let guard = truth(true);
  const expectations: Draft['expectations'][number][] = [];
  const assignments: Assignment[] = [...earlier];
  const locks: LockChange[] = [];
  let queue: Cell | undefined;
  let rests = false;
  const effect = (part: Effect, inner: Scope, before: readonly Assignment[] = assignments) => {
    if (part.effect === 'arm') {
      for (const arming of armings(part.place, inner)) {
        refuseConflict(assignments, before, arming, inner);
        assignments.push(arming);
      }
      return;
    }
    const lowered = lowerEffect(part, inner);
    refuseConflict(assignments, before, lowered, inner);
    const { target } = lowered;
    assignments.push(...(nesting(part.effect, target, inner) ?? [lowered]));
    if (part.effect === 'set') return;
    const { mode } = inner.world.state.variables[target.variables[0]!]!.lock!;
    locks.push({ way: part.effect, mode, lock: target });
    if (part.effect === 'drop') return;
    if (mode === 'exclusive') queue ??= queueFor(target, inner);
    guard = and(guard, mayTake(target, mode, inner));
  };
  for (const part of parts) {
    if ('guard' in part) {
      const condition = lowerExpr(part.guard, scope);
      refuseReading(condition, assignments, scope);
      guard = and(guard, condition);
    } else if ('expect' in part) {
      const condition = lowerExpr(part.expect, scope);
      refuseReading(condition, assignments, scope);
      const { message, severity: kind, onArrival = false } = part;
      const check = checkNames.find((name) => name === part.check);
      expectations.push({ condition, message: () => message, kind, onArrival, ...(check && { check }) });
    } else if ('rests' in part) {
      rests = true;
    } else if ('stores' in part) {
      effect(part.stores, scope, []);
    } else if ('atOnce' in part) {
      const before = [...assignments];
      for (const each of part.atOnce) repeated(each, scope, (one, inner) => effect(one, inner, before));
    } else {
      repeated(part, scope, effect);
    }
  }
  const own = assignments.slice(earlier.length);
  return { guard, expectations, assignments: own, locks, rests, ...(queue !== undefined && { queue }) };
}

/** An effect, once or for each index of its range. */
function repeated(
  part: Effect | EffectForAll,
  scope: Scope,
  effect: (part: Effect, inner: Scope) => void,
): void {
  if (!('forAll' in part)) {
    effect(part, scope);
    return;
  }
  const length = requireConstant(lowerExpr(part.length, scope), 'the range of forAll()', scope.at);
  for (let i = 0; i < length; i++) effect(part.forAll, bind(scope, part.id, int(i)));
}

const isDemand = (part: Part): boolean => 'expect' in part && part.onArrival === true;

/** The parts that the step has under these settings. */
const resolveGiven = (parts: readonly Part[], scope: Scope): readonly Exclude<Part, GivenParts>[] =>
  parts.flatMap((part) => {
    if (!('given' in part)) return [part];
    const cond = requireConstant(lowerExpr(part.given, scope), 'the condition of given()', scope.at);
    return cond === 0 ? [] : resolveGiven(part.parts, scope);
  });

/** Is the lock free for the running actor to take, in this way? */
function mayTake(lock: Cell, mode: LockChange['mode'], scope: Scope): Expr {
  const isFree = nestedIn(lock, scope) === undefined ? unowned(lock, scope) : truth(true);
  return and(isFree, mode === 'shared' ? admitted(lock, scope) : truth(true));
}

/** The lock has no owner; for a share of a set of holders: the running actor is not in the set yet. */
function unowned(lock: Cell, scope: Scope): Expr {
  const type = cellType(lock, scope);
  const value = read(lock, type);
  return type === 'bool' ? not(value) : { op: 'eq', x: value, y: constant(0, type) };
}

function lowerEffect(effect: Exclude<Effect, { effect: 'arm' }>, scope: Scope): Assignment {
  const target = lowerCell(effect.place, scope);
  const type = cellType(target, scope);
  if (effect.effect === 'set') {
    const value = convert(lowerExpr(effect.to, scope, type), type, scope);
    const { domain, name } = scope.world.state.variables[target.variables[0]!]!;
    refuseAssignment(domain, value, name, scope.at);
    return { target, value };
  }
  const lock = scope.world.state.variables[target.variables[0]!]!.lock;
  if (lock === undefined) throw new ModelError(`'${effect.place.name}' is not a lock`, scope.at);
  if (effect.effect === 'drop') return { target, value: constant(0, type) };
  return { target, value: constant(type === 'bool' ? 1 : requireThread(scope) + 1, type) };
}

/** Refuses a constant outside the domain of its target. */
export function refuseAssignment(
  domain: Domain,
  value: Expr,
  name: string,
  at: SourceLocation | undefined,
): void {
  if (value.op !== 'const') return;
  const { min, max } = boundsOf(domain);
  if (value.value >= min && value.value <= max) return;
  throw new ModelError(
    `${name} cannot be ${valueText(value.value, value.type)}: not in ${domainText(domain)}`,
    at,
  );
}

/**
 * Simultaneous assignments mean the same as C's order only if no place is written twice or read after it. `before`:
 * earlier parts that the model does not put into one atOnce() with this one.
 */
function refuseConflict(
  written: readonly Assignment[],
  before: readonly Assignment[],
  { target, value }: Assignment,
  scope: Scope,
): void {
  if (written.some((earlier) => overlap(earlier.target, target))) {
    const text = exprText(read(target, 'int'), provisionalNames(scope.world));
    throw new ModelError(`this step writes ${text} twice; make it two steps, or one effect`, scope.at);
  }
  refuseReading(value, before, scope);
  if (target.index !== undefined) refuseReading(target.index, before, scope);
}

/** Refuses to read what the step has written before: guards and effects see the state before the step. */
function refuseReading(root: Expr, before: readonly Assignment[], scope: Scope): void {
  walk(root, (x) => {
    if (x.op !== 'read' || !before.some(({ target }) => overlap(target, x.cell))) return;
    const text = exprText(x, provisionalNames(scope.world));
    throw new ModelError(
      `this step reads ${text} after it has written it; effects of a step happen at once, so read it first, or exchange both in atOnce(…)`,
      scope.at,
    );
  });
}

const overlap = (x: Cell, y: Cell): boolean => x.variables.some((id) => y.variables.includes(id));

/** The assignment that stores an argument in a local. */
export function store(slot: Slot, value: Expr, scope: Scope, at: SourceLocation | undefined): Assignment {
  if (slot.kind !== 'scalar') throw new ModelError('only scalars can be passed as arguments', at);
  const { domain, name } = scope.world.state.variables[slot.id]!;
  const converted = convert(value, typeOfDomain(domain), { ...scope, at });
  refuseAssignment(domain, converted, name, at);
  return { target: { variables: [slot.id] }, value: converted };
}
