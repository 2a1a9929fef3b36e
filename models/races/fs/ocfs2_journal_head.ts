// ocfs2_test_bg_bit_allocatable() follows the pointer to a journal_head that the journal takes away and frees.
//
// Once a transaction is committed the journal drops its references on a journal_head; with the last one it clears
// bh->b_private and frees it, under the bit lock BH_JournalHead. ocfs2 tests buffer_jbd(bh), and then reads bh->b_private.
//
// Fix 6f1b228529ae, 5.15 [commit message, patch]: take the bit lock. But the journal drops a reference under b_state_lock, so
// it takes the two in the other order; ddf4b773aa40, 5.17 [commit message; the release is memory]: a reference instead of the
// lock (`grab`). Steps: [patch, message; source: fs/jbd2/journal.c before 5.5]. Left out: the bitmap; checkpoint lists, each
// of which holds a reference: the first put is that of a checkpoint, the second one frees.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  bit_spin_lock,
  bit_spin_unlock,
  bit_spinlock,
  kfree,
  spin_lock,
  spin_unlock,
  spinlock,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  expects,
  If,
  inline,
  int,
  model,
  object,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import { type Race, use_after_free } from '../race.js';

const c = source('fs/ocfs2/suballoc.c');
const jbd = source('fs/jbd2/journal.c');
const commit_c = source('fs/jbd2/commit.c');

export const settings = config({ fix: oneOf('none', 'bit_lock', 'grab', 'null_check') });
const { fix } = settings;

export const state = shared({
  BH_JournalHead: bit_spinlock(),
  /** buffer_jbd(bh) */
  BH_JBD: bool().starts(true),
  /** bh->b_private points to the journal_head, and is not NULL. */
  b_private: bool().starts(true),
  jh: object({
    b_jcount: int(0, 3).starts(2),
    b_state_lock: spinlock(),
    b_committed_data: bool().starts(true),
  }),
});
const { BH_JournalHead, BH_JBD, b_private, jh } = state;

const null_dereference = 'BUG: kernel NULL pointer dereference in ocfs2_block_group_find_clear_bits';

const put = inline('jbd2_journal_put_journal_head', () => ({
  lock: bit_spin_lock(BH_JournalHead),
  put: If(jbd`--jh->b_jcount == 0`.test(jh.b_jcount.eq(1), { both: [jh.b_jcount.dec()] }), {
    unlink: jbd`bh->b_private = NULL`(b_private.set(false)),
    clear: jbd`clear_buffer_jbd(bh)`(BH_JBD.set(false)),
    unlock: bit_spin_unlock(BH_JournalHead),
    free: kfree(jh),
  }).Else({ unlock: bit_spin_unlock(BH_JournalHead) }),
}));

const commit = procedure('jbd2_journal_commit_transaction', () => ({
  lock: spin_lock(jh.b_state_lock),
  committed: commit_c`jh->b_committed_data = NULL`(jh.b_committed_data.set(false)),
  checkpoint: put(),
  unlock: spin_unlock(jh.b_state_lock),
  last: put(),
}));

const look = inline('ocfs2_test_committed_data', () => ({
  lock: spin_lock(jh.b_state_lock),
  data: c`bg = jh->b_committed_data`.test(jh.b_committed_data),
  unlock: spin_unlock(jh.b_state_lock),
}));
const follow = () => ({
  jh: c`jh = bh2jh(bg_bh)`(expects(b_private, null_dereference)),
  look: look(),
});

const search = procedure('ocfs2_test_bg_bit_allocatable', () => ({
  jbd: If(c`buffer_jbd(bg_bh)`.test(BH_JBD), {
    unlocked: If(fix.is('none'), follow()),
    checked: If(fix.is('null_check').and(b_private), { look: look() }),
    locked: If(fix.is('bit_lock'), {
      lock: bit_spin_lock(BH_JournalHead),
      again: If(BH_JBD, follow()),
      unlock: bit_spin_unlock(BH_JournalHead),
    }),
    grabbed: If(fix.is('grab'), {
      lock: bit_spin_lock(BH_JournalHead),
      again: If(BH_JBD, {
        get: jbd`jh = bh2jh(bh); jh->b_jcount++`(expects(b_private, null_dereference), jh.b_jcount.inc()),
        unlock: bit_spin_unlock(BH_JournalHead),
        look: look(),
        put: put(),
      }).Else({ unlock: bit_spin_unlock(BH_JournalHead) }),
    }),
  }),
}));

const committer = actor('commit', commit);
const allocator = actor('allocator', search);

export const properties: Properties = {
  looks_first: sometimes(allocator.done.and(BH_JBD)),
  looks_last: sometimes(committer.done.and(allocator.at('ocfs2_test_bg_bit_allocatable.jbd'))),
};

export const race: Race = {
  subsystem: 'ocfs2',
  fix: {
    commit: '6f1b228529ae',
    subject: 'ocfs2: fix race between searching chunks and release journal_head from buffer_head',
  },
  kinds: ['bug', 'use-after-free', 'deadlock'],
  uses: ['bit spinlock', 'spinlock', 'lock order', 'plain count'],
  essence:
    'agrees: the pointer is cleared before the search reads it, and buffer_jbd() is tested before that is cleared',
  history:
    '6f1b228529ae (`bit_lock`) is refuted: the journal takes the bit lock under b_state_lock. ddf4b773aa40 (`grab`, 5.17) closes that.',
};

const uaf = use_after_free('ocfs2_test_committed_data');
const lock_freed = 'WARNING: held lock freed!';
export const manifest: Manifest = [
  row({ fix: 'none' }, [73, 113, 16], { [null_dereference]: 11, [uaf]: 15, [lock_freed]: 15 }),
  row({ fix: 'bit_lock' }, [66, 93, 17], { 'no deadlock': 6 }),
  row({ fix: 'grab' }, [103, 152, 22]),
  row({ fix: 'null_check' }, [70, 110, 16], { [uaf]: 15, [lock_freed]: 15 }),
];

export { ocfs2_journal_head as model };

const ocfs2_journal_head = model('ocfs2_journal_head', {
  about: 'a search for free blocks follows a pointer to what the journal has just freed',
  settings,
  state,
  actors: [committer, allocator],
  comparison: { candidates: 'fix', scenarios: { 'a commit, a search': {} } },
});
