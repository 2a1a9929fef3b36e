// Shortens long traces for display: shows the first and the last steps and those of the essence, and the number of
// omitted steps. JSON and ITF have all steps.

import type { Essence } from '../essence/essence.js';
import { essentialSteps } from '../essence/window.js';
import type { Trace } from '../trace/trace.js';
import { keeping } from '../trace/view.js';
import { numberOf } from './trace_facts.js';

/** At most so many steps are shown. */
export const stepsShownMax = 1000;

/** The trace itself, or a view of it with at most `stepsShownMax` steps. */
export function cutForDisplay(trace: Trace, essence?: Essence): Trace {
  const { length } = trace.steps;
  if (length <= stepsShownMax) return trace;
  const half = stepsShownMax / 2;
  const essential = new Set(essence && essentialSteps(essence));
  const isKept = (i: number) => i < half || i >= length - half || essential.has(numberOf(trace, i));
  const shown = new Set([...trace.steps.keys()].filter(isKept).map((i) => numberOf(trace, i)));
  return keeping(trace, (number) => shown.has(number));
}
