// include/linux/wait.h: wait queues, and schedule().
//
// The kernel promises that prepare_to_wait() queues the task and sets its state under the lock of the queue, and that
// wake_up() sets every queued task running under the same lock, and takes it off the queue. Who tests the condition between
// prepare_to_wait() and schedule() loses no wake-up that comes after the condition is set; other orders do. The model: for
// each queue who is on it, and the state of each task (sched.h). wait_event() is the macro's loop: prepare, test, schedule
// are steps of their own, since all that goes wrong comes in between. The lock inside is left out: each of the kernel's
// critical sections is one step; so are signals. Of exclusive waiters, which stand behind all others in their order,
// wake_up() wakes the first that sleeps: wait_queue_head({ exclusive: n }) has room for n of them. A lost wake-up is a
// deadlock where all others are done or rest, and a liveness counterexample, or a stuck actor, where others go on.

import {
  atOnce,
  type Bool,
  type BoolVar,
  bool,
  conditionNode,
  demandsSoftly,
  describe,
  Either,
  exactly,
  Goto,
  If,
  type IntVar,
  ifElse,
  inline,
  int,
  ModelError,
  maySleep,
  not,
  notMemory,
  onlyIf,
  type Part,
  type PerActorVar,
  perActor,
  record,
  refuseMore,
  requireOptions,
  type Stmt,
  self,
  source,
  when,
  yes,
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
  /** The place of each exclusive waiter among them, from 1; 0 for others. */
  readonly exclusive?: PerActorVar<IntVar>;
}
/** A queue on which some waiters are exclusive. */
export interface ExclusiveWaitQueueHead extends WaitQueueHead {
  readonly exclusive: PerActorVar<IntVar>;
}
const plainHead = () => record({ lock: memoryWord(), queued: perActor(notMemory(bool())) });
const exclusiveHead = (max: number) =>
  record({
    lock: memoryWord(),
    queued: perActor(notMemory(bool())),
    exclusive: perActor(notMemory(int(0, max))),
  });
export interface WaitQueueOptions {
  /** How many exclusive waiters there may be at once. One more is a model error. */
  readonly exclusive: number;
}
export function wait_queue_head(): ReturnType<typeof plainHead>;
export function wait_queue_head(options: WaitQueueOptions): ReturnType<typeof exclusiveHead>;
export function wait_queue_head(options?: WaitQueueOptions, ...more: readonly unknown[]) {
  refuseMore('wait_queue_head', 1, [options, ...more]);
  if (options === undefined) return plainHead();
  requireOptions(options, ['exclusive'], 'wait_queue_head(…)');
  return exclusiveHead(options.exclusive);
}

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
export const schedule = exactly(
  'schedule',
  (): Stmt => core`schedule()`(...sleeping('schedule'), when(isRunning())),
);
/** Sleeps for some time at most, which may be over at any moment; then the task is running. */
export const schedule_timeout = exactly(
  'schedule_timeout',
  (): Stmt => core`schedule_timeout()`(...sleeping('schedule_timeout'), task_state.mine.set('RUNNING')),
);

export const prepare_to_wait = exactly(
  'prepare_to_wait',
  (wq: WaitQueueHead, state: TaskState = 'UNINTERRUPTIBLE'): Stmt => {
    const whole = named(wq, 'prepare_to_wait()');
    return c`prepare_to_wait(${whole}, TASK_${state})`(
      wq.lock.set(0),
      wq.queued.mine.set(true),
      task_state.mine.set(state),
    );
  },
);
const exclusiveOne = 'a wait_queue_head({ exclusive: 2 })';
/** At the end of the queue: of those that wait so, wake_up() wakes only the first that sleeps. */
export const prepare_to_wait_exclusive = exactly(
  'prepare_to_wait_exclusive',
  (wq: ExclusiveWaitQueueHead, state: TaskState = 'UNINTERRUPTIBLE'): Stmt => {
    requireField(wq, 'exclusive', 'prepare_to_wait_exclusive()', exclusiveOne);
    const { mine } = wq.exclusive;
    return c`prepare_to_wait_exclusive(${wholeOf(wq.lock)}, TASK_${state})`(
      wq.lock.set(0),
      wq.queued.mine.set(true),
      mine.set(ifElse(mine.gt(0), mine, wq.exclusive.count((place) => place.gt(0)).plus(1))),
      task_state.mine.set(state),
    );
  },
);
/** Touches the queue only if the task is on it still. */
export const finish_wait = exactly('finish_wait', (wq: WaitQueueHead): Stmt => {
  const whole = named(wq, 'finish_wait()');
  return c`finish_wait(${whole})`(
    onlyIf(wq.queued.mine, wq.lock.set(0)),
    ...leaving(wq),
    task_state.mine.set('RUNNING'),
    wq.queued.mine.set(false),
  );
});

