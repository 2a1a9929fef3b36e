// mm/truncate.c: the callers that delete a page which must not be mapped any more, and what each
// candidate does to make sure.

import { bugOn } from '../../kernel/index.js';
import { bool, Call, Goto, given, If, not, procedure, source } from '../../language/index.js';
import {
  did_range_unmap,
  file_is_shared,
  fix,
  fixed_upstream,
  inode,
  mutant,
  page,
  page_is_mapped,
  passes,
  REFERENCES,
  tries_to_unmap,
  unmap_range_first,
} from '../state.js';
import { delete_from_page_cache } from './filemap.js';
import { inode_lock, inode_unlock, lock_page, trylock_page, unlock_page } from './locks.js';
import { unmap_mapping_page, unmap_mapping_pages } from './memory.js';
import { synchronize_rcu } from './rcu.js';
import { try_to_unmap } from './try_to_unmap.js';
import { one_by_one, page_mapped, page_mapped_result } from './util.js';

const c = source('mm/truncate.c');

/**
 * Not a function of the kernel: `if (page_mapped(page)) …` of truncate_cleanup_page() and invalidate_inode_pages2_range(), for every candidate: C1
 * and C2 of [A3d], U1 of [A6], t14 of [A3f]. Only recheck_loop looks again.
 */
const unmap_if_mapped = procedure('unmap_if_mapped', { one_page: bool() }, ({ one_page }) => ({
  look: If(one_by_one, { read: Call(page_mapped) }),
  test_mapped: If(page_mapped_result, {
    unmap: If(fixed_upstream, {
      fixed: Call(unmap_mapping_page),
    })
      .ElseIf(tries_to_unmap, {
        attempt_1: Call(try_to_unmap),
      })
      .Else({
        unfixed: Call(unmap_mapping_pages, { one_page }),
      }),
    loop: If(fix.is('recheck_loop'), { look_again: Goto('look') }),
  }),
  attempt_3: If(fix.isIn('synchronize_rcu', 'delay'), {
    test_still_mapped: If(page_is_mapped, {
      wait: If(fix.is('synchronize_rcu'), {
        grace_period: Call(synchronize_rcu),
      }).Else({
        delay: c`cond_resched(), or any other delay: somebody else may run, or nobody`(),
      }),
    }),
  }),
}));

const locks_page = mutant.isnt('page_not_locked').and(mutant.isnt('page_lock_under_i_mmap'));

/** truncate_inode_page(), the page locked: Q5, Q6 of [A3c]. */
const truncate_inode_page = procedure('truncate_inode_page', () => ({
  test_mapping: If(page.mapping.is('inode'), {
    cleanup: Call(unmap_if_mapped),
    delete: Call(delete_from_page_cache),
  }),
}));

const get_page = () => c`find_get_entries(): get a reference`(given(REFERENCES, page._refcount.inc()));
const put_page = () => c`pagevec_release(): put the reference`(given(REFERENCES, page._refcount.dec()));

/** truncate_inode_pages_range() and shmem_undo_range() for the one page [A3b, A3c]. */
export const truncate_inode_pages_range = procedure('truncate_inode_pages_range', () => ({
  first: If(passes.is('both'), {
    find_first: If(page.mapping.is('inode'), {
      reference_first: If(REFERENCES, { get_first: get_page() }),
      trylock: If(trylock_page(), {
        truncate_first: Call(truncate_inode_page),
        unlock_first: unlock_page(),
      }),
      release_first: If(REFERENCES, { put_first: put_page() }),
    }),
  }),
  find: If(page.mapping.is('inode'), {
    reference: If(REFERENCES, { get: get_page() }),
    locked_page: If(locks_page, { lock: lock_page() }),
    truncate: Call(truncate_inode_page),
    unlocked_page: If(locks_page, { unlock: unlock_page() }),
    release: If(REFERENCES, { put: put_page() }),
  }),
}));

/** The caller holds i_rwsem [A3a]; a lock that nobody contends adds two steps. */
export const inode_locked = () => If(file_is_shared, { lock_inode: inode_lock() });
export const inode_unlocked = () => If(file_is_shared, { unlock_inode: inode_unlock() });

/** truncate_setsize(), shmem_setattr(): T1 to T4 of [A3a]. */
export const truncate_setsize = procedure('truncate_setsize', () => ({
  locked: inode_locked(),
  i_size: c`i_size_write(): the page is beyond i_size now`(inode.truncated.set(true)),
  first: If(unmap_range_first, { unmap_mapping_range: Call(unmap_mapping_pages) }),
  truncate: Call(truncate_inode_pages_range),
  again: If(unmap_range_first, { unmap_again: Call(unmap_mapping_pages) }),
  unlocked: inode_unlocked(),
}));

/**
 * Truncation, or a hole punch, that ends in the middle of the huge page: unmap_mapping_range() of a part, which splits the
 * pmd. That shmem then tries to split the page itself is left out; it stays in the cache [source: mm/shmem.c @5.12].
 */
export const truncate_part = procedure('truncate_part', () => ({
  locked: inode_locked(),
  unmap_part: Call(unmap_mapping_pages, { part: true }),
  unlocked: inode_unlocked(),
}));

/**
 * invalidate_inode_pages2_range() for the one page. Where an earlier page was mapped, its range is unmapped already, and
 * before the fix only the small page at this index follows. The fix also moves the range's unmap before lock_page [A4].
 */
export const invalidate_inode_pages2_range = procedure('invalidate_inode_pages2_range', () => ({
  find: If(page.mapping.is('inode'), {
    reference: If(REFERENCES, { get: get_page() }),
    before_lock: If(fixed_upstream, {
      look_unlocked: If(one_by_one, { read_unlocked: Call(page_mapped) }),
      test_unlocked: If(page_mapped_result.and(not(did_range_unmap)), {
        unmap_range: Call(unmap_mapping_pages),
      }),
    }),
    lock: lock_page(),
    test_mapping: If(page.mapping.is('inode'), {
      unmap: Call(unmap_if_mapped, { one_page: did_range_unmap.and(fix.isnt('recheck_loop')) }),
      look_after: If(one_by_one, { read_after: Call(page_mapped) }),
      check_unmapped: bugOn(page_mapped_result, 'BUG_ON(page_mapped(page))'),
      delete: Call(delete_from_page_cache, { by_invalidate: true }),
    }),
    unlock: unlock_page(),
    release: If(REFERENCES, { put: put_page() }),
  }),
}));
