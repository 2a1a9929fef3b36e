// khugepaged frees a page table under mmap_lock, and an rmap walk is in it.
//
// A huge page of a file is mapped by ptes; khugepaged takes the page table away, so that a huge pmd can take its place. It
// holds mmap_lock for writing. But a walk from the page may hold the lock of the file instead, i_mmap_rwsem: it has read the
// pmd, and works on a page table that is freed.
//
// Fix 8d3c106e19e8, 6.1 [commit message]: take i_mmap_rwsem for writing too. 1d65b771bc08, 6.6 [commit message], needs neither:
// the table is freed after a grace period, the pmd is cleared under the lock of the ptes too, and a walk looks at the pmd
// again once it has that lock: `rcu_free`. Steps:
// [source: mm/khugepaged.c, mm/page_vma_mapped.c@5.15, @6.5; mails]. Left out: mmap_lock, which an rmap walk does not take;
// the anon_vma lock, whose vmas the fix refuses; GUP-fast, for which the flush sends an IPI; what is in the ptes.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  call_rcu,
  down_read,
  down_write,
  kfree,
  rcu_callback,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
  rwsem,
  spin_lock,
  spin_unlock,
  spinlock,
  up_read,
  up_write,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  expects,
  If,
  model,
  object,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('mm/khugepaged.c');
const walk_c = source('mm/page_vma_mapped.c');

export const settings = config({
  fix: oneOf('none', 'i_mmap_lock', 'i_mmap_read', 'recheck_pmd', 'rcu_free', 'rcu_no_ptl', 'rcu_no_recheck'),
});
const { fix } = settings;
const defers = fix.isIn('rcu_free', 'rcu_no_ptl', 'rcu_no_recheck');
const takes_ptl = fix.isIn('rcu_free', 'rcu_no_recheck');
const rechecks = fix.isIn('rcu_free', 'rcu_no_ptl', 'recheck_pmd');

export const state = shared({
  i_mmap_rwsem: rwsem(),
  pmd_lock: spinlock(),
  pmd: oneOf('table', 'none'),
  /** The lock of its ptes, in the struct page of the table, which stays. */
  ptl: spinlock(),
  table: object({ pte: bool().starts(true), rcu: rcu_head() }),
});
const { i_mmap_rwsem, pmd_lock, pmd, ptl, table } = state;

const retract = procedure('collapse_pte_mapped_thp', () => ({
  write: If(fix.is('i_mmap_lock'), { lock: down_write(i_mmap_rwsem) }),
  read: If(fix.is('i_mmap_read'), { lock: down_read(i_mmap_rwsem) }),
  lock: spin_lock(pmd_lock),
  nested: If(takes_ptl, { lock: spin_lock(ptl) }),
  clear: c`_pmd = pmdp_collapse_flush(vma, haddr, pmd)`(pmd.set('none')),
  nested_end: If(takes_ptl, { unlock: spin_unlock(ptl) }),
  unlock: spin_unlock(pmd_lock),
  free: If(defers, { defer: call_rcu(table.rcu) }).Else({ now: kfree(table) }),
  read_end: If(fix.is('i_mmap_read'), { unlock: up_read(i_mmap_rwsem) }),
  write_end: If(fix.is('i_mmap_lock'), { unlock: up_write(i_mmap_rwsem) }),
}));

const walk = procedure('page_vma_mapped_walk', () => ({
  i_mmap: down_read(i_mmap_rwsem),
  rcu: If(defers, { lock: rcu_read_lock() }),
  pmd: If(walk_c`pmde = READ_ONCE(*pvmw->pmd)`.test(pmd.is('table')), {
    lock: spin_lock(ptl),
    same: If(rechecks.and(pmd.isnt('table')), {}).Else({
      pte: walk_c`ptep_get_and_clear(mm, address, pvmw.pte)`(
        expects(pmd.is('table'), 'a pte is changed in a page table that no pmd points to'),
        table.pte.set(false),
      ),
    }),
    unlock: spin_unlock(ptl),
  }),
  rcu_end: If(defers, { unlock: rcu_read_unlock() }),
  i_mmap_end: up_read(i_mmap_rwsem),
}));

const khugepaged = actor('khugepaged', retract);
const walker = actor('rmap_walk', walk);
const free_table = procedure('pte_free_now', () => ({ free: kfree(table) }));
const softirq = rcu_callback('rcu_softirq', table.rcu, free_table);

export const properties: Properties = {
  walks: sometimes(walker.at('page_vma_mapped_walk.pte')),
  retracts_first: sometimes(khugepaged.done.and(walker.at('page_vma_mapped_walk.pmd'))),
};

export const race: Race = {
  subsystem: 'mm/khugepaged',
  fix: { commit: '8d3c106e19e8', subject: 'mm/khugepaged: take the right locks for page table retraction' },
  kinds: ['use-after-free', 'stale data'],
  uses: ['rwsem', 'RCU', 'call_rcu', 'page table', 'rmap walk'],
  essence: 'agrees: the pmd is cleared while the walk, which has read it, has yet to change a pte',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [44, 67, 10], {
    'BUG: KASAN: slab-use-after-free in page_vma_mapped_walk': 8,
    'a pte is changed in a page table that no pmd points to': 6,
  }),
  row({ fix: 'i_mmap_lock' }, [22, 21, 12]),
  row({ fix: 'i_mmap_read' }, [61, 97, 12], {
    'BUG: KASAN: slab-use-after-free in page_vma_mapped_walk': 9,
    'a pte is changed in a page table that no pmd points to': 7,
  }),
  row({ fix: 'recheck_pmd' }, [52, 81, 11], {
    'BUG: KASAN: slab-use-after-free in page_vma_mapped_walk': 9,
    'a pte is changed in a page table that no pmd points to': 7,
  }),
  row({ fix: 'rcu_free' }, [99, 162, 18]),
  row({ fix: 'rcu_no_recheck' }, [97, 156, 17], {
    'a pte is changed in a page table that no pmd points to': 9,
  }),
  row({ fix: 'rcu_no_ptl' }, [91, 148, 16], { 'a pte is changed in a page table that no pmd points to': 8 }),
];

export { retract_page_table as model };

const retract_page_table = model('retract_page_table', {
  about: 'khugepaged frees a page table that a walk of the reverse map has found under another lock',
  settings,
  state,
  actors: [khugepaged, walker, softirq],
  comparison: { candidates: 'fix', scenarios: { 'a collapse, a walk': {} } },
});
