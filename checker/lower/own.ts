// Conditions on the running actor: which locks it owns, whether it is an interrupt, whether its latches are set.

import { ModelError, type Place } from '../../models/language/index.js';
import { anyOf, constant, equal, not, read, truth, typeOf, typeOfDomain } from '../ir/expression.js';
import type { Expr, ThreadId, Variable } from '../ir/program.js';
import type { Scope } from './scope.js';

/** Does the running actor own any lock of the kind? */
export function ownsAny(kind: string | undefined, scope: Scope): Expr {
  const thread = requireThread(scope);
  if (kind === undefined && !scope.world.written.spinning.has(thread)) return truth(false);
  return anyOf(locksOf(kind, scope).map((lock) => ownsLock(lock, thread)));
}

/** Is a latch at the place still set? */
export function isArmed(place: Place, scope: Scope): Expr {
  const { state } = scope.world;
  const cells = scope.world
    .latchesAt(place, scope)
    .map((cell) => read(cell, typeOfDomain(state.variables[cell.variables[0]!]!.domain)));
  return anyOf(cells.map((x) => not(equal(x, constant(0, typeOf(x))))));
}

/** Is the thread an interrupt that has begun and not ended? */
export function isHandling(thread: ThreadId, { world }: Scope): Expr {
  const family = [...world.families.values()].find(({ threads }) => threads.includes(thread))!;
  const level = family.node.on?.level ?? 'task';
  return level === 'task' ? truth(false) : world.isBusy(thread);
}

/** The locks of a kind; without a kind, the locks whose waiters spin. */
const locksOf = (kind: string | undefined, scope: Scope) =>
  scope.world.state.variables.filter(({ lock }) => (kind === undefined ? lock?.spins : lock?.kind === kind));

/** Does the thread own this lock, or this share of one? */
function ownsLock(lock: Variable, thread: ThreadId): Expr {
  const cell = { variables: [lock.id] };
  if (lock.holder !== undefined) return lock.holder === thread ? read(cell, 'bool') : truth(false);
  const type = typeOfDomain(lock.domain);
  return equal(read(cell, type), constant(thread + 1, type));
}

export function requireThread(scope: Scope, word?: 'self'): ThreadId {
  if (scope.thread !== undefined) return scope.thread;
  if (word === 'self') {
    const problem = 'self and .mine mean the actor that runs a step: here, say which one, as in x.of(actor)';
    throw new ModelError(problem, scope.at);
  }
  throw new ModelError('only an actor can own a lock; say which one: lock.isOwnedBy(actor)', scope.at);
}
