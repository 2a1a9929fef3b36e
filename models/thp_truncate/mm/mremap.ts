// mm/mremap.c: moving a mapping to another place in its mm.

import { Call, If, not, procedure, source } from '../../language/index.js';
import { Mm, NR_MMS, vma } from '../state.js';
import { move_huge_pmd } from './huge_memory.js';
import {
  i_mmap_lock_write,
  i_mmap_unlock_write,
  mmap_write_lock,
  mmap_write_unlock,
  under_i_mmap,
} from './locks.js';
import { leave_mm, unlink_file_vma } from './mmap.js';

/** copy_vma() and do_munmap(), which move_vma() calls. */
const mmap = source('mm/mmap.c');

/**
 * mremap(): the new vma enters i_mmap behind the old one, the pmd is moved without i_mmap_rwsem, and the old vma is
 * unmapped [A10].
 */
export const move_vma = procedure('move_vma', { i: Mm }, ({ i }) => ({
  lock: mmap_write_lock(i),
  find_vma: If(vma.at(i).in_mm.and(not(vma.at(NR_MMS).in_mm)), {
    lock_i_mmap: i_mmap_lock_write(),
    copy_vma: mmap`copy_vma(): the new vma enters i_mmap`(
      under_i_mmap(),
      vma.at(NR_MMS).in_i_mmap.set(true),
      vma.at(NR_MMS).in_mm.set(true),
    ),
    unlock_i_mmap: i_mmap_unlock_write(),
    test_huge: If(vma.at(i).pmd.is('huge'), { move: Call(move_huge_pmd, { i }) }),
    detach: mmap`the old vma leaves its mm`(vma.at(i).in_mm.set(false)),
    unlink: Call(unlink_file_vma, { k: i }),
  }),
  unlock: mmap_write_unlock(i),
  leave: leave_mm(i),
}));
