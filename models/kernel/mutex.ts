// include/linux/mutex.h: an exclusive lock whose waiter sleeps, so it must not be taken in atomic context.
//
// The kernel promises that one task at a time holds it, and that its taker releases it. The model: taking it is one step
// that waits until it is free, and before that demands a context that may sleep; a trylock is one step that never waits.
// Left out: that waiters spin while the holder runs, and in which order they get it. Any order is allowed, so violations,
// proofs and deadlocks are those of the kernel; that a waiter is passed over for ever is a counterexample to liveness
// that the kernel's hand-over excludes.

import {
  type AtomicTest,
  exactly,
  expectsSoftly,
  type OwnerVar,
  owner,
  requireLock,
  runsAs,
  source,
  yes,
} from '../language/index.js';
import { mightSleep } from './bug.js';
import { type LockOptions, lockOptions } from './lockdep.js';

const c = source('include/linux/mutex.h');

export const mutex = exactly('mutex', (options: LockOptions = {}) =>
  owner('mutex', lockOptions(options, 'mutex(…)')),
);

export const mutex_lock = exactly('mutex_lock', (lock: OwnerVar<'mutex'>) => {
  requireLock(lock, 'mutex_lock()');
  return c`mutex_lock(${lock})`(mightSleep(), lock.take());
});
/** A second mutex of one class: `subclass` is where it stands in their order. */
export const mutex_lock_nested = exactly('mutex_lock_nested', (lock: OwnerVar<'mutex'>, subclass: number) => {
  requireLock(lock, 'mutex_lock_nested()');
  const taken = lock.take({ subclass });
  return c`mutex_lock_nested(${lock}, ${String(subclass)})`(mightSleep(), taken);
});
export const mutex_unlock = exactly('mutex_unlock', (lock: OwnerVar<'mutex'>) => {
  requireLock(lock, 'mutex_unlock()');
  return c`mutex_unlock(${lock})`(lock.drop());
});

/**
 * One attempt, which never sleeps: true if the mutex was free, and is taken.
 * Example: `If(mutex_trylock(lock), { unlock: mutex_unlock(lock) })`
 */
export const mutex_trylock = exactly('mutex_trylock', (lock: OwnerVar<'mutex'>): AtomicTest => {
  requireLock(lock, 'mutex_trylock()');
  const inTask = expectsSoftly(runsAs('task'), 'WARN_ON_ONCE(!in_task()) in mutex_trylock()');
  return c`mutex_trylock(${lock})`.test(yes, { both: [inTask], yes: [lock.take()] });
});
