// include/linux/rcupdate.h: read-side sections, grace periods and callbacks.
//
// The kernel guarantees that synchronize_rcu() returns after the end of all sections that ran when it was called; it
// does not wait for later ones. A callback of call_rcu() runs after such a period, perhaps beside newer sections.
// rcu_barrier() waits for callbacks that were posted before, not for a grace period. Sections nest, may be preempted,
// and never sleep. Since 4.20 an actor with preemption, softirqs or interrupts disabled is a reader as well, and so are
// a holder of a spinlock and a handler; before, with PREEMPT, only rcu_read_lock() counted: `consolidated: no`.
// The model: `rcu_nesting` of each actor that reads; a grace period is a latch for each reader, armed where it begins; each
// rcu_head has a softirq of its own, rcu_callback(). A period that ends later than it could is only a later step, so no
// violation is lost; that callbacks of one CPU run in order is left out, which adds runs: a proof covers more than the
// kernel has. A reader that dies or never ends holds up its grace periods, as in the kernel, so deadlocks and liveness
// are kept. Left out: expedited periods, which are shorter but promise the same; CPUs that are offline.

import {
  type AnyObject,
  type Bool,
  type BoolVar,
  bh_off,
  bool,
  Call,
  conditionNode,
  demandsSoftly,
  type EachVar,
  type Enum,
  type EnumVar,
  exactly,
  expects,
  expectsSoftly,
  fences,
  given,
  type Int,
  type IntVar,
  ifElse,
  inline,
  instance,
  int,
  irqs_off,
  isHandling,
  type LatchDomain,
  type LatchVar,
  latch,
  latchGroup,
  loadedIn,
  type MemoryPart,
  modifies,
  not,
  notMemory,
  ownsAnySpinning,
  type Pointer,
  type PointerVar,
  type Procedure,
  perActor,
  preempt_off,
  procedure,
  rcuEvent,
  record,
  refuseMore,
  requireOptions,
  requireProcedure,
  rests,
  type Shape,
  type SingleActor,
  type Stmt,
  source,
  storedIn,
  superseded,
  unused,
  type Valued,
  when,
  whenFreed,
  yes,
} from '../language/index.js';
import { mightSleep } from './bug.js';
import { memoryWord, requireField, wholeOf } from './fields.js';
import { type RunsOn, runs } from './recurring.js';
import { kfree } from './slab.js';

const c = source('include/linux/rcupdate.h');
const tree = source('kernel/rcu/tree.c');

/** In how many sections the actor is, one inside the other; it must not sleep in any. */
const rcu_nesting = perActor('rcu_nesting', int(0, 3), {
  forbidsSleep: true,
  keptMessage: 'WARNING: lock held when returning to user space! (rcu_read_lock)',
});
const badUnlock = 'WARNING: bad unlock balance detected!';

export const rcu_read_lock = exactly(
  'rcu_read_lock',
  (): Stmt => c`rcu_read_lock()`(rcuEvent('read_lock'), rcu_nesting.mine.inc()),
);
export const rcu_read_unlock = exactly(
  'rcu_read_unlock',
  (): Stmt =>
    c`rcu_read_unlock()`(
      rcuEvent('read_unlock'),
      expects(rcu_nesting.mine.gt(0), `${badUnlock} (rcu_read_lock)`),
      rcu_nesting.mine.dec(),
    ),
);
/** Is the running actor in a section of rcu_read_lock()? */
export const rcu_read_lock_held = exactly('rcu_read_lock_held', (): Bool => rcu_nesting.mine.gt(0));

export const rcu_read_lock_bh = exactly(
  'rcu_read_lock_bh',
  (): Stmt => c`rcu_read_lock_bh()`(bh_off.mine.inc()),
);
export const rcu_read_unlock_bh = exactly(
  'rcu_read_unlock_bh',
  (): Stmt =>
    c`rcu_read_unlock_bh()`(expects(bh_off.mine.gt(0), `${badUnlock} (rcu_read_lock_bh)`), bh_off.mine.dec()),
);
export const rcu_read_lock_sched = exactly(
  'rcu_read_lock_sched',
  (): Stmt => c`rcu_read_lock_sched()`(preempt_off.mine.inc()),
);
export const rcu_read_unlock_sched = exactly(
  'rcu_read_unlock_sched',
  (): Stmt =>
    c`rcu_read_unlock_sched()`(
      expects(preempt_off.mine.gt(0), `${badUnlock} (rcu_read_lock_sched)`),
      preempt_off.mine.dec(),
    ),
);

