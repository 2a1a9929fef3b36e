// include/linux/irqflags.h and bottom_half.h: an actor disables interrupts and softirqs on its CPU. Disabling and
// enabling interrupts does not nest, except by saving and restoring flags; disabling softirqs does.
//
// The kernel guarantees that no handler of the level begins on this CPU meanwhile; other CPUs are not affected. The
// model is one variable for each actor that uses these functions, `irqs_off[task]` and `bh_off[task]`, which interrupts
// read when they begin (docs/language.md, CPUs). Left out: that a task may move to another CPU, which it cannot do
// meanwhile; and that pending softirqs run in local_bh_enable() itself: they may begin at any moment from there on,
// which allows more runs. So no violation and no deadlock is missed, and a proof covers more runs than the kernel has;
// an interrupt that never occurs is no lost progress, since it rests.

import {
  type Bool,
  type BoolVar,
  bh_off,
  exactly,
  expects,
  expectsSoftly,
  hasInterruptsOff,
  inline,
  irqs_off,
  not,
  type Part,
  requireVariable,
  runsAs,
  type Stmt,
  source,
} from '../language/index.js';

const c = source('include/linux/irqflags.h');
const bh = source('include/linux/bottom_half.h');

/** Throws a ModelError for what is no lock of its kind. `whose`: `spin_lock_irq()`. */
type Requires = (lock: unknown, whose: string) => unknown;

/** A word that saves and disables interrupts, and then takes a lock: `spin_lock_irqsave(lock, flags)`. */
export const savingIrqs = <N extends string, L, S extends string>(
  word: N,
  lock: (of: L) => Stmt<S>,
  requires: Requires,
) =>
  inline(word, (of: L, flags: BoolVar) => {
    requires(of, `${word}()`);
    requireVariable(flags, 'bool', `${word}()`);
    return { save: local_irq_save(flags), lock: lock(of) };
  });
/** A word that disables interrupts or softirqs, and then takes a lock: `spin_lock_bh(lock)`. */
export const disabling = <N extends string, L, S extends string>(
  word: N,
  off: () => Stmt,
  lock: (of: L) => Stmt<S>,
  requires: Requires,
) =>
  inline(word, (of: L) => {
    requires(of, `${word}()`);
    return { off: off(), lock: lock(of) };
  });

/** Stores the previous state in a local; then interrupts are disabled. Example: `local_irq_save(flag)` */
export const local_irq_save = exactly('local_irq_save', (flags: BoolVar): Stmt => {
  requireVariable(flags, 'bool', 'local_irq_save()');
  return c`local_irq_save(${flags})`(flags.set(irqs_off.mine), irqs_off.mine.set(true));
});
export const local_irq_restore = exactly('local_irq_restore', (flags: BoolVar): Stmt => {
  requireVariable(flags, 'bool', 'local_irq_restore()');
  return c`local_irq_restore(${flags})`(irqs_off.mine.set(flags));
});
export const local_irq_disable = exactly(
  'local_irq_disable',
  (): Stmt => c`local_irq_disable()`(irqs_off.mine.set(true)),
);
export const local_irq_enable = exactly(
  'local_irq_enable',
  (): Stmt => c`local_irq_enable()`(irqs_off.mine.set(false)),
);

/**
 * Are interrupts disabled: by the running actor, or because it is an interrupt itself?
 * Example: `expects(irqs_disabled(), 'lockdep_assert_irqs_disabled()')`
 */
export const irqs_disabled = exactly('irqs_disabled', (): Bool => hasInterruptsOff());

/** Below 0 no count of what is off can fall. */
export const unbalanced = 'DEBUG_LOCKS_WARN_ON(val > preempt_count()) in preempt_count_sub()';
/** The parts of a step with which an unlock turns softirqs on again. */
export const bhOn = (): readonly Part[] => [expects(bh_off.mine.gt(0), unbalanced), bh_off.mine.dec()];

export const local_bh_disable = exactly(
  'local_bh_disable',
  (): Stmt => bh`local_bh_disable()`(bh_off.mine.inc()),
);
export const local_bh_enable = exactly(
  'local_bh_enable',
  (): Stmt =>
    bh`local_bh_enable()`(
      expectsSoftly(not(runsAs('hardirq')), 'WARN_ON_ONCE(in_hardirq()) in __local_bh_enable_ip()'),
      expectsSoftly(
        not(hasInterruptsOff()),
        'WARNING: lockdep_assert_irqs_enabled() in __local_bh_enable_ip()',
      ),
      ...bhOn(),
    ),
);
