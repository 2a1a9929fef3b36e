// mm/huge_memory.c: taking a huge pmd away, splitting it, moving it. The race window opens when the pmd is cleared
// and closes with the last decrement, all of it under ptl.

import { bugOn, warnOn } from '../../kernel/index.js';
import {
  type Bool,
  bool,
  Call,
  expects,
  given,
  If,
  type Int,
  no,
  not,
  procedure,
  Return,
  source,
  when,
} from '../../language/index.js';
import {
  actors_in,
  arch,
  attempt_2_clears,
  CONFIG_DEBUG_VM,
  COSTS,
  destination_vma,
  idtes,
  invalidates_in_split,
  invalidates_in_zap,
  irqs_off_walks,
  Mm,
  mm,
  mmOf,
  mutant,
  page,
  page_mapcount_negative,
  REFERENCES,
  serializes,
  Vma,
  vma,
} from '../state.js';
import { pmd_lock, pmd_lock_nested, pmd_unlock, under_ptl } from './locks.js';
import { remove_page } from './mmu_gather.js';
import { page_remove_rmap } from './rmap.js';

const c = source('mm/huge_memory.c');

/** pmd_trans_huge(): an invalidated huge pmd is one, too [A8a]. */
export const is_trans_huge = (k: Int) => vma.at(k).pmd.isIn('huge', 'invalid').called('pmd_trans_huge(*pmd)');

const on_hash = arch.is('powerpc_hash');
/** s390: pmdp_xchg_direct() flushes the old translation at once; a cost that is counted, with no effect here [A8d]. */
const idte = (isAvoided: Bool = no) => given(COSTS.and(arch.is('s390')).and(not(isAvoided)), idtes.inc());

/**
 * Where s390 needs no IDTE for vma k: the mm is gone (tlb->fullmm), or it is attached to this CPU alone, and one flush
 * at the end will do (pmdp_xchg_lazy()). Who comes through i_mmap, with details, is not of this mm [A8d].
 */
const flushes_later = (k: Int, fullmm: Bool, details: Bool) =>
  fullmm.or(not(details).and(actors_in(mmOf(k)).le(1)));

/** serialize_against_pte_lookup(), where clearing or invalidating a huge pmd includes it. */
const serialized = () =>
  If(serializes, {
    serialize_against_pte_lookup: c`serialize_against_pte_lookup(): wait for lockless walks`(
      when(irqs_off_walks.eq(0)),
    ),
  });

/**
 * pmdp_huge_get_and_clear_full() [A1: Z5]; on powerpc hash it waits for H_PAGE_BUSY, flushes by the slots of the deposited
 * page table, and empties them [A8b]. A huge pmd that has been invalidated before may be cleared by it, too.
 */
const pmdp_huge_get_and_clear = procedure(
  'pmdp_huge_get_and_clear',
  { k: Vma, lazily: bool() },
  ({ k, lazily }) => ({
    // pmdp_xchg_lazy() marks the entry invalid before it stores the new one, where it can do without IDTE [A8d].
    lazy: If(arch.is('s390').and(lazily), {
      mark_invalid: c`pmdp_xchg_lazy(): set _SEGMENT_ENTRY_INVALID`(
        under_ptl(k),
        vma.at(k).pmd.set('invalid'),
      ),
    }),
    clear_pmd: c`pmdp_huge_get_and_clear_full(): take the huge pmd, leave none`(
      under_ptl(k),
      given(
        on_hash,
        when(not(vma.at(k).busy)),
        expects(vma.at(k).deposit, 'Oops: hash__pmdp_huge_get_and_clear() finds no deposited page table'),
        vma.at(k).hashed.set(false),
      ),
      vma.at(k).pmd.set('none'),
      idte(lazily),
    ),
    serialized: serialized(),
  }),
);

/** Attempt 2: pmdp_invalidate() instead of clearing. H_PAGE_HASHPTE and _PAGE_PTE stay set [A8c: PPC-A]. */
const pmdp_invalidate = procedure('pmdp_invalidate', { k: Vma }, ({ k }) => ({
  invalidate_pmd: c`pmdp_invalidate(): the pmd stays huge, but invalid`(
    under_ptl(k),
    given(on_hash, when(not(vma.at(k).busy))),
    vma.at(k).pmd.set('invalid'),
    idte(),
  ),
  serialized: serialized(),
}));

/** Attempt 2: pmd_clear() at the end, before ptl is released [A8]. */
const pmd_clear = procedure('pmd_clear', { k: Vma }, ({ k }) => ({
  debug: If(on_hash.and(CONFIG_DEBUG_VM), {
    check_hashed: warnOn(vma.at(k).hashed, 'WARN_ON: pmd_clear() of a pmd with H_PAGE_HASHPTE | _PAGE_PTE'),
  }),
  clear: c`pmd_clear(): now it is none`(
    under_ptl(k),
    vma.at(k).pmd.set('none'),
    given(on_hash, vma.at(k).hashed.set(false)),
  ),
}));

const withdraw = (k: Int) => c`zap_deposited_table(): withdraw and free it`(vma.at(k).deposit.set(false));

/** Does the last clear of attempt 2 stand before the deposited table is withdrawn? Elsewhere there is none to withdraw. */
const clears_before_withdrawal = on_hash.and(attempt_2_clears.is('pmd_clear_before_withdrawal'));
const clears_by_primitive = on_hash.and(attempt_2_clears.is('huge_get_and_clear_last'));

