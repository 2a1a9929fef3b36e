// include/linux/rwsem.h: many readers or one writer; waiting sleeps. While readers hold it, a waiting writer keeps out
// new readers (rwsem_down_read_slowpath()). That only removes interleavings: it matters to no property of states, but
// it makes deadlocks of readers that wait for each other with a writer between them. So waiting writers are recorded
// wherever that can happen: see checker/analyse/waiting_writers.ts, and ARCHITECTURE.md on what is left out.

import {
  type HoldersVar,
  holders,
  type OwnerVar,
  oneLock,
  owner,
  type Part,
  requireLock,
  source,
  when,
} from '../language/index.js';
import { mightSleep } from './bug.js';

const c = source('include/linux/rwsem.h');

export const rwsem = () =>
  oneLock({ writer: owner('rwsem'), readers: holders('rwsem') }, { queuesWriters: true });
/** The semaphore itself, for captions. */
const named = (sem: Rwsem) => {
  requireLock(Object(sem).writer, 'down_read(), up_read() and so on:');
  const { place } = sem.writer;
  return { place: { ...place, path: place.path.slice(0, -1) } };
};

export interface Rwsem {
  readonly writer: OwnerVar<'rwsem'>;
  readonly readers: HoldersVar<'rwsem'>;
}

export const down_read = (sem: Rwsem, ...also: readonly Part[]) =>
  c`down_read(${named(sem)})`(mightSleep(), ...also, when(sem.writer.isFree()), sem.readers.take());
export const up_read = (sem: Rwsem) => c`up_read(${named(sem)})`(sem.readers.drop());

export const down_write = (sem: Rwsem, ...also: readonly Part[]) =>
  c`down_write(${named(sem)})`(mightSleep(), ...also, when(sem.readers.isFree()), sem.writer.take());
export const up_write = (sem: Rwsem) => c`up_write(${named(sem)})`(sem.writer.drop());

/** downgrade_write(): the writer becomes a reader, in one step. Example: `downgrade_write(sem)` */
export const downgrade_write = (sem: Rwsem) =>
  c`downgrade_write(${named(sem)})`(sem.writer.drop(), sem.readers.take());
