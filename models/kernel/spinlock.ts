// include/linux/spinlock.h: a lock that is waited for without sleeping. The state records who holds it.

import {
  type AtomicTest,
  type OwnerVar,
  owner,
  type Part,
  requireLock,
  source,
  yes,
} from '../language/index.js';

const c = source('include/linux/spinlock.h');

export const spinlock = () => owner('spinlock', { spins: true });

/** `also` happens in the same step and before it, such as the model's check of the lock order. */
export const spin_lock = (lock: OwnerVar<'spinlock'>, ...also: readonly Part[]) => {
  requireLock(lock, 'spin_lock()');
  return c`spin_lock(${lock})`(...also, lock.take());
};
export const spin_unlock = (lock: OwnerVar<'spinlock'>, ...also: readonly Part[]) => {
  requireLock(lock, 'spin_unlock()');
  return c`spin_unlock(${lock})`(...also, lock.drop());
};

/** One attempt: true if the lock was free, and is taken. */
export const spin_trylock = (lock: OwnerVar<'spinlock'>): AtomicTest => {
  requireLock(lock, 'spin_trylock()');
  return c`spin_trylock(${lock})`.test(yes, { yes: [lock.take()] });
};
