// Work that may take long is a generator. It yields every few thousand units of what it does, and nothing else: whoever
// drives it turns the event loop there, in which signals are heard, reads the clock, and ends the work if there is a
// reason. So a loop that yields need not know why it could be stopped.
//
//   function* sum(numbers) { …; if (i % 4096 === 4095) yield i; … }      drive(stoppable(sum(numbers)), () => reason)

import type { LimitReached } from './limit.js';

/** What it yields says how far it is; it ignores what it is sent. */
export type Work<R, P = unknown> = Generator<P, R, undefined>;

/** Work that ends by itself once it is sent a reason. */
export type StoppableWork<R, P = unknown> = Generator<P, R, LimitReached | undefined>;

/** The result of the work; undefined once it is sent a reason to stop, and then the work goes no further. */
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

/** Runs work to its end at once: for tests, and for what is known to be short. */
export function finish<R>(work: Work<R>): R {
  let next = work.next();
  while (!next.done) next = work.next();
  return next.value;
}
