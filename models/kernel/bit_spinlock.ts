// include/linux/bit_spinlock.h: a bit of a word as a spinlock.
//
// The kernel promises that one at a time holds the bit, with preemption off; who takes it releases it, since preemption
// comes back then. The model is a spinlock of its own kind: taking it is one step that waits, a trylock one that does
// not. Left out: the word around the bit; plain stores to it are a model's own (nonatomic()). Lockdep does not know bit
// spinlocks; here they are checked as other locks are, since a cycle of them deadlocks as well. That a waiter may be
// passed over for ever is true of the kernel, too: violations, proofs, deadlocks and liveness are those of the kernel.

import {
  type AtomicTest,
  type Bool,
  exactly,
  not,
  type OwnerVar,
  owner,
  requireLock,
  type Stmt,
  source,
  yes,
} from '../language/index.js';
import { type LockOptions, lockOptions } from './lockdep.js';

const c = source('include/linux/bit_spinlock.h');

export type BitSpinlock = OwnerVar<'bit_spinlock'>;

export const bit_spinlock = exactly('bit_spinlock', (options: LockOptions = {}) =>
  owner('bit_spinlock', { spins: true, ...lockOptions(options, 'bit_spinlock(…)') }),
);

export const bit_spin_lock = exactly('bit_spin_lock', (bit: BitSpinlock): Stmt => {
  requireLock(bit, 'bit_spin_lock()');
  return c`bit_spin_lock(${bit})`(bit.take());
});
/** One attempt: true if the bit was clear, and is set. */
export const bit_spin_trylock = exactly('bit_spin_trylock', (bit: BitSpinlock): AtomicTest => {
  requireLock(bit, 'bit_spin_trylock()');
  return c`bit_spin_trylock(${bit})`.test(yes, { yes: [bit.take()] });
});
export const bit_spin_unlock = exactly('bit_spin_unlock', (bit: BitSpinlock): Stmt => {
  requireLock(bit, 'bit_spin_unlock()');
  return c`bit_spin_unlock(${bit})`(bit.drop());
});
export const bit_spin_is_locked = exactly('bit_spin_is_locked', (bit: BitSpinlock): Bool => {
  requireLock(bit, 'bit_spin_is_locked()');
  return not(bit.isFree());
});
