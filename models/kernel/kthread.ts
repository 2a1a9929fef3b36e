// include/linux/kthread.h: threads that are asked to stop, or to park.
//
// The kernel promises that kthread_stop() sets a flag, wakes the thread up, and waits until it has exited;
// kthread_park() sets another flag, wakes it up, and waits until it is in kthread_parkme(), where it stays until
// kthread_unpark(), or kthread_stop(). The model: these three as steps, and the flags of each thread. The flag and the
// wake-up are two steps, between which a thread that tests the flag before it sets its state loses the wake-up. A thread
// that has exited is freed unless somebody has a reference, get_task_struct(): to stop or to park it then is a use after
// free. Left out: CPUs, to which a parked thread may be bound.

import {
  type Bool,
  bool,
  demandsSoftly,
  exactly,
  expects,
  expectsSoftly,
  inline,
  maySleep,
  not,
  type Part,
  perActor,
  requireActor,
  rests,
  type SingleActor,
  type Stmt,
  source,
  when,
} from '../language/index.js';
import { mightSleep } from './bug.js';
import { wake_up_process } from './sched.js';

const c = source('include/linux/kthread.h');
const core = source('kernel/kthread.c');
const task = source('include/linux/sched/task.h');

const should_stop = perActor('kthread_should_stop', bool());
const should_park = perActor('kthread_should_park', bool());
const parked = perActor('kthread_parked', bool());

/** Is the running thread asked to stop? */
export const kthread_should_stop = exactly('kthread_should_stop', (): Bool => should_stop.mine);
export const kthread_should_park = exactly('kthread_should_park', (): Bool => should_park.mine);

/** An actor that is asked to stop. */
type Kthread = Pick<SingleActor<never>, 'name' | 'copy' | 'done'>;

/** Does somebody have a reference of the task, so that it is not freed as it exits? */
const pinned = perActor('task_struct_pinned', bool());
/** Who uses a task must have a reference where it may have exited. */
const usesTask = (thread: Kthread, word: string): Part =>
  expects(
    not(thread.done).or(pinned.of(thread)),
    `BUG: KASAN: slab-use-after-free in ${word}`,
    'use-after-free',
  );

/** Takes a reference of a thread that may exit by itself, before it does so. */
export const get_task_struct = exactly('get_task_struct', (thread: Kthread): Stmt => {
  requireActor(thread, 'get_task_struct()');
  return task`get_task_struct(${thread.name})`(
    usesTask(thread, 'get_task_struct'),
    pinned.of(thread).set(true),
  );
});
export const put_task_struct = exactly('put_task_struct', (thread: Kthread): Stmt => {
  requireActor(thread, 'put_task_struct()');
  return task`put_task_struct(${thread.name})`(
    usesTask(thread, 'put_task_struct'),
    pinned.of(thread).set(false),
  );
});

/** Sets its flag, wakes it up, and waits until it is done. */
export const kthread_stop = inline('kthread_stop', (thread: Kthread) => {
  requireActor(thread, 'kthread_stop()');
  return {
    flag: core`kthread_stop(${thread.name}): KTHREAD_SHOULD_STOP`(
      usesTask(thread, 'kthread_stop'),
      should_stop.of(thread).set(true),
    ),
    wake: wake_up_process(thread),
    wait: core`kthread_stop(${thread.name}): it has exited`(mightSleep(), when(thread.done)),
  };
});
/** Sets its flag, wakes it up, and waits until it is in kthread_parkme(). */
export const kthread_park = inline('kthread_park', (thread: Kthread) => {
  requireActor(thread, 'kthread_park()');
  return {
    flag: core`kthread_park(${thread.name}): KTHREAD_SHOULD_PARK`(
      usesTask(thread, 'kthread_park'),
      expectsSoftly(
        not(should_park.of(thread)),
        'WARN_ON_ONCE(test_bit(KTHREAD_SHOULD_PARK, &kthread->flags)) in kthread_park()',
      ),
      should_park.of(thread).set(true),
    ),
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
  park: core`kthread_parkme(): parked`(
    demandsSoftly(maySleep(), 'BUG: scheduling while atomic in kthread_parkme()', 'might-sleep'),
    parked.mine.set(true),
  ),
  wait: core`kthread_parkme(): unparked`(
    rests(),
    when(should_stop.mine.or(should_park.mine.eq(false))),
    parked.mine.set(false),
  ),
}));