// Is the actor a reader? A condition for each actor.
const isInSection = rcu_nesting.mine.gt(0);
const hasIrqsOff = irqs_off.mine.or(isHandling());
const isNotPreemptible = ownsAnySpinning().or(preempt_off.mine.gt(0)).or(bh_off.mine.gt(0)).or(hasIrqsOff);
const isReader = (consolidated: Bool): Bool => isInSection.or(consolidated.and(isNotPreemptible));

const gracePeriod = (name: string, of: Bool): EachVar<LatchDomain> =>
  perActor(name, latch(of, { each: 'observed' }));
/** A latch for each reader: armed, it is true until all have left that were in a section then. */
export const grace_period = () => latch(isReader(yes), { each: 'observed' });

/** Of what synchronize_rcu() and its like wait for. */
const gracePeriods = {
  rcu: gracePeriod('grace_period', isReader(yes)),
  preempt: gracePeriod('rcu_preempt', isInSection),
  bh: gracePeriod('rcu_bh', bh_off.mine.gt(0).or(hasIrqsOff)),
  sched: gracePeriod('rcu_sched', isNotPreemptible),
};

// What a model creates and does not use is refused; these are for those that use them.
unused(gracePeriods);

/** Of which kernel grace periods are. */
export interface RcuOptions {
  /** Is an actor that cannot be preempted a reader? Not before 4.20 with PREEMPT: a setting of the model. */
  readonly consolidated?: Bool;
}

const consolidatedIn = (options: RcuOptions, whose: string): Bool => {
  requireOptions(options, ['consolidated'], whose);
  const { consolidated = yes } = options;
  conditionNode(consolidated, `consolidated: of ${whose}`);
  return consolidated;
};

/**
 * Arms one of two grace periods, and waits for it. Memory models know those of RCU alone; others are full barriers.
 */
const waits = (
  word: string,
  event: MemoryPart,
  gp: EachVar<LatchDomain>,
  { isIt, otherwise }: { readonly isIt: Bool; readonly otherwise: EachVar<LatchDomain> } = {
    isIt: yes,
    otherwise: gp,
  },
) => ({
  begin: tree`${word}(): the grace period begins`(
    event,
    demandsSoftly(not(isInSection), `Illegal ${word}() in RCU read-side critical section`),
    mightSleep(),
    given(isIt, gp.mine.arm()),
    given(not(isIt), otherwise.mine.arm()),
  ),
  end: tree`${word}(): the grace period ends`(when(not(ifElse(isIt, gp.mine, otherwise.mine)))),
});

export const synchronize_rcu = inline('synchronize_rcu', (options: RcuOptions = {}) =>
  waits('synchronize_rcu', rcuEvent('synchronize'), gracePeriods.rcu, {
    isIt: consolidatedIn(options, 'synchronize_rcu()'),
    otherwise: gracePeriods.preempt,
  }),
);
/** Before 4.20: waits for actors with softirqs disabled. */
export const synchronize_rcu_bh = inline('synchronize_rcu_bh', () =>
  waits('synchronize_rcu_bh', fences('mb'), gracePeriods.bh),
);
/** Before 4.20: waits for actors that cannot be preempted. */
export const synchronize_sched = inline('synchronize_sched', () =>
  waits('synchronize_sched', fences('mb'), gracePeriods.sched),
);

/** Waits for the callbacks that were posted before, of all rcu_heads of the model. Not for a grace period. */
const posted = latchGroup('rcu_barrier');
export const rcu_barrier = inline('rcu_barrier', () => ({
  begin: tree`rcu_barrier(): looks at what is posted`(mightSleep(), posted.arm()),
  end: tree`rcu_barrier(): those callbacks are over`(when(not(posted))),
}));

