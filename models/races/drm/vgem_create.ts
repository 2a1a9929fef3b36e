// vgem_gem_dumb_create(): an object is used after its handle, which anybody may close, has the last reference.
//
// The ioctl creates a handle for an object, drops its own reference, and then reads the size of the object. A second thread
// that guesses the number of the handle closes it before that, and the object is freed.
//
// Fix 4b848f20eda5, 5.6 (CVE-2022-1419) [commit message; docs: oss-security; the release is memory]: drop the reference after
// the last use. Steps: [source: drivers/gpu/drm/vgem/vgem_drv.c in the patch]. Left out: handle_count, which is no count of
// references [commit message]; the allocation; more handles. The object is looked up and referenced under the lock of the
// table.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import { kfree, kref_get, kref_put, refcount, spin_lock, spin_unlock, spinlock } from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  Either,
  finished,
  If,
  inline,
  isLive,
  model,
  not,
  object,
  oneOf,
  procedure,
  Return,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import { type Race, use_after_free } from '../race.js';

const c = source('drivers/gpu/drm/vgem/vgem_drv.c');
const gem = source('drivers/gpu/drm/drm_gem.c');

export const settings = config({
  fix: oneOf('none', 'put_last', 'look_up_again', 'size_of_the_call', 'no_put'),
});
const { fix } = settings;

export const state = shared({
  obj: object({ size: bool(), refs: refcount(3) }),
  /** file_priv->table_lock, and the handle in the table. */
  table_lock: spinlock(),
  handle: bool(),
});
const { obj, table_lock, handle } = state;

const put = inline('drm_gem_object_put', () => ({ put: If(kref_put(obj.refs), { free: kfree(obj) }) }));
const dumb_create = procedure('vgem_gem_dumb_create', { found: bool() }, ({ found }) => ({
  create: Either({
    created: {
      get: kref_get(obj.refs),
      lock: spin_lock(table_lock),
      handle: gem`idr_alloc(&file_priv->object_idr, obj, 1, 0, GFP_NOWAIT)`(handle.set(true)),
      unlock: spin_unlock(table_lock),
    },
    failed: { full: gem`idr_alloc(): -ENOSPC`(), put: put(), enospc: Return() },
  }),
  early: If(not(fix.isIn('put_last', 'no_put')), { put: put() }),
  again: If(fix.is('look_up_again'), {
    lock: spin_lock(table_lock),
    find: found.assign(gem`obj = idr_find(&filp->object_idr, handle)`.test(handle)),
    get: If(found, { ref: kref_get(obj.refs) }),
    unlock: spin_unlock(table_lock),
    gone: If(not(found), { enoent: Return() }),
  }),
  size: If(fix.is('size_of_the_call'), { own: c`args->size = size`() }).Else({
    size: c`args->size = gem_object->size`.test(obj.size),
  }),
  late: If(fix.isIn('put_last', 'look_up_again'), { put: put() }),
}));

const gem_close = procedure('drm_gem_handle_delete', { found: bool() }, ({ found }) => ({
  lock: spin_lock(table_lock),
  remove: found.assign(
    gem`obj = idr_replace(&filp->object_idr, NULL, handle)`.test(handle, { yes: [handle.set(false)] }),
  ),
  unlock: spin_unlock(table_lock),
  last: If(found, { put: put() }),
}));

const creator = actor('create', dumb_create);
const closer = actor('close', gem_close);

export const properties: Properties = {
  nothing_leaks: never(finished.and(not(handle)).and(isLive(obj)), 'memory leak: an object without a handle'),
  closed_early: sometimes(closer.done.and(not(handle)).and(not(creator.done))),
  open: sometimes(creator.done.and(handle)),
  fails: sometimes(creator.done.and(not(isLive(obj)))),
};

export const race: Race = {
  subsystem: 'drm/vgem',
  fix: { commit: '4b848f20eda5', subject: 'drm/vgem: Close use-after-free race in vgem_gem_create' },
  kinds: ['use-after-free', 'leak'],
  uses: ['kref', 'spinlock', 'publication by handle'],
  essence: 'agrees: the handle is closed, and its reference dropped, before the size is read',
};

const late = use_after_free('vgem_gem_dumb_create');
export const manifest: Manifest = [
  row({ fix: 'none' }, [58, 89, 12], { [late]: 12 }),
  row({ fix: 'put_last' }, [56, 87, 11]),
  row({ fix: 'look_up_again' }, [110, 174, 18]),
  row({ fix: 'size_of_the_call' }, [57, 89, 11]),
  row({ fix: 'no_put' }, [47, 71, 10], { nothing_leaks: 10 }),
];

export { vgem_create as model };

const vgem_create = model('vgem_create', {
  about: 'an ioctl drops its reference on an object, and reads it while another thread closes its handle',
  settings,
  state,
  actors: [creator, closer],
  comparison: { candidates: 'fix', scenarios: { 'create, close': {} } },
});
