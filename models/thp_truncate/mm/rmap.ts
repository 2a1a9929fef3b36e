// mm/rmap.c: what a mapping adds to the counters of the page, and how it is taken away again. Each atomic operation
// is a step; the sequence is not atomic [A2].

import { For, If, modifies, procedure, source } from '../../language/index.js';
import { fix, gp_waits_for, nr_pages, page, rcu, rcu_reader, Subpage, Vma } from '../state.js';

const c = source('mm/rmap.c');

/** Before 4.20 only rcu_read_lock() made a reader under PREEMPT; lock_page_memcg() takes it [A2: R0, A9]. */
const memcg_is_the_reader = fix.is('synchronize_rcu').and(rcu.is('preempt_before_4_20'));

/** page_remove_file_rmap(page, true): subpages first, compound_mapcount last [A2: R0 … R515]. For vma k. */
export const page_remove_rmap = procedure('page_remove_rmap', { k: Vma }, ({ k }) => ({
  enter: If(memcg_is_the_reader, {
    lock_page_memcg: c`lock_page_memcg(): rcu_read_lock()`(rcu_reader.at(k).set(true)),
  }),
  subpages: For(nr_pages, (i) => ({
    dec_mapcount: c`atomic_add_negative(-1) on _mapcount of subpage ${i}`(
      modifies('full'),
      page.subpage.at(i)._mapcount.dec(),
    ),
  })),
  dec_compound: c`atomic_add_negative(-1) on compound_mapcount, last of all`(
    modifies('full'),
    page.compound_mapcount.dec(),
  ),
  leave: If(memcg_is_the_reader, {
    unlock_page_memcg: c`unlock_page_memcg(): rcu_read_unlock()`(
      rcu_reader.at(k).set(false),
      gp_waits_for.at(k).set(false),
    ),
  }),
}));

/** page_remove_file_rmap(page, false), for one small page or one subpage that a pte maps [A2]. */
export const page_remove_rmap_small = procedure('page_remove_rmap_small', { i: Subpage }, ({ i }) => ({
  dec_mapcount: c`atomic_add_negative(-1) on _mapcount of subpage ${i}`(
    modifies('full'),
    page.subpage.at(i)._mapcount.dec(),
  ),
}));

/** page_add_file_rmap(page, true): the mirror image, subpages first as well [A2]. */
export const page_add_file_rmap = procedure('page_add_file_rmap', () => ({
  subpages: For(nr_pages, (i) => ({
    inc_mapcount: c`atomic_inc() on _mapcount of subpage ${i}`(
      modifies('relaxed', { returns: false }),
      page.subpage.at(i)._mapcount.inc(),
    ),
  })),
  inc_compound: c`atomic_inc() on compound_mapcount, last`(
    modifies('relaxed', { returns: false }),
    page.compound_mapcount.inc(),
  ),
}));
