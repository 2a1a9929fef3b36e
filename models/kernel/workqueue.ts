// include/linux/workqueue.h: work items, and the kworkers that run them.
//
// The kernel promises that an item is on a queue at most once, runs on one worker at a time, and may queue itself again.
// flush_work() waits for the turn that was queued last when it began, and for no later one. After cancel_work_sync() the
// item is neither queued nor running, unless another actor queues it again: while it waits, queueing fails, so it works
// for items that queue themselves. drain_workqueue() and destroy_workqueue() let only items of the queue queue further ones.
// The model: whether each item is queued and running, how many have disabled it, and an actor that runs it, kworker(),
// which rests while nothing is queued. An item may be freed by its own function. Delayed work is on its timer first, which
// flush_work() and drain_workqueue() do not wait for; how long is left out: it may begin at any moment, which adds runs, so
// no violation and no deadlock is lost, and what holds only because of a delay is reported as violated. Left out as well: the number of workers of a pool, so a deadlock for want of workers is
// found for an ordered_kworker() alone; and the order of its items, which adds runs. queue_work() looks at the state of its
// queue and queues in one step: what an actor could do in between is done in another run where the look comes too late.

import {
  type AtomicTest,
  atOnce,
  type Bool,
  type BoolVar,
  bool,
  Call,
  describe,
  type Effect,
  Either,
  type EnumVar,
  exactly,
  expects,
  expectsSoftly,
  given,
  type IntVar,
  inline,
  instance,
  int,
  type LatchVar,
  ModelError,
  modifies,
  not,
  notMemory,
  oneOf,
  type Part,
  type Procedure,
  perActor,
  record,
  requireOptions,
  requireProcedure,
  rests,
  type SingleActor,
  type Stmt,
  source,
  when,
  whenFreed,
  withoutArguments,
  yes,
} from '../language/index.js';
import { mightSleep } from './bug.js';
import { disableDepth, memoryWord, requireField, wholeOf } from './fields.js';
import { type RunsOn, runs } from './recurring.js';

const c = source('include/linux/workqueue.h');
const wq_c = source('kernel/workqueue.c');

/** struct work_struct, or struct delayed_work. */
export interface Work {
  /** What is written of the memory of the item. */
  readonly data: IntVar;
  /** WORK_STRUCT_PENDING: set by the actor that queues it, so that it is not queued twice. */
  readonly pending: BoolVar;
  /** Is it on a queue? */
  readonly queued: BoolVar;
  readonly running: BoolVar;
  /** How many actors have disabled it. */
  readonly disabled: IntVar;
  /** For flush_work(). */
  readonly turn: LatchVar;
  /** Of a delayed_work(): will its timer put it on a queue? */
  readonly delayed?: BoolVar;
}
/** struct delayed_work. */
export interface DelayedWork extends Work {
  readonly delayed: BoolVar;
}

const itemFields = () => ({
  data: memoryWord(),
  pending: notMemory(bool()),
  queued: notMemory(bool()),
  running: notMemory(bool()),
  disabled: notMemory(int(0, disableDepth)),
  turn: instance(
    (beside) => beside('queued'),
    (beside) => beside('running'),
    { each: 'waiting' },
  ),
});
const freed = (type: string) => `ODEBUG: free active (active state 0) object type: ${type}`;
export const work_struct = withoutArguments('work_struct', () =>
  whenFreed(record(itemFields()), (w) => not(w.queued), freed('work_struct')),
);
/** While it is delayed, its timer is what is active. */
export const delayed_work = withoutArguments('delayed_work', () => {
  const whole = whenFreed(
    record({ ...itemFields(), delayed: notMemory(bool()) }),
    (w) => not(w.delayed),
    freed('timer_list'),
  );
  return whenFreed(whole, (w) => not(w.queued), freed('work_struct'));
});

