// include/linux/sched.h: the state of a task, which decides whether schedule() lets it go on.
//
// The kernel promises that a task whose state is not TASK_RUNNING sleeps in schedule() until another actor sets it to
// TASK_RUNNING, and that a wake-up between set_current_state() and schedule() is not lost. Wake-ups may come without a
// reason, so the condition is tested again behind schedule(). The model: `task_state` of each actor; setting it is one
// step. Left out: signals, and that a lock whose waiter sleeps leaves the state at TASK_RUNNING, after which schedule()
// does not wait. A model that takes one is warned, as by the kernel; a deadlock behind that warning may be the model's.

import {
  type Bool,
  exactly,
  oneOf,
  perActor,
  requireActor,
  type Stmt,
  source,
  type Who,
} from '../language/index.js';

const c = source('include/linux/sched.h');

/** What a task sleeps as, or that it runs. */
export type TaskState = 'RUNNING' | 'INTERRUPTIBLE' | 'UNINTERRUPTIBLE';

/** The state of each task. */
export const task_state = perActor('task_state', oneOf('RUNNING', 'INTERRUPTIBLE', 'UNINTERRUPTIBLE'));

/** Is the running actor not about to sleep in schedule()? */
export const isRunning = (): Bool => task_state.mine.is('RUNNING');

/** Lets a task go on from schedule(), whatever it waits for. */
export const wake_up_process = exactly('wake_up_process', (task: Who): Stmt => {
  if (!('isNobody' in Object(task))) requireActor(task, 'wake_up_process()');
  const state = task_state.of(task);
  return c`wake_up_process(): ${state} = TASK_RUNNING`(state.set('RUNNING'));
});
