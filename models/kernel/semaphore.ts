// include/linux/semaphore.h: a count of what is free, which sleeps where there is none, and which anybody may add to.
//
// The kernel promises that down() takes one or sleeps until there is one, and that up() may be called by another than the
// taker, in an interrupt, too. The model is an int; each is one step. Left out: that waiters are served in their order.
// Any order is allowed, so violations, proofs and deadlocks are those of the kernel; a waiter that is passed over for
// ever is a counterexample to liveness that the kernel excludes. Nobody owns a semaphore, so there is no check of
// recursion, balance or order, as in lockdep; who waits for ever is found by the checks for deadlocks and stuck actors.

import {
  type AtomicTest,
  exactly,
  type IntVar,
  int,
  ModelError,
  modifies,
  requireOptions,
  requireVariable,
  type Stmt,
  source,
  when,
} from '../language/index.js';
import { mightSleep } from './bug.js';

const c = source('include/linux/semaphore.h');

/** `max`: how many there may ever be; `count` if absent, so that one up() too many is an error of the model. */
export interface SemaphoreBound {
  readonly max?: number;
}

export const semaphore = exactly('semaphore', (count: number, bound: SemaphoreBound = {}) => {
  requireOptions(bound, ['max'], 'semaphore(count, …)');
  if (!Number.isInteger(count) || count < 0) {
    throw new ModelError('semaphore(count) needs a whole number from 0 up');
  }
  return int(0, Math.max(count, bound.max ?? Math.max(count, 1))).starts(count);
});

export const down = exactly('down', (sem: IntVar): Stmt => {
  requireVariable(sem, 'int', 'down()');
  return c`down(&${sem})`(mightSleep(), when(sem.gt(0)), modifies('acquire'), sem.dec());
});
/** As in C: true, which is 1, if there was none; false if one was taken. */
export const down_trylock = exactly('down_trylock', (sem: IntVar): AtomicTest => {
  requireVariable(sem, 'int', 'down_trylock()');
  return c`down_trylock(&${sem})`.test(sem.eq(0), { both: [modifies('acquire')], no: [sem.dec()] });
});
export const up = exactly('up', (sem: IntVar): Stmt => {
  requireVariable(sem, 'int', 'up()');
  return c`up(&${sem})`(modifies('release'), sem.inc());
});
