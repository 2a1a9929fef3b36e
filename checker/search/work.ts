// Long-running work is a generator. It yields every few thousand units of work; its driver then runs the event loop, in
// which signals arrive, reads the clock, and ends the work if there is a reason. So a loop that yields need not know
// the reasons for a stop.
//
//   function* sum(numbers) { …; if (i % 4096 === 4095) yield i; … }      drive(stoppable(sum(numbers)), () => reason)

import type { LimitReached } from './limit.js';

/** Its yields report progress; it ignores what it is sent. */
export type Work<R, P = unknown> = Generator<P, R, undefined>;

/** Work that ends by itself once it is sent a reason. */
export type StoppableWork<R, P = unknown> = Generator<P, R, LimitReached | undefined>;

/** The result of the work; undefined once it is sent a reason to stop, after which the work does not continue. */
export function* stoppable<R, P>(work: Work<R, P>): StoppableWork<R | undefined, P> {
  let next = work.next();
  while (!next.done) {
    if ((yield next.value) !== undefined) {
      work.return(undefined as R);
      return undefined;
    }
    next = work.next();
  }
  return next.value;
}

/** Runs work to its end, with a turn of the event loop at each yield; what `reason` returns is sent to the work. */
export async function drive<R, P>(
  work: StoppableWork<R, P>,
  reason: (progress: P) => LimitReached | undefined,
): Promise<R> {
  let next = work.next();
  while (!next.done) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    next = work.next(reason(next.value));
  }
  return next.value;
}

/** Runs work to its end at once: for tests, and for short work. */
export function finish<R>(work: Work<R>): R {
  let next = work.next();
  while (!next.done) next = work.next();
  return next.value;
}
