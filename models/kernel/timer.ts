// include/linux/timer.h: timers, and the softirq that runs their callbacks.
//
// The kernel promises that mod_timer() arms a timer, unless it is shut down, and that its callback does not run on two
// CPUs at once. timer_delete() disarms it; timer_delete_sync() also waits until the callback does not run, and disarms it
// once more; nothing keeps others from arming it afterwards, but timer_shutdown_sync(). Whoever waits so must not hold a
// lock that the callback needs, nor run in an interrupt. The older names are del_timer() and del_timer_sync().
// The model: whether each timer is pending, running and shut down, and an actor that runs the callback, timer_softirq(),
// on a CPU of its own, or on `{ on: cpu }`, where it interrupts the tasks of that CPU. A lock that tasks take with softirqs
// on is reported either way. Time is left out: a pending timer may fire at any moment. That adds runs, so no violation and
// no deadlock is lost, and what holds only because of a delay is reported as violated.

import {
  type AtomicTest,
  type Bool,
  type BoolVar,
  bool,
  Call,
  exactly,
  expectsSoftly,
  given,
  type IntVar,
  modifies,
  not,
  notMemory,
  type Part,
  type Procedure,
  record,
  requireOptions,
  requireProcedure,
  rests,
  runsAs,
  type SingleActor,
  type Stmt,
  source,
  when,
  whenFreed,
  withoutArguments,
  yes,
} from '../language/index.js';
import { memoryWord, requireField, wholeOf } from './fields.js';
import { type RunsOn, runs } from './recurring.js';

const c = source('include/linux/timer.h');
const timer_c = source('kernel/time/timer.c');

/** struct timer_list. */
export interface Timer {
  /** What is written of the memory of the timer. */
  readonly entry: IntVar;
  readonly pending: BoolVar;
  readonly running: BoolVar;
  readonly shutdown: BoolVar;
}

export const timer_list = withoutArguments('timer_list', () =>
  whenFreed(
    record({
      entry: memoryWord(),
      pending: notMemory(bool()),
      running: notMemory(bool()),
      shutdown: notMemory(bool()),
    }),
    (t) => not(t.pending),
    'ODEBUG: free active (active state 0) object type: timer_list',
  ),
);

const named = (t: Timer, whose: string) => {
  requireField(t, 'shutdown', whose, 'a timer_list()');
  return wholeOf(t.entry);
};
/** Each word takes the lock of the timers, so nothing of it waits in a store buffer. */
const touches = (t: Timer): Part => given(yes, modifies('full'), t.entry.set(0));

export const timer_pending = exactly('timer_pending', (t: Timer): Bool => {
  named(t, 'timer_pending()');
  return t.pending;
});
/** Arms it, whether it was pending before or not; no effect once it is shut down. */
export const mod_timer = exactly('mod_timer', (t: Timer): Stmt => {
  const whole = named(t, 'mod_timer()');
  return c`mod_timer(${whole})`(touches(t), t.pending.set(not(t.shutdown)));
});
export const add_timer = exactly('add_timer', (t: Timer): Stmt => {
  const whole = named(t, 'add_timer()');
  return c`add_timer(${whole})`(
    expectsSoftly(not(t.pending), 'WARN_ON_ONCE(timer_pending(timer)) in add_timer()'),
    touches(t),
    t.pending.set(not(t.shutdown)),
  );
});

const deleting = (word: string) =>
  exactly(word, (t: Timer): AtomicTest => {
    const whole = named(t, `${word}()`);
    return c`${word}(${whole})`.test(t.pending, { both: [touches(t)], yes: [t.pending.set(false)] });
  });
/** True if it was pending: it is not any more, but its callback may be running. */
export const timer_delete = deleting('timer_delete');
export const del_timer = deleting('del_timer');

const waiting = (word: string, ...also: readonly ((t: Timer) => Part)[]) =>
  exactly(word, (t: Timer): AtomicTest => {
    const whole = named(t, `${word}()`);
    return c`${word}(${whole})`.test(t.pending, {
      both: [
        expectsSoftly(not(runsAs('hardirq')), `WARN_ON(in_hardirq()) in ${word}()`),
        when(not(t.running)),
        touches(t),
        ...also.map((part) => part(t)),
      ],
      yes: [t.pending.set(false)],
    });
  });
/** True if it was pending. The callback does not run any more, unless the timer is armed again. */
export const timer_delete_sync = waiting('timer_delete_sync');
export const del_timer_sync = waiting('del_timer_sync');
/** As timer_delete_sync(), and it cannot be armed any more. */
export const timer_shutdown_sync = waiting('timer_shutdown_sync', (t) => t.shutdown.set(true));

/** The softirq that runs the callback of a timer. It rests while the timer is not pending. */
export const timer_softirq = exactly(
  'timer_softirq',
  <L extends string>(
    name: string,
    t: Timer,
    func: Procedure<Record<never, never>, L>,
    options: RunsOn = {},
  ): SingleActor<L | 'run_timer_softirq.expire' | 'run_timer_softirq.end'> => {
    const whose = "timer_softirq('name', timer, procedure)";
    const whole = named(t, whose);
    requireProcedure(func, whose);
    requireOptions(options, ['on'], whose);
    // Built here, so that the steps have the line of the model.
    const steps = {
      expire: timer_c`expire_timers(): ${whole} fires`(
        rests(),
        when(t.pending),
        t.pending.set(false),
        t.running.set(true),
      ),
      func: Call(func),
      end: timer_c`expire_timers(): the callback of ${whole} is over`(t.running.set(false)),
    };
    return runs(name, 'softirq', 'run_timer_softirq', steps, options);
  },
);
