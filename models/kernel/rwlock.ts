// include/linux/rwlock.h: many readers or one writer; waiting spins, with preemption off.
//
// The kernel promises that a writer is alone. A reader in process context queues behind a writer that waits; in an
// interrupt, or with softirqs off, it waits only for a writer that holds the lock, so an interrupt may read what its CPU
// reads already (kernel/locking/qrwlock.c). The model: each way of taking it is one step that waits, after one that turns
// interrupts or softirqs off; who waits to write queues in a step of its own wherever that can matter
// (checker/analyse/waiting_writers.ts). A second read_lock() of one actor is lockdep's warning, and granted unless a
// writer waits; in an interrupt it is neither.
// Left out: that waiters are served in their order. To violations of states and to proofs that does nothing, for it
// removes interleavings only. No deadlock is missed: what a queue adds is to be behind a waiting writer, and that is
// here. That a waiter is passed over for ever is a counterexample to liveness that the kernel excludes.

import {
  type AtomicTest,
  type BoolVar,
  exactly,
  type HoldersVar,
  holders,
  inInterrupt,
  irqs_off,
  type OwnerVar,
  oneLock,
  owner,
  type Part,
  requireVariable,
  type Stmt,
  source,
  when,
} from '../language/index.js';
import { requireField } from './fields.js';
import { bhOn, disabling, local_bh_disable, local_irq_disable, savingIrqs } from './irqflags.js';
import { type LockOptions, lockOptions, placeOf } from './lockdep.js';

const c = source('include/linux/rwlock.h');

export interface Rwlock {
  readonly writer: OwnerVar<'rwlock'>;
  readonly readers: HoldersVar<'rwlock'>;
}

export const rwlock = exactly('rwlock', (options: LockOptions = {}) =>
  oneLock(
    { writer: owner('rwlock', { spins: true }), readers: holders('rwlock', { spins: true }) },
    { queuesWriters: true, ...lockOptions(options, 'rwlock(…)') },
  ),
);

const requireRwlock = (lock: unknown, whose: string): void =>
  requireField(lock, 'writer', whose, 'an rwlock()');
/** The lock itself, for captions. */
const named = (lock: Rwlock, word: string) => {
  requireRwlock(lock, `${word}()`);
  return placeOf(lock);
};
const reading = (word: string, lock: Rwlock): Stmt =>
  c`${word}(${named(lock, word)})`(
    when(lock.writer.isFree()),
    lock.readers.take({ overtakes: inInterrupt() }),
  );
const writing = (word: string, lock: Rwlock): Stmt =>
  c`${word}(${named(lock, word)})`(when(lock.readers.isFree()), lock.writer.take());
const unlocking = (word: string, part: 'readers' | 'writer', andOn: () => readonly Part[] = () => []) =>
  exactly(word, (lock: Rwlock): Stmt => c`${word}(${named(lock, word)})`(lock[part].drop(), ...andOn()));
const restoring = (word: string, part: 'readers' | 'writer') =>
  exactly(word, (lock: Rwlock, flags: BoolVar) => {
    requireVariable(flags, 'bool', `${word}()`);
    return unlocking(word, part, () => [irqs_off.mine.set(flags)])(lock);
  });
const irqsOn = () => [irqs_off.mine.set(false)];

export const read_lock = exactly('read_lock', (lock: Rwlock): Stmt => reading('read_lock', lock));
export const read_unlock = unlocking('read_unlock', 'readers');
/** One attempt: fails if a writer holds the lock, or waits for it; in an interrupt, too. */
export const read_trylock = exactly(
  'read_trylock',
  (lock: Rwlock): AtomicTest =>
    c`read_trylock(${named(lock, 'read_trylock')})`.test(lock.writer.isFree(), {
      yes: [lock.readers.take()],
    }),
);
export const write_lock = exactly('write_lock', (lock: Rwlock): Stmt => writing('write_lock', lock));
export const write_unlock = unlocking('write_unlock', 'writer');
/** One attempt: fails if anybody holds the lock. */
export const write_trylock = exactly(
  'write_trylock',
  (lock: Rwlock): AtomicTest =>
    c`write_trylock(${named(lock, 'write_trylock')})`.test(lock.readers.isFree(), {
      yes: [lock.writer.take()],
    }),
);

export const read_lock_irqsave = savingIrqs('read_lock_irqsave', read_lock, requireRwlock);
export const read_unlock_irqrestore = restoring('read_unlock_irqrestore', 'readers');
export const read_lock_irq = disabling('read_lock_irq', local_irq_disable, read_lock, requireRwlock);
export const read_unlock_irq = unlocking('read_unlock_irq', 'readers', irqsOn);
export const read_lock_bh = disabling('read_lock_bh', local_bh_disable, read_lock, requireRwlock);
export const read_unlock_bh = unlocking('read_unlock_bh', 'readers', bhOn);

export const write_lock_irqsave = savingIrqs('write_lock_irqsave', write_lock, requireRwlock);
export const write_unlock_irqrestore = restoring('write_unlock_irqrestore', 'writer');
export const write_lock_irq = disabling('write_lock_irq', local_irq_disable, write_lock, requireRwlock);
export const write_unlock_irq = unlocking('write_unlock_irq', 'writer', irqsOn);
export const write_lock_bh = disabling('write_lock_bh', local_bh_disable, write_lock, requireRwlock);
export const write_unlock_bh = unlocking('write_unlock_bh', 'writer', bhOn);
