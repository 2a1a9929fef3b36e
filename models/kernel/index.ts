// Kernel primitives that models share, each spelled as the kernel spells it.

export {
  atomic_add,
  atomic_add_unless,
  atomic_dec,
  atomic_dec_and_test,
  atomic_dec_return,
  atomic_fetch_add,
  atomic_inc,
  atomic_inc_and_test,
  atomic_inc_not_zero,
  atomic_inc_return,
  atomic_sub,
  clear_bit,
  cmpxchg,
  nonatomic,
  set_bit,
  test_and_change_bit,
  test_and_clear_bit,
  test_and_set_bit,
  try_cmpxchg,
  xchg,
} from './atomic.js';
export { bugOn, mightSleep, warnOn } from './bug.js';
export {
  complete,
  complete_all,
  completion,
  completion_done,
  reinit_completion,
  try_wait_for_completion,
  wait_for_completion,
  wait_for_completion_timeout,
} from './completion.js';
export { mutex, mutex_lock, mutex_trylock, mutex_unlock } from './mutex.js';
export {
  kref_get,
  kref_get_unless_zero,
  kref_init,
  kref_put,
  refcount,
  refcount_dec,
  refcount_dec_and_lock,
  refcount_dec_and_test,
  refcount_dec_not_one,
  refcount_inc,
  refcount_inc_not_zero,
} from './refcount.js';
export { down_read, down_write, downgrade_write, type Rwsem, rwsem, up_read, up_write } from './rwsem.js';
export { kfree, kmalloc } from './slab.js';
export { spin_lock, spin_trylock, spin_unlock, spinlock } from './spinlock.js';
