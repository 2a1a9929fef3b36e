// What is known of the flagship, setting by setting. Every figure is explored; none is published elsewhere.

import { type Manifest, row } from '../manifest.js';
import { kernels } from './manifest_kernels.js';
import {
  as_5_18,
  BAD_COUNT,
  BAD_MAPCOUNT,
  BAD_PAGE,
  BAD_PAGE_CACHE,
  by_ptes,
  dontneed,
  fix,
  hash,
  hole_punch,
  invalidate,
  LOCK_HELD,
  lockless_walk,
  move_left,
  mremap,
  NO_PTE,
  partial_dontneed,
  partial_munmap,
  STILL_MAPPED,
} from './manifest_settings.js';

export const manifest: Manifest = [
  // munmap against truncate, without and with the fix.
  row({}, [262, 461, 27], { [BAD_PAGE]: 17 }),
  row({ unmap_range_first: true }, [332, 585, 31], { [BAD_PAGE]: 21 }),
  row({ NR_SUBPAGES: 1 }, [244, 429, 26], { [BAD_PAGE]: 17 }),
  row({ NR_SUBPAGES: 4 }, [298, 525, 29], { [BAD_PAGE]: 17 }),
  row({ NR_TRUNCATE: 2 }, [647, 1185, 33], { [BAD_PAGE]: 18 }),
  row({ NR_TRUNCATE: 0 }, [15, 14, 14]),
  row({ CONFIG_DEBUG_VM: false }, [244, 436, 26], { [BAD_PAGE_CACHE]: 17 }),
  row({ page_mapped_reads: 'one_by_one' }, [388, 701, 33], { [BAD_PAGE]: 23 }),
  row({ REFERENCES: true }, [539, 986, 39], { [BAD_PAGE]: 21 }),
  row({ passes: 'both', unmap_range_first: true, REFERENCES: true }, [740, 1360, 45], { [BAD_PAGE]: 27 }),
  row({ NR_MUNMAP: 0, NR_EXIT: 1 }, [216, 371, 25], { [BAD_PAGE]: 15 }),
  row({ fix }, [270, 478, 28]),
  row({ fix, unmap_range_first: true }, [334, 590, 31]),
  row({ fix, NR_SUBPAGES: 1 }, [253, 448, 27]),
  row({ fix, NR_SUBPAGES: 4 }, [304, 538, 30]),
  row({ fix, NR_TRUNCATE: 2 }, [663, 1219, 34]),
  row({ fix, CONFIG_DEBUG_VM: false }, [233, 410, 26]),
  row({ fix, page_mapped_reads: 'one_by_one' }, [369, 667, 34]),
  row({ fix, REFERENCES: true }, [546, 1005, 40]),
  row({ fix, passes: 'both', unmap_range_first: true, REFERENCES: true }, [740, 1365, 45]),
  row({ fix, NR_MUNMAP: 0, NR_EXIT: 1 }, [222, 384, 26]),

  // Users of one mm exclude each other by mmap_lock, and exit comes after all of them.
  row({ fix, NR_MUNMAP: 2 }, [669, 1245, 29]),
  row({ NR_EXIT: 1 }, [307, 545, 28], { [BAD_PAGE]: 17 }),
  row({ fix, NR_EXIT: 1 }, [315, 565, 28]),
  row({ fix, NR_MUNMAP: 0, NR_EXIT: 1, NR_FAULT: 1 }, [454, 811, 38]),
  row({ fix, ...mremap, NR_EXIT: 1 }, [739, 1332, 49]),

  // munmap against invalidate; with references, the leak of 5.12 to 5.15 [A4].
  row({ ...invalidate }, [256, 449, 27], { [STILL_MAPPED]: 15 }),
  row({ NR_INVALIDATE: 1 }, [1286, 3027, 30], { [BAD_PAGE]: 17, [STILL_MAPPED]: 15 }),
  row({ fix, ...invalidate }, [305, 539, 28]),
  row({ fix, NR_INVALIDATE: 1 }, [2487, 6140, 32]),
  row({ fix, ...invalidate, REFERENCES: true }, [613, 1129, 39]),
  row(
    { fix, ...invalidate, REFERENCES: true, invalidate_puts: 'one' },
    [613, 1129, 39],
    { references_balanced: 34 },
    ['page_is_freed'],
  ),

  // The other windows: MADV_DONTNEED, partial munmap, mremap.
  row({ ...dontneed }, [245, 435, 27], { [BAD_PAGE]: 17 }),
  row({ ...partial_munmap }, [227, 398, 25], { [BAD_PAGE]: 16 }),
  // A part of the huge page: MADV_DONTNEED, and truncation into its middle, which i_mmap_rwsem excludes up to 5.17.
  row({ ...partial_dontneed }, [221, 391, 26], { [BAD_PAGE]: 17 }),
  row({ ...partial_dontneed, unmap_range_first: true }, [273, 487, 30], { [BAD_PAGE]: 21 }),
  row({ fix, ...partial_dontneed }, [232, 412, 27]),
  row({ fix, ...partial_dontneed, unmap_range_first: true, NR_FAULT: 1 }, [3317, 8452, 50]),
  row({ fix: 'invalidated_pmd_zap_only', ...partial_dontneed }, [217, 386, 27], { [BAD_PAGE]: 17 }),
  row({ fix, ...partial_dontneed, ...invalidate }, [254, 451, 27]),
  row({ NR_MUNMAP: 0, NR_PARTIAL_TRUNCATE: 1, ...invalidate }, [116, 190, 24]),
  row({ kernel: '5.18', NR_MUNMAP: 0, NR_PARTIAL_TRUNCATE: 1, ...invalidate }, [214, 377, 26], {
    [STILL_MAPPED]: 15,
  }),
  row({ ...as_5_18, NR_MUNMAP: 0, NR_PARTIAL_TRUNCATE: 1, ...invalidate }, [254, 451, 27]),
  row({ fix, NR_PARTIAL_TRUNCATE: 1 }, [679, 1242, 35]),

  row({ ...mremap }, [425, 743, 35], { [BAD_PAGE]: 23 }),
  row({ ...mremap, CONFIG_DEBUG_VM: false }, [440, 775, 34], {
    no_mapping_of_a_deleted_page: 25,
    [BAD_PAGE_CACHE]: 23,
  }),
  row({ fix, ...dontneed }, [256, 456, 28]),
  row({ fix, ...dontneed, unmap_range_first: true }, [318, 572, 31]),
  row({ fix, ...partial_munmap }, [236, 417, 26]),
  row({ fix, ...partial_munmap, unmap_range_first: true }, [290, 507, 31]),
  row({ fix, ...mremap }, [431, 756, 38]),
  row({ fix, ...mremap, CONFIG_DEBUG_VM: false }, [401, 702, 36]),

  ...kernels,

  // Faults beside them, and hole punches.
  row({ NR_FAULT: 1 }, [761, 1392, 37], { [BAD_PAGE]: 18 }),
  row({ fix, NR_FAULT: 1 }, [784, 1444, 38]),
  row({ fix, ...dontneed, NR_FAULT: 1 }, [2102, 5232, 39]),
  row({ fix, ...dontneed, NR_FAULT: 1, fault: 'filemap_map_pages' }, [2319, 6037, 39]),
  row({ fix, ...dontneed, NR_FAULT: 1, fault: 'shmem_fault', REFERENCES: true }, [6723, 17801, 68]),
  row({ fix, ...partial_munmap, NR_FAULT: 1, unmap_range_first: true }, [1094, 2019, 49]),
  row(
    { fix, ...dontneed, NR_FAULT: 1, NR_HASH_FAULT: 1, arch: 'powerpc_hash', REFERENCES: true },
    [16410, 51926, 72],
  ),
  row({ ...hole_punch }, [1065, 1966, 50], { [BAD_PAGE]: 22 }),
  row({ fix, ...hole_punch }, [1077, 1996, 51]),

  row({ ...hole_punch, fault: 'shmem_read_fault' }, [1130, 2099, 51], { [BAD_PAGE]: 22 }),
  row({ fix, ...hole_punch, fault: 'shmem_read_fault' }, [1143, 2131, 52]),
  row({ fix: 'try_to_unmap', ...hole_punch, fault: 'shmem_read_fault' }, [1064, 1976, 51], { [NO_PTE]: 38 }),
  row(
    { fix, ...dontneed, NR_FAULT: 1, fault: 'shmem_read_fault', unmap_range_first: true },
    [5297, 13834, 52],
  ),

  // Two and three mms.
  row({ NR_MMS: 2, NR_MUNMAP: 2 }, [4554, 11877, 42], { [BAD_PAGE]: 25 }),
  row({ NR_MMS: 2, NR_MUNMAP: 2, NR_INVALIDATE: 1 }, [21938, 70190, 45], {
    [BAD_PAGE]: 25,
    [STILL_MAPPED]: 23,
  }),
  row({ fix, NR_MMS: 2, NR_MUNMAP: 2 }, [4092, 10637, 43]),
  row({ fix, NR_MMS: 2, NR_MUNMAP: 2, NR_INVALIDATE: 1 }, [42846, 141123, 49]),
  row({ fix, NR_MMS: 3, NR_MUNMAP: 3 }, [57778, 198318, 58]),
  row({ fix, NR_MMS: 2, NR_MUNMAP: 2, NR_DONTNEED: 1, NR_FAULT: 1, NR_INVALIDATE: 1 }, [701928, 2748071, 79]),
  row(
    { fix, NR_MMS: 2, NR_SUBPAGES: 4, NR_MUNMAP: 2, NR_DONTNEED: 1, NR_FAULT: 1, NR_INVALIDATE: 1 },
    [878604, 3452219, 87],
  ),

  // Attempt 1, try_to_unmap(TTU_SYNC).
  row({ fix: 'try_to_unmap', unmap_range_first: true }, [325, 573, 31]),
  row({ fix: 'try_to_unmap' }, [192, 334, 24], { [NO_PTE]: 11 }),
  row({ fix: 'try_to_unmap', CONFIG_DEBUG_VM: false }, [175, 303, 23], {
    'Oops: NULL pointer dereference of pvmw.pte': 11,
  }),
  row({ fix: 'try_to_unmap', CONFIG_DEBUG_VM: false, unmap_range_first: true }, [295, 518, 30]),
  row({ fix: 'try_to_unmap', ...invalidate }, [183, 316, 24], { [NO_PTE]: 10 }),
  row({ fix: 'try_to_unmap', unmap_range_first: true, NR_FAULT: 1, fault: 'shmem_fault' }, [1106, 2049, 50], {
    [NO_PTE]: 38,
  }),
  row({ fix: 'try_to_unmap', ...hole_punch }, [1010, 1866, 50], { [NO_PTE]: 38 }),
  row({ fix: 'try_to_unmap_no_sync', unmap_range_first: true }, [332, 585, 31], { [BAD_PAGE]: 21 }),
  row({ fix: 'try_to_unmap_split' }, [250, 444, 29]),
  row({ fix: 'try_to_unmap_split', ...invalidate }, [247, 438, 29]),

  // Attempt 2, an invalidated huge pmd.
  row({ fix: 'invalidated_pmd' }, [258, 464, 28]),
  row({ fix: 'invalidated_pmd', ...dontneed, NR_FAULT: 1 }, [2003, 5035, 44]),
  row({ fix: 'invalidated_pmd', ...partial_munmap }, [227, 405, 26]),
  row({ fix: 'invalidated_pmd', ...mremap }, [437, 762, 36], { [BAD_PAGE]: 23 }),
  row({ fix: 'invalidated_pmd_zap_only', ...partial_munmap }, [230, 403, 26], { [BAD_PAGE]: 16 }),
  row({ fix: 'invalidated_pmd', arch: 'powerpc_hash', NR_HASH_FAULT: 1 }, [769, 1745, 31], {
    'WARN_ON: pmd_clear() of a pmd with H_PAGE_HASHPTE | _PAGE_PTE': 14,
  }),
  row({ fix: 'invalidated_pmd', arch: 'powerpc_hash' }, [296, 534, 30]),
  row(
    { fix: 'invalidated_pmd', arch: 'powerpc_hash', NR_HASH_FAULT: 1, CONFIG_DEBUG_VM: false },
    [655, 1497, 29],
  ),
  row(
    { fix: 'invalidated_pmd', arch: 'powerpc_radix', powerpc_rules: 'before_5_2', ...lockless_walk },
    [446, 1079, 25],
    { 'a lockless walk takes a page table pointer for a huge pte': 22 },
  ),
  row(
    {
      ...{ fix: 'invalidated_pmd', arch: 'powerpc_radix', powerpc_rules: 'before_5_2' },
      ...{ ...dontneed, unmap_range_first: true, NR_PTE_FAULT: 1, NR_WALKER: 1 },
    },
    [10308, 33909, 44],
    { 'a lockless walk takes a page table pointer for a huge pte': 22 },
  ),
  row({ fix: 'invalidated_pmd', ...hash, attempt_2_clears: 'pmd_clear_before_withdrawal' }, [298, 537, 30]),
  row(
    { fix: 'invalidated_pmd', ...hash, attempt_2_clears: 'pmd_clear_before_withdrawal', NR_HASH_FAULT: 1 },
    [754, 1718, 31],
    { 'WARN_ON: pmd_clear() of a pmd with H_PAGE_HASHPTE | _PAGE_PTE': 13 },
  ),
  row(
    {
      fix: 'invalidated_pmd',
      ...hash,
      attempt_2_clears: 'pmd_clear_before_withdrawal',
      ...partial_munmap,
      NR_HASH_FAULT: 1,
    },
    [654, 1484, 29],
    { 'WARN_ON: pmd_clear() of a pmd with H_PAGE_HASHPTE | _PAGE_PTE': 11 },
  ),
  row(
    { fix: 'invalidated_pmd', ...hash, attempt_2_clears: 'huge_get_and_clear_last' },
    [177, 313, 22],
    { 'Oops: hash__pmdp_huge_get_and_clear() finds no deposited page table': 12 },
    ['second_zap_finds_none', 'vma_leaves_before_the_walk', 'somebody_sleeps', 'everyone_finishes'],
  ),
  row(
    { fix: 'invalidated_pmd', ...hash, attempt_2_clears: 'huge_get_and_clear_last', CONFIG_DEBUG_VM: false },
    [158, 278, 21],
    { 'Oops: hash__pmdp_huge_get_and_clear() finds no deposited page table': 11 },
    ['second_zap_finds_none', 'vma_leaves_before_the_walk', 'somebody_sleeps', 'everyone_finishes'],
  ),
  row({ fix, ...hash, NR_HASH_FAULT: 1 }, [654, 1517, 30]),
  row({ fix, ...hash, ...mremap, NR_HASH_FAULT: 1 }, [1012, 2329, 40]),
  row({ fix, ...hash, NR_HASH_FAULT: 1, powerpc_rules: 'before_5_2' }, [1308, 3278, 33]),
  row(
    { fix: 'invalidated_pmd', arch: 'powerpc_radix', powerpc_rules: 'from_5_2', ...lockless_walk },
    [387, 935, 25],
  ),
  row(
    {
      fix: 'invalidated_pmd',
      arch: 'powerpc_radix',
      powerpc_rules: 'from_5_2',
      ...lockless_walk,
      NR_TRUNCATE: 1,
      unmap_range_first: true,
    },
    [8187, 26872, 44],
  ),
  row({ arch: 'powerpc_radix', powerpc_rules: 'from_5_2', ...lockless_walk }, [388, 918, 24]),
  row({ fix: 'invalidated_pmd', arch: 'powerpc_radix', ...lockless_walk }, [332, 801, 24]),
  row({ arch: 'powerpc_radix', powerpc_rules: 'before_5_2', ...lockless_walk }, [388, 918, 24]),

  // What attempt 2 costs on s390: counting splits states where zaps differ in what they cost.
  row({ COSTS: true, arch: 's390', unmap_range_first: true }, [387, 671, 32], { [BAD_PAGE]: 22 }),
  row({ COSTS: true, arch: 's390', fix, unmap_range_first: true }, [389, 676, 32]),
  row({ COSTS: true, arch: 's390', fix: 'invalidated_pmd', unmap_range_first: true }, [263, 468, 32]),

  // Attempt 3, synchronize_rcu() or another delay.
  row({ fix: 'synchronize_rcu' }, [280, 499, 28]),
  row({ fix: 'synchronize_rcu', ...partial_munmap }, [243, 433, 26]),
  row({ fix: 'synchronize_rcu', ...dontneed, NR_FAULT: 1 }, [2119, 5288, 38]),
  row({ fix: 'synchronize_rcu', ...mremap }, [460, 809, 35], { [BAD_PAGE]: 29 }),
  row({ fix: 'synchronize_rcu', ...mremap, CONFIG_DEBUG_VM: false }, [466, 823, 37], {
    no_mapping_of_a_deleted_page: 30,
    [BAD_PAGE_CACHE]: 29,
  }),
  row({ fix: 'synchronize_rcu', rcu: 'preempt_before_4_20' }, [345, 611, 30], { [BAD_PAGE]: 20 }),
  row({ fix: 'delay' }, [286, 507, 28], { [BAD_PAGE]: 19 }),

  // Looking again until the page is unmapped.
  row({ fix: 'recheck_loop' }, [253, 453, 28]),
  // Where a zap may be preempted: waiting for its lock ends, looking again may not.
  row({ fix, CONFIG_PREEMPT_RT: true, unmap_range_first: true }, [334, 590, 31]),
  row({ fix: 'synchronize_rcu', CONFIG_PREEMPT_RT: true }, [280, 499, 28]),
  row({ fix: 'recheck_loop', CONFIG_PREEMPT_RT: true }, [253, 453, 28], { truncate_ends_on_rt: 15 }),

  row({ fix: 'recheck_loop', ...mremap }, [415, 734, 35]),

  // Mutants of the fix, and of what it relies on; two are harmless.
  row({ fix, mutant: 'lock_before_load' }, [294, 514, 30], { [BAD_PAGE]: 20 }),
  row({ fix, mutant: 'single_page_unset' }, [277, 490, 28], { [BAD_PAGE]: 18 }),
  row({ fix, mutant: 'never_compound' }, [277, 490, 28], { [BAD_PAGE]: 18 }),
  row({ fix, mutant: 'ptl_not_released' }, [294, 516, 31], { no_lock_kept: 28, [LOCK_HELD]: 28 }),
  row({ fix, mutant: 'ptl_not_released', NR_INVALIDATE: 1 }, [2770, 6722, 40], {
    no_lock_kept: 28,
    [LOCK_HELD]: 28,
    'no deadlock': 37,
  }),
  // might_sleep() warns and goes on, to the page lock that it takes in the wrong order.
  row({ fix, mutant: 'ptl_not_released', unmap_range_first: true }, [365, 639, 37], {
    'BUG: sleeping function called from invalid context': 33,
    'WARNING: possible circular locking dependency detected': 34,
  }),
  row({ fix, mutant: 'ptl_released_early' }, [302, 546, 29], { pmds_and_mapcounts_agree: 7, [BAD_PAGE]: 22 }),
  row({ fix, mutant: 'page_not_locked' }, [120, 208, 22], { 'VM_BUG_ON(!PageLocked(page))': 5 }),
  row({ fix, mutant: 'page_not_locked', NR_INVALIDATE: 1, CONFIG_DEBUG_VM: false }, [3080, 7834, 35], {
    mapping_is_stable: 22,
  }),
  row({ fix, mutant: 'rmap_before_clear' }, [267, 477, 28], { no_mapping_of_a_deleted_page: 16 }),
  row({ fix, mutant: 'without_pmd_none' }, [270, 478, 28]),
  row({ fix, mutant: 'any_size', ...partial_munmap }, [240, 423, 26]),
  row({ fix, mutant: 'unlinked_before_zap' }, [236, 424, 28], {
    unmapped_before_leaving_i_mmap: 4,
    [BAD_PAGE]: 16,
  }),
  row({ fix, mutant: 'fault_without_mmap_lock', NR_FAULT: 1 }, [1684, 3945, 40], {
    unmapped_before_leaving_i_mmap: 24,
    [BAD_PAGE]: 39,
  }),
  row({ fix, mutant: 'fault_unlocks_early', NR_FAULT: 1 }, [863, 1578, 38], {
    'VM_WARN_ON_ONCE(!PageLocked(page))': 31,
    [BAD_PAGE]: 31,
  }),
  row(
    { fix, mutant: 'unlink_without_i_mmap' },
    [256, 456, 28],
    { 'i_mmap_assert_write_locked(mapping)': 12 },
    ['vma_leaves_before_the_walk', 'everyone_finishes'],
  ),
  row(
    { fix, mutant: 'page_lock_under_i_mmap' },
    [131, 227, 22],
    { 'WARNING: possible circular locking dependency detected': 6 },
    ['vma_leaves_before_the_walk'],
  ),
  row({ fix, mutant: 'zapped_twice' }, [288, 500, 31], { mapcount_not_negative: 22, [BAD_MAPCOUNT]: 25 }),
  row({ fix, mutant: 'zapped_twice', REFERENCES: true, CONFIG_DEBUG_VM: false }, [594, 1081, 47], {
    mapcount_not_negative: 24,
    pmds_and_mapcounts_agree: 28,
    rss_balanced: 47,
    references_balanced: 47,
  }),
  row({ fix, mutant: 'freed_before_flush', REFERENCES: true }, [546, 1005, 40], { flushed_before_free: 33 }),
  row({ fix, mutant: 'moved_left_unlocked', ...move_left }, [478, 833, 38], {
    [BAD_PAGE]: 31,
  }),
  row(
    { fix, mutant: 'moved_left_unlocked', ...move_left, ...by_ptes, mremap_extent: 'ptes' },
    [682, 1227, 48],
    { [BAD_PAGE]: 43 },
  ),
  row(
    { fix, mutant: 'withdrawn_before_clear', ...hash },
    [96, 170, 16],
    { deposit_present: 6, 'Oops: hash__pmdp_huge_get_and_clear() finds no deposited page table': 7 },
    [
      'page_is_deleted',
      'window_opens',
      'deleted_with_a_vma_left',
      'all_mappings_removed',
      'pmds_and_mapcounts_disagree',
      'vma_leaves_before_the_walk',
      'everyone_finishes',
    ],
  ),
  row({ fix, mutant: 'moved_with_hash_slots', ...hash, ...mremap, NR_HASH_FAULT: 1 }, [1396, 3175, 48], {
    hashed_only_where_huge: 12,
  }),
  row({ fix: 'recheck_loop', mutant: 'fault_without_mmap_lock', NR_FAULT: 1 }, [1601, 3785, 36], {
    unmapped_before_leaving_i_mmap: 24,
    truncate_ends: 37,
  }),
  row({ fix: 'recheck_loop', mutant: 'unlinked_before_zap' }, [203, 370, 28], {
    unmapped_before_leaving_i_mmap: 4,
  }),
  row({ mutant: 'fault_without_mmap_lock', NR_FAULT: 1, CONFIG_DEBUG_VM: false }, [1559, 3667, 41], {
    no_mapping_of_a_deleted_page: 38,
    unmapped_before_leaving_i_mmap: 23,
    [BAD_PAGE_CACHE]: 18,
  }),
  row({ fix, mutant: 'moved_left_unlocked', ...move_left, CHECK_I6: true }, [478, 833, 38], {
    moves_where_the_walk_looks: 9,
    [BAD_PAGE]: 31,
  }),
  row({ fix, mutant: 'put_twice', REFERENCES: true }, [552, 1013, 39], {
    references_balanced: 35,
    [BAD_COUNT]: 32,
  }),
  row(
    { fix: 'invalidated_pmd', mutant: 'ptl_released_early' },
    [242, 438, 27],
    {
      mapcount_not_negative: 21,
      pmds_and_mapcounts_agree: 7,
      [BAD_MAPCOUNT]: 24,
      'assert_spin_locked(pmd_lockptr(mm, pmd))': 12,
    },
    ['vma_leaves_before_the_walk', 'everyone_finishes'],
  ),
  row({ mutant: 'mapcount_repaired', REFERENCES: true, CONFIG_DEBUG_VM: false }, [603, 1111, 40], {
    mapcount_not_negative: 24,
    pmds_and_mapcounts_agree: 28,
    flushed_before_free: 28,
    references_balanced: 40,
    [BAD_PAGE_CACHE]: 21,
  }),
  row({ mutant: 'mapcount_repaired', REFERENCES: true, CONFIG_DEBUG_VM: false, ...mremap }, [668, 1194, 45], {
    no_mapping_of_a_deleted_page: 32,
    pmds_and_mapcounts_agree: 33,
    no_use_after_free: 36,
    flushed_before_free: 36,
    references_balanced: 43,
    [BAD_PAGE_CACHE]: 28,
  }),
];
