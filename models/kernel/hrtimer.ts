// include/linux/hrtimer.h: high resolution timers, whose callbacks run with interrupts off and may start them again.
//
// The kernel promises that hrtimer_start() arms a timer, armed or not, and that its callback does not run on two CPUs at
// once. A callback that returns HRTIMER_RESTART is armed again, unless somebody has armed it meanwhile. hrtimer_cancel()
// disarms it and waits until the callback does not run, so that it is armed by nobody but those who start it later;
// hrtimer_try_to_cancel() gives up where the callback runs. The model: whether a timer is enqueued and running, and an
// actor that runs the callback, hrtimer_interrupt(), a hardirq on a CPU of its own, or on `{ on: cpu }`, where it
// interrupts the tasks of that CPU. A lock that tasks take with interrupts on is reported either way. Time is left out: an
// enqueued timer may expire at any moment. That adds runs, so no violation and no deadlock is lost, and what holds only
// because of a delay is reported as violated.

import {
  type AtomicTest,
  type Bool,
  type BoolVar,
  bool,
  Call,
  conditionNode,
  exactly,
  given,
  type IntVar,
  ifElse,
  modifies,
  no,
  not,
  notMemory,
  onlyIf,
  type Part,
  type Procedure,
  record,
  requireOptions,
  requireProcedure,
  rests,
  type SingleActor,
  type Stmt,
  source,
  type Valued,
  when,
  whenFreed,
  withoutArguments,
  yes,
} from '../language/index.js';
import { memoryWord, requireField, wholeOf } from './fields.js';
import { type RunsOn, runs } from './recurring.js';

const c = source('include/linux/hrtimer.h');
const hrtimer_c = source('kernel/time/hrtimer.c');

/** struct hrtimer. */
export interface Hrtimer {
  /** What is written of the memory of the timer. */
  readonly node: IntVar;
  readonly enqueued: BoolVar;
  readonly running: BoolVar;
}

export const hrtimer = withoutArguments('hrtimer', () =>
  whenFreed(
    record({ node: memoryWord(), enqueued: notMemory(bool()), running: notMemory(bool()) }),
    (t) => not(t.enqueued),
    'ODEBUG: free active (active state 0) object type: hrtimer',
  ),
);

const named = (t: Hrtimer, whose: string) => {
  requireField(t, 'enqueued', whose, 'an hrtimer()');
  return wholeOf(t.node);
};
/** Each word takes the lock of the timers, so nothing of it waits in a store buffer. */
const touches = (t: Hrtimer): Part => given(yes, modifies('full'), t.node.set(0));

/** Armed, or its callback runs. Example: `when(hrtimer_active(hr_timer))` */
export const hrtimer_active = exactly('hrtimer_active', (t: Hrtimer): Bool => {
  named(t, 'hrtimer_active()');
  return t.enqueued.or(t.running);
});
export const hrtimer_start = exactly(
  'hrtimer_start',
  (t: Hrtimer): Stmt => c`hrtimer_start(${named(t, 'hrtimer_start()')})`(touches(t), t.enqueued.set(true)),
);

/** 1 if it was armed, and is not any more; 0 if it was not; -1 if its callback runs, and nothing is done. */
export const hrtimer_try_to_cancel = exactly(
  'hrtimer_try_to_cancel',
  (t: Hrtimer): Valued<number> =>
    hrtimer_c`hrtimer_try_to_cancel(${named(t, 'hrtimer_try_to_cancel()')})`.value(
      ifElse(t.running, -1, ifElse(t.enqueued, 1, 0)),
      touches(t),
      t.enqueued.set(t.enqueued.and(t.running)),
    ),
);
/** True if it was armed. Its callback does not run any more, unless the timer is started again. */
export const hrtimer_cancel = exactly(
  'hrtimer_cancel',
  (t: Hrtimer): AtomicTest =>
    hrtimer_c`hrtimer_cancel(${named(t, 'hrtimer_cancel()')})`.test(t.enqueued, {
      both: [when(not(t.running)), touches(t)],
      yes: [t.enqueued.set(false)],
    }),
);

/** What the callback returns, and where it runs. */
export interface HrtimerOptions extends RunsOn {
  /** Where it is true as the callback ends, it returns HRTIMER_RESTART. */
  readonly restarts?: Bool;
}

/** The interrupt that runs the callback of a timer. It rests while the timer is not armed. */
export const hrtimer_interrupt = exactly(
  'hrtimer_interrupt',
  <L extends string>(
    name: string,
    t: Hrtimer,
    func: Procedure<Record<never, never>, L>,
    options: HrtimerOptions = {},
  ): SingleActor<L | 'hrtimer_run_queues.expire' | 'hrtimer_run_queues.end'> => {
    const whose = "hrtimer_interrupt('name', timer, procedure)";
    const whole = named(t, whose);
    requireProcedure(func, whose);
    requireOptions(options, ['restarts', 'on'], whose);
    const { restarts = no } = options;
    conditionNode(restarts, `restarts: of ${whose}`);
    // Built here, so that the steps have the line of the model.
    const steps = {
      expire: hrtimer_c`__run_hrtimer(): ${whole} expires`(
        rests(),
        when(t.enqueued),
        touches(t),
        t.enqueued.set(false),
        t.running.set(true),
      ),
      func: Call(func),
      end: hrtimer_c`__run_hrtimer(): the callback of ${whole} is over`(
        // One that is not restarted may have freed its timer.
        onlyIf(restarts, t.node.set(0)),
        t.enqueued.set(t.enqueued.or(restarts)),
        t.running.set(false),
      ),
    };
    return runs(name, 'hardirq', 'hrtimer_run_queues', steps, options);
  },
);
