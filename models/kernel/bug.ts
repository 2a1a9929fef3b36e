// include/asm-generic/bug.h: assertions in the code, each one atomic step that reads and reports.

import {
  type Bool,
  conditionNode,
  demandsSoftly,
  exactly,
  expects,
  expectsSoftly,
  given,
  maySleep,
  not,
  type Part,
  source,
  yes,
} from '../language/index.js';
import { isRunning } from './sched.js';

const c = source('include/asm-generic/bug.h');

/**
 * Reports when `cond` is true; the actor is dead from then on, and keeps its locks.
 * Example: `bugOn(n.eq(0), 'VM_BUG_ON(!n)')`
 */
export const bugOn = exactly('bugOn', (cond: Bool, message: string) => {
  conditionNode(cond, 'bugOn()');
  return c`${message}`(expects(not(cond), message));
});

/** Reports when `cond` is true, and goes on. Example: `warnOn(n.eq(0), 'WARN_ON(!n)')` */
export const warnOn = exactly('warnOn', (cond: Bool, message: string) => {
  conditionNode(cond, 'warnOn()');
  return c`${message}`(expectsSoftly(not(cond), message));
});

/**
 * The requirement of every function that may sleep on its caller, which must not be in atomic context, nor have set its
 * state to sleep in schedule(): reported before it waits, and then it goes on.
 * Example: ``c`wait_on_page_locked`(mightSleep(), when(not(page.at(0).locked)))``
 */
export const mightSleep = exactly(
  'mightSleep',
  (): Part =>
    given(
      yes,
      demandsSoftly(isRunning(), 'WARNING: do not call blocking ops when !TASK_RUNNING', 'might-sleep'),
      demandsSoftly(maySleep(), 'BUG: sleeping function called from invalid context', 'might-sleep'),
    ),
);
