// include/linux/mutex.h: an exclusive lock whose waiter sleeps, so it must not be taken under a spinlock.

import {
  type AtomicTest,
  expectsSoftly,
  type OwnerVar,
  owner,
  requireLock,
  runsAs,
  source,
  yes,
} from '../language/index.js';
import { mightSleep } from './bug.js';

const c = source('include/linux/mutex.h');

export const mutex = () => owner('mutex');

export const mutex_lock = (lock: OwnerVar<'mutex'>) => {
  requireLock(lock, 'mutex_lock()');
  return c`mutex_lock(${lock})`(mightSleep(), lock.take());
};
export const mutex_unlock = (lock: OwnerVar<'mutex'>) => {
  requireLock(lock, 'mutex_unlock()');
  return c`mutex_unlock(${lock})`(lock.drop());
};

/**
 * One attempt, which never sleeps: true if the mutex was free, and is taken.
 * Example: `If(mutex_trylock(lock), { unlock: mutex_unlock(lock) })`
 */
export const mutex_trylock = (lock: OwnerVar<'mutex'>): AtomicTest => {
  requireLock(lock, 'mutex_trylock()');
  const inTask = expectsSoftly(runsAs('task'), 'WARN_ON_ONCE(!in_task()) in mutex_trylock()');
  return c`mutex_trylock(${lock})`.test(yes, { both: [inTask], yes: [lock.take()] });
};
