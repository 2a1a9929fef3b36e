// An RCU-protected pointer: replaced, and the old object freed, with and without a grace period.
import {
  actor,
  actors,
  bool,
  config,
  model as define,
  If,
  int,
  object,
  oneOf,
  procedure,
  shared,
} from '../../language/index.js';
import {
  kfree,
  rcu_assign_pointer,
  rcu_dereference,
  rcu_read_lock,
  rcu_read_unlock,
  set_bit,
  synchronize_rcu,
} from '../index.js';

const settings = config({ fix: oneOf('none', 'synchronize_rcu'), NR_READERS: int(1, 3).starts(2) });
const state = shared({ ptr: oneOf('old', 'new'), old: object({ x: bool() }) });
const read = procedure('read', { p: oneOf('old', 'new') }, ({ p }) => ({
  lock: rcu_read_lock(),
  deref: p.assign(rcu_dereference(state.ptr)),
  use: If(p.is('old'), { x: set_bit(state.old.x) }),
  unlock: rcu_read_unlock(),
}));
const update = procedure('update', () => ({
  assign: rcu_assign_pointer(state.ptr, 'new'),
  wait: If(settings.fix.is('synchronize_rcu'), { wait: synchronize_rcu() }),
  free: kfree(state.old),
}));
const all = [actors('reader', settings.NR_READERS, read), actor('updater', update)];
export const model = define('rcu', { about: 'replace, wait, free', settings, state, actors: all });
