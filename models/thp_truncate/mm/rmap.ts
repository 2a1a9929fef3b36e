// mm/rmap.c: what a mapping adds to the counters of the page, and how it is taken away again.

import { For, procedure, source } from '../../language/index.js';
import { NR_SUBPAGES, page } from '../state.js';

const c = source('mm/rmap.c');

/** page_remove_file_rmap(page, true): each decrement is atomic, the sequence is not [A2: R1 … R513]. */
export const page_remove_rmap = procedure('page_remove_rmap', () => ({
  subpages: For(NR_SUBPAGES, (i) => ({
    dec_mapcount: c`atomic_add_negative(-1) on _mapcount of subpage ${i}`(page.subpage.at(i)._mapcount.dec()),
  })),
  dec_compound: c`atomic_add_negative(-1) on compound_mapcount, last of all`(page.compound_mapcount.dec()),
}));
