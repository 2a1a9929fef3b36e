// The race of Linux commit 22061a1ffabd: munmap clears a huge pmd before it drops the mapcounts of the page;
// truncate and invalidate look in between, find nothing to unmap, and delete a page that is still counted as mapped.

import { actors, model } from '../language/index.js';
import { unmap_region } from './mm/mmap.js';
import { invalidate_inode_pages2_range, truncate_inode_pages_range } from './mm/truncate.js';
import { NR_INVALIDATE, NR_MMS, NR_TRUNCATE, settings, state } from './state.js';

export const munmap = actors('munmap', NR_MMS, unmap_region, (i) => ({ i }));
export const truncate = actors('truncate', NR_TRUNCATE, truncate_inode_pages_range);
export const invalidate = actors('invalidate', NR_INVALIDATE, invalidate_inode_pages2_range);

export const thp_truncate = model('thp_truncate', {
  about: 'munmap of a file THP against truncate and invalidate (Linux 22061a1ffabd)',
  settings,
  state,
  actors: [munmap, truncate, invalidate],
  comparison: {
    candidates: 'fix',
    scenarios: {
      'munmap, truncate': {},
      'munmap, invalidate': { NR_TRUNCATE: 0, NR_INVALIDATE: 1 },
      'two mms, truncate': { NR_MMS: 2 },
    },
  },
});
