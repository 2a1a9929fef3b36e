// What `compare thp_truncate` lines up: every candidate fix by every scenario by every environment, and the mutants of
// the merged fix. Verdicts and figures are explored; what stands here is only what the checker cannot know.

import type { ComparisonPlan } from '../language/index.js';

/** Truncation as the system call does it: the whole range is unmapped first, without page locks [A3a: T2]. */
const truncate = { unmap_range_first: true } as const;

const scenarios: ComparisonPlan['scenarios'] = {
  munmap: { ...truncate },
  'two mms': { ...truncate, NR_MMS: 2, NR_MUNMAP: 2 },
  'DONTNEED, fault': { ...truncate, NR_MUNMAP: 0, NR_DONTNEED: 1, NR_FAULT: 1 },
  'partial munmap': { ...truncate, NR_MUNMAP: 0, NR_PARTIAL_MUNMAP: 1 },
  mremap: { ...truncate, NR_MUNMAP: 0, NR_MREMAP: 1 },
  // Where an architecture moves no puds, this is mremap of a pmd.
  'mremap, pud': { ...truncate, NR_MUNMAP: 0, NR_MREMAP: 1, mremap_extent: 'pud' },
  'hole punch, fault': { NR_TRUNCATE: 0, NR_PUNCH_HOLE: 1, NR_FAULT: 1, fault: 'shmem_read_fault' },
  invalidate: { NR_TRUNCATE: 0, NR_INVALIDATE: 1 },
};

const environments: ComparisonPlan['environments'] = {
  'x86, rules of 5.12 and 5.13': {},
  'x86, rules of 5.15': { kernel: '5.15' },
  'x86, no CONFIG_DEBUG_VM': { CONFIG_DEBUG_VM: false },
  'powerpc hash': { arch: 'powerpc_hash', NR_HASH_FAULT: 1 },
  'powerpc radix': { arch: 'powerpc_radix' },
  // The kernels in which clearing a huge pmd waits for lockless walks [A8b], with faults that fill in a page table.
  'powerpc radix before 5.2': {
    arch: 'powerpc_radix',
    powerpc_rules: 'before_5_2',
    NR_WALKER: 1,
    NR_PTE_FAULT: 1,
  },
  // Lockless walks skip an invalidated pmd since 5.2, and both clearing and invalidating wait for them up to 5.7.
  'powerpc radix 5.2 to 5.7': {
    arch: 'powerpc_radix',
    powerpc_rules: 'from_5_2',
    NR_WALKER: 1,
    NR_PTE_FAULT: 1,
  },
  s390: { arch: 's390' },
  'PREEMPT_RCU before 4.20': { rcu: 'preempt_before_4_20' },
  CONFIG_PREEMPT_RT: { CONFIG_PREEMPT_RT: true },
};