/** struct rcu_head: a callback that may be posted. Each has an rcu_callback(). */
export interface RcuHead {
  /** What call_rcu() writes of the object around it. */
  readonly func: IntVar;
  readonly posted: BoolVar;
  readonly running: BoolVar;
  /** The readers that its grace period waits for. */
  readonly gp: LatchVar;
  /** For rcu_barrier(). */
  readonly turn: LatchVar;
  /** Of an srcu_head(): its callback runs in a task, with softirqs off. */
  readonly srcu?: IntVar;
}

export const rcu_head = exactly('rcu_head', (options: RcuOptions = {}) =>
  whenFreed(
    record(callbackFields(isReader(consolidatedIn(options, 'rcu_head()')), posted)),
    (h) => not(h.posted),
    freedWhilePosted,
  ),
);

/** Of a callback that waits for readers of a kind; the group is for the barrier that waits for posted callbacks. */
export const callbackFields = (reader: Bool, group: ReturnType<typeof latchGroup>) => ({
  func: memoryWord(),
  posted: notMemory(bool()),
  running: notMemory(bool()),
  gp: latch(reader, { each: 'observed' }),
  turn: instance(
    (beside) => beside('posted'),
    (beside) => beside('running'),
    { each: 'waiting', group },
  ),
});
export const freedWhilePosted = 'ODEBUG: free active (active state 0) object type: rcu_head';

/** `double`: what a second post is reported as; the callback is leaked then. */
export const posting = (word: string, double = `${word}(): Double-freed CB`, quote = c) =>
  exactly(word, (head: RcuHead): Stmt => {
    requireField(head, 'turn', `${word}()`, 'an rcu_head()');
    return quote`${word}(${wholeOf(head.func)})`(
      modifies('full'),
      expectsSoftly(not(head.posted), double),
      head.func.set(0),
      head.posted.set(not(head.posted)),
      head.gp.arm(),
    );
  });
/**
 * Posts the callback of the rcu_head: it runs, in its rcu_callback(), once a grace period is over. One that is posted
 * already is reported, and leaked: it does not run.
 */
export const call_rcu = posting('call_rcu');
/** As call_rcu(), where the callback is kfree(): its actor is a kfree_rcu_callback(). */
export const kfree_rcu = posting('kfree_rcu');

/** The softirq that runs the callback of an rcu_head; of an srcu_head, a task. It rests while nothing is due. */
export const rcu_callback = exactly(
  'rcu_callback',
  <L extends string>(
    name: string,
    head: RcuHead,
    func: Procedure<Record<never, never>, L>,
    options: RunsOn = {},
  ): SingleActor<L | 'rcu_do_batch.begin' | 'rcu_do_batch.end'> => {
    const whose = "rcu_callback('name', head, procedure)";
    requireField(head, 'turn', whose, 'an rcu_head()');
    requireProcedure(func, whose);
    requireOptions(options, ['on'], whose);
    const isTask = head.srcu !== undefined;
    // Built here, so that the steps have the line of the model.
    const steps = {
      begin: tree`rcu_do_batch(): the grace period of ${wholeOf(head.func)} is over`(
        rests(),
        when(head.posted.and(not(head.gp))),
        head.posted.set(false),
        head.running.set(true),
        ...(isTask ? [bh_off.mine.inc()] : []),
      ),
      func: Call(func),
      end: tree`rcu_do_batch(): the callback is over`(
        head.running.set(false),
        ...(isTask ? [bh_off.mine.dec()] : []),
      ),
    };
    return runs(name, isTask ? 'task' : 'softirq', 'rcu_do_batch', steps, options);
  },
);

/** The softirq in which kfree_rcu() frees the object. */
export const kfree_rcu_callback = exactly(
  'kfree_rcu_callback',
  (name: string, head: RcuHead, of: AnyObject, options: RunsOn = {}) => {
    requireField(head, 'turn', "kfree_rcu_callback('name', head, object)", 'an rcu_head()');
    const free = kfree(of);
    return rcu_callback(
      name,
      head,
      procedure('kfree_rcu', () => ({ free })),
      options,
    );
  },
);

