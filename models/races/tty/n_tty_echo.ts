// n_tty_write() and an echo into one flip buffer (CVE-2014-0196).
//
// With OPOST off a write to the slave of a pty does not take output_lock, and an echo of what the master sent does. Both
// put characters into the flip buffer of the master: both find room for one, and the second is written behind the end.
//
// Fix 4291086b1f08, 3.15 [docs: Linux Test Project, cve-2014-0196]: the raw write takes the lock. Steps: [source:
// drivers/char/n_tty.c, pty.c, tty_buffer.c@2.6.32; drivers/tty@3.16]. One character each; a second buffer is `used` at 0
// again. Left out: flags of characters, the loop of the writer over several characters, which adds nothing.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import { mutex, mutex_lock, mutex_unlock, spin_lock, spin_unlock, spinlock } from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  expects,
  given,
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

const c = source('drivers/tty/tty_buffer.c');

export const settings = config({
  fix: oneOf('none', 'output_lock', 'port_lock', 'atomic_used', 'lock_for_room'),
  /** How many characters the buffer has when both come. It has room for two. */
  USED: int(0, 1).starts(1),
});
const { fix, USED } = settings;

export const state = shared({
  used: int(0, 3).starts(USED),
  /** Was a second buffer begun? */
  switched: bool(),
  output_lock: mutex(),
  port_lock: spinlock(),
});
const { used, switched, output_lock, port_lock } = state;

const room = () => If(used.ge(2), { next: c`tty_buffer_alloc()`(used.set(0), switched.set(true)) });

const insert = procedure('tty_insert_flip_string', { at: int(0, 3), raw: bool() }, ({ at, raw }) => ({
  output: If(fix.is('output_lock').or(not(raw)), { lock: mutex_lock(output_lock) }),
  port: If(fix.isIn('port_lock', 'lock_for_room'), { lock: spin_lock(port_lock) }),
  room: room(),
  only: If(fix.is('lock_for_room'), { unlock: spin_unlock(port_lock) }),
  copy: c`memcpy(tb->char_buf_ptr + tb->used, chars, 1)`(
    expects(used.lt(2), 'KASAN: slab-out-of-bounds in tty_insert_flip_string_fixed_flag'),
    at.set(used),
    given(fix.is('atomic_used'), used.inc()),
  ),
  count: If(fix.isnt('atomic_used'), { used: c`tb->used += 1`(used.set(at.plus(1))) }),
  port_end: If(fix.is('port_lock'), { unlock: spin_unlock(port_lock) }),
  output_end: If(fix.is('output_lock').or(not(raw)), { unlock: mutex_unlock(output_lock) }),
}));

const writer = actor('writer', insert, { raw: true });
const echo = actor('echo', insert, { raw: false });

export const properties: Properties = {
  none_is_lost: never(
    writer.done
      .and(echo.done)
      .and(not(switched))
      .and(used.ne(USED.plus(2))),
    'one character was written over the other',
  ),
  both_are_put: sometimes(
    writer.done.and(echo.done).and(ifElse(USED.eq(0), 1, 0).eq(ifElse(switched, 0, 1))),
    'in one buffer where there is room for both, else in two',
  ),
};

export const race: Race = {
  subsystem: 'tty',
  fix: { commit: '4291086b1f08', subject: 'n_tty: Fix n_tty_write crash when echoing in raw mode' },
  kinds: ['out-of-bounds', 'stale data'],
  uses: ['mutex', 'plain counter'],
  essence: 'agrees: both look for room before either has counted its character',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [38, 52, 9], {
    none_is_lost: 8,
    'KASAN: slab-out-of-bounds in tty_insert_flip_string_fixed_flag': 6,
  }),
  row({ fix: 'none', USED: 0 }, [29, 43, 8], { none_is_lost: 8 }),
  row({ fix: 'output_lock' }, [22, 22, 11]),
  row({ fix: 'output_lock', USED: 0 }, [20, 20, 10]),
  row({ fix: 'port_lock' }, [35, 46, 13]),
  row({ fix: 'port_lock', USED: 0 }, [32, 42, 12]),
  row({ fix: 'atomic_used' }, [24, 31, 7], {
    'KASAN: slab-out-of-bounds in tty_insert_flip_string_fixed_flag': 5,
  }),
  row({ fix: 'lock_for_room' }, [61, 88, 13], {
    none_is_lost: 12,
    'KASAN: slab-out-of-bounds in tty_insert_flip_string_fixed_flag': 10,
  }),
];

export { n_tty_echo as model };

const n_tty_echo = model('n_tty_echo', {
  about: 'a raw write and an echo put a character each into a tty buffer with room for one (CVE-2014-0196)',
  settings,
  state,
  actors: [writer, echo],
  comparison: { candidates: 'fix', scenarios: { 'room for one': {}, 'room for two': { USED: 0 } } },
});
