// include/linux/rwsem.h: many readers or one writer; waiting sleeps.
//
// The kernel promises that a writer is alone, and that while readers hold it, a writer that waits keeps out new readers
// (rwsem_down_read_slowpath()). The model: each way of taking it is one step that waits; who waits to write queues in a
// step of its own wherever that can matter (checker/analyse/waiting_writers.ts). A trylock is one step that never waits;
// that of a reader fails behind a waiting writer, too. downgrade_write() is one step.
// Left out: hand-over to who has waited longest, and spinning on the owner. To violations of states and to proofs that
// does nothing, for it removes interleavings only. A deadlock that needs a reader who came before a waiting writer to be
// kept out behind a downgrade is the model's; one is missed by none. A writer that is passed over for ever is a
// counterexample to liveness that the kernel excludes. A trylock that fails because a writer is about to take the free
// lock is not distinguished from one that fails because it has taken it.

import {
  type AtomicTest,
  exactly,
  type HoldersVar,
  holders,
  type OwnerVar,
  oneLock,
  owner,
  type Part,
  type Stmt,
  source,
  when,
} from '../language/index.js';
import { mightSleep } from './bug.js';
import { requireField } from './fields.js';
import { type LockOptions, lockOptions, placeOf } from './lockdep.js';

const c = source('include/linux/rwsem.h');

export interface Rwsem {
  readonly writer: OwnerVar<'rwsem'>;
  readonly readers: HoldersVar<'rwsem'>;
}

export const rwsem = exactly('rwsem', (options: LockOptions = {}) =>
  oneLock(
    { writer: owner('rwsem'), readers: holders('rwsem') },
    { queuesWriters: true, ...lockOptions(options, 'rwsem(…)') },
  ),
);

/** The semaphore itself, for captions. */
const named = (sem: Rwsem, word: string) => {
  requireField(sem, 'writer', `${word}()`, 'an rwsem()');
  return placeOf(sem);
};

export const down_read = (sem: Rwsem, ...also: readonly Part[]) =>
  c`down_read(${named(sem, 'down_read')})`(
    mightSleep(),
    ...also,
    when(sem.writer.isFree()),
    sem.readers.take(),
  );
/** A second semaphore of one class: `subclass` is where it stands in their order. */
export const down_read_nested = exactly('down_read_nested', (sem: Rwsem, subclass: number): Stmt => {
  const lock = named(sem, 'down_read_nested');
  const taken = sem.readers.take({ subclass });
  return c`down_read_nested(${lock}, ${String(subclass)})`(mightSleep(), when(sem.writer.isFree()), taken);
});
/** One attempt: fails if a writer holds the semaphore, or waits while others read. */
export const down_read_trylock = exactly(
  'down_read_trylock',
  (sem: Rwsem): AtomicTest =>
    c`down_read_trylock(${named(sem, 'down_read_trylock')})`.test(sem.writer.isFree(), {
      yes: [sem.readers.take()],
    }),
);
export const up_read = exactly('up_read', (sem: Rwsem) =>
  c`up_read(${named(sem, 'up_read')})`(sem.readers.drop()),
);

export const down_write = (sem: Rwsem, ...also: readonly Part[]) =>
  c`down_write(${named(sem, 'down_write')})`(
    mightSleep(),
    ...also,
    when(sem.readers.isFree()),
    sem.writer.take(),
  );
/** As down_read_nested(). */
export const down_write_nested = exactly('down_write_nested', (sem: Rwsem, subclass: number): Stmt => {
  const lock = named(sem, 'down_write_nested');
  const taken = sem.writer.take({ subclass });
  return c`down_write_nested(${lock}, ${String(subclass)})`(mightSleep(), when(sem.readers.isFree()), taken);
});
/** One attempt: fails if anybody holds the semaphore. */
export const down_write_trylock = exactly(
  'down_write_trylock',
  (sem: Rwsem): AtomicTest =>
    c`down_write_trylock(${named(sem, 'down_write_trylock')})`.test(sem.readers.isFree(), {
      yes: [sem.writer.take()],
    }),
);
export const up_write = exactly('up_write', (sem: Rwsem) =>
  c`up_write(${named(sem, 'up_write')})`(sem.writer.drop()),
);

/** downgrade_write(): the writer becomes a reader, in one step. Example: `downgrade_write(sem)` */
export const downgrade_write = exactly('downgrade_write', (sem: Rwsem) =>
  c`downgrade_write(${named(sem, 'downgrade_write')})`(sem.writer.drop(), sem.readers.take()),
);
