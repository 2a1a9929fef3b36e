// A driver's open() and close() against remove(): the device is found in a list, under the lock of the list or under RCU,
// and freed with its last reference; and what goes wrong where one part of the lookup under RCU is left out.

import { never } from '../../../properties/language/index.js';
import {
  actor,
  actors,
  bool,
  config,
  model as define,
  finished,
  If,
  int,
  isLive,
  object,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import {
  kfree,
  kfree_rcu,
  kfree_rcu_callback,
  kref_get,
  kref_get_unless_zero,
  kref_put,
  mutex,
  mutex_lock,
  mutex_unlock,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
  refcount,
} from '../index.js';

const c = source('drivers/misc/drv.c');
const settings = config({
  fix: oneOf('none', 'list_lock', 'rcu_kref', 'kref_get', 'no_rcu', 'kfree_at_once'),
  NR_OPEN: int(1, 3),
});
const { fix, NR_OPEN } = settings;
const reads = fix.isnt('none').and(fix.isnt('list_lock')).and(fix.isnt('no_rcu'));
const gets = fix.is('none').or(fix.is('list_lock')).or(fix.is('kref_get'));
const state = shared({
  list_lock: mutex(),
  listed: bool().starts(true),
  d: object({ refs: refcount(4), rcu: rcu_head() }),
});
const { list_lock, listed, d } = state;

const put = () =>
  If(kref_put(d.refs), {
    free: If(fix.is('kfree_at_once'), { now: kfree(d) }).Else({ later: kfree_rcu(d.rcu) }),
  });
const open = procedure('drv_open', { got: bool() }, ({ got }) => ({
  lock: If(fix.is('list_lock'), { list: mutex_lock(list_lock) }),
  rcu: If(reads, { read: rcu_read_lock() }),
  find: If(listed, {
    get: If(gets, { kref_get: kref_get(d.refs), found: c`found`(got.set(true)) }).Else({
      unless_zero: got.assign(kref_get_unless_zero(d.refs)),
    }),
  }),
  rcu_out: If(reads, { unlock: rcu_read_unlock() }),
  unlock: If(fix.is('list_lock'), { list: mutex_unlock(list_lock) }),
  close: If(got, { put: put() }),
}));
const remove = procedure('drv_remove', () => ({
  lock: mutex_lock(list_lock),
  unlink: c`list_del_rcu(&d->node)`(listed.set(false)),
  unlock: mutex_unlock(list_lock),
  put: put(),
}));
const opener = actors('opener', NR_OPEN, open);
const all = [opener, actor('remover', remove), kfree_rcu_callback('rcu', d.rcu, d)];
export const model = define('drv', { about: 'open() races with remove()', settings, state, actors: all });
export const properties = { no_leak: never(finished.and(isLive(d)), 'the device is never freed') };
