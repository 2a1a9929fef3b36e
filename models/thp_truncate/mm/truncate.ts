// mm/truncate.c: the two callers that delete a page which must not be mapped any more.

import { bugOn } from '../../kernel/index.js';
import { Call, If, procedure } from '../../language/index.js';
import { fix, page, page_mapped } from '../state.js';
import { delete_from_page_cache } from './filemap.js';
import { unmap_mapping_page, unmap_mapping_pages } from './memory.js';
import { lock_page, unlock_page } from './pagemap.js';

/** truncate_cleanup_page(): C1 and C2 of [A3d], U1 of [A6]. There is no second look at page_mapped() here. */
const truncate_cleanup_page = procedure('truncate_cleanup_page', () => ({
  test_mapped: If(page_mapped, {
    unmap: If(fix.is('unmap_mapping_page'), {
      fixed: Call(unmap_mapping_page),
    }).Else({
      unfixed: Call(unmap_mapping_pages),
    }),
  }),
}));

/** truncate_inode_pages_range(), pass 2, for the one page: Q2, Q5, Q6 of [A3c]. */
export const truncate_inode_pages_range = procedure('truncate_inode_pages_range', () => ({
  lock: lock_page(),
  test_mapping: If(page.mapping.is('inode'), {
    cleanup: Call(truncate_cleanup_page),
    delete: Call(delete_from_page_cache),
  }),
  unlock: unlock_page(),
}));

/** invalidate_inode_pages2_range() for the one page, before and after the fix [A4]. */
export const invalidate_inode_pages2_range = procedure('invalidate_inode_pages2_range', () => ({
  range: If(fix.is('unmap_mapping_page'), {
    test_unlocked: If(page_mapped, {
      unmap_range: Call(unmap_mapping_pages),
    }),
  }),
  lock: lock_page(),
  test_mapping: If(page.mapping.is('inode'), {
    test_mapped: If(page_mapped, {
      unmap: If(fix.is('unmap_mapping_page'), {
        fixed: Call(unmap_mapping_page),
      }).Else({
        unfixed: Call(unmap_mapping_pages),
      }),
    }),
    check_unmapped: bugOn(page_mapped, 'BUG_ON(page_mapped(page))'),
    delete: Call(delete_from_page_cache),
  }),
  unlock: unlock_page(),
}));