const about: ComparisonPlan['about'] = {
  none: 'The bug: commit 22061a1ffabd describes it [commit message].',
  try_to_unmap:
    'Rejected: try_to_unmap_one() has VM_BUG_ON_PAGE(!pvmw.pte), it was never meant to unmap a THP [commit message]. It ' +
    'does wait in the window; it fails where the page is really mapped by a pmd at that moment [inference]. A scenario ' +
    'that it passes is one in which it is never asked to unmap a THP: it says nothing against the rejection.',
  try_to_unmap_no_sync:
    'Attempt 1 on a kernel without 732ed55823fc of the same series: page_vma_mapped_walk() then believes a none pmd, ' +
    'and the race is back [source; inference].',
  try_to_unmap_split:
    'Not in the message: TTU_SPLIT_HUGE_PMD, as unmap_page() of split_huge_page() does from 5.13 on [source].',
  invalidated_pmd:
    'Rejected: "powerpc blows that approach out of the water", without details; on s390 "a minor optimization issue" ' +
    '[commit message]. The attempt was never posted, and what breaks on powerpc depends on its last clear: pmd_clear() ' +
    'meets H_PAGE_HASHPTE, one WARN_ON with CONFIG_DEBUG_VM after a hash fault, and nothing without; ' +
    'pmdp_huge_get_and_clear() after the deposited table is withdrawn is an oops (attempt_2_clears) [source; ' +
    'inference]. On radix before 5.2 no lockless walk is waited for at that clear [source; inference]. With mremap ' +
    'it needs a mremap that is stalled between two stores under its locks: rare, and not a reason that the message gives.',
  invalidated_pmd_zap_only:
    'Attempt 2 taken literally, in zap_huge_pmd() alone: __split_huge_pmd_locked() still clears first [inference].',
  synchronize_rcu:
    'Rejected because it gives "less assurance of whether we had identified the problem correctly" [commit message], ' +
    'not because it is unsound: since 4.20 a grace period waits for every spinlock holder [source], which covers this ' +
    'race but not mremap, for which mremap has to be stalled under its locks: rare, and not a reason that the message ' +
    'gives. Before 4.20 under PREEMPT it does not wait [docs], and the fix was for stable kernels too.',
  delay:
    'Rejected with synchronize_rcu(): likely to reduce the number of incidents [commit message], no more.',
  unmap_mapping_page:
    'Merged as 22061a1ffabd: a none pmd is believed only after its lock was taken once [commit message, source]. A none ' +
    'pud is still believed at once, and an mremap of a whole pud moves the mapping under another lock; 97113eb39fa7, of ' +
    '5.14 and 5.13.3, makes mremap hold the rmap locks there [source]. See --candidates=kernels.',
  recheck_loop:
    'Nobody proposed it: look again until page_mapped() is false. It spins with the page locked for as long as the zap ' +
    'takes, for ever if a mapcount stays that the walk cannot reach, where the kernel would report (fix=recheck_loop ' +
    'mutant=fault_without_mmap_lock), and on PREEMPT_RT if it keeps the CPU from the zap [inference].',
};

/** On which kernels is the race closed, and by what? Each kernel with what it has. */
const kernels: ComparisonPlan = {
  candidates: 'kernel',
  settings: { fix: 'as_merged' },
  // In the last, an earlier page of the range was mapped, and invalidate unmaps one small page of the huge one.
  scenarios: {
    munmap: { ...truncate },
    invalidate: { NR_TRUNCATE: 0, NR_INVALIDATE: 1 },
    mremap: { ...truncate, NR_MUNMAP: 0, NR_MREMAP: 1 },
    'mremap, pud': { ...truncate, NR_MUNMAP: 0, NR_MREMAP: 1, mremap_extent: 'pud' },
    'small page, mremap': { ...truncate, NR_MUNMAP: 0, NR_MREMAP: 1, page_kind: 'small' },
    'invalidate, ptes': {
      ...{ NR_TRUNCATE: 0, NR_INVALIDATE: 1 },
      ...{ page_kind: 'huge_by_ptes', did_range_unmap: true },
    },
  },
  about: {
    '5.12': 'Has neither commit [source: 5.12.9].',
    '5.13':
      'Has 22061a1ffabd, as 5.12.14 has; 97113eb39fa7 came with 5.13.3 [stable lists]. An mremap of a pud, and of a page ' +
      'table with a small page in it, moves a mapping past the walk; no report of either was found [inference].',
    '5.15': 'Has 22061a1ffabd and 97113eb39fa7: each closes what the other leaves open [source].',
    '5.18': 'The walk holds i_mmap_rwsem for reading since 2c8659951654 [source].',
  },
};

const alone = { NR_TRUNCATE: 0 } as const;

