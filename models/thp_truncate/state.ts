// The state of the race: one file THP, the vmas that map it, and the locks around them. Tags such as [A1] and
// [inference] are those of the facts in README.md.

import { mutex, rwsem, spinlock } from '../kernel/index.js';
import {
  all,
  any,
  array,
  type Bool,
  bool,
  config,
  type Int,
  ifElse,
  int,
  oneOf,
  record,
  shared,
} from '../language/index.js';

export const settings = config({
  /** What closes the race: nothing, one of the attempts, the merged commit, or the alternative nobody proposed. */
  fix: oneOf(
    'none',
    'try_to_unmap',
    'try_to_unmap_no_sync',
    'try_to_unmap_split',
    'invalidated_pmd',
    'invalidated_pmd_zap_only',
    'synchronize_rcu',
    'delay',
    'unmap_mapping_page',
    'recheck_loop',
  ),
  /** One mistake in the fix, or in what it relies on. */
  mutant: oneOf(
    'none',
    'lock_before_load',
    'single_page_unset',
    'never_compound',
    'ptl_not_released',
    'ptl_released_early',
    'page_not_locked',
    'rmap_before_clear',
    'without_pmd_none',
    'any_size',
    'unlinked_before_zap',
    'fault_without_mmap_lock',
    'fault_unlocks_early',
    'unlink_without_i_mmap',
    'mapcount_repaired',
    'page_lock_under_i_mmap',
    'zapped_twice',
    'freed_before_flush',
    'put_twice',
  ),
  arch: oneOf('x86', 'powerpc_hash', 'powerpc_radix', 's390'),
  /** Lockless page table walks on powerpc: what they do with an invalidated pmd, and who waits for them [A8b]. */
  powerpc_rules: oneOf('since_5_8', 'before_5_2'),
  /** Whom synchronize_rcu() waits for [A9]: every spinlock holder, or only rcu_read_lock() sections. */
  rcu: oneOf('consolidated', 'preempt_before_4_20'),
  CONFIG_DEBUG_VM: bool().starts(true),
  /** page_mapped() reads every counter in one step, or one by one as the kernel does [A2]. */
  page_mapped_reads: oneOf('at_once', 'one_by_one'),
  /** Model the page's reference count, the mmu_gather batches and the TLBs as well. */
  REFERENCES: bool(),
  /** Count what a zap costs beside its verdict: on s390, every IDTE that is issued under a pmd lock [A8d]. */
  COSTS: bool(),
  /** What invalidate gives back of the page cache's references [A4]: all (6.5), or just one (5.12 to 5.15). */
  invalidate_puts: oneOf('all', 'one'),
  /** How many mms map the page, each with one vma and one pmd. */
  NR_MMS: int(1, 3),
  /** The kernel has 512; two show that the counters fall one by one. */
  NR_SUBPAGES: int(1, 4).starts(2),
  /** How many of each actor. The k-th of those that work on an mm works on mm k modulo NR_MMS. */
  NR_MUNMAP: int(0, 3).starts(1),
  NR_EXIT: int(0, 3),
  NR_DONTNEED: int(0, 3),
  NR_PARTIAL_MUNMAP: int(0, 3),
  NR_MREMAP: int(0, 1),
  NR_FAULT: int(0, 3),
  /** Which fault: they differ in when they look at i_size [A5]; `pte_table` maps no THP but fills in a table. */
  fault: oneOf('filemap_fault', 'filemap_map_pages', 'shmem_fault', 'pte_table'),
  NR_HASH_FAULT: int(0, 1),
  NR_WALKER: int(0, 1),
  NR_TRUNCATE: int(0, 2).starts(1),
  NR_PUNCH_HOLE: int(0, 2),
  NR_INVALIDATE: int(0, 2),
  /** Does truncate unmap the whole range first, without page locks, and once more at the end [A3a: T2, T4]? */
  unmap_range_first: bool(),
  /** The passes of truncate [A3b, A3c]: only the second, which waits for the page lock, or both. */
  passes: oneOf('second', 'both'),
});
export const {
  fix,
  mutant,
  arch,
  powerpc_rules,
  rcu,
  CONFIG_DEBUG_VM,
  page_mapped_reads,
  REFERENCES,
  COSTS,
  invalidate_puts,
  NR_MMS,
  NR_SUBPAGES,
  NR_MUNMAP,
  NR_EXIT,
  NR_DONTNEED,
  NR_PARTIAL_MUNMAP,
  NR_MREMAP,
  NR_FAULT,
  fault,
  NR_HASH_FAULT,
  NR_WALKER,
  NR_TRUNCATE,
  NR_PUNCH_HOLE,
  NR_INVALIDATE,
  unmap_range_first,
  passes,
} = settings;

