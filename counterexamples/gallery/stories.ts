// The gallery: one counterexample for each distinct race of the models. The three sentences of each are background that
// a checker cannot know; steps, essence and files are computed.

export interface Story {
  /** The name of its files. */
  readonly name: string;
  readonly title: string;
  readonly model: string;
  readonly settings: { readonly [name: string]: string | number | boolean };
  /** Whose counterexample. */
  readonly property: string;
  /** What happens, why it is wrong, what became of it. */
  readonly sentences: readonly [string, string, string];
}

const badPage = 'VM_BUG_ON_PAGE(page_mapped(page), page)';
const mremap = { NR_MUNMAP: 0, NR_MREMAP: 1 } as const;
const merged = { fix: 'unmap_mapping_page' } as const;

const seed: readonly Story[] = [
  {
    name: 'seed_race',
    title: 'The race of 22061a1ffabd',
    model: 'thp_truncate',
    settings: {},
    property: badPage,
    sentences: [
      'munmap clears a huge pmd and has yet to drop the mapcounts of its page.',
      'truncate finds the page mapped, walks the vmas, reads the pmd without its lock, finds nothing to unmap, and deletes a page that still counts as mapped.',
      'The merged fix makes truncate wait for the pmd lock that munmap holds all that time.',
    ],
  },
  {
    name: 'invalidate',
    title: 'The same window, seen by invalidate',
    model: 'thp_truncate',
    settings: { NR_TRUNCATE: 0, NR_INVALIDATE: 1 },
    property: 'BUG_ON(page_mapped(page))',
    sentences: [
      'invalidate_inode_pages2_range() unmaps the page first, as truncate does, while munmap is half way through its zap.',
      'It finds the pmd none already, and its own BUG_ON() sees the mapcounts that munmap has yet to drop.',
      'The merged fix covers it with the same function.',
    ],
  },
  {
    name: 'mremap_lost_mapping',
    title: 'mremap carries a mapping past the walk',
    model: 'thp_truncate',
    settings: { ...mremap, CONFIG_DEBUG_VM: false },
    property: 'no_mapping_of_a_deleted_page',
    sentences: [
      'mremap takes the huge pmd out of the old place before it sets the new one, and truncate looks for it in between.',
      'Without CONFIG_DEBUG_VM nothing stops truncate, and mremap then maps a page that has left the page cache.',
      'Of the candidates only the merged fix and looking again in a loop survive this one.',
    ],
  },
  {
    name: 'mremap_pud',
    title: 'mremap of a whole pud carries a mapping past the merged fix',
    model: 'thp_truncate',
    settings: { fix: 'as_merged', kernel: '5.13', NR_MUNMAP: 0, NR_MREMAP: 1, mremap_extent: 'pud' },
    property: badPage,
    sentences: [
      'move_normal_pud() takes the table of pmds from the old pud and gives it to the new one under pud_lock(), which is not the lock of any pmd, and zap_pud_range() passes a none pud by without a lock, so the branch of the fix is not reached [read in mm/mremap.c and mm/memory.c of 5.12 and 5.15].',
      'The walk of truncate sees the old pud when it is empty already and the new one when it is empty still, and the page is deleted while it is mapped; that this happens is measured on the model, and no report of it was found [inference].',
      'Every kernel with the fix and without 97113eb39fa7 has it that moves puds, 5.13 to 5.13.2 and 5.12.14 among them; that commit, of 5.14 and 5.13.3, makes mremap hold i_mmap_rwsem for puds and page tables, for the sake of a stale TLB entry (CVE-2022-41222) [commit message], and under the rules of 5.15 the model has no counterexample [measured].',
    ],
  },
  {
    name: 'mremap_small_page',
    title: 'mremap of a page table carries a small page past the walk',
    model: 'thp_truncate',
    settings: { fix: 'as_merged', kernel: '5.13', NR_MUNMAP: 0, NR_MREMAP: 1, page_kind: 'small' },
    property: badPage,
    sentences: [
      'move_normal_pmd() takes a whole page table from the old pmd to the new one; for a small page PageTransCompound() is false, so the walk does not wait for the pmd lock that mremap holds [read].',
      'The walk finds both pmds none, and truncate deletes a small page that is still mapped, with the merged fix and without; a huge page that ptes map is found, because the fix waits [measured; no report was found: inference].',
      '97113eb39fa7 closes this one as well [measured under the rules of 5.15].',
    ],
  },
];

