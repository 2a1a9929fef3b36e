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
  count,
  type Int,
  ifElse,
  int,
  not,
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
    'as_merged',
  ),
  /**
   * Whose rules hold around the fix. 5.13 stands for every tree that has the fix alone: 5.13 to 5.13.2, and 5.12.14.
   * 5.15 stands for 5.14 to 5.17: mremap moves page tables under the rmap locks (97113eb39fa7). 5.18 and later also
   * walk i_mmap with its lock held for reading (2c8659951654). `fix=as_merged` is what that kernel has: nothing in 5.12.
   */
  kernel: oneOf('5.12', '5.13', '5.15', '5.18'),
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
    'moved_left_unlocked',
    'withdrawn_before_clear',
    'moved_with_hash_slots',
  ),
  arch: oneOf('x86', 'powerpc_hash', 'powerpc_radix', 's390'),
  /** Lockless page table walks on powerpc: what they do with an invalidated pmd, and who waits for them [A8b]. */
  powerpc_rules: oneOf('since_5_8', 'from_5_2', 'before_5_2'),
  /**
   * Attempt 2 was never posted: where its last clear stands on powerpc hash, and what it is. pmd_clear() after the
   * deposited table is gone, or before; or pmdp_huge_get_and_clear(), after.
   */
  attempt_2_clears: oneOf('pmd_clear_last', 'pmd_clear_before_withdrawal', 'huge_get_and_clear_last'),
  /** Whom synchronize_rcu() waits for [A9]: every spinlock holder, or only rcu_read_lock() sections. */
  rcu: oneOf('consolidated', 'preempt_before_4_20'),
  /** Who holds a spinlock may be preempted, and for as long as a real-time thread spins. */
  CONFIG_PREEMPT_RT: bool(),
  CONFIG_DEBUG_VM: bool().starts(true),
  /** page_mapped() reads every counter in one step, or one by one as the kernel does [A2]. */
  page_mapped_reads: oneOf('at_once', 'one_by_one'),
  /** Check I6 as well: how mremap moves a mapping. It is broken long before a walk misses anything. */
  CHECK_I6: bool(),
  /** Model the page's reference count, the mmu_gather batches and the TLBs as well. */
  REFERENCES: bool(),
  /** Count what a zap costs beside its verdict: on s390, every IDTE that is issued under a pmd lock [A8d]. */
  COSTS: bool(),
  /** What invalidate gives back of the page cache's references [A4]: all (6.5), or just one (5.12 to 5.15). */
  invalidate_puts: oneOf('all', 'one'),
  /** How the page is mapped: a huge page by a pmd, or by ptes; or it is a small page. */
  page_kind: oneOf('huge_by_pmd', 'huge_by_ptes', 'small'),
  /** How many mms map the page, each with one vma and one pmd. */
  NR_MMS: int(1, 3),
  /** The kernel has 512; two show that the counters fall one by one. */
  NR_SUBPAGES: int(1, 4).starts(2),
  /** How many of each actor. The k-th of those that work on an mm works on mm k modulo NR_MMS. */
  NR_MUNMAP: int(0, 3).starts(1),
  NR_EXIT: int(0, 3),
  NR_DONTNEED: int(0, 3),
  NR_PARTIAL_MUNMAP: int(0, 3),
  /** MADV_DONTNEED of a part of the huge page; truncation into its middle, which deletes nothing here. */
  NR_PARTIAL_DONTNEED: int(0, 3),
  NR_PARTIAL_TRUNCATE: int(0, 1),
  NR_MREMAP: int(0, 1),
  /** What mremap moves: a whole pmd, a whole pud around it, or less than a pmd. */
  mremap_extent: oneOf('pmd', 'pud', 'ptes'),
  /** Where copy_vma() leaves the mapping: in a new vma behind the old one in i_mmap, or merged into one before it. */
  mremap_to: oneOf('right', 'left'),
  NR_FAULT: int(0, 3),
  /** Which fault: they differ in when they look at i_size, and at a hole punch [A5]. */
  fault: oneOf('filemap_fault', 'filemap_map_pages', 'shmem_fault', 'shmem_read_fault'),
  /** Faults that map no THP but fill in a page table. */
  NR_PTE_FAULT: int(0, 1),
  NR_HASH_FAULT: int(0, 1),
  NR_WALKER: int(0, 1),
  NR_TRUNCATE: int(0, 2).starts(1),
  NR_PUNCH_HOLE: int(0, 2),
  NR_INVALIDATE: int(0, 2),
  /** invalidate: was an earlier page of the range mapped, so that the range has been unmapped once [A4]? */
  did_range_unmap: bool(),
  /** Does truncate unmap the whole range first, without page locks, and once more at the end [A3a: T2, T4]? */
  unmap_range_first: bool(),
  /** The passes of truncate [A3b, A3c]: only the second, which waits for the page lock, or both. */
  passes: oneOf('second', 'both'),
});
export const {
  fix,
  kernel,
  mutant,
  arch,
  powerpc_rules,
  attempt_2_clears,
  rcu,
  CONFIG_PREEMPT_RT,
  CONFIG_DEBUG_VM,
  page_mapped_reads,
  CHECK_I6,
  REFERENCES,
  COSTS,
  invalidate_puts,
  page_kind,
  NR_MMS,
  NR_SUBPAGES,
  NR_MUNMAP,
  NR_EXIT,
  NR_DONTNEED,
  NR_PARTIAL_MUNMAP,
  NR_PARTIAL_DONTNEED,
  NR_PARTIAL_TRUNCATE,
  NR_MREMAP,
  mremap_extent,
  mremap_to,
  NR_FAULT,
  fault,
  NR_PTE_FAULT,
  NR_HASH_FAULT,
  NR_WALKER,
  NR_TRUNCATE,
  NR_PUNCH_HOLE,
  NR_INVALIDATE,
  did_range_unmap,
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
    [
      NR_MUNMAP,
      NR_DONTNEED,
      NR_PARTIAL_MUNMAP,
      NR_PARTIAL_DONTNEED,
      NR_MREMAP,
      NR_FAULT,
      NR_PTE_FAULT,
      NR_HASH_FAULT,
      NR_WALKER,
    ].map((actors) => in_mm(actors, i)),
  );
