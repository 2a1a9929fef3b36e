// The steps of an essence, and the racy window of a counterexample, from the first of them to the last. The order of
// steps outside the window does not matter for the bug.
//
//   a.load before b.store, b.load before a.store; the trace a.load b.load a.store b.store   ->   steps 1 to 4

import type { Essence } from './essence.js';
import type { Moment } from './sentences.js';

const momentsOf = ({ orderings }: Essence): readonly Moment[] =>
  orderings.flatMap(({ first, then }) => [first, then]);

/** Their numbers in the trace, from 1, in order; steps after the end of the trace have none. */
export const essentialSteps = (essence: Essence): readonly number[] =>
  [...new Set(momentsOf(essence).flatMap(({ step }) => step ?? []))].sort((a, b) => a - b);

export interface RacyWindow {
  readonly opens: Moment;
  /** Has no step number if the trace ends while the window is open. */
  readonly closes: Moment;
  /** The numbers of its first and its last step in the trace, from 1. */
  readonly first: number;
  readonly last: number;
}

/** Undefined if the essence has no orderings. `length` is that of the trace, in steps. */
export function windowOf(essence: Essence, length: number): RacyWindow | undefined {
  const when = ({ step = Number.POSITIVE_INFINITY }: Moment) => step;
  const [opens, ...others] = [...momentsOf(essence)].sort((a, b) =>
    when(a) < when(b) ? -1 : Number(when(a) > when(b)),
  );
  const closes = others.at(-1);
  if (opens?.step === undefined || closes === undefined) return undefined;
  return { opens, closes, first: opens.step, last: Math.min(when(closes), length) };
}
