// include/linux/percpu-defs.h and smp.h: variables of which each CPU has its own, `perCpu('stat', int(0, 3))`.
//
// The kernel guarantees that this_cpu_inc() and similar operations are atomic on their CPU, interrupts included, and no
// more: another CPU that reads the variable may read any value that it has had. The model is one step. __this_cpu_inc()
// and plain arithmetic are a load and a store, between which an interrupt of the CPU, and with preemption another task
// of it, may run. Left out: that a task moves to another CPU between two steps. The warning names the code where that
// matters: per-CPU data used while preemptible. A model that goes on after the warning has fewer runs than the kernel,
// so for violations, deadlocks and liveness the warning itself is the result, and nothing is proved while it is
// reported.

import {
  type EachVar,
  exactly,
  expects,
  expectsSoftly,
  type Int,
  inline,
  int,
  isPreemptible,
  not,
  preempt_off,
  requirePerCpu,
  type Stmt,
  source,
} from '../language/index.js';

import { unbalanced } from './irqflags.js';

const c = source('include/linux/percpu-defs.h');
const smp = source('include/linux/smp.h');

/** A number of each CPU: `perCpu('stat', int(0, 3))`. */
export type PerCpuInt = EachVar<ReturnType<typeof int>>;

/** The requirement of per-CPU code on its caller: that it stays on its CPU. */
const pinned = (word: string) => expectsSoftly(not(isPreemptible()), `BUG: using ${word} in preemptible`);

export const this_cpu_add = exactly('this_cpu_add', (v: PerCpuInt, n: number | Int): Stmt => {
  requirePerCpu(v, 'this_cpu_add()');
  return c`this_cpu_add(${v.mine}, ${typeof n === 'object' ? n : String(n)})`(v.mine.set(v.mine.plus(n)));
});
export const this_cpu_inc = exactly('this_cpu_inc', (v: PerCpuInt): Stmt => {
  requirePerCpu(v, 'this_cpu_inc()');
  return c`this_cpu_inc(${v.mine})`(v.mine.inc());
});
export const this_cpu_dec = exactly('this_cpu_dec', (v: PerCpuInt): Stmt => {
  requirePerCpu(v, 'this_cpu_dec()');
  return c`this_cpu_dec(${v.mine})`(v.mine.dec());
});

/**
 * A load and a store: an interrupt may occur in between. Warns while another task may run.
 * Example: `__this_cpu_add(stat, 1)`
 */
export const __this_cpu_add = inline(
  '__this_cpu_add',
  { loaded: int(-1024, 1023).starts(0) },
  ({ loaded }, v: PerCpuInt, n: number | Int) => {
    requirePerCpu(v, '__this_cpu_add()');
    return {
      load: c`load ${v.mine}`(pinned('__this_cpu_add()'), loaded.set(v.mine)),
      store: c`store ${v.mine}`(v.mine.set(loaded.plus(n))),
    };
  },
);

/**
 * smp_processor_id(), this_cpu_ptr() and similar: the CPU has a meaning only while the task stays on it.
 * Example: `smp_processor_id()`
 */
export const smp_processor_id = exactly(
  'smp_processor_id',
  (): Stmt => smp`smp_processor_id()`(pinned('smp_processor_id()')),
);
/** As get_cpu_var() and get_cpu_ptr(): preemption is off until put_cpu(). Example: `get_cpu()` */
export const get_cpu = exactly('get_cpu', (): Stmt => smp`get_cpu()`(preempt_off.mine.inc()));
export const put_cpu = exactly(
  'put_cpu',
  (): Stmt => smp`put_cpu()`(expects(preempt_off.mine.gt(0), unbalanced), preempt_off.mine.dec()),
);