/** How many actors run in mm i: the CPUs that it is attached to. */
export const actors_in = (i: Int): Int => users_of(i).plus(in_mm(NR_EXIT, i));
/** Does mm i exit, and has it users that must be gone before? */
export const exits_beside_users = (i: Int | number): Bool => in_mm(NR_EXIT, i).ge(1).and(users_of(i).ge(1));

/** mmap_lock matters only if somebody else works on the same mm [E]. */
export const mm_is_shared = (i: Int): Bool =>
  sum([NR_FAULT, NR_PTE_FAULT, NR_DONTNEED, NR_PARTIAL_MUNMAP, NR_PARTIAL_DONTNEED, NR_MREMAP])
    .ge(1)
    .or(in_mm(NR_MUNMAP, i).ge(2));
/** So does i_rwsem, if more than one truncates or punches. */
export const file_is_shared = NR_TRUNCATE.plus(NR_PARTIAL_TRUNCATE).plus(NR_PUNCH_HOLE).ge(2);

/** The k-th vma that a walk of i_mmap visits; mremap's destination comes last, unless it was merged to the left. */
export const visited = (k: Int): Int => ifElse(mremap_to.is('left'), k.plus(NR_MMS).mod(NR_VMAS), k);
/** Where mremap moves from and to. */
const source_vma = 0;
export const destination_vma = NR_MMS;

/** Is the page mapped by ptes, in a page table? How many pages are mapped apiece [A2]? */
export const by_ptes = page_kind.isnt('huge_by_pmd');
export const nr_pages = ifElse(page_kind.is('small'), 1, NR_SUBPAGES);

