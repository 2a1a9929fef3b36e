// include/linux/spinlock.h: a lock that is waited for without sleeping. The state records its holder.
//
// The kernel guarantees that one actor at a time holds it, with preemption off; _irqsave and _irq also with interrupts
// off on its CPU, _bh with softirqs off. The model: taking it is one step that waits until the lock is free. Interrupts
// are disabled in a step before it: the CPU spins with interrupts off. They are enabled in the step that drops the
// lock, since nothing happens in between. A trylock is one step, since it waits for nothing. Left out: in which order
// waiters get the lock. So a waiter may be passed over for ever, which no kernel with queued spinlocks does: a liveness
// counterexample that needs it is the model's. Violations, proofs and deadlocks are those of any order. A raw spinlock
// is the same lock; that the other one sleeps under PREEMPT_RT is left out.

import {
  type AtomicTest,
  type Bool,
  type BoolVar,
  bh_off,
  type Effect,
  exactly,
  irqs_off,
  not,
  type OwnerVar,
  owner,
  type Part,
  requireLock,
  requireVariable,
  type Stmt,
  source,
  yes,
} from '../language/index.js';
import { bhOn, disabling, local_bh_disable, local_irq_disable, savingIrqs } from './irqflags.js';
import { type LockOptions, lockOptions } from './lockdep.js';

const c = source('include/linux/spinlock.h');

export type Spinlock = OwnerVar<'spinlock'>;

/** `class`: as lockdep_set_class(), locks of one class are taken in one order. By default it is where the lock lies. */
export const spinlock = exactly('spinlock', (options: LockOptions = {}) =>
  owner('spinlock', { spins: true, ...lockOptions(options, 'spinlock(…)') }),
);
export const raw_spinlock = exactly('raw_spinlock', (options: LockOptions = {}) =>
  owner('spinlock', { spins: true, ...lockOptions(options, 'raw_spinlock(…)') }),
);

const locking =
  (word: string) =>
  (lock: Spinlock, ...also: readonly Part[]): Stmt => {
    requireLock(lock, `${word}()`);
    return c`${word}(${lock})`(...also, lock.take());
  };
const unlocking =
  (word: string, andOn: () => readonly Part[] = () => []) =>
  (lock: Spinlock, ...also: readonly Part[]): Stmt => {
    requireLock(lock, `${word}()`);
    return c`${word}(${lock})`(...also, lock.drop(), ...andOn());
  };
const trying = (word: string, andOff: () => readonly Effect[] = () => []) =>
  exactly(word, (lock: Spinlock): AtomicTest => {
    requireLock(lock, `${word}()`);
    return c`${word}(${lock})`.test(yes, { yes: [lock.take(), ...andOff()] });
  });
/** With the flags that a lock with this suffix saves. */
const restoring = (word: string) =>
  exactly(word, (lock: Spinlock, flags: BoolVar) => {
    requireVariable(flags, 'bool', `${word}()`);
    return unlocking(word, () => [irqs_off.mine.set(flags)])(lock);
  });
const tryingToSave = (word: string) =>
  exactly(word, (lock: Spinlock, flags: BoolVar) => {
    requireVariable(flags, 'bool', `${word}()`);
    return trying(word, () => [flags.set(irqs_off.mine), irqs_off.mine.set(true)])(lock);
  });
const irqsOn = () => [irqs_off.mine.set(false)];
const irqsOff = () => [irqs_off.mine.set(true)];

/**
 * `also` happens in the same step and before it, such as the model's check of the lock order.
 * Example: `spin_lock(ptl)`
 */
export const spin_lock = locking('spin_lock');
/** A second lock of one class: `subclass` is where it stands in their order, such as SINGLE_DEPTH_NESTING. */
export const spin_lock_nested = exactly('spin_lock_nested', (lock: Spinlock, subclass: number): Stmt => {
  requireLock(lock, 'spin_lock_nested()');
  const taken = lock.take({ subclass });
  return c`spin_lock_nested(${lock}, ${String(subclass)})`(taken);
});
export const spin_unlock = unlocking('spin_unlock');
/**
 * One attempt: true if the lock was free, and is taken.
 * Example: `If(spin_trylock(ptl), { unlock: spin_unlock(ptl) })`
 */
export const spin_trylock = trying('spin_trylock');

export const spin_lock_irqsave = savingIrqs('spin_lock_irqsave', spin_lock, requireLock);
export const spin_unlock_irqrestore = restoring('spin_unlock_irqrestore');
export const spin_trylock_irqsave = tryingToSave('spin_trylock_irqsave');
export const spin_lock_irq = disabling('spin_lock_irq', local_irq_disable, spin_lock, requireLock);
/**
 * Interrupts are enabled afterwards, whatever they were before spin_lock_irq().
 * Example: `spin_unlock_irq(ptl)`
 */
export const spin_unlock_irq = unlocking('spin_unlock_irq', irqsOn);
export const spin_trylock_irq = trying('spin_trylock_irq', irqsOff);
export const spin_lock_bh = disabling('spin_lock_bh', local_bh_disable, spin_lock, requireLock);
export const spin_unlock_bh = unlocking('spin_unlock_bh', bhOn);
export const spin_trylock_bh = trying('spin_trylock_bh', () => [bh_off.mine.inc()]);

/** Does any actor hold it? Example: `when(not(spin_is_locked(ptl)))` */
export const spin_is_locked = exactly('spin_is_locked', (lock: Spinlock): Bool => {
  requireLock(lock, 'spin_is_locked()');
  return not(lock.isFree());
});

export const raw_spin_lock = locking('raw_spin_lock');
export const raw_spin_unlock = unlocking('raw_spin_unlock');
export const raw_spin_trylock = trying('raw_spin_trylock');
export const raw_spin_lock_irqsave = savingIrqs('raw_spin_lock_irqsave', raw_spin_lock, requireLock);
export const raw_spin_unlock_irqrestore = restoring('raw_spin_unlock_irqrestore');
export const raw_spin_trylock_irqsave = tryingToSave('raw_spin_trylock_irqsave');
export const raw_spin_lock_irq = disabling(
  'raw_spin_lock_irq',
  local_irq_disable,
  raw_spin_lock,
  requireLock,
);
export const raw_spin_unlock_irq = unlocking('raw_spin_unlock_irq', irqsOn);
