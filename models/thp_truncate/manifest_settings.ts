// The settings and the messages that rows of the manifest have in common.

export const LOCK_HELD = 'WARNING: lock held when returning to user space! (vma.ptl)';
export const fix = 'unmap_mapping_page';
export const as_5_13 = { fix: 'as_merged', kernel: '5.13' };
export const as_5_15 = { fix: 'as_merged', kernel: '5.15' };
export const as_5_18 = { fix: 'as_merged', kernel: '5.18' };

// Instead of, or beside, the munmap and the truncate of the default settings.
export const dontneed = { NR_MUNMAP: 0, NR_DONTNEED: 1 };
export const partial_munmap = { NR_MUNMAP: 0, NR_PARTIAL_MUNMAP: 1 };
export const partial_dontneed = { NR_MUNMAP: 0, NR_PARTIAL_DONTNEED: 1 };
export const mremap = { NR_MUNMAP: 0, NR_MREMAP: 1 };
export const move_pud = { ...mremap, mremap_extent: 'pud' };
export const move_left = { ...mremap, mremap_to: 'left' };
export const by_ptes = { page_kind: 'huge_by_ptes' };
export const small = { page_kind: 'small' };
export const invalidate = { NR_TRUNCATE: 0, NR_INVALIDATE: 1 };
export const hole_punch = { NR_TRUNCATE: 0, NR_PUNCH_HOLE: 1, NR_FAULT: 1, fault: 'shmem_fault' };
export const hash = { arch: 'powerpc_hash' };
export const lockless_walk = { ...dontneed, NR_TRUNCATE: 0, NR_PTE_FAULT: 1, NR_WALKER: 1 };

// What the kernel says.
export const BAD_PAGE = 'VM_BUG_ON_PAGE(page_mapped(page), page)';
export const BAD_PAGE_CACHE = 'BUG: Bad page cache: still mapped when deleted';
export const STILL_MAPPED = 'BUG_ON(page_mapped(page))';
export const NO_PTE = 'VM_BUG_ON_PAGE(!pvmw.pte, page)';
export const BAD_MAPCOUNT = 'VM_BUG_ON_PAGE(page_mapcount(page) < 0, page)';
export const BAD_COUNT = 'VM_BUG_ON_PAGE(page_count(page) <= 0, page)';
