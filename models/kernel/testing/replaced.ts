// An object behind a pointer, a reader of it under RCU, and an updater that replaces it.

import {
  actor,
  type Block,
  bool,
  If,
  object,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import {
  kfree,
  mutex,
  rcu_assign_pointer,
  rcu_dereference,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
  spinlock,
} from '../index.js';

const c = source('drivers/x.c');

export const state = shared({
  gp: oneOf('old', 'new'),
  old: object({ x: bool(), rcu: rcu_head() }),
  /** For those who hand the pointer on, or sleep. */
  handed: oneOf('new', 'old'),
  lock: spinlock(),
  m: mutex(),
});
const { gp, old } = state;

export const update = (block: Block) =>
  actor(
    'update',
    procedure('update', () => block),
  );
export const use = () => c`use(p->x)`(old.x.set(true));

/** A reader that looks the object up and uses it. */
export const read = procedure('read', { p: oneOf('new', 'old') }, ({ p }) => ({
  lock: rcu_read_lock(),
  deref: p.assign(rcu_dereference(gp)),
  use: If(p.is('old'), { x: use() }),
  unlock: rcu_read_unlock(),
}));
export const replace = () => rcu_assign_pointer(gp, 'new');
export const free = () => kfree(old);
