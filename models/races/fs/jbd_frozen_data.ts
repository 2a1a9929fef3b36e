// A commit notes which copy of a buffer it writes and drops the bit lock; before it files the buffer, a handle changes it.
//
// journal_write_metadata_buffer() writes b_frozen_data if there is such a copy, and else the buffer itself, which it files on
// BJ_Shadow: then do_get_write_access() waits until it is written. A handle that comes before that finds a buffer of a commit
// that has yet to be written, makes a copy of it, which the commit does not look at any more, and changes the buffer.
//
// Fix f1015c447781, 2.6.31 [id, subject and release: memory]: keep the lock until the buffer is filed, as jbd2 does [source:
// fs/jbd2/journal.c of 2019]. Steps: [source: fs/jbd/journal.c before the fix, where journal_file_buffer() takes the lock once
// more; do_get_write_access() is memory]. Left out: blocks that are escaped, other lists, j_list_lock, which protects the
// lists alone.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  bit_spin_lock,
  bit_spin_unlock,
  bit_spinlock,
  clear_and_wake_up_bit,
  wait_on_bit,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  expects,
  Goto,
  If,
  ifElse,
  int,
  model,
  not,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('fs/jbd/journal.c');
const transaction = source('fs/jbd/transaction.c');
const commit_c = source('fs/jbd/commit.c');

export const settings = config({
  fix: oneOf('none', 'keep_lock', 'shadow_first', 'look_again', 'look_after', 'always_freeze'),
});
const { fix } = settings;

export const state = shared({
  BH_State: bit_spinlock(),
  /** The version of the data in the buffer; the commit is to write version 0. */
  b_data: int(0, 1),
  /** jh->b_frozen_data: a copy of version 0, or NULL. */
  b_frozen_data: bool(),
  /** jh->b_jlist is BJ_Shadow, and not BJ_Metadata. */
  shadow: bool(),
  written: bool(),
});
const { BH_State, b_data, b_frozen_data, shadow, written } = state;

const torn = 'the journal has data of a later transaction';

/** journal_file_buffer(jh_in, transaction, BJ_Shadow) */
const file = () => ({
  lock: If(fix.isnt('keep_lock'), { lock: bit_spin_lock(BH_State) }),
  shadow: c`jh_in->b_jlist = BJ_Shadow`(shadow.set(true)),
  unlock: bit_spin_unlock(BH_State),
});

const write = procedure('journal_write_metadata_buffer', { frozen: bool() }, ({ frozen }) => ({
  early: If(fix.is('shadow_first'), file()),
  lock: bit_spin_lock(BH_State),
  freeze: If(fix.is('always_freeze'), { copy: c`jh_in->b_frozen_data = tmp`(b_frozen_data.set(true)) }),
  choose: c`new_page = jh_in->b_frozen_data ? … : bh_in->b_page`(frozen.set(b_frozen_data)),
  unlock: If(fix.isnt('keep_lock'), { unlock: bit_spin_unlock(BH_State) }),
  again: If(fix.is('look_again'), { choose: c`jh_in->b_frozen_data`(frozen.set(b_frozen_data)) }),
  late: If(fix.isnt('shadow_first'), file()),
  after: If(fix.is('look_after'), { choose: c`jh_in->b_frozen_data`(frozen.set(b_frozen_data)) }),
  write: commit_c`submit_bh(WRITE, new_bh)`(
    expects(ifElse(frozen, 0, b_data).eq(0), torn),
    written.set(true),
  ),
  done: clear_and_wake_up_bit(shadow),
}));

const get_access = procedure('do_get_write_access', () => ({
  repeat: bit_spin_lock(BH_State),
  shadow: If(shadow, {
    unlock: bit_spin_unlock(BH_State),
    wait: wait_on_bit(shadow),
    again: Goto('repeat'),
  }),
  copy: If(not(written), {
    freeze: transaction`jh->b_frozen_data = frozen_buffer`(b_frozen_data.set(true)),
  }),
  unlock: bit_spin_unlock(BH_State),
  modify: transaction`the caller changes bh->b_data`(b_data.set(1)),
}));

const commit = actor('commit', write);
const handle = actor('handle', get_access);

export const properties: Properties = {
  copies: sometimes(commit.done.and(b_frozen_data), 'a handle comes first', {
    given: fix.isnt('always_freeze'),
  }),
  waits: sometimes(handle.at('do_get_write_access.shadow.wait')),
};

export const race: Race = {
  subsystem: 'jbd',
  fix: {
    commit: 'f1015c447781',
    subject: 'jbd: fix race between write_metadata_buffer and get_write_access',
  },
  kinds: ['stale data'],
  uses: ['bit spinlock', 'wait_on_bit', 'check-then-act'],
  essence:
    'agrees: the commit has looked for a copy before the handle makes one, and writes the buffer after the handle has changed it',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [57, 74, 14], { [torn]: 13 }),
  row({ fix: 'keep_lock' }, [38, 49, 12]),
  row({ fix: 'shadow_first' }, [49, 63, 14]),
  row({ fix: 'look_again' }, [65, 88, 15], { [torn]: 14 }),
  row({ fix: 'look_after' }, [54, 72, 15]),
  row({ fix: 'always_freeze' }, [49, 65, 14]),
];

export { jbd_frozen_data as model };

const jbd_frozen_data = model('jbd_frozen_data', {
  about:
    'a commit writes a buffer to the journal that a handle of the next transaction has changed meanwhile',
  settings,
  state,
  actors: [commit, handle],
  comparison: { candidates: 'fix', scenarios: { 'a commit, a handle': {} } },
});
