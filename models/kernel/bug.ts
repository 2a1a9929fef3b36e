// include/asm-generic/bug.h: assertions in the code, each one atomic step that reads and reports.

import {
  type Bool,
  demandsSoftly,
  expects,
  expectsSoftly,
  maySleep,
  not,
  type StepExpectation,
  source,
} from '../language/index.js';

const c = source('include/asm-generic/bug.h');

/** Reports when `cond` is true; the actor dies there, with all its locks. */
export const bugOn = (cond: Bool, message: string) => c`${message}`(expects(not(cond), message));

/** Reports when `cond` is true, and goes on. */
export const warnOn = (cond: Bool, message: string) => c`${message}`(expectsSoftly(not(cond), message));

/**
 * What every function that may sleep demands of its caller, which must not be in atomic context: reported before it
 * waits, and it goes on.
 */
export const mightSleep = (): StepExpectation =>
  demandsSoftly(maySleep(), 'BUG: sleeping function called from invalid context', 'might-sleep');