type AnyVar = BoolVar | IntVar | EnumVar<string> | PointerVar<Shape>;
const textOf = (value: unknown): string | Int => (typeof value === 'object' ? (value as Int) : String(value));

export function rcu_assign_pointer(p: IntVar, to: number | Int): Stmt;
export function rcu_assign_pointer(p: BoolVar, to: boolean | Bool): Stmt;
export function rcu_assign_pointer<V extends string>(p: EnumVar<V>, to: NoInfer<V> | Enum<V>): Stmt;
export function rcu_assign_pointer<S extends Shape>(p: PointerVar<S>, to: Pointer<S> | 'NULL'): Stmt;
export function rcu_assign_pointer(p: AnyVar, to: unknown, ...more: readonly unknown[]): Stmt {
  refuseMore('rcu_assign_pointer', 2, [p, to, ...more]);
  requireField(p, 'set', 'rcu_assign_pointer()', 'a variable');
  return c`rcu_assign_pointer(${p}, ${textOf(to)})`(storedIn('release', p.set(to as never)));
}

const dereferenced = (p: AnyVar, cond: Bool, word: string, usage: string): Valued<never> => {
  requireField(p, 'set', `${word}()`, 'a variable');
  const message = `WARNING: suspicious RCU usage: ${usage}`;
  const value = loadedIn('consume', p, `${word}()`, 'include/linux/rcupdate.h');
  // A call whose value is ignored loads nothing that the model uses.
  superseded(value.node);
  return c`${word}(${p})`.value(value as never, expectsSoftly(cond, message)) as Valued<never>;
};
const checked = 'suspicious rcu_dereference_check() usage!';

/** Loads a pointer; warns outside of a section of rcu_read_lock(). */
export function rcu_dereference(p: IntVar): Valued<number>;
export function rcu_dereference(p: BoolVar): Valued<boolean>;
export function rcu_dereference<V extends string>(p: EnumVar<V>): Valued<V>;
export function rcu_dereference<S extends Shape>(p: PointerVar<S>): Valued<Pointer<S>>;
export function rcu_dereference(p: AnyVar, ...more: readonly unknown[]): Valued<never> {
  refuseMore('rcu_dereference', 1, [p, ...more]);
  return dereferenced(p, rcu_read_lock_held(), 'rcu_dereference', checked);
}
/** As rcu_dereference(), or where the condition is true, such as that the lock of the updaters is held. */
export function rcu_dereference_check(p: IntVar, cond: Bool): Valued<number>;
export function rcu_dereference_check(p: BoolVar, cond: Bool): Valued<boolean>;
export function rcu_dereference_check<V extends string>(p: EnumVar<V>, cond: Bool): Valued<V>;
export function rcu_dereference_check<S extends Shape>(p: PointerVar<S>, cond: Bool): Valued<Pointer<S>>;
export function rcu_dereference_check(p: AnyVar, cond: Bool, ...more: readonly unknown[]): Valued<never> {
  refuseMore('rcu_dereference_check', 2, [p, cond, ...more]);
  conditionNode(cond, 'rcu_dereference_check()');
  return dereferenced(p, rcu_read_lock_held().or(cond), 'rcu_dereference_check', checked);
}
/** For updaters: warns where the condition is false. */
export function rcu_dereference_protected(p: IntVar, cond: Bool): Valued<number>;
export function rcu_dereference_protected(p: BoolVar, cond: Bool): Valued<boolean>;
export function rcu_dereference_protected<V extends string>(p: EnumVar<V>, cond: Bool): Valued<V>;
export function rcu_dereference_protected<S extends Shape>(p: PointerVar<S>, cond: Bool): Valued<Pointer<S>>;
export function rcu_dereference_protected(p: AnyVar, cond: Bool, ...more: readonly unknown[]): Valued<never> {
  refuseMore('rcu_dereference_protected', 2, [p, cond, ...more]);
  conditionNode(cond, 'rcu_dereference_protected()');
  const usage = 'suspicious rcu_dereference_protected() usage!';
  return dereferenced(p, cond, 'rcu_dereference_protected', usage);
}