/** zap_huge_pmd(): steps Z3 to Z8t of [A1]. `fullmm` and `details` say who calls; only s390's costs depend on it. */
export const zap_huge_pmd = procedure(
  'zap_huge_pmd',
  { k: Vma, fullmm: bool(), details: bool() },
  ({ k, fullmm, details }) => ({
    lock: pmd_lock(k),
    recheck: If(not(is_trans_huge(k)).and(mutant.isnt('zapped_twice')), {
      unlock_early: pmd_unlock(k),
      lost: Return(),
    }),

    too_early: If(mutant.is('rmap_before_clear'), { rmap_first: Call(page_remove_rmap, { k }) }),
    hash_early: If(on_hash.and(mutant.is('withdrawn_before_clear')), { withdraw_too_early: withdraw(k) }),
    take: If(invalidates_in_zap, {
      invalidate: Call(pmdp_invalidate, { k }),
    }).Else({
      clear: Call(pmdp_huge_get_and_clear, { k, lazily: flushes_later(k, fullmm, details) }),
    }),
    gap: If(mutant.is('ptl_released_early'), { unlock_too_early: pmd_unlock(k) }),

    rmap: If(mutant.isnt('rmap_before_clear'), { remove_rmap: Call(page_remove_rmap, { k }) }),
    debug: If(CONFIG_DEBUG_VM, {
      check_mapcount: bugOn(page_mapcount_negative, 'VM_BUG_ON_PAGE(page_mapcount(page) < 0, page)'),
    }),
    clear_first: If(invalidates_in_zap.and(clears_before_withdrawal), {
      clear_hashed: Call(pmd_clear, { k }),
    }),
    hash: If(on_hash.and(mutant.isnt('withdrawn_before_clear')), { zap_deposited_table: withdraw(k) }),
    counted: If(REFERENCES, {
      dec_rss: c`add_mm_counter(mm, mm_counter_file(page), -HPAGE_PMD_NR)`(mm.at(mmOf(k)).rss.dec()),
    }),
    clear_late: clear_late(invalidates_in_zap, k),
    still_locked: If(mutant.isnt('ptl_released_early'), { unlock: pmd_unlock(k) }),
    batch: remove_page(),
  }),
);

/** The last clear of attempt 2, where it comes last. */
function clear_late(invalidates: Bool, k: Int) {
  return If(invalidates.and(clears_by_primitive), {
    clear_by_primitive: Call(pmdp_huge_get_and_clear, { k }),
  }).ElseIf(invalidates.and(not(clears_before_withdrawal)), { clear_invalid: Call(pmd_clear, { k }) });
}

/**
 * __split_huge_pmd() on a file vma: the pmd is simply cleared, and refaulted later [A1b]. The same window. For pmd k, as
 * seen from the addresses of vma `flushed`.
 */
export const split_huge_pmd = procedure('__split_huge_pmd', { k: Vma, flushed: Vma }, ({ k, flushed }) => ({
  lock: pmd_lock(k),
  recheck: If(is_trans_huge(k), {
    take: If(invalidates_in_split, {
      invalidate: Call(pmdp_invalidate, { k }),
    }).Else({
      clear: Call(pmdp_huge_get_and_clear, { k }),
    }),
    hash: If(on_hash.and(not(invalidates_in_split.and(clears_before_withdrawal))), {
      zap_deposited_table: withdraw(k),
    }),
    flushed: If(REFERENCES, {
      flush: c`pmdp_huge_clear_flush(): flush the TLB of vma ${flushed}`(vma.at(flushed).tlb.set(false)),
    }),
    remove_rmap: Call(page_remove_rmap, { k }),
    counted: If(REFERENCES, {
      put: c`put_page(), under ptl`(page._refcount.dec()),
      dec_rss: c`add_mm_counter(mm, mm_counter_file(page), -HPAGE_PMD_NR)`(mm.at(mmOf(k)).rss.dec()),
    }),
    clear_first: If(invalidates_in_split.and(clears_before_withdrawal), {
      clear_hashed: Call(pmd_clear, { k }),
      withdraw_late: withdraw(k),
    }),
    clear_late: clear_late(invalidates_in_split, k),
  }),
  unlock: pmd_unlock(k),
}));

/** move_huge_pmd(), from vma i to the vma behind all others; the mapcounts are not touched [A10]. */
export const move_huge_pmd = procedure('move_huge_pmd', { i: Mm }, ({ i }) => {
  const [from, to] = [vma.at(i), vma.at(destination_vma)];
  return {
    lock_old: pmd_lock(i),
    lock_new: pmd_lock_nested(destination_vma),
    recheck: If(from.pmd.is('huge'), {
      clear_old: c`pmdp_huge_get_and_clear(old_pmd)`(
        under_ptl(i),
        given(
          on_hash.and(mutant.isnt('moved_with_hash_slots')),
          when(not(from.busy)),
          from.hashed.set(false),
        ),
        from.pmd.set('none'),
        given(REFERENCES, from.tlb.set(false)),
        idte(),
      ),
      serialized: serialized(),
      // pmd_move_must_withdraw(): on hash the deposited table goes with the pmd [memory].
      hash: If(on_hash, {
        move_deposit: c`pgtable_trans_huge_withdraw(old), pgtable_trans_huge_deposit(new)`(
          from.deposit.set(false),
          to.deposit.set(true),
        ),
      }),
      set_new: c`set_pmd_at(new_pmd)`(
        under_ptl(destination_vma),
        to.pmd.set('huge'),
        given(REFERENCES, to.tlb.set(true)),
      ),
    }),
    unlock_new: pmd_unlock(destination_vma),
    unlock_old: pmd_unlock(i),
  };
});
