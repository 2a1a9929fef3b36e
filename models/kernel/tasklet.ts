// include/linux/interrupt.h: tasklets, functions that run once in a softirq for any number of requests before.
//
// The kernel promises that tasklet_schedule() queues a tasklet unless it is queued, that its function then runs at least
// once, and never on two CPUs at once. It may be scheduled again while it runs, also by itself. tasklet_disable() keeps it
// queued, and waits until it does not run; tasklet_kill() waits until it is neither queued nor running, and for ever where
// it is disabled. The model: the bit SCHED, whether it is queued and running, how often it is disabled, and an actor that
// runs it, tasklet_softirq(), on a CPU of its own or on `{ on: cpu }`, where it interrupts the tasks of that CPU. A queued
// tasklet may run at any moment, which adds runs; so no violation and no deadlock is lost. A lock that tasks take with
// softirqs on is reported either way. Left out: the order of several tasklets, which are independent here.

import {
  type AtomicTest,
  type BoolVar,
  bool,
  Call,
  exactly,
  expectsSoftly,
  given,
  type IntVar,
  inInterrupt,
  inline,
  int,
  modifies,
  not,
  notMemory,
  type Part,
  type Procedure,
  record,
  requireOptions,
  requireProcedure,
  rests,
  type SingleActor,
  type Stmt,
  source,
  when,
  withoutArguments,
  yes,
} from '../language/index.js';
import { mightSleep } from './bug.js';
import { disableDepth, memoryWord, requireField, wholeOf } from './fields.js';
import { type RunsOn, runs } from './recurring.js';

const c = source('include/linux/interrupt.h');
const softirq = source('kernel/softirq.c');

/** struct tasklet_struct. */
export interface Tasklet {
  /** What is written of the memory of the tasklet. */
  readonly state: IntVar;
  /** TASKLET_STATE_SCHED: it is queued, or tasklet_kill() keeps others from queueing it. */
  readonly sched: BoolVar;
  readonly queued: BoolVar;
  /** TASKLET_STATE_RUN. */
  readonly running: BoolVar;
  /** How often it is disabled. */
  readonly disabled: IntVar;
}

export const tasklet_struct = withoutArguments('tasklet_struct', () =>
  record({
    state: memoryWord(),
    sched: notMemory(bool()),
    queued: notMemory(bool()),
    running: notMemory(bool()),
    disabled: notMemory(int(0, disableDepth)),
  }),
);

const named = (t: Tasklet, whose: string) => {
  requireField(t, 'sched', whose, 'a tasklet_struct()');
  return wholeOf(t.state);
};
/** Each word changes the bits of the tasklet atomically. */
const touches = (t: Tasklet): Part => given(yes, modifies('full'), t.state.set(0));

/** True if it was not queued. */
export const tasklet_schedule = exactly(
  'tasklet_schedule',
  (t: Tasklet): AtomicTest =>
    c`tasklet_schedule(${named(t, 'tasklet_schedule()')})`.test(not(t.sched), {
      both: [touches(t)],
      yes: [t.sched.set(true), t.queued.set(true)],
    }),
);

/** It does not begin any more until it is enabled; it may be running. */
export const tasklet_disable_nosync = exactly(
  'tasklet_disable_nosync',
  (t: Tasklet): Stmt =>
    c`tasklet_disable_nosync(${named(t, 'tasklet_disable_nosync()')})`(touches(t), t.disabled.inc()),
);
export const tasklet_disable = inline('tasklet_disable', (t: Tasklet) => {
  const whole = named(t, 'tasklet_disable()');
  return {
    count: c`tasklet_disable(${whole}): it does not begin any more`(touches(t), t.disabled.inc()),
    wait: c`tasklet_unlock_wait(${whole}): it does not run`(mightSleep(), touches(t), when(not(t.running))),
  };
});
export const tasklet_enable = exactly(
  'tasklet_enable',
  (t: Tasklet): Stmt => c`tasklet_enable(${named(t, 'tasklet_enable()')})`(touches(t), t.disabled.dec()),
);

/** Waits until it is neither queued nor running. Whoever may schedule it again must have been stopped before. */
export const tasklet_kill = inline('tasklet_kill', (t: Tasklet) => {
  const whole = named(t, 'tasklet_kill()');
  return {
    grab: softirq`tasklet_kill(${whole}): it is not queued`(
      expectsSoftly(not(inInterrupt()), 'Attempt to kill tasklet from interrupt'),
      mightSleep(),
      touches(t),
      when(not(t.sched)),
      t.sched.set(true),
    ),
    wait: softirq`tasklet_kill(${whole}): it does not run`(
      touches(t),
      when(not(t.running)),
      t.sched.set(false),
    ),
  };
});

/** The softirq that runs the function of a tasklet. It rests while the tasklet is not queued, or disabled. */
export const tasklet_softirq = exactly(
  'tasklet_softirq',
  <L extends string>(
    name: string,
    t: Tasklet,
    func: Procedure<Record<never, never>, L>,
    options: RunsOn = {},
  ): SingleActor<L | 'tasklet_action.begin' | 'tasklet_action.end'> => {
    const whose = "tasklet_softirq('name', tasklet, procedure)";
    const whole = named(t, whose);
    requireProcedure(func, whose);
    requireOptions(options, ['on'], whose);
    // Built here, so that the steps have the line of the model.
    const steps = {
      begin: softirq`tasklet_action(): ${whole} begins`(
        rests(),
        when(t.queued.and(t.disabled.eq(0))),
        touches(t),
        t.queued.set(false),
        t.sched.set(false),
        t.running.set(true),
      ),
      func: Call(func),
      end: softirq`tasklet_action(): ${whole} is over`(touches(t), t.running.set(false)),
    };
    return runs(name, 'softirq', 'tasklet_action', steps, options);
  },
);
