// The race of Linux commit 22061a1ffabd: munmap clears a huge pmd before it drops the mapcounts of the page;
// truncate and invalidate look in between, find nothing to unmap, and delete a page that is still counted as mapped.

import { actors, model, not } from '../language/index.js';
import { comparison } from './comparison.js';
import { handle_mm_fault, handle_pte_fault } from './mm/filemap.js';
import { madvise_dontneed } from './mm/madvise.js';
import { do_munmap, exit_mmap, partial_munmap } from './mm/mmap.js';
import { move_vma } from './mm/mremap.js';
import { find_linux_pte, hash_page_mm } from './mm/powerpc.js';
import { punch_hole } from './mm/shmem.js';
import { invalidate_inode_pages2_range, truncate_part, truncate_setsize } from './mm/truncate.js';
import {
  arch,
  by_ptes,
  COSTS,
  fault,
  fix,
  mmOf,
  NR_DONTNEED,
  NR_EXIT,
  NR_FAULT,
  NR_HASH_FAULT,
  NR_INVALIDATE,
  NR_MMS,
  NR_MREMAP,
  NR_MUNMAP,
  NR_PARTIAL_DONTNEED,
  NR_PARTIAL_MUNMAP,
  NR_PARTIAL_TRUNCATE,
  NR_PTE_FAULT,
  NR_PUNCH_HOLE,
  NR_TRUNCATE,
  NR_WALKER,
  REFERENCES,
  settings,
  state,
} from './state.js';

export const munmap = actors('munmap', NR_MUNMAP, do_munmap, (k) => ({ i: mmOf(k) }));
export const exit = actors('exit', NR_EXIT, exit_mmap, (k) => ({ i: mmOf(k) }));
export const dontneed = actors('dontneed', NR_DONTNEED, madvise_dontneed, (k) => ({ i: mmOf(k) }));
export const partial = actors('partial', NR_PARTIAL_MUNMAP, partial_munmap, (k) => ({ i: mmOf(k) }));
export const partial_dontneed = actors('partial_dontneed', NR_PARTIAL_DONTNEED, madvise_dontneed, (k) => ({
  i: mmOf(k),
  part: true,
}));
export const mremap = actors('mremap', NR_MREMAP, move_vma, (k) => ({ i: mmOf(k) }));
export const faulter = actors('fault', NR_FAULT, handle_mm_fault, (k) => ({ i: mmOf(k) }));
export const pte_fault = actors('pte_fault', NR_PTE_FAULT, handle_pte_fault, (k) => ({ i: mmOf(k) }));
export const hash_fault = actors('hash_fault', NR_HASH_FAULT, hash_page_mm, (k) => ({ i: mmOf(k) }));
export const walker = actors('walker', NR_WALKER, find_linux_pte, (k) => ({ i: mmOf(k) }));
export const truncate = actors('truncate', NR_TRUNCATE, truncate_setsize);
export const partial_truncate = actors('partial_truncate', NR_PARTIAL_TRUNCATE, truncate_part);
export const punch = actors('punch_hole', NR_PUNCH_HOLE, punch_hole);
export const invalidate = actors('invalidate', NR_INVALIDATE, invalidate_inode_pages2_range);

export const thp_truncate = model('thp_truncate', {
  about: 'munmap of a file THP against truncate and invalidate (Linux 22061a1ffabd)',
  settings,
  state,
  actors: [
    munmap,
    exit,
    dontneed,
    partial,
    partial_dontneed,
    mremap,
    faulter,
    pte_fault,
    hash_fault,
    walker,
    truncate,
    partial_truncate,
    punch,
    invalidate,
  ],
  excludes: [
    {
      when: by_ptes.and(REFERENCES.or(COSTS)),
      because: 'references and costs are counted for a page that a pmd maps',
    },
    {
      when: by_ptes.and(
        NR_PARTIAL_MUNMAP.plus(NR_PARTIAL_DONTNEED).plus(NR_PARTIAL_TRUNCATE).plus(NR_FAULT).ge(1),
      ),
      because: 'what a fault, and a munmap, a MADV_DONTNEED or a truncation of a part do to ptes is left out',
    },
    {
      when: by_ptes.and(fix.is('try_to_unmap_no_sync')),
      because: 'page_vma_mapped_walk() without PVMW_SYNC peeks at ptes without their lock, which is left out',
    },
    {
      when: NR_INVALIDATE.ge(1).and(
        NR_PUNCH_HOLE.ge(1).or(NR_FAULT.ge(1).and(fault.isIn('shmem_fault', 'shmem_read_fault'))),
      ),
      because: 'holes and these faults are of shmem, which is never invalidated',
    },
    { when: NR_EXIT.gt(NR_MMS), because: 'an mm exits once' },
    {
      when: NR_HASH_FAULT.ge(1).and(arch.isnt('powerpc_hash')),
      because: 'only the hash MMU of powerpc takes hash faults',
    },
    {
      when: NR_WALKER.ge(1).and(not(arch.isIn('powerpc_hash', 'powerpc_radix'))),
      because: '__find_linux_pte() is a function of powerpc',
    },
  ],
  comparison,
});
