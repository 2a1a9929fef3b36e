// include/linux/slab.h: objects that are allocated and freed. Accesses need no function of this file: the checker
// checks every one.

import {
  type AnyObject,
  type Bool,
  exactly,
  firstUnused,
  frees,
  hasUnused,
  no,
  not,
  type Pointer,
  type PoolVar,
  type Shape,
  source,
  takesFirst,
} from '../language/index.js';

const c = source('include/linux/slab.h');

/**
 * `p.assign(kmalloc(pool))`: the first unused slot. NULL only where `mayFail` allows it; a pool that is too small is a
 * model error.
 * Example: `first.assign(kmalloc(devs))`
 */
export const kmalloc = exactly(
  'kmalloc',
  <S extends Shape>(pool: PoolVar<S>, { mayFail = no }: { readonly mayFail?: Bool } = {}) =>
    c`kmalloc(${pool})`
      .value(firstUnused(pool), takesFirst(pool))
      .orElse('NULL', { unless: hasUnused(pool).or(not(mayFail)), mayFail }),
);

/** Frees an object, or what a pointer points to. Example: `kfree(dev)` */
export const kfree = exactly('kfree', <S extends Shape>(of: AnyObject | Pointer<S>) =>
  c`kfree(${of as AnyObject})`(frees(of)),
);
