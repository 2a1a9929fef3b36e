// include/linux/percpu-refcount.h: a count of references that costs nothing while nobody looks at it.
//
// The kernel promises that in percpu mode a put cannot reach zero. percpu_ref_kill() marks the count as dead; after a grace
// period a callback switches it to one atomic number, confirms that, and only then drops the initial reference. From the
// switch on, the put that reaches zero releases. percpu_ref_tryget_live() may still succeed after percpu_ref_kill() has
// returned, until the switch: it looks at the mode, and counts, in a section of RCU. No grace period lies between the kill
// and the release. The model: count, dead, atomic, and a latch for each reader; percpu_ref_switch() is the callback, whose
// switch, confirmation and put are three steps. Left out: modes that are switched back, and percpu_ref_reinit(), so a model
// must not resurrect what it has killed; and that a second kill, which warns, drops a reference that nobody has.

import {
  type AtomicTest,
  type Bool,
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
  notMemory,
  oneOf,
  type Procedure,
  record,
  requireOptions,
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
import { type RunsOn, runs } from './recurring.js';

const c = source('include/linux/percpu-refcount.h');
const lib = source('lib/percpu-refcount.c');

/** struct percpu_ref: it is live, with one reference, from the start. */
export interface PercpuRef {
  readonly count: IntVar;
  readonly dead: BoolVar;
  readonly atomic: BoolVar;
  /** The callback that switches it is posted. */
  readonly posted: BoolVar;
  /** The readers that the switch waits for. */
  readonly gp: LatchVar;
}
/** A count of at most `max` references. */
export const percpu_ref = exactly('percpu_ref', (max: number) =>
  record({
    count: int(-1, max).starts(1),
    ...{ dead: bool(), atomic: bool(), posted: notMemory(bool()), gp: grace_period() },
  }),
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
/** Marks it as dead. The initial reference is dropped by the percpu_ref_switch(), after a grace period. */
export const percpu_ref_kill = exactly('percpu_ref_kill', (ref: PercpuRef): Stmt => {
  const whole = named(ref, 'percpu_ref_kill()');
  return lib`percpu_ref_kill(${whole})`(
    expectsSoftly(not(ref.dead), 'percpu_ref_kill_and_confirm called more than once!'),
    ref.posted.set(ref.posted.or(not(ref.dead))),
    ref.dead.set(true),
    ref.gp.arm(),
  );
});
/** Is it killed? Example: `If(percpu_ref_is_dying(usage), { gone: Return() })` */
export const percpu_ref_is_dying = exactly('percpu_ref_is_dying', (ref: PercpuRef): Bool => {
  named(ref, 'percpu_ref_is_dying()');
  return ref.dead;
});
/** Is it switched to atomic mode, with no reference left? Example: `when(percpu_ref_is_zero(usage))` */
export const percpu_ref_is_zero = exactly('percpu_ref_is_zero', (ref: PercpuRef): Bool => {
  named(ref, 'percpu_ref_is_zero()');
  return ref.atomic.and(ref.count.eq(0));
});

/** What the callback confirms, and where it runs. */
export interface PercpuRefOptions<C extends string = string> extends RunsOn {
  /** As the confirm_kill of percpu_ref_kill_and_confirm(): no percpu_ref_tryget_live() succeeds any more. */
  readonly confirm?: Procedure<Record<never, never>, C>;
}

/** The RCU callback of a killed count: it switches to atomic mode, confirms, and drops the initial reference. */
export const percpu_ref_switch = exactly(
  'percpu_ref_switch',
  <L extends string, C extends string = never>(
    name: string,
    ref: PercpuRef,
    release: Procedure<Record<never, never>, L>,
    options: PercpuRefOptions<C> = {},
  ): SingleActor<
    L | C | 'percpu_ref_switch_to_atomic_rcu.switch' | 'percpu_ref_switch_to_atomic_rcu.put'
  > => {
    const whose = "percpu_ref_switch('name', ref, release)";
    const whole = named(ref, whose);
    requireProcedure(release, whose);
    requireOptions(options, ['confirm', 'on'], whose);
    const { confirm } = options;
    if (confirm !== undefined) requireProcedure(confirm, `confirm: of ${whose}`);
    // Built here, so that the steps have the line of the model.
    const steps = {
      switch: lib`percpu_ref_switch_to_atomic_rcu(${whole})`(
        rests(),
        when(ref.posted.and(not(ref.gp))),
        expectsSoftly(ref.count.gt(0), 'percpu ref <= 0 after switching to atomic'),
        ref.posted.set(false),
        ref.atomic.set(true),
      ),
      ...(confirm !== undefined && { confirm: Call(confirm) }),
      put: If(
        lib`percpu_ref_call_confirm_rcu(${whole}): no reference is left`.test(ref.count.eq(1), {
          both: [ref.count.dec()],
        }),
        { release: Call(release) },
      ),
    };
    return runs(name, 'softirq', 'percpu_ref_switch_to_atomic_rcu', steps, options);
  },
);
