// Arguments that words of the kernel library accept, for the test that replaces each of them by everything that is wrong.

import { type ActorRef, bool, perCpu, shared } from '../../language/index.js';
import { mmu_gather, tlb_flush_batched } from '../index.js';

const state = shared({ flag: bool(), batched: tlb_flush_batched(2), mmu: mmu_gather() });
const { flag, batched, mmu } = state;
const entry = perCpu('entry', bool());
const marks = (who: ActorRef) => entry.of(who).set(true);

/** IPIs, TLBs and what is deferred. */
export const deferred: { readonly [word: string]: readonly unknown[] } = {
  ...{ smp_call_function: [marks], smp_call_function_many: [() => flag, marks] },
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
