// include/linux/smp.h: interrupts between processors (IPI).
//
// The kernel promises that smp_call_function() has each other CPU run a function once, in an interrupt, and returns when
// all have run it. A CPU runs it when it has interrupts on and no handler under way; so whoever walks page tables with
// interrupts off is waited for, and a CPU that spins with interrupts off holds all up. The model: the IPIs are sent in one
// step; then each CPU runs the function in one step that is enabled while it has interrupts on, in any order; the caller
// goes on after the last. So the function must be what one step can do, and take no lock. An actor without a CPU has one of
// its own. kick_all_cpus_sync() runs nothing: it waits until each CPU has had interrupts on once since. Left out: that an
// IPI interrupts a task between two instructions of one step, and that the caller's CPU serves others meanwhile, which it
// does, having interrupts on. So no violation and no deadlock is lost, and a proof is one of the kernel's order.

import {
  type ActorRef,
  type Bool,
  type BoolVar,
  bool,
  Choose,
  conditionNode,
  demandsSoftly,
  Either,
  Goto,
  given,
  hasInterruptsOff,
  inline,
  latch,
  no,
  not,
  type Part,
  type PerActorVar,
  perActor,
  requireFunction,
  runsAs,
  type SomeEffect,
  self,
  someone,
  source,
  unused,
  when,
  yes,
} from '../language/index.js';

const c = source('kernel/smp.c');

/** What each CPU does in the interrupt, as a part of one step: `(who) => tlb.of(who).set('none')`. */
export type CpuFunction = (who: ActorRef) => SomeEffect;
/** Which CPUs are interrupted, by an actor of each. */
export type CpuMask = (who: ActorRef) => Bool;

/** Each CPU, as the actor there sees it, that has interrupts off since the IPI was sent: its handler has yet to run. */
const unanswered = perActor('ipi_unanswered', latch(hasInterruptsOff(self), { each: 'observed' }));
unused([unanswered]);

/** The demand of who waits for other CPUs: one with interrupts off may be waited for by one of them, and serves none. */
const mayWait = (): Part =>
  given(
    yes,
    demandsSoftly(
      not(hasInterruptsOff()),
      'WARNING: lockdep_assert_irqs_enabled() in smp_call_function_many_cond()',
    ),
    demandsSoftly(runsAs('task'), 'WARN_ON_ONCE(!in_task()) in smp_call_function_many_cond()'),
  );

/** An IPI: who is interrupted, and what is done there. */
interface Ipi {
  readonly word: string;
  readonly pending: PerActorVar<BoolVar>;
  readonly mask: CpuMask;
  readonly func: CpuFunction;
  /** Parts of the step that sends it: what the caller's own CPU does. */
  readonly own?: readonly Part[];
  /** Where it is true, CPUs outside of the mask are interrupted too: the function has no effect there. */
  readonly everywhere?: Bool;
  /** Where it is false, the hardware broadcasts it, and asks nobody for interrupts. */
  readonly isInterrupt?: Bool;
}

/** The steps of an IPI: sent, run by each CPU in any order, waited for. */
export const interrupting = ({
  word,
  pending,
  mask,
  func,
  own = [],
  everywhere = no,
  isInterrupt = yes,
}: Ipi) => ({
  send: c`${word}(): sent to the other CPUs`(
    given(isInterrupt, mayWait()),
    given(everywhere, unanswered.mine.arm()),
    pending.forAll((x, who) => x.set(mask(who).and(not(who.is(self))))),
    ...own,
  ),
  next: Either({
    one: {
      each: Choose(someone(), (who) => ({
        run: c`${word}(): on the CPU of ${who}`(
          when(pending.of(who).and(not(who.is(self)))),
          given(isInterrupt, when(not(hasInterruptsOff(who)))),
          pending.of(who).set(false),
          func(who),
        ),
      })),
      again: Goto('next'),
    },
    all: {
      end: c`${word}(): every CPU has answered`(
        when(pending.all((x) => not(x))),
        given(everywhere, when(not(unanswered.mine))),
      ),
    },
  }),
});

/** Has each other CPU run a function, and waits for it. Example: `smp_call_function((who) => stat.of(who).set(0))` */
export const smp_call_function = inline(
  'smp_call_function',
  { pending: perActor(bool()) },
  ({ pending }, func: CpuFunction) => {
    requireFunction(func, 'smp_call_function((who) => …)');
    return interrupting({ word: 'smp_call_function', pending, mask: () => yes, func });
  },
);
/** As smp_call_function(), on those CPUs of which an actor is in the mask. */
export const smp_call_function_many = inline(
  'smp_call_function_many',
  { pending: perActor(bool()) },
  ({ pending }, mask: CpuMask, func: CpuFunction) => {
    requireFunction(mask, 'smp_call_function_many((who) => …, (who) => …)');
    requireFunction(func, 'smp_call_function_many((who) => …, (who) => …)');
    const masked: CpuMask = (who) => {
      const isIn = mask(who);
      conditionNode(isIn, 'smp_call_function_many()');
      return isIn;
    };
    return interrupting({ word: 'smp_call_function_many', pending, mask: masked, func });
  },
);

/** Waits until each CPU has had interrupts on: what they did before with interrupts off is over. */
export const kicking = (word: string) => ({
  send: c`${word}(): sent to the other CPUs`(mayWait(), unanswered.mine.arm()),
  end: c`${word}(): every CPU has answered`(when(not(unanswered.mine))),
});
export const kick_all_cpus_sync = inline('kick_all_cpus_sync', () => kicking('kick_all_cpus_sync'));