/** One vma for each mm, and one for each place that mremap moves a mapping to, further on in i_mmap [A10]. */
export const NR_VMAS = NR_MMS.plus(NR_MREMAP);

/** The mm of a vma, and of the k-th actor of a kind. */
export const mmOf = (k: Int): Int => k.mod(NR_MMS);

/** Of so many actors of a kind, how many work in mm i. */
const in_mm = (actors: Int, i: Int | number): Int => actors.plus(NR_MMS).minus(1).minus(i).dividedBy(NR_MMS);
const sum = (numbers: readonly Int[]): Int => numbers.reduce((x, y) => x.plus(y));

/** How many actors use mm i: all of its own, but for exit, which comes when nobody uses it any more [A1]. */
const users_of = (i: Int | number): Int =>
  sum(
    [NR_MUNMAP, NR_DONTNEED, NR_PARTIAL_MUNMAP, NR_MREMAP, NR_FAULT, NR_HASH_FAULT, NR_WALKER].map((actors) =>
      in_mm(actors, i),
    ),
  );
/** How many actors run in mm i: the CPUs that it is attached to. */
export const actors_in = (i: Int): Int => users_of(i).plus(in_mm(NR_EXIT, i));
/** Does mm i exit, and has it users that must be gone before? */
export const exits_beside_users = (i: Int | number): Bool => in_mm(NR_EXIT, i).ge(1).and(users_of(i).ge(1));

/** mmap_lock matters only if somebody else works on the same mm [E]. */
export const mm_is_shared = (i: Int): Bool =>
  NR_FAULT.plus(NR_DONTNEED).plus(NR_PARTIAL_MUNMAP).plus(NR_MREMAP).ge(1).or(in_mm(NR_MUNMAP, i).ge(2));
/** So does i_rwsem, if more than one truncates or punches. */
export const file_is_shared = NR_TRUNCATE.plus(NR_PUNCH_HOLE).ge(2);

/** Indices, for arguments. */
export const Mm = int(0, 2);
export const Vma = int(0, 3);

/** A mapcount as the kernel stores it: -1 is "not mapped"; -2 is there to be found out. */
const mapcount = int(-2, 6).starts(NR_MMS.minus(1));

