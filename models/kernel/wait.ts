// include/linux/wait.h: wait queues, and schedule().
//
// The kernel promises that prepare_to_wait() queues the task and sets its state under the lock of the queue, and that
// wake_up() sets every queued task running under the same lock, and takes it off the queue. Who tests the condition between
// prepare_to_wait() and schedule() loses no wake-up that comes after the condition is set; other orders do. The model: for
// each queue who is on it, and the state of each task (sched.h). wait_event() is the macro's loop: prepare, test, schedule
// are steps of their own, since all that goes wrong comes in between. The lock inside is left out: each of the kernel's
// critical sections is one step. So are exclusive waiters, of which wake_up() wakes one: here it wakes all, as
// wake_up_all(), which adds runs in which they find the condition false again, and hides that the one that is woken gives up
// and wakes nobody; and signals. A lost wake-up is a deadlock where all others are done or rest, and a liveness
// counterexample, or a stuck actor, where others go on.

import {
  atOnce,
  type Bool,
  type BoolVar,
  bool,
  conditionNode,
  demandsSoftly,
  Either,
  Goto,
  If,
  type IntVar,
  ifElse,
  inline,
  maySleep,
  not,
  notMemory,
  onlyIf,
  type PerActorVar,
  perActor,
  record,
  type Stmt,
  source,
  when,
} from '../language/index.js';
import { mightSleep } from './bug.js';
import { memoryWord, requireField, wholeOf } from './fields.js';
import { rcu_read_lock_held } from './rcupdate.js';
import { isRunning, type TaskState, task_state } from './sched.js';

const c = source('include/linux/wait.h');
const core = source('kernel/sched/core.c');

/** wait_queue_head_t. */
export interface WaitQueueHead {
  /** What is written of the memory of the queue. */
  readonly lock: IntVar;
  /** Who is on it: the entries lie on the stacks of the waiters. */
  readonly queued: PerActorVar<BoolVar>;
}
export const wait_queue_head = () => record({ lock: memoryWord(), queued: perActor(notMemory(bool())) });

const named = (wq: WaitQueueHead, whose: string) => {
  requireField(wq, 'queued', whose, 'a wait_queue_head()');
  return wholeOf(wq.lock);
};

const sleeping = (word: string) => [
  demandsSoftly(not(rcu_read_lock_held()), 'Voluntary context switch within RCU read-side critical section!'),
  demandsSoftly(
    maySleep().or(rcu_read_lock_held()),
    `BUG: scheduling while atomic in ${word}()`,
    'might-sleep',
  ),
];
/** Sleeps unless the task is running, until it is. */
export const schedule = (): Stmt => core`schedule()`(...sleeping('schedule'), when(isRunning()));
/** Sleeps for some time at most, which may be over at any moment; then the task is running. */
export const schedule_timeout = (): Stmt =>
  core`schedule_timeout()`(...sleeping('schedule_timeout'), task_state.mine.set('RUNNING'));

export const prepare_to_wait = (wq: WaitQueueHead, state: TaskState = 'UNINTERRUPTIBLE'): Stmt => {
  const whole = named(wq, 'prepare_to_wait()');
  return c`prepare_to_wait(${whole}, TASK_${state})`(
    wq.lock.set(0),
    wq.queued.mine.set(true),
    task_state.mine.set(state),
  );
};
/** Touches the queue only if the task is on it still. */
export const finish_wait = (wq: WaitQueueHead): Stmt => {
  const whole = named(wq, 'finish_wait()');
  return c`finish_wait(${whole})`(
    onlyIf(wq.queued.mine, wq.lock.set(0)),
    task_state.mine.set('RUNNING'),
    wq.queued.mine.set(false),
  );
};

const waking =
  (word: string, isWoken: (state: typeof task_state.mine) => Bool) =>
  (wq: WaitQueueHead): Stmt => {
    const whole = named(wq, `${word}()`);
    return c`${word}(${whole})`(
      wq.lock.set(0),
      wq.queued.forAll((queued, who) => {
        const state = task_state.of(who);
        const wakes = queued.and(isWoken(state));
        return atOnce(state.set(ifElse(wakes, 'RUNNING', state)), queued.set(ifElse(wakes, false, queued)));
      }),
    );
  };
/** Sets every task running that is on the queue and not running, and takes it off the queue. */
export const wake_up = waking('wake_up', (state) => state.isnt('RUNNING'));
export const wake_up_all = waking('wake_up_all', (state) => state.isnt('RUNNING'));
export const wake_up_interruptible = waking('wake_up_interruptible', (state) => state.is('INTERRUPTIBLE'));

const waits = (
  word: string,
  wq: WaitQueueHead,
  cond: Bool,
  state: TaskState,
  sleeps: Parameters<typeof If>[1],
) => {
  const whole = named(wq, `${word}()`);
  conditionNode(cond, `${word}()`);
  return {
    test: If(not(c`${word}(${whole})`.test(cond, { both: [mightSleep()] })), {
      prepare: prepare_to_wait(wq, state),
      again: If(not(cond), sleeps),
      finish: finish_wait(wq),
    }),
  };
};
/** Sleeps until the condition is true, which is tested again after each wake-up. */
export const wait_event = inline('wait_event', (wq: WaitQueueHead, cond: Bool) =>
  waits('wait_event', wq, cond, 'UNINTERRUPTIBLE', { schedule: schedule(), loop: Goto('prepare') }),
);
export const wait_event_interruptible = inline('wait_event_interruptible', (wq: WaitQueueHead, cond: Bool) =>
  waits('wait_event_interruptible', wq, cond, 'INTERRUPTIBLE', {
    schedule: schedule(),
    loop: Goto('prepare'),
  }),
);
/** As wait_event(), but for some time at most: the condition need not be true behind it. */
export const wait_event_timeout = inline('wait_event_timeout', (wq: WaitQueueHead, cond: Bool) =>
  waits('wait_event_timeout', wq, cond, 'UNINTERRUPTIBLE', {
    schedule: schedule_timeout(),
    time: Either({ left: { loop: Goto('prepare') }, over: { over: c`the time is over`() } }),
  }),
);
