// mm/mmu_gather.c: pages that have been unmapped wait in a batch, still holding the mapping's reference, until the
// TLB is flushed [A1: Z0, Z8t, Z13]. Modelled where references are.

import { bool, Call, If, type Int, localsOf, procedure, source } from '../../language/index.js';
import { mutant, page, REFERENCES, Vma, vma } from '../state.js';

const c = source('mm/mmu_gather.c');

/** The batch lies on the caller's stack: it is this procedure's local, as its last call left it. */
const tlb_gather_mmu = procedure('tlb_gather_mmu', { holds_page: bool() }, ({ holds_page }) => ({
  start: c`tlb_gather_mmu(): an empty batch`(holds_page.set(false)),
}));
const { holds_page } = localsOf(tlb_gather_mmu);

const put_page = () => c`free the batch: put_page()`(holds_page.set(false), page._refcount.dec());
const put_again = () => c`put_page() once more`(page._refcount.dec());

/** The flush, then the batch. */
const tlb_finish_mmu = procedure('tlb_finish_mmu', { k: Vma }, ({ k }) => ({
  gathered: If(holds_page, {
    broken: If(mutant.is('freed_before_flush'), { put_too_early: put_page() }),
    flush: c`flush the TLB of vma ${k}`(vma.at(k).tlb.set(false)),
    healthy: If(mutant.isnt('freed_before_flush'), { put: put_page() }),
    twice: If(mutant.is('put_twice'), { put_again: put_again() }),
  }),
}));

export const gather = () => If(REFERENCES, { gather_mmu: Call(tlb_gather_mmu) });
export const remove_page = () =>
  If(REFERENCES, { remove_page: c`tlb_remove_page_size(): into the batch`(holds_page.set(true)) });
export const finish = (k: Int) => If(REFERENCES, { finish_mmu: Call(tlb_finish_mmu, { k }) });
