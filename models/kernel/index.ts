// Kernel primitives that models share, each spelled as the kernel spells it.

export { bugOn, mightSleep, warnOn } from './bug.js';
export { mutex, mutex_lock, mutex_unlock } from './mutex.js';
export { down_read, down_write, downgrade_write, type Rwsem, rwsem, up_read, up_write } from './rwsem.js';
export { spin_lock, spin_unlock, spinlock } from './spinlock.js';
