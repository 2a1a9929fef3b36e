// The racy window of a counterexample: from the first step that its essence names to the last one. No ordering of
// steps outside it is needed for the bug.
//
//   a.load before b.store, b.load before a.store; the trace a.load b.load a.store b.store   ->   steps 1 to 4

import type { Essence, Moment } from './essence.js';

export interface RacyWindow {
  readonly opens: Moment;
  /** Without a number if the trace ends while the window is open. */
  readonly closes: Moment;
  /** The numbers of its first and its last step in the trace, from 1. */
  readonly first: number;
  readonly last: number;
}

/** Undefined where no order matters. `length` is that of the trace, in steps. */
export function windowOf({ orderings }: Essence, length: number): RacyWindow | undefined {
  const moments = orderings.flatMap(({ first, then }) => [first, then]);
  const when = ({ step = Number.POSITIVE_INFINITY }: Moment) => step;
  const [opens, ...others] = [...moments].sort((a, b) =>
    when(a) < when(b) ? -1 : Number(when(a) > when(b)),
  );
  const closes = others.at(-1);
  if (opens?.step === undefined || closes === undefined) return undefined;
  return { opens, closes, first: opens.step, last: Math.min(when(closes), length) };
}
