// include/linux/interrupt.h: the handler of an interrupt line, and its thread, which drivers disable and free.
//
// The kernel promises that a line's handler does not run on two CPUs at once, and does not begin while the line is
// disabled; disable_irq() nests, and waits until neither the handler nor its thread is under way, as synchronize_irq()
// does at a moment at which each is not. free_irq() takes the handler away and waits for both. The thread begins some time
// after the handler has returned IRQ_WAKE_THREAD; with IRQF_ONESHOT the line stays masked until the thread is over. The
// model: whether the line is requested, how often it is disabled, and what is under way; one actor for the handler, a
// hardirq that comes at any moment and again and again, on a CPU of its own or on `{ on: cpu }`, where it interrupts the
// tasks of that CPU; and one for the thread, a task. A lock that tasks take with interrupts on is reported either way. Left
// out: shared lines; and that an interrupt which comes while the line is disabled is sent again: one may come at any moment
// anyway.

import {
  type BoolVar,
  bool,
  Call,
  exactly,
  expectsSoftly,
  type IntVar,
  inInterrupt,
  inline,
  int,
  modifies,
  not,
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
  when,
} from '../language/index.js';
import { mightSleep } from './bug.js';
import { disableDepth, requireField, wholeOf } from './fields.js';
import { type RunsOn, runs } from './recurring.js';

const c = source('include/linux/interrupt.h');
const manage = source('kernel/irq/manage.c');
const handle = source('kernel/irq/handle.c');

/** An interrupt line of one handler: struct irq_desc and its irqaction. */
export interface IrqLine {
  readonly requested: BoolVar;
  /** desc->depth: how often it is disabled. */
  readonly depth: IntVar;
  /** The handler is under way. */
  readonly running: BoolVar;
  /** The handler has woken the thread, which has not begun yet. */
  readonly woken: BoolVar;
  /** The thread is under way. */
  readonly thread: BoolVar;
}

/** A line that is not requested, unless a driver has done so before the model begins. */
interface IrqLineOptions {
  readonly requested?: boolean;
}

/** Example: `irq_line({ requested: true })` */
export const irq_line = exactly('irq_line', (options: IrqLineOptions = {}) => {
  requireOptions(options, ['requested'], 'irq_line(…)');
  return record({
    requested: bool().starts(options.requested === true),
    depth: int(0, disableDepth),
    ...{ running: bool(), woken: bool(), thread: bool() },
  });
});

const named = (line: IrqLine, whose: string) => {
  requireField(line, 'depth', whose, 'an irq_line()');
  return wholeOf(line.depth);
};

/** Each word takes the lock of the line, or changes a count atomically, so nothing of it waits in a store buffer. */
const locked = (): Part => modifies('full');

/**
 * request_irq(), or request_threaded_irq() if the model has an irq_thread() of the line. It enables the line, however often
 * that was disabled before. Example: `request_irq(irq)`
 */
export const request_irq = exactly(
  'request_irq',
  (line: IrqLine): Stmt =>
    c`request_irq(${named(line, 'request_irq()')})`(
      mightSleep(),
      locked(),
      line.requested.set(true),
      line.depth.set(0),
    ),
);

/** In the handler: what it returns so that the thread runs. Example: `irq_wake_thread(irq)` */
export const irq_wake_thread = exactly(
  'irq_wake_thread',
  (line: IrqLine): Stmt =>
    handle`__irq_wake_thread(${named(line, 'irq_wake_thread()')}): IRQ_WAKE_THREAD`(
      locked(),
      line.woken.set(true),
    ),
);

/** The handler does not begin any more until the line is enabled; it may be running. */
export const disable_irq_nosync = exactly(
  'disable_irq_nosync',
  (line: IrqLine): Stmt =>
    c`disable_irq_nosync(${named(line, 'disable_irq_nosync()')})`(locked(), line.depth.inc()),
);

/** The two waits of synchronize_irq(): for the handler, and then for its thread. */
const waits = (line: IrqLine, whole: ReturnType<typeof named>, word: string) => ({
  handler: manage`${word}(${whole}): the handler does not run`(
    mightSleep(),
    locked(),
    when(not(line.running)),
  ),
  thread: manage`${word}(${whole}): its thread is over`(locked(), when(not(line.woken.or(line.thread)))),
});

