// mm/util.c: page_mapped(), as the kernel reads it: compound_mapcount, then every _mapcount [A2]. It is not a
// snapshot. The kernel stops at the first counter that says "mapped"; reading on changes nothing but the length.

import { bool, For, localsOf, not, procedure, source } from '../../language/index.js';
import { nr_pages, page, page_is_mapped, page_mapped_reads } from '../state.js';

const c = source('mm/util.c');

/** Then `If(one_by_one, { read: Call(page_mapped) })` stands before each use of `page_mapped_result`. */
export const one_by_one = page_mapped_reads.is('one_by_one');

export const page_mapped = procedure('page_mapped', { mapped: bool() }, ({ mapped }) => ({
  load_compound: c`atomic_read() of compound_mapcount`(mapped.set(page.compound_mapcount.ge(0))),
  subpages: For(nr_pages, (i) => ({
    load_mapcount: c`atomic_read() of _mapcount of subpage ${i}`(
      mapped.set(mapped.or(page.subpage.at(i)._mapcount.ge(0))),
    ),
  })),
}));

/** What page_mapped() returns: what was read one by one just before, or all counters at once. */
export const page_mapped_result = one_by_one
  .and(localsOf(page_mapped).mapped)
  .or(not(one_by_one).and(page_is_mapped));
