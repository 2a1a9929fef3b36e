// A driver's open() and close() against remove(), with a lookup under RCU and kref_get_unless_zero().

import { never } from '../../../properties/language/index.js';
import * as l from '../../language/index.js';
import * as k from '../index.js';

const c = l.source('drivers/misc/drv.c');
const settings = l.config({ fix: l.oneOf('rcu_kref', 'kref_get', 'no_rcu', 'kfree_at_once') });
const { fix } = settings;
const dev = l.object({ refs: k.refcount(4), rcu: k.rcu_head() });
const state = l.shared({ listed: l.bool().starts(true), dev });
const { listed, dev: d } = state;

const put = () =>
  l.If(k.kref_put(d.refs), {
    free: l.If(fix.is('kfree_at_once'), { now: k.kfree(d) }).Else({ later: k.kfree_rcu(d.rcu) }),
  });
const open = l.procedure('drv_open', { got: l.bool() }, ({ got }) => ({
  lock: l.If(fix.isnt('no_rcu'), { rcu: k.rcu_read_lock() }),
  find: l.If(listed, {
    get: l.If(fix.is('kref_get'), { get: k.kref_get(d.refs), found: c`got = d`(got.set(true)) }).Else({
      unless_zero: got.assign(k.kref_get_unless_zero(d.refs)),
    }),
  }),
  unlock: l.If(fix.isnt('no_rcu'), { rcu: k.rcu_read_unlock() }),
  close: l.If(got, { put: put() }),
}));
const remove = l.procedure('drv_remove', () => ({
  unlink: c`list_del_rcu(&d->node)`(listed.set(false)),
  put: put(),
}));

const opener = l.actors('opener', 2, open);
const remover = l.actor('remover', remove);
export const model = l.model('drv', {
  about: 'open() and close() against remove()',
  settings,
  state,
  actors: [opener, remover, k.kfree_rcu_callback('rcu', d.rcu, d)],
});
export const properties = { no_leak: never(l.finished.and(l.isLive(d)), 'the device is never freed') };
