// mm/mmap.c: the system calls that take a mapping away, or a part of it.

import { bool, Call, For, If, type Int, procedure, source, when } from '../../language/index.js';
import { exits_beside_users, Mm, mm, mm_is_shared, mmOf, mutant, NR_VMAS, Vma, vma } from '../state.js';
import { split_huge_pmd } from './huge_memory.js';
import {
  i_mmap_lock_write,
  i_mmap_unlock_write,
  mmap_write_lock,
  mmap_write_unlock,
  under_i_mmap,
} from './locks.js';
import { zap_pud_range } from './memory.js';
import { finish, gather } from './mmu_gather.js';

const c = source('mm/mmap.c');
const fork = source('kernel/fork.c');

/** free_pgtables(): only now does the vma leave i_mmap [A1: Z11]. */
export const unlink_file_vma = procedure('unlink_file_vma', { k: Vma }, ({ k }) => ({
  locked: If(mutant.isnt('unlink_without_i_mmap'), { lock_i_mmap: i_mmap_lock_write() }),
  unlink: c`vma_interval_tree_remove(): the vma leaves i_mmap`(
    under_i_mmap(),
    vma.at(k).in_i_mmap.set(false),
  ),
  unlocked: If(mutant.isnt('unlink_without_i_mmap'), { unlock_i_mmap: i_mmap_unlock_write() }),
}));

/** unmap_region(): zap, then unlink, and only at the very end flush and put [A1: Z0 … Z13]. */
const unmap_region = procedure('unmap_region', { k: Vma, fullmm: bool() }, ({ k, fullmm }) => ({
  early: If(mutant.is('unlinked_before_zap'), { unlink_too_early: Call(unlink_file_vma, { k }) }),
  start: gather(),
  unmap_vmas: Call(zap_pud_range, { k, fullmm }),
  late: If(mutant.isnt('unlinked_before_zap'), { free_pgtables: Call(unlink_file_vma, { k }) }),
  end: finish(k),
}));

/** Runs only what is needed under mmap_lock: nobody else is in the mm of a munmap that stands alone [E]. */
const locked = (i: Int) => If(mm_is_shared(i), { mmap_lock: mmap_write_lock(i) });
const unlocked = (i: Int) => If(mm_is_shared(i), { mmap_unlock: mmap_write_unlock(i) });

/** mmput() of a thread that leaves its mm, where the mm exits [A1]. The last thing that any user of an mm does. */
export const leave_mm = (i: Int) =>
  If(exits_beside_users(i), { mmput: fork`mmput(): one user less`(mm.at(i).users.dec()) });

/** __do_munmap(): the vma is detached from its mm first, so that no fault finds it any more [A1]. */
export const do_munmap = procedure('__do_munmap', { i: Mm }, ({ i }) => ({
  lock: locked(i),
  find_vma: If(vma.at(i).in_mm, {
    detach: c`detach_vmas_to_be_unmapped(): faults do not find it any more`(vma.at(i).in_mm.set(false)),
    unmap: Call(unmap_region, { k: i }),
  }),
  unlock: unlocked(i),
  leave: leave_mm(i),
}));

/**
 * exit_mmap(), called by the mmput() of the last user: as munmap, for every vma that is left, and without mmap_lock.
 * Where nobody else works in the mm, its one vma is still there [A1].
 */
export const exit_mmap = procedure('exit_mmap', { i: Mm }, ({ i }) => ({
  alone: If(exits_beside_users(i), {
    last_user: fork`mmput(): all other users are gone`(when(mm.at(i).users.eq(0))),
    vmas: For(NR_VMAS, (k) => ({
      own: If(mmOf(k).eq(i), {
        next_vma: If(vma.at(k).in_mm, { unmap_left: Call(unmap_region, { k, fullmm: true }) }),
      }),
    })),
  }).Else({
    unmap: Call(unmap_region, { k: i, fullmm: true }),
  }),
}));

/**
 * munmap of a part: vma_adjust_trans_huge() splits the pmd before i_mmap is locked and the boundaries change, so a
 * walker that sees the smaller vma runs after the split [A1b].
 */
export const partial_munmap = procedure('__vma_adjust', { i: Mm }, ({ i }) => ({
  lock: mmap_write_lock(i),
  find_vma: If(vma.at(i).in_mm.and(vma.at(i).whole), {
    vma_adjust_trans_huge: Call(split_huge_pmd, { k: i, flushed: i }),
    lock_i_mmap: i_mmap_lock_write(),
    shrink: c`vm_end = end: the vma no longer covers the huge page`(
      under_i_mmap(),
      vma.at(i).whole.set(false),
    ),
    unlock_i_mmap: i_mmap_unlock_write(),
  }),
  unlock: mmap_write_unlock(i),
  leave: leave_mm(i),
}));
