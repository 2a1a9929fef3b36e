// mm/shmem.c: a hole punched into a tmpfs file. shmem_undo_range() has the same two passes as the function of
// mm/truncate.c that stands for it here; shmem_fault() is one of the faults of filemap.ts.

import { Call, procedure, source } from '../../language/index.js';
import { inode } from '../state.js';
import { unmap_mapping_pages } from './memory.js';
import { inode_locked, inode_unlocked, truncate_inode_pages_range } from './truncate.js';

const c = source('mm/shmem.c');

/** shmem_fallocate(FALLOC_FL_PUNCH_HOLE): i_size stays, new faults are held off by i_private, no second unmap [A3a]. */
export const punch_hole = procedure('shmem_fallocate', () => ({
  locked: inode_locked(),
  announce: c`inode->i_private: faults in the hole wait`(inode.punching.set(true)),
  unmap_mapping_range: Call(unmap_mapping_pages),
  truncate: Call(truncate_inode_pages_range),
  end: c`inode->i_private = NULL`(inode.punching.set(false)),
  unlocked: inode_unlocked(),
}));