const named = (w: Work, whose: string) => {
  requireField(w, 'turn', whose, 'a work_struct()');
  return wholeOf(w.data);
};
/** Each word takes a lock or is atomic, so nothing of it waits in a store buffer. */
const touches = (w: Work): Part => given(yes, modifies('full'), w.data.set(0));
const requireDelayed = (w: Work, whose: string): void =>
  requireField(w, 'delayed', whose, 'a delayed_work()');
/** Is it on a queue, or on its timer? */
const isDue = ({ queued, delayed }: Work): Bool => (delayed === undefined ? queued : queued.or(delayed));
/** It is on neither. */
const leaves = ({ queued, delayed }: Work): readonly Effect[] => [
  queued.set(false),
  ...(delayed === undefined ? [] : [delayed.set(false)]),
];
const isQueueable = (w: Work): Bool => not(w.pending).and(w.disabled.eq(0));

/** Throws a ModelError for what is no item of its kind. */
type RequiresItem = (w: Work, whose: string) => unknown;
/** What a word queues: it is put on a queue, or on its timer. */
type Queues = <W extends Work>(w: W, is: Bool | boolean) => Effect;
const onQueue: Queues = (w, is) => w.queued.set(is);
const onTimer: Queues = (w, is) => w.delayed!.set(is);

const scheduling = <W extends Work>(word: string, queues: Queues, requires: RequiresItem = named) =>
  exactly(word, (w: W): AtomicTest => {
    requires(w, `${word}()`);
    const whole = named(w, `${word}()`);
    return c`${word}(${whole})`.test(isQueueable(w), {
      both: [touches(w)],
      yes: [w.pending.set(true), queues(w, true)],
    });
  });
/** True if it was not pending: it is queued now. */
export const schedule_work = scheduling<Work>('schedule_work', onQueue);
/** True if it was not pending: its timer runs now. */
export const schedule_delayed_work = scheduling<DelayedWork>(
  'schedule_delayed_work',
  onTimer,
  requireDelayed,
);
/** On its timer, whether it was pending before or not, unless it is disabled. */
export const mod_delayed_work = exactly('mod_delayed_work', (w: DelayedWork): Stmt => {
  const whole = named(w, 'mod_delayed_work()');
  requireDelayed(w, 'mod_delayed_work()');
  const isDelayed = isDue(w).or(isQueueable(w));
  return c`mod_delayed_work(${whole})`(
    touches(w),
    atOnce(w.pending.set(w.pending.or(isDelayed)), w.queued.set(false), w.delayed.set(isDelayed)),
  );
});

/** struct workqueue_struct, for one that is drained or destroyed. Items of others need none: schedule_work(). */
export interface Workqueue {
  readonly state: EnumVar<'alive' | 'draining' | 'destroyed'>;
}
export const workqueue_struct = withoutArguments('workqueue_struct', () =>
  record({ state: oneOf('alive', 'draining', 'destroyed') }),
);
const namedQueue = (wq: Workqueue, whose: string) => {
  requireField(wq, 'state', whose, 'a workqueue_struct()');
  return wholeOf(wq.state);
};

/** Is the running actor a kworker, which may queue on a workqueue that is drained? */
const isWorker = perActor('is_kworker', bool());

const queueing = <W extends Work>(word: string, queues: Queues, requires: RequiresItem = named) =>
  exactly(word, (wq: Workqueue, w: W): AtomicTest => {
    requires(w, `${word}()`);
    const [queue, whole] = [namedQueue(wq, `${word}()`), named(w, `${word}()`)];
    const admitted = wq.state.is('alive').or(isWorker.mine);
    return c`${word}(${queue}, ${whole})`.test(isQueueable(w), {
      both: [expects(wq.state.isnt('destroyed'), `BUG: KASAN: slab-use-after-free in ${word}`), touches(w)],
      yes: [
        expectsSoftly(admitted, 'workqueue: cannot queue work on a wq that is draining'),
        w.pending.set(true),
        queues(w, admitted),
      ],
    });
  });
