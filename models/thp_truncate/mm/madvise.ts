// mm/madvise.c: MADV_DONTNEED, which takes the mapping away and leaves the vma.

import { bool, Call, If, procedure } from '../../language/index.js';
import { Mm, vma } from '../state.js';
import { mmap_read_lock, mmap_read_unlock } from './locks.js';
import { zap_pud_range } from './memory.js';
import { leave_mm } from './mmap.js';
import { finish, gather } from './mmu_gather.js';

/** MADV_DONTNEED: zap_page_range() under mmap_lock for reading, so faults run beside it; the vma stays [A1]. A part is split. */
export const madvise_dontneed = procedure('madvise_dontneed', { i: Mm, part: bool() }, ({ i, part }) => ({
  lock: mmap_read_lock(i),
  find_vma: If(vma.at(i).in_mm, {
    start: gather(),
    zap: Call(zap_pud_range, { k: i, part }),
    end: finish(i),
  }),
  unlock: mmap_read_unlock(i),
  leave: leave_mm(i),
}));
