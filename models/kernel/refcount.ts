// include/linux/refcount.h and kref.h: reference counts. A count that is raised from 0, or falls below it, warns and is
// saturated from then on (except in refcount_dec_not_one(), which leaves a 0 as it is): it never changes again, so the
// object leaks instead of being freed twice. It does not warn again either, since the mistake came before. A count
// above the bound of refcount(max) is a model error: the kernel's saturation from above needs 2^31 references.

import {
  type AtomicTest,
  type Block,
  Body,
  exactly,
  expectsSoftly,
  If,
  type Int,
  type IntVar,
  ifElse,
  inline,
  int,
  modifies,
  not,
  type OwnerVar,
  type Part,
  requireLock,
  requireVariable,
  type Stmt,
  source,
} from '../language/index.js';

import { spin_lock, spin_unlock } from './spinlock.js';

const c = source('include/linux/refcount.h');
const kref = source('include/linux/kref.h');

const saturated = -1;

/**
 * A count of at most `max` references; it starts at 1, as refcount_set(r, 1) and kref_init() leave it.
 * Example: `refcount(2)`
 */
export const refcount = exactly('refcount', (max: number) => int(saturated, max).starts(1));

const messages = {
  addition: 'refcount_t: addition on 0; use-after-free.',
  underflow: 'refcount_t: underflow; use-after-free.',
  leak: 'refcount_t: decrement hit 0; leaking memory.',
} as const;

const raised = (r: IntVar): Int => ifElse(r.gt(0), r.plus(1), saturated);
const lowered = (r: IntVar): Int => ifElse(r.gt(0), r.minus(1), saturated);

/** A get: raised from 0, it warns. */
const gets = (r: IntVar): readonly Part[] => [expectsSoftly(r.ne(0), messages.addition), r.set(raised(r))];
/** A put that may be the last: lowered from 0, it warns. */
const puts = (r: IntVar): readonly Part[] => [expectsSoftly(r.ne(0), messages.underflow), r.set(lowered(r))];

export const refcount_inc = (r: IntVar, ...also: readonly Part[]): Stmt => {
  requireVariable(r, 'int', 'refcount_inc()');
  return c`refcount_inc(&${r})`(...also, modifies('relaxed', { returns: false }), ...gets(r));
};

/**
 * False if the count is 0; a saturated count stays as it is, and counts as raised.
 * Example: `If(not(refcount_inc_not_zero(refs)), { gone: Return() })`
 */
export const refcount_inc_not_zero = (r: IntVar, ...also: readonly Part[]): AtomicTest => {
  requireVariable(r, 'int', 'refcount_inc_not_zero()');
  return c`refcount_inc_not_zero(&${r})`.test(r.ne(0), {
    both: also,
    yes: [modifies('relaxed'), r.set(raised(r))],
  });
};

/** True if it dropped the last reference. Example: `If(refcount_dec_and_test(refs), { free: kfree(dev) })` */
export const refcount_dec_and_test = (r: IntVar, ...also: readonly Part[]): AtomicTest => {
  requireVariable(r, 'int', 'refcount_dec_and_test()');
  return c`refcount_dec_and_test(&${r})`.test(r.eq(1), { both: [...also, modifies('release'), ...puts(r)] });
};

/**
 * Drops a reference that is not the last one: from 1 and from 0, it warns of a leak.
 * Example: `refcount_dec(refs)`
 */
export const refcount_dec = (r: IntVar, ...also: readonly Part[]): Stmt => {
  requireVariable(r, 'int', 'refcount_dec()');
  return c`refcount_dec(&${r})`(
    ...also,
    modifies('release'),
    expectsSoftly(r.ne(1).and(r.ne(0)), messages.leak),
    r.set(ifElse(r.gt(1), r.minus(1), saturated)),
  );
};

/**
 * Drops a reference unless it is the last one: false if it is. A count of 0 warns, and stays 0.
 * Example: `If(not(refcount_dec_not_one(refs)), { last: Return() })`
 */
export const refcount_dec_not_one = (r: IntVar, ...also: readonly Part[]): AtomicTest => {
  requireVariable(r, 'int', 'refcount_dec_not_one()');
  return c`refcount_dec_not_one(&${r})`.test(r.ne(1), {
    both: also,
    yes: [
      modifies('release'),
      expectsSoftly(r.ne(0), messages.underflow),
      r.set(ifElse(r.gt(1), r.minus(1), r)),
    ],
  });
};

/**
 * if (refcount_dec_and_lock(&r, &lock)) { last }: `last` runs with the lock held, when the last reference was dropped
 * under it, and drops the lock itself. Three steps: the count, the lock, the count again.
 * Example: ``refcount_dec_and_lock(refs, ptl, { free: c`free`(), unlock: spin_unlock(ptl) })``
 */
export const refcount_dec_and_lock = inline(
  'refcount_dec_and_lock',
  (r: IntVar, lock: OwnerVar<'spinlock'>, last: Block) => {
    requireVariable(r, 'int', 'refcount_dec_and_lock()');
    requireLock(lock, 'refcount_dec_and_lock()');
    return {
      fast: If(not(refcount_dec_not_one(r)), {
        lock: spin_lock(lock),
        test: If(refcount_dec_and_test(r), { last: Body(last) }).Else({ unlock: spin_unlock(lock) }),
      }),
    };
  },
);

export const kref_init = (k: IntVar, ...also: readonly Part[]): Stmt => {
  requireVariable(k, 'int', 'kref_init()');
  return kref`kref_init(&${k})`(...also, k.set(1));
};
/**
 * `also` happens in the same step, such as the check that the object is still there.
 * Example: `kref_get(refs)`
 */
export const kref_get = (k: IntVar, ...also: readonly Part[]): Stmt => {
  requireVariable(k, 'int', 'kref_get()');
  return kref`kref_get(&${k})`(...also, modifies('relaxed', { returns: false }), ...gets(k));
};
/**
 * False if the object is about to be released.
 * Example: `If(not(kref_get_unless_zero(refs)), { gone: Return() })`
 */
export const kref_get_unless_zero = (k: IntVar, ...also: readonly Part[]): AtomicTest => {
  requireVariable(k, 'int', 'kref_get_unless_zero()');
  return kref`kref_get_unless_zero(&${k})`.test(k.ne(0), {
    both: also,
    yes: [modifies('relaxed'), k.set(raised(k))],
  });
};
/**
 * True if it dropped the last reference: the caller runs release(), as its block.
 * Example: ``If(kref_put(refs), { release: c`release`() })``
 */
export const kref_put = (k: IntVar, ...also: readonly Part[]): AtomicTest => {
  requireVariable(k, 'int', 'kref_put()');
  return kref`kref_put(&${k})`.test(k.eq(1), { both: [...also, modifies('release'), ...puts(k)] });
};
