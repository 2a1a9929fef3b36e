// include/linux/mutex.h: an exclusive lock whose waiter sleeps, so it must not be taken under a spinlock.

import { type OwnerVar, owner, requireLock, source } from '../language/index.js';
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
