// huge_pmd_unshare() gives a page table away that GUP-fast still walks.
//
// Two processes share the page table of a hugetlb mapping. One lets go of it: it clears its pud and drops its share. The
// other one then owns the table alone, may remove the hugetlb mapping, and use the table for ordinary pages. GUP-fast of the
// first one, which has read the pud before and walks with interrupts off, takes a page of the other process.
//
// Fix 1013af4f585f, 6.16 [commit message; the release is memory]: an IPI between the clear and the drop, by
// tlb_remove_table_sync_one(), as khugepaged sends it. Bug: 39dde65c9940. The callers flush the TLB after the drop, which is
// too late, IPI or not [inference]. So many IPIs were slow [docs: reports of 2025], and later ones are sent once for all
// tables of a range; that order is the same. Steps: [source: mm/hugetlb.c in the patch; mm/gup.c is memory]. Left out: the
// rmap lock, which GUP-fast does not take; other levels of the walk; the reference on the page, which it gets in any case.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  kick_all_cpus_sync,
  local_irq_restore,
  local_irq_save,
  tlb_remove_table_sync_one,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  If,
  int,
  model,
  modifies,
  not,
  oneOf,
  procedure,
  shared,
  source,
  when,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('mm/hugetlb.c');
const gup_c = source('mm/gup.c');

export const settings = config({
  fix: oneOf('none', 'sync', 'sync_late', 'sync_first', 'recheck_before', 'recheck_pud'),
  /** Is a TLB flush an IPI? */
  FLUSH_IS_IPI: bool(),
});
const { fix, FLUSH_IS_IPI } = settings;

export const state = shared({
  /** The first process has the table in its pud. */
  pud: bool().starts(true),
  /** ptdesc->pt_share_count: who uses the table beside its first owner. */
  shared_by: int(0, 1).starts(1),
  /** What the entry of the table maps. */
  pmd: oneOf('huge', 'none', 'other'),
  /** GUP-fast has got a page of the other process. */
  stranger: bool(),
});
const { pud, shared_by, pmd, stranger } = state;

const locals = { page: oneOf('none', 'huge', 'other'), flags: bool() };
const gup = procedure('gup_fast', locals, ({ page, flags }) => ({
  irq_off: local_irq_save(flags),
  pud: If(gup_c`gup_fast_pud_range(): pud_present(pud)`.test(pud), {
    early: If(fix.is('recheck_before').and(not(pud)), {}).Else({
      pmd: gup_c`gup_fast_pmd_range(): pmd = pmdp_get_lockless(pmdp)`(page.set(pmd)),
      late: If(fix.is('recheck_pud').and(not(pud)), {
        put: gup_c`gup_put_folio(folio, 1, flags)`(page.set('none')),
      }),
    }),
  }),
  irq_on: local_irq_restore(flags),
  pages: gup_c`pages[*nr] = page`(stranger.set(page.is('other'))),
}));

const unshare = procedure('huge_pmd_unshare', () => ({
  first: If(fix.is('sync_first'), { ipi: tlb_remove_table_sync_one() }),
  clear: c`pud_clear(pud)`(modifies('full'), pud.set(false)),
  sync: If(fix.is('sync'), { ipi: tlb_remove_table_sync_one() }),
  drop: c`ptdesc_pmd_pts_dec(virt_to_ptdesc(ptep))`(modifies('full'), shared_by.dec()),
  late: If(fix.is('sync_late'), { ipi: tlb_remove_table_sync_one() }),
  flush_tlb_range: If(FLUSH_IS_IPI, { ipi: kick_all_cpus_sync() }),
}));

const reuse = procedure('other_process', () => ({
  unmap: c`__unmap_hugepage_range(): huge_ptep_get_and_clear()`(when(shared_by.eq(0)), pmd.set('none')),
  map: c`do_huge_pmd_anonymous_page(): set_pmd_at()`(pmd.set('other')),
}));

const walker = actor('gup_fast', gup);
const unsharer = actor('unshare', unshare);
const other = actor('other', reuse);

export const properties: Properties = {
  no_page_of_a_stranger: never(stranger, 'GUP-fast returns a page of another process'),
  pins: sometimes(walker.at('gup_fast.pages').and(pud), 'the walk comes first'),
  finds_none: sometimes(walker.done.and(not(pud)).and(not(stranger))),
  reused: sometimes(other.done.and(not(stranger)), 'the table maps a page of the other process'),
};

export const race: Race = {
  subsystem: 'mm/hugetlb',
  fix: { commit: '1013af4f585f', subject: 'mm/hugetlb: fix huge_pmd_unshare() vs GUP-fast race' },
  kinds: ['stale data'],
  uses: ['irqs off', 'IPI', 'page table', 'lockless page table walk'],
  essence:
    'agrees: GUP-fast reads the pud before it is cleared, and the entry after the other process has put its own page there',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [41, 65, 9], { no_page_of_a_stranger: 9 }),
  row({ fix: 'sync' }, [48, 79, 10]),
  row({ fix: 'sync_late' }, [94, 189, 11], { no_page_of_a_stranger: 9 }),
  row({ fix: 'sync_first' }, [56, 90, 11], { no_page_of_a_stranger: 11 }),
  row({ fix: 'recheck_before' }, [46, 74, 10], { no_page_of_a_stranger: 10 }),
  row({ fix: 'recheck_pud' }, [50, 83, 9]),
  row({ fix: 'none', FLUSH_IS_IPI: true }, [94, 189, 11], { no_page_of_a_stranger: 9 }),
  row({ fix: 'sync', FLUSH_IS_IPI: true }, [90, 179, 12]),
  row({ fix: 'sync_late', FLUSH_IS_IPI: true }, [140, 295, 13], { no_page_of_a_stranger: 9 }),
  row({ fix: 'sync_first', FLUSH_IS_IPI: true }, [109, 214, 13], { no_page_of_a_stranger: 11 }),
  row({ fix: 'recheck_before', FLUSH_IS_IPI: true }, [102, 206, 12], { no_page_of_a_stranger: 10 }),
  row({ fix: 'recheck_pud', FLUSH_IS_IPI: true }, [107, 222, 11]),
];

export { hugetlb_unshare as model };

const hugetlb_unshare = model('hugetlb_unshare', {
  about: 'a shared page table goes to another process while GUP-fast of the first one walks it',
  settings,
  state,
  actors: [walker, unsharer, other],
  comparison: {
    candidates: 'fix',
    scenarios: { 'TLB flush without IPI': {}, 'by IPI': { FLUSH_IS_IPI: true } },
  },
});
