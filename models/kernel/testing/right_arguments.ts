// Arguments that words of the kernel library accept, for the test that replaces each of them by everything that is wrong.

import { type ActorRef, bool, perCpu, procedure, shared, source } from '../../language/index.js';
import {
  hrtimer,
  irq_line,
  mmu_gather,
  srcu_head,
  srcu_struct,
  tasklet_struct,
  tlb_flush_batched,
  wait_queue_head,
} from '../index.js';

const ss = srcu_struct('ss');
const state = shared({
  ...{
    srcu: srcu_head(ss),
    tasklet: tasklet_struct(),
    hr: hrtimer(),
    irq: irq_line(),
    ewq: wait_queue_head({ exclusive: 2 }),
  },
  flag: bool(),
  batched: tlb_flush_batched(2),
  mmu: mmu_gather(),
});
const { flag, batched, mmu, srcu, tasklet, hr, ewq, irq } = state;
const run = procedure('run', () => ({ one: source('x.c')`x`(flag.set(true)) }));
const entry = perCpu('entry', bool());
const marks = (who: ActorRef) => entry.of(who).set(true);

/** IPIs, TLBs and what is deferred. */
export const deferred: { readonly [word: string]: readonly unknown[] } = {
  ...{ smp_call_function: [marks], smp_call_function_many: [() => flag, marks] },
  ...{ srcu_head: [ss], call_srcu: [ss, srcu], srcu_barrier: [ss], prepare_to_wait_exclusive: [ewq] },
  ...{
    wait_event_interruptible_exclusive: [ewq, flag],
    wake_up_nr: [ewq, 1],
    wait_queue_head: [{ exclusive: 2 }],
  },
  ...{
    tasklet_schedule: [tasklet],
    tasklet_kill: [tasklet],
    tasklet_disable: [tasklet],
    tasklet_enable: [tasklet],
  },
  ...{ tasklet_disable_nosync: [tasklet], tasklet_softirq: ['softirq', tasklet, run], hrtimer_start: [hr] },
  ...{ hrtimer_active: [hr], hrtimer_cancel: [hr], hrtimer_try_to_cancel: [hr] },
  hrtimer_interrupt: ['hrtimer', hr, run, {}],
  ...{ irq_line: [{}], request_irq: [irq], free_irq: [irq], disable_irq: [irq], disable_irq_nosync: [irq] },
  ...{ enable_irq: [irq], synchronize_irq: [irq], irq_wake_thread: [irq], irq_thread: ['irq_7', irq, run] },
  irq_handler: ['irq', irq, run, {}],
  ...{ flush_tlb_page: [entry, {}], flush_tlb_range: [entry, {}], flush_tlb_mm: [entry, {}] },
  ...{ tlb_flush_batched: [2], set_tlb_ubc_flush_pending: [batched, flag] },
  ...{ try_to_unmap_flush: [flag, entry, {}], flush_tlb_batched_pending: [batched, entry, {}] },
  ...{ tlb_remove_tlb_entry: [mmu], tlb_remove_page: [mmu], tlb_remove_table: [mmu] },
  ...{
    tlb_flush_mmu_tlbonly: [mmu, entry, {}],
    tlb_flush_mmu: [mmu, entry, {}],
    tlb_finish_mmu: [mmu, entry, {}],
  },
};
