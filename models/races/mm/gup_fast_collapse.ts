// get_user_pages_fast() against khugepaged: a page is pinned that has left the address space.
//
// GUP-fast walks the page table with interrupts off and no lock. khugepaged clears the pmd, finds no references on the small
// pages, and copies them to a huge page. A GUP-fast that has read the pmd before takes its reference after that, finds the
// pte unchanged, and returns the old page. Where a TLB flush is an IPI, khugepaged waits for GUP-fast there.
//
// Fix 70cbc3cc78a9, 6.0 [commit message]: look at the pmd again after the reference is taken, as at the pte. `ipi` is what
// 2ba99c5e0881 sends where a page table goes for good [commit message]. Steps: [source: mm/gup.c, mm/khugepaged.c@5.15,
// @6.5]. Left out: mmap_lock, anon_vma and ptl, none of which GUP-fast takes; all ptes but one. An IPI is done when the
// handler has run: a CPU whose interrupts were off when it was sent has had them on since.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  folio_try_get,
  kick_all_cpus_sync,
  local_irq_restore,
  local_irq_save,
  page_refcount,
  put_page,
  tlb_remove_table_sync_one,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  If,
  model,
  modifies,
  not,
  oneOf,
  procedure,
  Return,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('mm/gup.c');
const khugepaged = source('mm/khugepaged.c');

export const settings = config({
  fix: oneOf('none', 'recheck_pmd', 'recheck_before_get', 'ipi', 'count_after_clear'),
  /** Is a TLB flush an IPI? */
  FLUSH_IS_IPI: bool(),
});
const { fix, FLUSH_IS_IPI } = settings;

export const state = shared({
  pmd: oneOf('table', 'none', 'huge'),
  pte: oneOf('present', 'none'),
  /** page_count() of the small page; the pte holds one. */
  refs: page_refcount(2),
  copied: bool(),
  pinned: bool(),
});
const { pmd, pte, refs, copied, pinned } = state;

const locals = { valid: bool().starts(true), flags: bool() };
const gup = procedure('lockless_pages_from_mm', locals, ({ valid, flags }) => ({
  irq_off: local_irq_save(flags),
  pmd: If(pmd.is('table'), {
    pte: If(pte.is('present'), {
      early: If(fix.is('recheck_before_get'), {
        pmd: c`pmd_val(pmd) != pmd_val(*pmdp)`(valid.set(pmd.is('table'))),
      }),
      get: If(folio_try_get(refs), {
        late: If(fix.is('recheck_pmd'), {
          pmd: c`pmd_val(pmd) != pmd_val(*pmdp)`(valid.set(pmd.is('table'))),
        }),
        again: If(pte.is('present').and(valid), { pin: c`pages[*nr] = page`(pinned.set(true)) }).Else({
          put: put_page(refs),
        }),
      }),
    }),
  }),
  irq_on: local_irq_restore(flags),
}));

const ptep_clear = () => khugepaged`ptep_clear(vma->vm_mm, address, _pte)`(pte.set('none'));
const collapse = procedure('collapse_huge_page', () => ({
  clear: khugepaged`_pmd = pmdp_collapse_flush(vma, address, pmd)`(modifies('full'), pmd.set('none')),
  flush_tlb_range: If(FLUSH_IS_IPI, { ipi: kick_all_cpus_sync() }),
  sync: If(fix.is('ipi'), { ipi: tlb_remove_table_sync_one() }),
  first: If(fix.is('count_after_clear'), { clear: ptep_clear() }),
  isolate: If(khugepaged`is_refcount_suitable(page)`.test(refs.ne(1)), {
    undo: khugepaged`pmd_populate(mm, pmd, pmd_pgtable(_pmd))`(pte.set('present'), pmd.set('table')),
    fail: Return(),
  }),
  copy: khugepaged`copy_user_highpage(page, src_page, address, vma)`(copied.set(true)),
  last: If(fix.isnt('count_after_clear'), { clear: ptep_clear() }),
  free: put_page(refs),
  huge: khugepaged`set_pmd_at(mm, address, pmd, _pmd)`(pmd.set('huge')),
}));

const pinner = actor('gup_fast', gup);
const collapser = actor('khugepaged', collapse);

export const properties: Properties = {
  no_pin_of_an_old_page: never(
    pinned.and(copied),
    'a device writes to a page that the process does not see any more: the data is lost',
  ),
  pins: sometimes(pinned.and(collapser.done), 'the pin comes first, and the collapse fails'),
  collapses: sometimes(pmd.is('huge')),
  backs_off: sometimes(
    pinner.done.and(not(pinned)).and(pmd.is('table')),
    'the pin fails, and the collapse too',
    { given: fix.is('recheck_pmd') },
  ),
};

export const race: Race = {
  subsystem: 'mm/gup',
  fix: { commit: '70cbc3cc78a9', subject: 'mm: gup: fix the fast GUP race against THP collapse' },
  kinds: ['stale data'],
  uses: ['irqs off', 'IPI', 'page reference', 'lockless page table walk'],
  essence:
    'agrees: khugepaged reads the reference count before GUP-fast raises it, and GUP-fast reads the pte before it is cleared',
  tso: 'pte_clear() is a plain store, which may still be in the buffer while khugepaged counts the references: store buffering, as GUP-fast takes its reference and then looks at the pte. ptep_get_and_clear() is an xchg, and would do.',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [79, 128, 13], { no_pin_of_an_old_page: 9 }),
  row({ fix: 'recheck_pmd' }, [85, 140, 12]),
  row({ fix: 'recheck_before_get' }, [109, 179, 14], { no_pin_of_an_old_page: 10 }),
  row({ fix: 'ipi' }, [57, 88, 12]),
  row({ fix: 'count_after_clear' }, [75, 122, 11]),
  row({ fix: 'none', FLUSH_IS_IPI: true }, [57, 88, 12]),
];

export { gup_fast_collapse as model };

const gup_fast_collapse = model('gup_fast_collapse', {
  about: 'get_user_pages_fast() pins a page that khugepaged has just found without references, and copied',
  settings,
  state,
  actors: [pinner, collapser],
  comparison: {
    candidates: 'fix',
    scenarios: { 'the flush is broadcast': {}, 'the flush is an IPI': { FLUSH_IS_IPI: true } },
  },
});