export const state = shared({
  mm: array(
    NR_MMS,
    record({
      mmap_lock: rwsem(),
      /** mm_users beside the last: who still works in an mm that exits, and so keeps exit_mmap() waiting [A1]. */
      users: int(0, 15).startsAs((i) => ifElse(exits_beside_users(i), users_of(i), 0)),
      /** MM_SHMEMPAGES or MM_FILEPAGES, in units of HPAGE_PMD_NR. */
      rss: int(-2, 6).starts(1),
    }),
  ),
  vma: array(
    NR_VMAS,
    record({
      /** *pmd, one word, read and written at once [A1]; `invalid` is an invalidated huge pmd [A8a]. */
      pmd: oneOf('none', 'huge', 'invalid', 'table').startsAs((k) => ifElse(NR_MMS.gt(k), 'huge', 'none')),
      /** pmd_lock(mm, pmd). */
      ptl: spinlock(),
      /** Is the vma in mapping->i_mmap, where walks of the mapping find it? */
      in_i_mmap: bool().startsAs((k) => NR_MMS.gt(k)),
      /** Is it in its mm, where faults and madvise find it? */
      in_mm: bool().startsAs((k) => NR_MMS.gt(k)),
      /** Does it still cover the whole huge page? */
      whole: bool().starts(true),
      /** May some CPU hold a translation of this mapping in its TLB? */
      tlb: bool().startsAs((k) => NR_MMS.gt(k)),
      /** powerpc hash: H_PAGE_HASHPTE and H_PAGE_BUSY of the pmd, and its deposited page table [A8b]. */
      hashed: bool(),
      busy: bool(),
      deposit: bool().startsAs((k) => arch.is('powerpc_hash').and(NR_MMS.gt(k))),
    }),
  ),
  page: record({
    /** compound_mapcount_ptr(page). */
    compound_mapcount: mapcount,
    subpage: array(NR_SUBPAGES, record({ _mapcount: mapcount })),
    /** Of the head page: the page cache holds one for each subpage, each mapping and each lookup one. */
    _refcount: int(-2, 14).starts(NR_SUBPAGES.plus(NR_MMS)),
    /** page->mapping: the page cache it is in. */
    mapping: oneOf('none', 'inode').starts('inode'),
    /** PG_locked of the head page; waiting for it sleeps. */
    PG_locked: mutex(),
  }),
  inode: record({
    /** inode_lock(): held by whoever truncates or punches [B3]. */
    i_rwsem: rwsem(),
    /** Does the page lie beyond i_size? */
    truncated: bool(),
    /** shmem: a hole punch has announced itself in i_private, and new faults wait [A5: F3]. */
    punching: bool(),
  }),
  /** mapping->i_mmap_rwsem. */
  i_mmap: rwsem(),
  /** The xa_lock of mapping->i_pages. */
  i_pages: spinlock(),
  /** powerpc: is a lockless page table walk under way, with interrupts off [A8b]? */
  irqs_off_walk: bool(),
  /** A grace period waits for the reader that was in the pmd_lock section of vma k when it started [A9]. */
  gp_waits_for: array(NR_VMAS, bool()),
  /** Before 4.20: is somebody between lock_page_memcg() and unlock_page_memcg() for vma k [A2: R0, R515]? */
  rcu_reader: array(NR_VMAS, bool()),
  /** s390: how many pmds were invalidated, and flushed from the TLBs at once, by IDTE; counted with `COSTS` [A8d]. */
  idtes: int(0, 7),
});
export const { mm, vma, page, inode, i_mmap, i_pages, irqs_off_walk, gp_waits_for, rcu_reader, idtes } =
  state;

/** mm/util.c: page_mapped(), every counter at once. */
export const page_is_mapped = page.compound_mapcount
  .ge(0)
  .or(any(NR_SUBPAGES, (i) => page.subpage.at(i)._mapcount.ge(0)))
  .called('page_mapped(page)');

/** mm/util.c: page_mapcount() of the head of a file THP is _mapcount + 1 [A2]. */
export const page_mapcount_negative = page.subpage.at(0)._mapcount.lt(-1).called('page_mapcount(page) < 0');

export const no_pmd_maps = all(NR_VMAS, (k) => vma.at(k).pmd.isIn('none', 'table'));
export const every_ptl_free = all(NR_VMAS, (k) => vma.at(k).ptl.isFree());

/** Whose code the candidate changes. */
export const fixed_upstream = fix.is('unmap_mapping_page');
export const invalidates_in_zap = fix.isIn('invalidated_pmd', 'invalidated_pmd_zap_only');
export const invalidates_in_split = fix.is('invalidated_pmd');
/** Attempt 2 takes the window away where it is applied; then nobody sees `none` too early. */
export const window_exists = fix.isnt('invalidated_pmd').and(fix.isnt('invalidated_pmd_zap_only'));
export const tries_to_unmap = fix.isIn('try_to_unmap', 'try_to_unmap_no_sync', 'try_to_unmap_split');