const rejected: readonly Story[] = [
  {
    name: 'try_to_unmap',
    title: 'Attempt 1: try_to_unmap() with TTU_SYNC',
    model: 'thp_truncate',
    settings: { fix: 'try_to_unmap' },
    property: 'VM_BUG_ON_PAGE(!pvmw.pte, page)',
    sentences: [
      'The first attempt asks the reverse map to unmap the page, which takes the pmd lock in the right way.',
      'But the reverse map does not expect a huge page of a file here, and runs into an assertion of its own.',
      'With the early unmap of truncate it is never put to that test, unless a fault comes in between.',
    ],
  },
  {
    name: 'invalidated_pmd_zap_only',
    title: 'Attempt 2 in one place only',
    model: 'thp_truncate',
    settings: { fix: 'invalidated_pmd_zap_only', NR_MUNMAP: 0, NR_PARTIAL_MUNMAP: 1 },
    property: badPage,
    sentences: [
      'The second attempt leaves an invalidated pmd behind until the mapcounts are dropped, so that a walk has something to see.',
      'If only the zap does so and the split does not, a partial munmap opens the same window.',
      'The attempt needs the split changed as well.',
    ],
  },
  {
    name: 'invalidated_pmd_powerpc',
    title: 'Attempt 2 on powerpc with hash tables',
    model: 'thp_truncate',
    settings: { fix: 'invalidated_pmd', arch: 'powerpc_hash', NR_HASH_FAULT: 1 },
    property: 'WARN_ON: pmd_clear() of a pmd with H_PAGE_HASHPTE | _PAGE_PTE',
    sentences: [
      'An invalidated pmd keeps bits that a hash fault has set.',
      'Clearing it in the end with pmd_clear() then trips a WARN_ON of that architecture.',
      'So the second attempt would have needed changes to every architecture that has its own rules for a huge pmd.',
    ],
  },
  {
    name: 'synchronize_rcu_mremap',
    title: 'Attempt 3: synchronize_rcu(), against mremap',
    model: 'thp_truncate',
    settings: { fix: 'synchronize_rcu', ...mremap },
    property: badPage,
    sentences: [
      'The third attempt waits until every zap that was under way has left its section without preemption.',
      'mremap does not stay in one such section from taking the old pmd to setting the new one.',
      'Waiting once is therefore not enough for it.',
    ],
  },
  {
    name: 'synchronize_rcu_preempt',
    title: 'Attempt 3 before RCU was consolidated',
    model: 'thp_truncate',
    settings: { fix: 'synchronize_rcu', rcu: 'preempt_before_4_20' },
    property: badPage,
    sentences: [
      'Before 4.20 a preemptible kernel had more than one kind of RCU.',
      'synchronize_rcu() then did not wait for somebody who had merely taken a spinlock.',
      'munmap can stay in its window while truncate waits, in vain, and goes on.',
    ],
  },
];

