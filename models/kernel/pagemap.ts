// include/linux/pagemap.h: the lock of a page or folio, a bit that whoever ends its I/O may clear.
//
// The kernel promises that one at a time has it, and that waiting for it sleeps; it may be released by another context
// than took it, such as the end of a read or of writeback. The model: an owner that records who took it, for traces, and
// that anybody may release; taking it is one step that waits. To release what is not locked is the kernel's BUG.
// Left out: in which order waiters get it, which may make a waiter starve that the kernel serves (liveness), and
// nothing else. As lockdep does not know the page lock, neither do the checks of lock order, recursion, balance and of
// what is held at the end: who releases it is not known before. A deadlock on it is found where nobody can go on, and
// an actor that waits for ever beside others is found as stuck; a cycle of locks that goes through it, beside others
// that go on, is found as stuck actors.

import {
  type AtomicTest,
  type Bool,
  exactly,
  expects,
  not,
  type OwnerVar,
  owner,
  requireLock,
  type Stmt,
  source,
  when,
  withoutArguments,
  yes,
} from '../language/index.js';
import { mightSleep } from './bug.js';

const c = source('include/linux/pagemap.h');

export type PageLock = OwnerVar<'page lock'>;

/** PG_locked of a page or folio. */
export const page_lock = withoutArguments('page_lock', () => owner('page lock', { anyoneReleases: true }));

const locking = (word: string) =>
  exactly(word, (lock: PageLock): Stmt => {
    requireLock(lock, `${word}()`);
    return c`${word}(${lock})`(mightSleep(), lock.take());
  });
const trying = (word: string) =>
  exactly(word, (lock: PageLock): AtomicTest => {
    requireLock(lock, `${word}()`);
    return c`${word}(${lock})`.test(yes, { yes: [lock.take()] });
  });
const unlocking = (word: string) =>
  exactly(word, (lock: PageLock): Stmt => {
    requireLock(lock, `${word}()`);
    return c`${word}(${lock})`(
      expects(not(lock.isFree()), 'VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio)'),
      lock.release(),
    );
  });
const waiting = (word: string) =>
  exactly(word, (lock: PageLock): Stmt => {
    requireLock(lock, `${word}()`);
    return c`${word}(${lock})`(mightSleep(), when(lock.isFree()));
  });
const testing = (word: string) =>
  exactly(word, (lock: PageLock): Bool => {
    requireLock(lock, `${word}()`);
    return not(lock.isFree());
  });

export const lock_page = locking('lock_page');
/** One attempt: true if it was not locked, and is. */
export const trylock_page = trying('trylock_page');
/** By whoever runs: the taker, or the end of I/O. */
export const unlock_page = unlocking('unlock_page');
/** Waits until it is not locked, and does not take it. */
export const wait_on_page_locked = waiting('wait_on_page_locked');
export const PageLocked = testing('PageLocked');

export const folio_lock = locking('folio_lock');
export const folio_trylock = trying('folio_trylock');
export const folio_unlock = unlocking('folio_unlock');
export const folio_wait_locked = waiting('folio_wait_locked');
export const folio_test_locked = testing('folio_test_locked');
