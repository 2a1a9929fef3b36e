// mm/mmap.c: munmap of the one vma.

import { down_write, up_write } from '../../kernel/index.js';
import { Call, procedure, source } from '../../language/index.js';
import { i_mmap, Mm, mm } from '../state.js';
import { zap_pmd_range } from './memory.js';

const c = source('mm/mmap.c');

/** unmap_region(): zap first; only afterwards does the vma leave i_mmap, in free_pgtables() [A1: Z11]. */
export const unmap_region = procedure('unmap_region', { i: Mm }, ({ i }) => ({
  unmap_vmas: Call(zap_pmd_range, { i }),
  lock_i_mmap: down_write(i_mmap),
  unlink_file_vma: c`unlink_file_vma(): take the vma out of i_mmap`(mm.at(i).in_i_mmap.set(false)),
  unlock_i_mmap: up_write(i_mmap),
}));
