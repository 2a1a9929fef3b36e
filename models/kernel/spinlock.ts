// include/linux/spinlock.h: a lock that is waited for without sleeping. The state records who holds it.

import { type OwnerVar, owner, source } from '../language/index.js';

const c = source('include/linux/spinlock.h');

export const spinlock = () => owner('spinlock');

export const spin_lock = (lock: OwnerVar<'spinlock'>) => c`spin_lock(${lock})`(lock.take());
export const spin_unlock = (lock: OwnerVar<'spinlock'>) => c`spin_unlock(${lock})`(lock.drop());
