// include/linux/lockdep.h: the classes by which the order of locks is checked, and what code demands of the locks that it
// runs under.
//
// The kernel promises a warning as soon as two classes of locks are taken in both orders, or a lock that a handler takes
// is held with interrupts on, whether or not a deadlock follows. The checker does so for every model, over all runs
// (ARCHITECTURE.md, built-in checks), so nothing here adds a state. Left out: lockdep also warns where two locks of one
// class nest without a subclass; here they must nest in both orders. No deadlock of a model is missed by that.

import {
  exactly,
  expectsSoftly,
  type HoldersVar,
  hasInterruptsOff,
  not,
  type OwnerVar,
  requireLock,
  requireOptions,
  type Stmt,
  source,
} from '../language/index.js';
import { wholeOf } from './fields.js';

const c = source('include/linux/lockdep.h');

/** What distinguishes a lock from others of its kind. */
export interface LockOptions {
  /**
   * As lockdep_set_class(): locks of one class are taken in one order. By default locks that are one place of the state
   * are one class, whatever the indices.
   */
  readonly class?: string;
}

/** The options of a lock. Throws a ModelError for anything else. */
export function lockOptions(options: LockOptions, whose: string): LockOptions {
  requireOptions(options, ['class'], whose);
  return options;
}

/** As SINGLE_DEPTH_NESTING: the subclass of the second lock of one class. */
export const SINGLE_DEPTH_NESTING = 1;

/** A lock with one holder, or one that may be shared. */
export type AnyLock =
  | OwnerVar<string>
  | { readonly writer: OwnerVar<string>; readonly readers: HoldersVar<string> };

const isHeld = (lock: AnyLock) =>
  'writer' in lock ? lock.writer.isMine().or(lock.readers.isMine()) : lock.isMine();

/** Warns unless the running actor holds the lock, in whatever way. */
export const lockdep_assert_held = exactly('lockdep_assert_held', (lock: AnyLock): Stmt => {
  requireLock('writer' in Object(lock) ? Object(lock).writer : lock, 'lockdep_assert_held()');
  return c`lockdep_assert_held(${placeOf(lock)})`(
    expectsSoftly(isHeld(lock), 'WARNING: lockdep_assert_held()'),
  );
});
/** Warns if it holds the lock. */
export const lockdep_assert_not_held = exactly('lockdep_assert_not_held', (lock: AnyLock): Stmt => {
  requireLock('writer' in Object(lock) ? Object(lock).writer : lock, 'lockdep_assert_not_held()');
  return c`lockdep_assert_not_held(${placeOf(lock)})`(
    expectsSoftly(not(isHeld(lock)), 'WARNING: lockdep_assert_not_held()'),
  );
});
export const lockdep_assert_irqs_disabled = exactly(
  'lockdep_assert_irqs_disabled',
  (): Stmt =>
    c`lockdep_assert_irqs_disabled()`(
      expectsSoftly(hasInterruptsOff(), 'WARNING: lockdep_assert_irqs_disabled()'),
    ),
);
export const lockdep_assert_irqs_enabled = exactly(
  'lockdep_assert_irqs_enabled',
  (): Stmt =>
    c`lockdep_assert_irqs_enabled()`(
      expectsSoftly(not(hasInterruptsOff()), 'WARNING: lockdep_assert_irqs_enabled()'),
    ),
);

/** The lock itself, for captions. */
export const placeOf = (lock: AnyLock) => ('writer' in lock ? wholeOf(lock.writer) : lock);
