// include/linux/preempt.h: an actor disables preemption, and tests the context in which it runs.
//
// The kernel guarantees that no other task takes the CPU meanwhile; interrupts may. The model is a counter of each
// actor, `preempt_off[task]`, which the other tasks of its CPU read before every step. A lock whose waiters spin
// disables preemption by itself, and so do disabled interrupts and softirqs. Left out: kernels without preemption,
// where a task gives up its CPU only where it sleeps. For them the model has additional runs: violations and deadlocks
// may be false there, proofs are not.

import {
  type Bool,
  exactly,
  expects,
  inInterrupt,
  isPreemptible,
  preempt_off,
  runsAs,
  type Stmt,
  source,
} from '../language/index.js';

import { unbalanced } from './irqflags.js';

const c = source('include/linux/preempt.h');

export const preempt_disable = exactly(
  'preempt_disable',
  (): Stmt => c`preempt_disable()`(preempt_off.mine.inc()),
);
export const preempt_enable = exactly(
  'preempt_enable',
  (): Stmt => c`preempt_enable()`(expects(preempt_off.mine.gt(0), unbalanced), preempt_off.mine.dec()),
);

/** May another task take the CPU? Example: `when(preemptible())` */
export const preemptible = exactly('preemptible', (): Bool => isPreemptible());
export const in_task = exactly('in_task', (): Bool => runsAs('task'));
export const in_serving_softirq = exactly('in_serving_softirq', (): Bool => runsAs('softirq'));
export const in_hardirq = exactly('in_hardirq', (): Bool => runsAs('hardirq'));
export const in_nmi = exactly('in_nmi', (): Bool => runsAs('nmi'));
/** In an interrupt, or with softirqs off. Example: `when(not(in_interrupt()))` */
export const in_interrupt = exactly('in_interrupt', (): Bool => inInterrupt());
