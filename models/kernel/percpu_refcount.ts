// include/linux/percpu-refcount.h: a count of references that costs nothing while nobody looks at it.
//
// The kernel promises that in percpu mode a put cannot reach zero. percpu_ref_kill() marks the count as dead, and drops the
// initial reference; after a grace period the count is switched to one atomic number, which is confirmed, and from then on
// the put that reaches zero releases. percpu_ref_tryget_live() may still succeed after percpu_ref_kill() has returned,
// until then: it looks at the mode, and counts, in a section of RCU. No grace period lies between the kill and the release.
// The model: count, dead, atomic, and a latch for each reader; percpu_ref_switch() is the callback that switches. Left
// out: modes that are switched back, and percpu_ref_reinit(), so a model must not resurrect what it has killed.

import {
  type AtomicTest,
  actor,
  type BoolVar,
  bool,
  Call,
  exactly,
  expectsSoftly,
  If,
  type IntVar,
  ifElse,
  inline,
  int,
  type LatchVar,
  not,
  oneOf,
  type Procedure,
  procedure,
  record,
  requireProcedure,
  requireVariable,
  rests,
  type SingleActor,
  type Stmt,
  source,
  when,
} from '../language/index.js';
import { requireField, wholeOf } from './fields.js';
import { grace_period, rcu_read_lock, rcu_read_unlock } from './rcupdate.js';

const c = source('include/linux/percpu-refcount.h');
const lib = source('lib/percpu-refcount.c');

/** struct percpu_ref: it is live, with one reference, from the start. */
export interface PercpuRef {
  readonly count: IntVar;
  readonly dead: BoolVar;
  readonly atomic: BoolVar;
  /** The readers that the switch waits for. */
  readonly gp: LatchVar;
}
/** A count of at most `max` references. */
export const percpu_ref = exactly('percpu_ref', (max: number) =>
  record({ count: int(-1, max).starts(1), dead: bool(), atomic: bool(), gp: grace_period() }),
);

const named = (ref: PercpuRef, whose: string) => {
  requireField(ref, 'atomic', whose, 'a percpu_ref()');
  return wholeOf(ref.count);
};

/** One more reference, by who has one. */
export const percpu_ref_get = exactly('percpu_ref_get', (ref: PercpuRef): Stmt => {
  const whole = named(ref, 'percpu_ref_get()');
  return c`percpu_ref_get(${whole})`(ref.count.inc());
});
/** False if the count is atomic, and 0. */
export const percpu_ref_tryget = exactly('percpu_ref_tryget', (ref: PercpuRef): AtomicTest => {
  const whole = named(ref, 'percpu_ref_tryget()');
  return c`percpu_ref_tryget(${whole})`.test(not(ref.atomic).or(ref.count.gt(0)), { yes: [ref.count.inc()] });
});
/** Into `got`, whether there is one more reference: two steps in a section of RCU, the look at the mode and the count. */
export const percpu_ref_tryget_live = inline(
  'percpu_ref_tryget_live',
  { mode: oneOf('dead', 'live') },
  ({ mode }, ref: PercpuRef, got: BoolVar) => {
    const whole = named(ref, 'percpu_ref_tryget_live()');
    requireVariable(got, 'bool', 'percpu_ref_tryget_live()');
    return {
      lock: rcu_read_lock(),
      look: c`percpu_ref_tryget_live(${whole}): its mode`(mode.set(ifElse(ref.dead, 'dead', 'live'))),
      count: If(mode.is('live'), { get: c`this_cpu_inc(${ref.count})`(ref.count.inc(), got.set(true)) }).Else(
        {
          none: c`percpu_ref_tryget_live(${whole}): dead`(got.set(false)),
        },
      ),
      unlock: rcu_read_unlock(),
    };
  },
);
/** True if it was the last reference of an atomic count: the caller releases, as its block. */
export const percpu_ref_put = exactly('percpu_ref_put', (ref: PercpuRef): AtomicTest => {
  const whole = named(ref, 'percpu_ref_put()');
  return c`percpu_ref_put(${whole})`.test(ref.atomic.and(ref.count.eq(1)), { both: [ref.count.dec()] });
});
/** Marks it as dead, and drops the initial reference. */
export const percpu_ref_kill = exactly('percpu_ref_kill', (ref: PercpuRef): Stmt => {
  const whole = named(ref, 'percpu_ref_kill()');
  return lib`percpu_ref_kill(${whole})`(
    expectsSoftly(not(ref.dead), 'percpu_ref_kill_and_confirm called more than once!'),
    ref.count.set(ifElse(ref.dead, ref.count, ref.count.minus(1))),
    ref.dead.set(true),
    ref.gp.arm(),
  );
});

/** The callback that switches a killed count, once, to atomic mode, and releases if no reference is left. */
export const percpu_ref_switch = exactly(
  'percpu_ref_switch',
  <L extends string>(
    name: string,
    ref: PercpuRef,
    release: Procedure<Record<never, never>, L>,
  ): SingleActor<L | 'percpu_ref_switch_to_atomic_rcu.switch'> => {
    const whose = "percpu_ref_switch('name', ref, release)";
    const whole = named(ref, whose);
    requireProcedure(release, whose);
    // Built here, so that the steps have the line of the model.
    const steps = {
      switch: If(
        lib`percpu_ref_switch_to_atomic_rcu(${whole}): no reference is left`.test(ref.count.eq(0), {
          both: [
            rests(),
            when(ref.dead.and(not(ref.gp))),
            expectsSoftly(ref.count.ge(0), 'percpu ref <= 0 after switching to atomic'),
            ref.atomic.set(true),
          ],
        }),
        { release: Call(release) },
      ),
    };
    const body = procedure('percpu_ref_switch_to_atomic_rcu', () => steps);
    return actor(name, body) as never;
  },
);
