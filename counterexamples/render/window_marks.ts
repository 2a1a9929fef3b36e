// The racy window of a view: which of its steps are in the window, and the notes at both ends.

import type { Essence } from '../essence/essence.js';
import type { Moment } from '../essence/sentences.js';
import { windowOf } from '../essence/window.js';
import { isDecidedBy } from '../trace/decided.js';
import type { Trace } from '../trace/trace.js';
import { numberOf, wholeOf } from './trace_facts.js';

/** Where the racy window is in a view, by the indices of its steps. */
export interface WindowMarks {
  /** Is the step with this index in the window? */
  has(i: number): boolean;
  /** Does it open right before this step? */
  opensAt(i: number): boolean;
  /** Does it close right after this step, or does the trace end there? */
  closesAt(i: number): boolean;
  readonly opens: string;
  readonly closes: string;
}

const nowhere: WindowMarks = {
  has: () => false,
  opensAt: () => false,
  closesAt: () => false,
  opens: '',
  closes: '',
};

/** Without an essence, or if it has no orderings, no step is in the window. */
export function windowMarks(trace: Trace, essence: Essence | undefined): WindowMarks {
  const window = essence && windowOf(essence, wholeOf(trace).steps.length);
  if (window === undefined) return nowhere;
  const { first, last, closes } = window;
  const has = (i: number) =>
    i >= 0 && i < trace.steps.length && numberOf(trace, i) >= first && numberOf(trace, i) <= last;
  // A view may hide the steps at which the window opens and closes.
  const isShown = (number: number) => trace.view === undefined || trace.view.numbers.includes(number);
  return {
    has,
    opensAt: (i) => has(i) && !has(i - 1),
    closesAt: (i) => has(i) && !has(i + 1),
    opens: isShown(first) ? 'the racy window opens' : `the racy window opened at step ${first}`,
    closes:
      closes.step === undefined
        ? openText(trace, closes)
        : `the racy window closes${isShown(last) ? '' : ` at step ${last}`}`,
  };
}

const openText = ({ property }: Trace, { actor, label }: Moment): string =>
  isDecidedBy(property, 'deadlock')
    ? 'the racy window never closes'
    : `the racy window is still open: ${actor} has yet to run ${label}`;
