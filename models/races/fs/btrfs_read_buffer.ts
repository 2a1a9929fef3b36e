// read_extent_buffer_pages() reads a block again that another thread has just read, under the eyes of a third.
//
// EXTENT_BUFFER_UPTODATE says that the block is in memory, EXTENT_BUFFER_READING that a read is under way. A thread that finds
// neither sets READING, and reads. If a whole read of another thread comes between its two tests, it reads once more; a third
// thread sees UPTODATE, returns at once, and uses a block into which the disk is still writing (CVE-2024-35798).
//
// Fix ef1e68236b91, 6.9 [commit message]: test UPTODATE again once READING is set. Cause: d7172f52e993, 6.5, where the bit
// took the place of page locks (`buffer_lock`) [commit message]. Steps: [source: fs/btrfs/extent_io.c of 6.8, as the author of
// the fix quotes it]. Left out: errors of the disk; the references of the buffer; readers that do not wait.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  clear_and_wake_up_bit,
  clear_bit,
  mutex,
  mutex_lock,
  mutex_unlock,
  set_bit,
  test_and_set_bit,
  wait_on_bit,
} from '../../kernel/index.js';
import {
  actor,
  actors,
  bool,
  config,
  expects,
  If,
  int,
  model,
  not,
  oneOf,
  procedure,
  rests,
  shared,
  source,
  While,
  when,
  yes,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('fs/btrfs/extent_io.c');

export const settings = config({
  fix: oneOf('none', 'recheck', 'recheck_before', 'clear_uptodate', 'wait_always', 'buffer_lock'),
  NR_READERS: int(1, 4).starts(3),
});
const { fix, NR_READERS } = settings;

export const state = shared({
  uptodate: bool(),
  reading: bool(),
  /** A bio is under way, and the disk writes to the pages of the buffer. */
  bio: bool(),
  lock: mutex(),
});
const { uptodate, reading, bio, lock } = state;

const corrupted = 'tree-checker: corrupted node, which is being read';
const isLocked = fix.is('buffer_lock');

const read = procedure('read_extent_buffer_pages', () => ({
  lock: If(isLocked, { lock: mutex_lock(lock) }),
  first: If(c`test_bit(EXTENT_BUFFER_UPTODATE, &eb->bflags)`.test(not(uptodate)), {
    before: If(not(fix.is('recheck_before').and(uptodate)), {
      set: If(not(test_and_set_bit(reading)), {
        again: If(fix.is('recheck').and(uptodate), { wake: clear_and_wake_up_bit(reading) }).Else({
          clear: If(fix.is('clear_uptodate'), { uptodate: clear_bit(uptodate) }),
          submit: c`btrfs_submit_bbio(bbio, mirror_num)`(bio.set(true)),
        }),
      }),
      wait: wait_on_bit(reading),
    }),
  }).Else({ always: If(fix.is('wait_always'), { wait: wait_on_bit(reading) }) }),
  unlock: If(isLocked, { unlock: mutex_unlock(lock) }),
  use: c`btrfs_bin_search(eb, …)`(expects(not(bio), corrupted)),
}));

const end_io = procedure('end_bbio_meta_read', () => ({
  reads: While(yes, {
    arrives: c`bio_endio()`(when(bio), rests(), bio.set(false)),
    uptodate: set_bit(uptodate),
    wake: clear_and_wake_up_bit(reading),
  }),
}));

const reader = actors('reader', NR_READERS, read);
const disk = actor('disk', end_io);

export const properties: Properties = {
  waits: sometimes(reader.any((one) => one.at('read_extent_buffer_pages.before.wait').and(reading))),
  is_up_to_date: sometimes(reader.all((one) => one.done).and(uptodate)),
};

export const race: Race = {
  subsystem: 'btrfs',
  fix: { commit: 'ef1e68236b91', subject: 'btrfs: fix race in read_extent_buffer_pages()' },
  kinds: ['stale data'],
  uses: ['bit lock', 'wait_on_bit', 'check-then-act'],
  essence:
    'agrees: a second read begins after the first has ended, and a thread that found the block uses it before that one ends',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [592, 1214, 18], { [corrupted]: 11 }),
  row({ fix: 'recheck' }, [404, 924, 14]),
  row({ fix: 'recheck_before' }, [854, 1874, 21], { [corrupted]: 13 }),
  row({ fix: 'clear_uptodate' }, [671, 1377, 21], { [corrupted]: 13 }),
  row({ fix: 'wait_always' }, [778, 1559, 19], { [corrupted]: 11 }),
  row({ fix: 'buffer_lock' }, [99, 162, 18]),
  row({ fix: 'none', NR_READERS: 2 }, [78, 115, 16], { [corrupted]: 11 }),
  row({ fix: 'recheck', NR_READERS: 4 }, [2276, 6727, 16]),
];

export { btrfs_read_buffer as model };

const btrfs_read_buffer = model('btrfs_read_buffer', {
  about: 'a block of a tree is read a second time while a thread that has found it in memory uses it',
  settings,
  state,
  actors: [reader, disk],
  comparison: { candidates: 'fix', scenarios: { 'three readers': {} } },
});
