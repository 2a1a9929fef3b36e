// include/linux/completion.h: complete() adds one, complete_all() opens it for ever, waiting takes one. Each is one
// step: because of the lock inside, a completion may lie on the stack of its waiter, whereas a flag and a wake-up may
// not.

import {
  type AtomicTest,
  exactly,
  type IntVar,
  ifElse,
  int,
  modifies,
  requireOptions,
  requireVariable,
  type Stmt,
  source,
  when,
} from '../language/index.js';
import { mightSleep } from './bug.js';

const c = source('include/linux/completion.h');

/** How far complete() may be ahead of its waiters, at most; one more stands for complete_all(). */
export interface CompletionBound {
  readonly ahead?: number;
}

const opened = -1;

/** DECLARE_COMPLETION(): nothing is complete. Example: `completion()` */
export const completion = exactly('completion', (bound: CompletionBound = {}) => {
  requireOptions(bound, ['ahead'], 'completion(…)');
  return int(opened, bound.ahead ?? 1).starts(0);
});

/** reinit_completion(): only after all waiters are gone. Example: `reinit_completion(done)` */
export const reinit_completion = exactly('reinit_completion', (x: IntVar): Stmt => {
  requireVariable(x, 'int', 'reinit_completion()');
  return c`reinit_completion(&${x})`(x.set(0));
});

export const complete = exactly('complete', (x: IntVar): Stmt => {
  requireVariable(x, 'int', 'complete()');
  return c`complete(&${x})`(modifies('release'), x.set(ifElse(x.eq(opened), opened, x.plus(1))));
});
export const complete_all = exactly('complete_all', (x: IntVar): Stmt => {
  requireVariable(x, 'int', 'complete_all()');
  return c`complete_all(&${x})`(x.set(opened));
});

const take = (x: IntVar) => x.set(ifElse(x.eq(opened), opened, x.minus(1)));

export const wait_for_completion = exactly('wait_for_completion', (x: IntVar): Stmt => {
  requireVariable(x, 'int', 'wait_for_completion()');
  return c`wait_for_completion(&${x})`(mightSleep(), when(x.ne(0)), modifies('acquire'), take(x));
});

/**
 * False if the time is over before it is complete, which may happen at any moment. What is complete is never late.
 * Example: `If(not(wait_for_completion_timeout(done)), { late: Return() })`
 */
export const wait_for_completion_timeout = exactly('wait_for_completion_timeout', (x: IntVar): AtomicTest => {
  requireVariable(x, 'int', 'wait_for_completion_timeout()');
  return c`wait_for_completion_timeout(&${x})`.test(x.ne(0), {
    both: [mightSleep(), modifies('acquire')],
    yes: [take(x)],
  });
});

export const try_wait_for_completion = exactly('try_wait_for_completion', (x: IntVar): AtomicTest => {
  requireVariable(x, 'int', 'try_wait_for_completion()');
  return c`try_wait_for_completion(&${x})`.test(x.ne(0), { yes: [modifies('acquire'), take(x)] });
});

export const completion_done = exactly('completion_done', (x: IntVar): AtomicTest => {
  requireVariable(x, 'int', 'completion_done()');
  return c`completion_done(&${x})`.test(x.ne(0));
});