const costs: ComparisonPlan['costs'] = [
  {
    name: 'IDTEs under a pmd lock',
    environment: 's390',
    counter: 'idtes',
    settings: { COSTS: true },
    scenarios: {
      munmap: { ...alone },
      exit: { ...alone, NR_MUNMAP: 0, NR_EXIT: 1 },
      'DONTNEED, second thread': { ...alone, NR_MUNMAP: 0, NR_DONTNEED: 1, NR_FAULT: 1 },
      'partial munmap': { ...alone, NR_MUNMAP: 0, NR_PARTIAL_MUNMAP: 1 },
      'munmap, truncate': { ...truncate },
      'two mms, truncate': { ...truncate, NR_MMS: 2, NR_MUNMAP: 2 },
    },
    about:
      'An IDTE flushes one translation from every CPU, at once. pmdp_huge_get_and_clear_full() does without where the ' +
      'mm is gone or attached to this CPU alone: it flushes the whole mm once, later; pmdp_invalidate() and the file ' +
      'branch of __split_huge_pmd() never do [source: arch/s390/mm/pgtable.c]. That this is the message\'s "minor ' +
      'optimization issue" is [inference]. Counted for one pmd an mm: a munmap of n huge pages pays n times.',
  },
];

const mutants: ComparisonPlan = {
  candidates: 'mutant',
  settings: { fix: 'unmap_mapping_page' },
  scenarios: {
    truncate: { ...truncate },
    'truncate, references': { ...truncate, REFERENCES: true },
    'truncate, fault': { ...truncate, NR_MUNMAP: 0, NR_DONTNEED: 1, NR_FAULT: 1 },
    'munmap, fault': { NR_FAULT: 1 },
    'with invalidate': { NR_INVALIDATE: 1 },
    'partial munmap': { ...truncate, NR_MUNMAP: 0, NR_PARTIAL_MUNMAP: 1 },
    'mremap to the left': { ...truncate, NR_MUNMAP: 0, NR_MREMAP: 1, mremap_to: 'left' },
    'on powerpc hash': { ...truncate, arch: 'powerpc_hash' },
    'mremap on powerpc hash': {
      ...{ ...truncate, NR_MUNMAP: 0, NR_MREMAP: 1 },
      ...{ arch: 'powerpc_hash', NR_HASH_FAULT: 1 },
    },
  },
  about: {
    none: 'The merged fix itself.',
    lock_before_load: 'Takes and drops the lock, then loads the pmd: the order of [A6] turned around.',
    single_page_unset: 'details->single_page is not set, so the branch is never taken.',
    never_compound: 'PageTransCompound() always false: the same by another way.',
    ptl_not_released: 'The unlock is dropped.',
    ptl_released_early: 'zap_huge_pmd() unlocks between clearing and decrementing: the fix needs I2 [A6].',
    page_not_locked: 'truncate does not lock the page.',
    rmap_before_clear:
      'The counters fall before the pmd is cleared: no false report, but a real lost mapping.',
    without_pmd_none: 'The branch does not ask pmd_none(): harmless, the lock is taken more often.',
    any_size: 'The branch does not ask for a whole huge page: harmless, too.',
    moved_left_unlocked:
      'mremap to the left takes no rmap locks: breaks I6; the kernel before dd18dbc2d42a [commit message].',
    unlinked_before_zap: 'The vma leaves i_mmap before its pages are zapped: breaks I4 [A6].',
    fault_without_mmap_lock: 'A fault maps the page in a vma that is already detached.',
    fault_unlocks_early: 'A fault unlocks the page before it maps it: breaks I3 [A6].',
    unlink_without_i_mmap: 'The vma leaves i_mmap without its lock: breaks I5 [A6].',
    mapcount_repaired:
      'The repair of bad mapcounts; reached only without CONFIG_DEBUG_VM and without the fix.',
    page_lock_under_i_mmap: 'The page is locked under i_mmap_rwsem: the wrong order.',
    zapped_twice: 'zap_huge_pmd() does not test the pmd again under its lock.',
    freed_before_flush: 'The batch is freed before the TLB is flushed.',
    withdrawn_before_clear: 'powerpc hash: the deposited table is withdrawn before the pmd is cleared.',
    moved_with_hash_slots: 'powerpc hash: move_huge_pmd() clears the pmd, and leaves its HPTEs.',
    put_twice: 'The batch puts the reference of a mapping twice.',
  },
};

export const comparison: ComparisonPlan = {
  candidates: 'fix',
  only: Object.keys(about),
  about,
  scenarios,
  environments,
  costs,
  others: { kernels, mutants },
};