/** The exclusive waiters behind this one move up. */
const leaving = ({ exclusive }: WaitQueueHead): readonly Part[] => {
  if (exclusive === undefined) return [];
  const { mine } = exclusive;
  const isBehind = (place: IntVar) => mine.gt(0).and(place.gt(mine));
  return [
    atOnce(
      exclusive.forAll((place, who) =>
        place.set(ifElse(who.is(self), 0, ifElse(isBehind(place), place.minus(1), place))),
      ),
    ),
  ];
};

type Sleeps = (state: typeof task_state.mine) => Bool;
const sleeps: Sleeps = (state) => state.isnt('RUNNING');

/** `nr`: how many exclusive waiters are woken; undefined for all. */
const woken = (word: string, wq: WaitQueueHead, nr: number | undefined, isWoken: Sleeps): Stmt => {
  const whole = named(wq, `${word}()`);
  const { exclusive, queued } = wq;
  /** How many exclusive waiters are woken, or could be, in front of a place. */
  const inFront = (place: IntVar, places: PerActorVar<IntVar>) =>
    places.count((other, u) =>
      other
        .gt(0)
        .and(other.lt(place))
        .and(isWoken(task_state.of(u))),
    );
  if (exclusive === undefined) {
    const all = queued.forAll((isQueued, who) => {
      const state = task_state.of(who);
      const wakes = isQueued.and(isWoken(state));
      return atOnce(state.set(ifElse(wakes, 'RUNNING', state)), isQueued.set(ifElse(wakes, false, isQueued)));
    });
    return c`${word}(${whole})`(wq.lock.set(0), all);
  }
  const all = queued.forAll((isQueued, who) => {
    const [state, place] = [task_state.of(who), exclusive.of(who)];
    const before = inFront(place, exclusive);
    const isTurn = nr === undefined ? yes : place.eq(0).or(before.lt(nr));
    const wakes = isQueued.and(isWoken(state)).and(isTurn);
    // As many as are woken in front of it move out of the queue.
    const moved = nr === undefined ? before : ifElse(before.lt(nr), before, nr);
    return atOnce(
      state.set(ifElse(wakes, 'RUNNING', state)),
      isQueued.set(ifElse(wakes, false, isQueued)),
      place.set(ifElse(wakes.or(place.eq(0)), 0, place.minus(moved))),
    );
  });
  return c`${word}(${whole})`(wq.lock.set(0), atOnce(all));
};
const waking = (word: string, nr: 1 | undefined, isWoken: Sleeps = sleeps) =>
  exactly(word, (wq: WaitQueueHead): Stmt => woken(word, wq, nr, isWoken));
/**
 * Sets every task running that is on the queue and not running, and takes it off the queue; of exclusive waiters only the
 * first.
 */
export const wake_up = waking('wake_up', 1);
export const wake_up_all = waking('wake_up_all', undefined);
export const wake_up_interruptible = waking('wake_up_interruptible', 1, (state) => state.is('INTERRUPTIBLE'));
/** As wake_up(), for the first `nr` exclusive waiters. */
export const wake_up_nr = exactly('wake_up_nr', (wq: WaitQueueHead, nr: number): Stmt => {
  if (!Number.isInteger(nr) || nr < 1) {
    throw new ModelError(`wake_up_nr(queue, nr) wakes a whole number from 1 up, not ${describe(nr)}`);
  }
  return woken('wake_up_nr', wq, nr, sleeps);
});

const waits = (
  word: string,
  wq: WaitQueueHead,
  cond: Bool,
  state: TaskState,
  sleeps: Parameters<typeof If>[1],
  prepare = () => prepare_to_wait(wq, state),
) => {
  const whole = named(wq, `${word}()`);
  conditionNode(cond, `${word}()`);
  return {
    test: If(not(c`${word}(${whole})`.test(cond, { both: [mightSleep()] })), {
      prepare: prepare(),
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
/** As an exclusive waiter: a wake-up that it does not use must be passed on, by wake_up(). */
export const wait_event_interruptible_exclusive = inline(
  'wait_event_interruptible_exclusive',
  (wq: ExclusiveWaitQueueHead, cond: Bool) => {
    const word = 'wait_event_interruptible_exclusive';
    requireField(wq, 'exclusive', `${word}()`, exclusiveOne);
    const sleep = { schedule: schedule(), loop: Goto('prepare') };
    return waits(word, wq, cond, 'INTERRUPTIBLE', sleep, () =>
      prepare_to_wait_exclusive(wq, 'INTERRUPTIBLE'),
    );
  },
);
/** As wait_event(), but for some time at most: the condition need not be true behind it. */
export const wait_event_timeout = inline('wait_event_timeout', (wq: WaitQueueHead, cond: Bool) =>
  waits('wait_event_timeout', wq, cond, 'UNINTERRUPTIBLE', {
    schedule: schedule_timeout(),
    time: Either({ left: { loop: Goto('prepare') }, over: { over: c`the time is over`() } }),
  }),
);