/** True if it was not pending. On a queue that is drained it warns, and the item stays pending without being queued. */
export const queue_work = queueing<Work>('queue_work', onQueue);
export const queue_delayed_work = queueing<DelayedWork>('queue_delayed_work', onTimer, requireDelayed);

const flushing = (word: string, w: Work, ...first: readonly Part[]) => {
  const whole = named(w, `${word}()`);
  return {
    begin: wq_c`${word}(${whole}): looks for its last turn`(mightSleep(), touches(w), ...first, w.turn.arm()),
    end: wq_c`${word}(${whole}): that turn is over`(when(not(w.turn))),
  };
};
/** The step in which the timer has put it on its queue. */
const expires = (w: DelayedWork): readonly Part[] => [
  atOnce(w.queued.set(w.queued.or(w.delayed)), w.delayed.set(false)),
];
/**
 * Waits for the turn that is queued or running, and for no later one. Delayed work that is on its timer is not queued:
 * that turn is not waited for, unless the timer expires before.
 */
export const flush_work = inline('flush_work', (w: Work) => {
  const { begin, end } = flushing('flush_work', w);
  const { delayed } = w;
  if (delayed === undefined) return { begin, end };
  const late = wq_c`flush_work(${named(w, 'flush_work()')}): its timer has expired, looks for its last turn`;
  const parts = [when(delayed), mightSleep(), touches(w), ...expires({ ...w, delayed }), w.turn.arm()];
  return { begin: Either({ now: { look: begin }, late: { look: late(...parts) } }), end };
});
/** As flush_work(), and what is on its timer is queued at once. */
export const flush_delayed_work = inline('flush_delayed_work', (w: DelayedWork) => {
  requireDelayed(w, 'flush_delayed_work()');
  return flushing('flush_delayed_work', w, ...expires(w));
});

const grabs = (w: Work): readonly Part[] => [
  // Waits for an actor that has set pending and not queued it yet.
  when(not(w.pending).or(isDue(w))),
  touches(w),
  w.pending.set(false),
  ...leaves(w),
];
const cancelling = (word: string) =>
  exactly(word, (w: Work): AtomicTest => {
    const whole = named(w, `${word}()`);
    return c`${word}(${whole})`.test(isDue(w), {
      both: [touches(w)],
      yes: [w.pending.set(false), ...leaves(w)],
    });
  });
/** True if it was queued: it is not any more, but may be running. */
export const cancel_work = cancelling('cancel_work');
export const cancel_delayed_work = cancelling('cancel_delayed_work');

const stopping = (word: string, w: Work, isEnabledAfter: boolean) => {
  const whole = named(w, `${word}()`);
  return {
    grab: wq_c`${word}(${whole}): off the queue, and disabled`(mightSleep(), ...grabs(w), w.disabled.inc()),
    wait: wq_c`${word}(${whole}): it does not run`(
      when(not(w.running)),
      ...(isEnabledAfter ? [w.disabled.dec()] : []),
    ),
  };
};
/** Takes it off the queue, and waits until it does not run; it cannot be queued meanwhile. */
export const cancel_work_sync = inline('cancel_work_sync', (w: Work) =>
  stopping('cancel_work_sync', w, true),
);
export const cancel_delayed_work_sync = inline('cancel_delayed_work_sync', (w: Work) =>
  stopping('cancel_delayed_work_sync', w, true),
);
/** As cancel_work_sync(), and it cannot be queued until enable_work(). */
export const disable_work_sync = inline('disable_work_sync', (w: Work) =>
  stopping('disable_work_sync', w, false),
);
export const enable_work = exactly('enable_work', (w: Work): Stmt => {
  const whole = named(w, 'enable_work()');
  return c`enable_work(${whole})`(touches(w), w.disabled.dec());
});