/** Since 97113eb39fa7, in 5.14 and 5.13.3, mremap takes the rmap locks for whatever it moves above the ptes. */
const since_5_14 = kernel.isIn('5.15', '5.18');
export const moves_tables_under_rmap_locks = since_5_14;
/** Since 2c8659951654, in 5.18, unmap_mapping_pages() and unmap_mapping_page() hold i_mmap_rwsem for reading. */
export const walks_share_i_mmap = kernel.is('5.18');

/** HAVE_MOVE_PMD and HAVE_MOVE_PUD: of the architectures here x86, and powerpc radix since 5.14. */
const moves_page_tables = NR_MREMAP.ge(1).and(arch.is('x86').or(arch.is('powerpc_radix').and(since_5_14)));
/** move_page_tables(): what an mremap really moves, which is up to extent, architecture and mapping. */
export const moves_pud = moves_page_tables.and(mremap_extent.is('pud'));
export const moves_page_table = moves_page_tables.and(by_ptes).and(mremap_extent.is('pmd'));
/** A pmd that moves with its pud, or a page table that moves with its pmd, is that of mremap's source ever after. */
export const pmd_of = (k: Int): Int => ifElse(moves_pud.and(k.eq(destination_vma)), source_vma, k);
export const table_of = (k: Int): Int => ifElse(moves_page_table.and(k.eq(destination_vma)), source_vma, k);

/** Indices, for arguments. */
export const Mm = int(0, 2);
export const Vma = int(0, 3);
export const Subpage = int(0, 3);

/** A mapcount as the kernel stores it: -1 is "not mapped"; -2 is there to be found out. */
const mapcount = int(-2, 6).starts(NR_MMS.minus(1));
/** Of what maps the page at first, does it map it in vma k? */
const is_mapped_at_first = (k: Int | number): Bool => NR_MMS.gt(k);