/** Waits until the handler does not run, and then until its thread is over; new ones may begin. */
export const synchronize_irq = inline('synchronize_irq', (line: IrqLine) =>
  waits(line, named(line, 'synchronize_irq()'), 'synchronize_irq'),
);
export const disable_irq = inline('disable_irq', (line: IrqLine) => {
  const whole = named(line, 'disable_irq()');
  return {
    count: manage`disable_irq(${whole}): the handler does not begin any more`(locked(), line.depth.inc()),
    ...waits(line, whole, 'disable_irq'),
  };
});

export const enable_irq = exactly('enable_irq', (line: IrqLine): Stmt => {
  const whole = named(line, 'enable_irq()');
  return manage`enable_irq(${whole})`(
    expectsSoftly(line.depth.gt(0), 'Unbalanced enable for IRQ'),
    locked(),
    onlyIf(line.depth.gt(0), line.depth.dec()),
  );
});

/** The handler is taken away, and neither it nor its thread runs afterwards. */
export const free_irq = inline('free_irq', (line: IrqLine) => {
  const whole = named(line, 'free_irq()');
  return {
    remove: manage`free_irq(${whole}): the handler is taken away`(
      expectsSoftly(not(inInterrupt()), 'Trying to free IRQ from IRQ context!'),
      expectsSoftly(line.requested, 'Trying to free already-free IRQ'),
      locked(),
      line.requested.set(false),
    ),
    ...waits(line, whole, 'free_irq'),
  };
});

/** How a line is requested, and where its handler runs. */
export interface IrqFlags extends RunsOn {
  /** IRQF_ONESHOT: the line stays masked until the thread is over. */
  readonly oneshot?: boolean;
}

/** The interrupts of a line, one after another, each at any moment at which it is requested and enabled. */
export const irq_handler = exactly(
  'irq_handler',
  <L extends string>(
    name: string,
    line: IrqLine,
    handler: Procedure<Record<never, never>, L>,
    flags: IrqFlags = {},
  ): SingleActor<L | 'handle_irq_event.begin' | 'handle_irq_event.end'> => {
    const whose = "irq_handler('name', line, procedure)";
    const whole = named(line, whose);
    requireProcedure(handler, whose);
    requireOptions(flags, ['oneshot', 'on'], whose);
    const isMasked = flags.oneshot === true ? [when(not(line.woken.or(line.thread)))] : [];
    // Built here, so that the steps have the line of the model.
    const steps = {
      begin: handle`handle_irq_event(${whole}): the handler begins`(
        rests(),
        when(line.requested),
        when(line.depth.eq(0)),
        ...isMasked,
        locked(),
        line.running.set(true),
      ),
      handler: Call(handler),
      end: handle`handle_irq_event(${whole}): the handler is over`(locked(), line.running.set(false)),
    };
    return runs(name, 'hardirq', 'handle_irq_event', steps, flags);
  },
);

/** The thread of request_threaded_irq(), a task. It rests while no handler has woken it. */
export const irq_thread = exactly(
  'irq_thread',
  <L extends string>(
    name: string,
    line: IrqLine,
    thread_fn: Procedure<Record<never, never>, L>,
    options: RunsOn = {},
  ): SingleActor<L | 'irq_thread.begin' | 'irq_thread.end'> => {
    const whose = "irq_thread('name', line, procedure)";
    const whole = named(line, whose);
    requireProcedure(thread_fn, whose);
    requireOptions(options, ['on'], whose);
    const steps = {
      begin: manage`irq_thread(${whole}): begins`(
        rests(),
        when(line.woken),
        locked(),
        line.woken.set(false),
        line.thread.set(true),
      ),
      thread_fn: Call(thread_fn),
      end: manage`irq_thread(${whole}): is over`(locked(), line.thread.set(false)),
    };
    return runs(name, 'task', 'irq_thread', steps, options);
  },
);
