// The racy window as it is told: which of the steps that are shown lie in it, and what is said at its two ends.

import type { Essence } from '../essence/essence.js';
import type { Moment } from '../essence/sentences.js';
import { windowOf } from '../essence/window.js';
import { isDecidedBy } from '../trace/decided.js';
import type { Trace } from '../trace/trace.js';
import { numberOf, wholeOf } from './trace_facts.js';

export interface ToldWindow {
  /** Does the step with this index lie in it? */
  has(i: number): boolean;
  /** Does it open right before this step? */
  opensAt(i: number): boolean;
  /** Does it close right after this step, or does the trace end there? */
  closesAt(i: number): boolean;
  readonly opens: string;
  readonly closes: string;
}

const nowhere: ToldWindow = {
  has: () => false,
  opensAt: () => false,
  closesAt: () => false,
  opens: '',
  closes: '',
};

/** Nowhere without an essence, and where no order matters. */
export function toldWindow(trace: Trace, essence: Essence | undefined): ToldWindow {
  const window = essence && windowOf(essence, wholeOf(trace).steps.length);
  if (window === undefined) return nowhere;
  const { first, last, closes } = window;
  const has = (i: number) =>
    i >= 0 && i < trace.steps.length && numberOf(trace, i) >= first && numberOf(trace, i) <= last;
  // A view may leave out the very steps at which it opens and closes.
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
