// mm/filemap.c: taking a page out of the page cache.

import { bugOn, spin_lock, spin_unlock, warnOn } from '../../kernel/index.js';
import { If, procedure, source } from '../../language/index.js';
import { CONFIG_DEBUG_VM, i_pages, page, page_mapped } from '../state.js';

const c = source('mm/filemap.c');

/** __delete_from_page_cache() with unaccount_page_cache_page(): D1 to D4 of [A3e]. */
export const delete_from_page_cache = procedure('delete_from_page_cache', () => ({
  lock_i_pages: spin_lock(i_pages),
  unaccount: If(CONFIG_DEBUG_VM, {
    check_unmapped: bugOn(page_mapped, 'VM_BUG_ON_PAGE(page_mapped(page), page)'),
  }).Else({
    report_mapped: warnOn(page_mapped, 'BUG: Bad page cache: still mapped when deleted'),
  }),
  clear_mapping: c`page_cache_delete(): empty the slots, page->mapping = NULL`(page.mapping.set('none')),
  unlock_i_pages: spin_unlock(i_pages),
}));
