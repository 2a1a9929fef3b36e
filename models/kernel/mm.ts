// The words of memory management: references and locks of pages, TLBs, and the IPIs that flush them.

export {
  folio_get,
  folio_put,
  folio_ref_freeze,
  folio_ref_unfreeze,
  folio_try_get,
  get_page,
  page_refcount,
  put_page,
} from './page_ref.js';
export {
  folio_lock,
  folio_test_locked,
  folio_trylock,
  folio_unlock,
  folio_wait_locked,
  lock_page,
  type PageLock,
  PageLocked,
  page_lock,
  trylock_page,
  unlock_page,
  wait_on_page_locked,
} from './pagemap.js';
export {
  type CpuFunction,
  type CpuMask,
  kick_all_cpus_sync,
  smp_call_function,
  smp_call_function_many,
} from './smp.js';
export {
  type FreeOptions,
  type MmuGather,
  mmu_gather,
  tlb_finish_mmu,
  tlb_flush_mmu,
  tlb_flush_mmu_tlbonly,
  tlb_remove_page,
  tlb_remove_table,
  tlb_remove_table_sync_one,
  tlb_remove_tlb_entry,
} from './tlb.js';
export type { Flushed, FlushOptions, Tlb, TlbEntries, TlbFlushBatched } from './tlbflush.js';
export {
  flush_tlb_batched_pending,
  flush_tlb_mm,
  flush_tlb_page,
  flush_tlb_range,
  set_tlb_ubc_flush_pending,
  tlb_flush_batched,
  try_to_unmap_flush,
} from './tlbflush.js';