export const state = shared({
  mm: array(
    NR_MMS,
    record({
      mmap_lock: rwsem(),
      /** mm_users beside the last: who still works in an mm that exits, and so keeps exit_mmap() waiting [A1]. */
      users: int(0, 15).startsAs((i) => ifElse(exits_beside_users(i), users_of(i), 0)),
      /** MM_SHMEMPAGES or MM_FILEPAGES, in units of HPAGE_PMD_NR. */
      rss: int(-2, 6).starts(1),
      /** pud_lock(mm, pud) is the mm's own [source: include/linux/mm.h @5.12]. */
      page_table_lock: spinlock(),
    }),
  ),
  vma: array(
    NR_VMAS,
    record({
      /** *pmd, one word, read and written at once [A1]; `invalid` is an invalidated huge pmd [A8a]. */
      pmd: oneOf('none', 'huge', 'invalid', 'table').startsAs((k) =>
        ifElse(is_mapped_at_first(k), ifElse(by_ptes, 'table', 'huge'), 'none'),
      ),
      /** Has *pud a table of pmds? Only mremap changes it, if it moves whole puds. */
      pud: bool().startsAs((k) => not(moves_pud).or(is_mapped_at_first(k))),
      /** The ptes of the page, if it is mapped by them, and their lock. */
      pte: array(
        ifElse(by_ptes, nr_pages, 1),
        bool().startsAs((k) => by_ptes.and(is_mapped_at_first(k))),
      ),
      pte_lock: spinlock(),
      /** pmd_lock(mm, pmd): the lock of the table of pmds, so it moves with it. */
      ptl: spinlock(),
      /** Is the vma in mapping->i_mmap, where walks of the mapping find it? */
      in_i_mmap: bool().startsAs(is_mapped_at_first),
      /** Is it in its mm, where faults and madvise find it? */
      in_mm: bool().startsAs(is_mapped_at_first),
      /** Does it still cover the whole huge page? */
      whole: bool().starts(true),
      /** May some CPU hold a translation of this mapping in its TLB? */
      tlb: bool().startsAs(is_mapped_at_first),
      /** powerpc hash: H_PAGE_HASHPTE and H_PAGE_BUSY of the pmd, and its deposited page table [A8b]. */
      hashed: bool(),
      busy: bool(),
      deposit: bool().startsAs((k) => arch.is('powerpc_hash').and(is_mapped_at_first(k))),
    }),
  ),
  page: record({
    /** compound_mapcount_ptr(page): how many pmds map it. */
    compound_mapcount: int(-2, 6).starts(ifElse(by_ptes, -1, NR_MMS.minus(1))),
    subpage: array(nr_pages, record({ _mapcount: mapcount })),
    /** Of the head page: the page cache holds one for each subpage, each mapping and each lookup one. */
    _refcount: int(-2, 14).starts(nr_pages.plus(NR_MMS)),
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
  /** powerpc: how many lockless page table walks are under way, with interrupts off [A8b]. */
  irqs_off_walks: int(0, 2),
  /** A grace period waits for the reader that was in the pmd_lock section of vma k when it started [A9]. */
  gp_waits_for: array(NR_VMAS, bool()),
  /** Before 4.20: is somebody between lock_page_memcg() and unlock_page_memcg() for vma k [A2: R0, R515]? */
  rcu_reader: array(NR_VMAS, bool()),
  /** s390: how many pmds were invalidated, and flushed from the TLBs at once, by IDTE; counted with `COSTS` [A8d]. */
  idtes: int(0, 7),
});
export const { mm, vma, page, inode, i_mmap, i_pages, irqs_off_walks, gp_waits_for, rcu_reader, idtes } =
  state;

/** mm/util.c: page_mapped(), every counter at once. */
export const page_is_mapped = page.compound_mapcount
  .ge(0)
  .or(any(nr_pages, (i) => page.subpage.at(i)._mapcount.ge(0)))
  .called('page_mapped(page)');

/** mm/util.c: page_mapcount() of the head of a file THP is _mapcount + 1 [A2]. */
export const page_mapcount_negative = page.subpage.at(0)._mapcount.lt(-1).called('page_mapcount(page) < 0');

/** Does some pte of the page table that belongs to pmd k map the page? */
const some_pte_maps = (k: Int): Bool => by_ptes.and(any(nr_pages, (i) => vma.at(table_of(k)).pte.at(i)));
/** Does vma k map the page, by a huge pmd, valid or not, or by ptes, through its own page tables? */
export const maps_page = (k: Int): Bool => {
  const { pmd } = vma.at(pmd_of(k));
  const is_mapped = pmd.isIn('huge', 'invalid').or(pmd.is('table').and(some_pte_maps(pmd_of(k))));
  return not(moves_pud).or(vma.at(k).pud).and(is_mapped);
};
export const no_vma_maps = all(NR_VMAS, (k) => not(maps_page(k)));
/** How many valid entries of any page table map subpage i. */
export const huge_pmds = count(NR_VMAS, (k) => vma.at(k).pmd.is('huge'));
export const entries_of = (i: Int): Int =>
  huge_pmds.plus(count(NR_VMAS, (k) => by_ptes.and(vma.at(k).pte.at(i))));
export const every_ptl_free = all(NR_VMAS, (k) =>
  vma
    .at(k)
    .ptl.isFree()
    .and(not(by_ptes).or(vma.at(k).pte_lock.isFree())),
);

/** powerpc up to 5.7: who clears or invalidates a huge pmd waits for every lockless walk, by IPI [A8b]. */
export const serializes = powerpc_rules.isnt('since_5_8').and(arch.isIn('powerpc_hash', 'powerpc_radix'));

/** Whose code the candidate changes. */
export const fixed_upstream = fix.is('unmap_mapping_page').or(fix.is('as_merged').and(kernel.isnt('5.12')));
export const invalidates_in_zap = fix.isIn('invalidated_pmd', 'invalidated_pmd_zap_only');
export const invalidates_in_split = fix.is('invalidated_pmd');
/** Attempt 2 takes the window away where it is applied; then nobody sees `none` too early. */
export const window_exists = fix.isnt('invalidated_pmd').and(fix.isnt('invalidated_pmd_zap_only'));
export const tries_to_unmap = fix.isIn('try_to_unmap', 'try_to_unmap_no_sync', 'try_to_unmap_split');
