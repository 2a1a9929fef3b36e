// include/linux/kthread.h: threads that are asked to stop, or to park.
//
// The kernel promises that kthread_stop() sets a flag, wakes the thread up, and waits until it has exited;
// kthread_park() sets another flag, wakes it up, and waits until it is in kthread_parkme(), where it stays until
// kthread_unpark(), or kthread_stop(). The model: these three as steps, and the flags of each thread. The flag and the
// wake-up are two steps, between which a thread that tests the flag before it sets its state loses the wake-up. Left out:
// the references of the task itself, so that stopping a thread that may exit by itself is not found to be a use after
// free; and CPUs, to which a parked thread may be bound.

import {
  type Bool,
  bool,
  exactly,
  inline,
  perActor,
  requireActor,
  rests,
  type SingleActor,
  source,
  when,
} from '../language/index.js';
import { mightSleep } from './bug.js';
import { wake_up_process } from './sched.js';

const c = source('include/linux/kthread.h');
const core = source('kernel/kthread.c');

const should_stop = perActor('kthread_should_stop', bool());
const should_park = perActor('kthread_should_park', bool());
const parked = perActor('kthread_parked', bool());

/** Is the running thread asked to stop? */
export const kthread_should_stop = exactly('kthread_should_stop', (): Bool => should_stop.mine);
export const kthread_should_park = exactly('kthread_should_park', (): Bool => should_park.mine);

/** An actor that is asked to stop. */
type Kthread = Pick<SingleActor<never>, 'name' | 'copy' | 'done'>;

/** Sets its flag, wakes it up, and waits until it is done. */
export const kthread_stop = inline('kthread_stop', (thread: Kthread) => {
  requireActor(thread, 'kthread_stop()');
  return {
    flag: core`kthread_stop(${thread.name}): KTHREAD_SHOULD_STOP`(should_stop.of(thread).set(true)),
    wake: wake_up_process(thread),
    wait: core`kthread_stop(${thread.name}): it has exited`(mightSleep(), when(thread.done)),
  };
});
/** Sets its flag, wakes it up, and waits until it is in kthread_parkme(). */
export const kthread_park = inline('kthread_park', (thread: Kthread) => {
  requireActor(thread, 'kthread_park()');
  return {
    flag: core`kthread_park(${thread.name}): KTHREAD_SHOULD_PARK`(should_park.of(thread).set(true)),
    wake: wake_up_process(thread),
    wait: core`kthread_park(${thread.name}): it is parked`(
      mightSleep(),
      when(parked.of(thread).or(thread.done)),
    ),
  };
});
export const kthread_unpark = exactly('kthread_unpark', (thread: Kthread) => {
  requireActor(thread, 'kthread_unpark()');
  return c`kthread_unpark(${thread.name})`(should_park.of(thread).set(false));
});
/** The running thread is parked until it is unparked, or asked to stop. It is not waited for meanwhile. */
export const kthread_parkme = inline('kthread_parkme', () => ({
  park: core`kthread_parkme(): parked`(parked.mine.set(true)),
  wait: core`kthread_parkme(): unparked`(
    rests(),
    when(should_stop.mine.or(should_park.mine.eq(false))),
    parked.mine.set(false),
  ),
}));
