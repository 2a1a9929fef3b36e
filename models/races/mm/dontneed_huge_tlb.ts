// MADV_DONTNEED of a huge page and a fault on powerpc: two TLB entries for one address.
//
// zap clears a huge pmd under its lock, and flushes the TLB after it. A fault of another thread, which holds mmap_lock for
// reading too, finds the pmd none, and maps a small page there. A CPU loads its entry while that of the huge page is still
// in the TLB: the hash of radix entries of two sizes overlaps, which the architecture forbids.
//
// Fix 75358ea359e7 [docs]: pmdp_huge_get_and_clear_full() flushes under the lock, unless the whole mm is torn down [source: comment
// in arch/powerpc/mm/book3s64/pgtable.c@5.12.9]. Steps: [source: mm/huge_memory.c, mm/memory.c@5.12.9]. Left out: mmap_lock,
// which both hold for reading; the page itself, which the batch of zap keeps until the flush. A CPU loads a mapped huge page
// at once, and its entry goes only with a flush; it loads a small page when it comes to it.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import { spin_lock, spin_unlock, spinlock } from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  expects,
  If,
  model,
  not,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('mm/huge_memory.c');
const memory = source('mm/memory.c');
const powerpc = source('arch/powerpc/mm/book3s64/pgtable.c');

export const settings = config({
  fix: oneOf('none', 'flush_under_ptl', 'flush_before_clear', 'flush_in_fault'),
});
const { fix } = settings;

export const state = shared({
  pmd_lock: spinlock(),
  pmd: oneOf('huge', 'none', 'table'),
  tlb_huge: bool().starts(true),
  tlb_small: bool(),
});
const { pmd_lock, pmd, tlb_huge, tlb_small } = state;

/** What is mapped still is loaded again at once. */
const flush = () =>
  powerpc`flush_pmd_tlb_range(vma, addr, addr + HPAGE_PMD_SIZE)`(tlb_huge.set(pmd.is('huge')));

const zap = procedure('zap_huge_pmd', () => ({
  lock: spin_lock(pmd_lock),
  huge: If(pmd.is('huge'), {
    before: If(fix.is('flush_before_clear'), { flush: flush() }),
    clear: c`orig_pmd = pmdp_huge_get_and_clear_full(vma, addr, pmd, fullmm)`(pmd.set('none')),
    under: If(fix.is('flush_under_ptl'), { flush: flush() }),
  }),
  unlock: spin_unlock(pmd_lock),
  late: memory`tlb_finish_mmu(): tlb_flush_mmu()`(
    tlb_huge.set(pmd.is('huge')),
    tlb_small.set(pmd.is('table').and(tlb_small)),
  ),
}));

const fault = procedure('handle_mm_fault', () => ({
  none: If(pmd.is('none'), {
    lock: spin_lock(pmd_lock),
    again: If(pmd.is('none'), {
      first: If(fix.is('flush_in_fault'), { flush: flush() }),
      populate: memory`__pte_alloc(): pmd_populate(); set_pte_at()`(pmd.set('table')),
    }),
    unlock: spin_unlock(pmd_lock),
  }),
  access: If(pmd.is('table'), {
    load: c`*addr: the CPU loads the entry of a small page`(
      expects(not(tlb_huge), 'Machine check: TLB multihit, a huge and a small entry of one address'),
      tlb_small.set(true),
    ),
  }),
}));

const madvise = actor('madvise', zap);
const faulter = actor('fault', fault);

export const properties: Properties = {
  faults_before_the_flush: sometimes(
    pmd.is('table').and(not(madvise.done)),
    'a fault does not wait for the flush',
  ),
  loads_a_small_page: sometimes(tlb_small.and(madvise.done)),
};

export const race: Race = {
  subsystem: 'powerpc/mm',
  fix: {
    commit: '75358ea359e7',
    subject: 'powerpc/mm/book3s64: Fix MADV_DONTNEED and parallel page fault race',
  },
  kinds: ['bug'],
  uses: ['TLB flush', 'pmd lock'],
  essence: 'agrees: the small page is used before the flush; that the pmd was cleared before follows',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [34, 47, 12], {
    'Machine check: TLB multihit, a huge and a small entry of one address': 11,
  }),
  row({ fix: 'flush_under_ptl' }, [37, 53, 13]),
  row({ fix: 'flush_before_clear' }, [37, 52, 13], {
    'Machine check: TLB multihit, a huge and a small entry of one address': 12,
  }),
  row({ fix: 'flush_in_fault' }, [35, 50, 13]),
];

export { dontneed_huge_tlb as model };

const dontneed_huge_tlb = model('dontneed_huge_tlb', {
  about: 'a fault maps a small page while the TLB entry of the huge page before it is still there',
  settings,
  state,
  actors: [madvise, faulter],
  comparison: { candidates: 'fix', scenarios: { 'MADV_DONTNEED, a fault': {} } },
});
