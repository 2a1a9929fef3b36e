// migrate_zspage() stores a new object into a handle, and with it a clear lock bit, and then unlocks the handle once more.
//
// The lowest bit of a handle is its lock. Compaction takes it, moves the object, and stores the new place by a plain store,
// which clears the bit. zs_free() takes it then and reads the place; compaction's unlock drops that lock, so compaction moves
// the object again, and zs_free() frees the place where it was.
//
// Fix c102f07ca0b0, 4.5 [its patch and the mails on it]: store the place with the bit set. `no_unlock` was proposed on the
// list: the store is the unlock. Steps: [its patch; mails on it; source: mm/zsmalloc.c, zs_free()]. Left out: tearing of the
// store, which WRITE_ONCE() excludes; the class, which zs_free() finds by the handle; a page is one place for an object.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  clear_bit_unlock,
  spin_lock,
  spin_unlock,
  spinlock,
  test_and_set_bit_lock,
} from '../../kernel/index.js';
import {
  actor,
  array,
  bool,
  config,
  expects,
  For,
  If,
  type Int,
  ifElse,
  int,
  model,
  not,
  oneOf,
  procedure,
  record,
  shared,
  source,
  While,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('mm/zsmalloc.c');

export const settings = config({
  fix: oneOf('none', 'keep_bit', 'no_unlock', 'unlock_last'),
});
const { fix } = settings;

export const state = shared({
  /** The word of the handle: HANDLE_PIN_BIT, and the page where the object is. */
  handle: record({ pin: bool(), page: int(0, 1) }),
  /** Is the object's place on this page allocated? */
  used: array(
    2,
    bool().startsAs((i) => i === 0),
  ),
  class_lock: spinlock(),
  freed: bool(),
});
const { handle, used, class_lock, freed } = state;

const double_free = 'BUG: obj_free() of an object that is free';
const other = (page: Int) => ifElse(page.eq(0), 1, 0);
const unpin = () => clear_bit_unlock(handle.pin);
const obj_free = (page: Int) =>
  c`obj_free(class, obj)`(expects(used.at(page), double_free), used.at(page).set(false));

/** The class is compacted twice: from page 0 to page 1, and back. */
const compact = procedure('migrate_zspage', () => ({
  pages: For(2, (from) => ({
    lock: spin_lock(class_lock),
    find: If(c`find_alloced_obj(s_page, index, class)`.test(used.at(from)), {
      pin: If(not(test_and_set_bit_lock(handle.pin)), {
        copy: c`free_obj = obj_malloc(d_page, class, handle)`(used.at(other(from)).set(true)),
        record: c`record_obj(handle, free_obj)`(
          handle.page.set(other(from)),
          handle.pin.set(fix.is('keep_bit')),
        ),
        unpin: If(fix.isIn('none', 'keep_bit'), { unlock: unpin() }),
        free: obj_free(from),
        last: If(fix.is('unlock_last'), { unlock: unpin() }),
      }),
    }),
    unlock: spin_unlock(class_lock),
  })),
}));

const free = procedure('zs_free', { obj: int(0, 1) }, ({ obj }) => ({
  pin: While(test_and_set_bit_lock(handle.pin), { relax: c`cpu_relax()`() }),
  read: c`obj = handle_to_obj(handle)`(obj.set(handle.page)),
  lock: spin_lock(class_lock),
  free: obj_free(obj),
  unlock: spin_unlock(class_lock),
  unpin: unpin(),
  handle: c`free_handle(pool, handle)`(freed.set(true)),
}));

const compaction = actor('compaction', compact);
const freer = actor('zs_free', free);

export const properties: Properties = {
  no_leak: never(
    compaction.done.and(freer.done).and(used.at(0).or(used.at(1))),
    'memory leak: an object whose handle is freed',
  ),
  frees_the_moved_object: sometimes(freed.and(handle.page.eq(1))),
  waits: sometimes(freer.at('zs_free.pin').and(handle.pin)),
};

export const race: Race = {
  subsystem: 'mm/zsmalloc',
  fix: { commit: 'c102f07ca0b0', subject: 'zsmalloc: fix migrate_zspage-zs_free race condition' },
  kinds: ['bug', 'leak'],
  uses: ['bit lock', 'plain store to a lock', 'spinlock'],
  essence: 'agrees: zs_free() has read the place before it moves again, and frees it after compaction has',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [147, 224, 21], { [double_free]: 20 }),
  row({ fix: 'keep_bit' }, [106, 168, 18]),
  row({ fix: 'no_unlock' }, [102, 160, 17]),
  row({ fix: 'unlock_last' }, [145, 221, 21], { [double_free]: 20 }),
];

export { zsmalloc_pin_tag as model };

const zsmalloc_pin_tag = model('zsmalloc_pin_tag', {
  about: 'compaction unlocks a handle twice, and the second time the lock is that of zs_free()',
  settings,
  state,
  actors: [compaction, freer],
  comparison: { candidates: 'fix', scenarios: { 'two compactions, a free': {} } },
});