const mutants: readonly Story[] = [
  {
    name: 'lock_before_load',
    title: 'A mutant of the fix: lock before the load',
    model: 'thp_truncate',
    settings: { ...merged, mutant: 'lock_before_load' },
    property: badPage,
    sentences: [
      'This fix takes and drops the pmd lock first, and looks at the pmd afterwards.',
      'Between the two munmap opens its window, and the old race is back.',
      'The order of the merged fix matters: find the pmd none, and then wait for whoever made it so.',
    ],
  },
  {
    name: 'lock_dropped_early',
    title: 'A mutant of the zap: unlock before the last decrement',
    model: 'thp_truncate',
    settings: { ...merged, mutant: 'ptl_released_early' },
    property: badPage,
    sentences: [
      'Here the zap clears the pmd under the lock, drops the lock, and only then drops the mapcounts.',
      'truncate waits for the lock as the fix wants it to, gets it too soon, and deletes a mapped page.',
      'The fix stands on clearing and counting being one section of the pmd lock.',
    ],
  },
  {
    name: 'lock_never_dropped',
    title: 'A mutant of the fix: the lock is kept',
    model: 'thp_truncate',
    settings: { ...merged, mutant: 'ptl_not_released', NR_INVALIDATE: 1 },
    property: 'no deadlock',
    sentences: [
      'The fix without its unlock leaves with the pmd lock held.',
      'The next one to walk the vmas waits for it for ever.',
      'Alone, truncate would not notice: it takes a second walker.',
    ],
  },
];

const textbook: readonly Story[] = [
  {
    name: 'lost_update',
    title: 'The lost update',
    model: 'increment',
    settings: {},
    property: 'no_lost_update',
    sentences: [
      'Two actors load a counter, add one, and store.',
      'Both load before either stores, so one of the increments is gone.',
      'It is the smallest race there is.',
    ],
  },
  {
    name: 'philosophers',
    title: 'Dining philosophers',
    model: 'philosophers',
    settings: { NR_PHILOSOPHERS: 3 },
    property: 'no deadlock',
    sentences: [
      'Everybody takes the left fork.',
      'Everybody waits for the right one, which the neighbour holds.',
      'Nobody ever eats again.',
    ],
  },
  {
    name: 'bakery_unseen_choice',
    title: "Lamport's bakery without the choosing flag",
    model: 'bakery',
    settings: { NUMBER_MAX: 3, SHOWS_CHOICE: false },
    property: 'mutual_exclusion',
    sentences: [
      'Two customers look at the numbers and draw the same one.',
      'One is compared before it has written its number down, and both are served.',
      'The flag that says "I am choosing" is what makes the others wait for the number.',
    ],
  },
  {
    name: 'peterson_swapped',
    title: "Peterson's lock with its two writes swapped",
    model: 'peterson_pair',
    settings: { order: 'last_then_want' },
    property: 'mutual_exclusion',
    sentences: [
      'Each process gives way before it says that it wants to enter.',
      'In between, the other sees nobody who wants to, and both get in.',
      'The two writes commute for whoever looks at one process, and not for two.',
    ],
  },
  {
    name: 'ticket_lock_wraps',
    title: 'A ticket lock with too few tickets',
    model: 'ticket_lock',
    settings: { NR_LOCKERS: 3, TICKET_MAX: 1 },
    property: 'mutual_exclusion',
    sentences: [
      'Three lockers draw from two numbers.',
      'The third gets the number of the first, which is being served.',
      'The counter has to be wider than the number of those who may wait.',
    ],
  },
  {
    name: 'mcs_two_steps',
    title: 'An MCS lock that joins its queue in two steps',
    model: 'mcs_lock',
    settings: { enqueue: 'in_two_steps' },
    property: 'mutual_exclusion',
    sentences: [
      'The tail of the queue is read and then written, not exchanged.',
      'Two who read the same tail both take themselves for the first.',
      'The exchange must be one atomic operation.',
    ],
  },
  {
    name: 'commit_without_all',
    title: 'Two-phase commit that does not wait for everybody',
    model: 'two_phase_commit',
    settings: { NR_RMS: 3, quorum: 'all_but_one' },
    property: 'consistent',
    sentences: [
      'The transaction manager commits when all but one have prepared.',
      'The last one aborts on its own, as it may until it has prepared.',
      'One has committed what another has aborted.',
    ],
  },
];

export const stories: readonly Story[] = [...seed, ...rejected, ...mutants, ...textbook];