/** The flags of a workqueue are under wq->mutex, whose lock and unlock are locked instructions. */
const changes = (wq: Workqueue, to: 'alive' | 'draining' | 'destroyed'): readonly Part[] => [
  modifies('full'),
  wq.state.set(to),
];

const draining = (word: string, wq: Workqueue, items: readonly Work[]) => {
  const queue = namedQueue(wq, `${word}(wq, ...items)`);
  for (const w of items) named(w, `${word}(wq, ...items)`);
  const idle = items.map((w) => when(not(w.queued.or(w.running))));
  return {
    drain: wq_c`drain_workqueue(${queue}): only its own items may queue others`(
      mightSleep(),
      ...changes(wq, 'draining'),
    ),
    wait: wq_c`drain_workqueue(${queue}): nothing is queued or runs`(...idle),
  };
};
/** Waits until none of the items is queued or running; meanwhile only kworkers may queue them. */
export const drain_workqueue = inline('drain_workqueue', (wq: Workqueue, ...items: readonly Work[]) => ({
  ...draining('drain_workqueue', wq, items),
  end: wq_c`drain_workqueue(${wholeOf(wq.state)}): others may queue again`(...changes(wq, 'alive')),
}));
/** Drains it, and frees it. */
export const destroy_workqueue = inline('destroy_workqueue', (wq: Workqueue, ...items: readonly Work[]) => ({
  ...draining('destroy_workqueue', wq, items),
  free: wq_c`destroy_workqueue(${wholeOf(wq.state)}): it is freed`(...changes(wq, 'destroyed')),
}));

type KworkerLabel = 'process_one_work.begin' | 'process_one_work.end';
type WorkFunction<L extends string> = Procedure<Record<never, never>, L>;

/** The kworker that runs an item. It rests while nothing is queued. */
export const kworker = exactly(
  'kworker',
  <L extends string>(
    name: string,
    w: Work,
    func: WorkFunction<L>,
    options: RunsOn = {},
  ): SingleActor<L | KworkerLabel> => {
    const whose = "kworker('name', work, procedure)";
    named(w, whose);
    requireProcedure(func, whose);
    requireOptions(options, ['on'], whose);
    // Built here, so that the steps have the line of the model.
    return runs(name, 'task', 'process_one_work', turnOf(w, func), options);
  },
);

const turnOf = <L extends string>(w: Work, func: WorkFunction<L>) => ({
  begin: wq_c`process_one_work(): ${wholeOf(w.data)} begins`(
    rests(),
    when(isDue(w)),
    w.pending.set(false),
    ...leaves(w),
    w.running.set(true),
    isWorker.mine.set(true),
  ),
  func: Call(func),
  end: wq_c`process_one_work(): ${wholeOf(w.data)} is over`(w.running.set(false), isWorker.mine.set(false)),
});

/** The one kworker of an ordered workqueue, which runs one item at a time: `{ reset: [dev.reset, dev_reset], … }`. */
export const ordered_kworker = exactly(
  'ordered_kworker',
  (
    name: string,
    items: { readonly [arm: string]: readonly [Work, WorkFunction<string>] },
    options: RunsOn = {},
  ): SingleActor<string> => {
    const whose = "ordered_kworker('name', { arm: [work, procedure] })";
    const entries = Object.entries(Object(items) as typeof items);
    requireOptions(options, ['on'], whose);
    if (entries.length === 0) throw new ModelError(`${whose} needs items by name, not ${describe(items)}`);
    for (const [, pair] of entries) {
      if (!Array.isArray(pair)) throw new ModelError(`${whose} needs pairs, not ${describe(pair)}`);
      const [w, func] = pair as (typeof items)[string];
      named(w, whose);
      requireProcedure(func, whose);
    }
    const arms = Object.fromEntries(entries.map(([arm, [w, func]]) => [arm, turnOf(w, func)]));
    return runs(name, 'task', 'process_one_work', { next: Either(arms) }, options);
  },
);
