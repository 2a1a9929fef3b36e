// include/linux/wait_bit.h and the lock operations of bitops.h: a bit as a lock without an owner, whose waiters sleep.
//
// The kernel promises that test_and_set_bit_lock() and clear_bit_unlock() are atomic and order what lies between them;
// that wait_on_bit() returns once it has seen the bit clear, and wait_on_bit_lock() once it has set it itself. Who set a
// bit is not recorded, so anybody may clear it. The model: each is one step, which waits where the kernel sleeps. The
// wake-up is left out: it is lost where a bit is cleared without clear_and_wake_up_bit(), which a model of that bug must
// say with a wait queue. So a missed wake-up, a deadlock or a loss of liveness, is not found here; violations of states and proofs of
// them are not touched, since a waiter that never wakes has fewer runs.

import {
  type AtomicTest,
  type BoolVar,
  exactly,
  modifies,
  not,
  requireVariable,
  type Stmt,
  source,
  when,
} from '../language/index.js';
import { mightSleep } from './bug.js';

const c = source('include/linux/wait_bit.h');
const bitops = source('include/linux/bitops.h');

/** True if the bit was set before: then the lock is somebody else's. */
export const test_and_set_bit_lock = exactly('test_and_set_bit_lock', (bit: BoolVar): AtomicTest => {
  requireVariable(bit, 'bool', 'test_and_set_bit_lock()');
  return bitops`test_and_set_bit_lock(${bit})`.test(bit, { no: [modifies('acquire'), bit.set(true)] });
});
export const clear_bit_unlock = exactly('clear_bit_unlock', (bit: BoolVar): Stmt => {
  requireVariable(bit, 'bool', 'clear_bit_unlock()');
  return bitops`clear_bit_unlock(${bit})`(modifies('release'), bit.set(false));
});
export const clear_and_wake_up_bit = exactly('clear_and_wake_up_bit', (bit: BoolVar): Stmt => {
  requireVariable(bit, 'bool', 'clear_and_wake_up_bit()');
  return c`clear_and_wake_up_bit(${bit})`(modifies('full'), bit.set(false));
});
/** Waits until the bit is clear, and leaves it so. */
export const wait_on_bit = exactly('wait_on_bit', (bit: BoolVar): Stmt => {
  requireVariable(bit, 'bool', 'wait_on_bit()');
  return c`wait_on_bit(${bit})`(mightSleep(), when(not(bit)));
});
/** Waits until the bit is clear, and sets it. */
export const wait_on_bit_lock = exactly('wait_on_bit_lock', (bit: BoolVar): Stmt => {
  requireVariable(bit, 'bool', 'wait_on_bit_lock()');
  return c`wait_on_bit_lock(${bit})`(mightSleep(), when(not(bit)), modifies('acquire'), bit.set(true));
});
