// finish_writeback_work() reads the stack of its waiter after the count is dropped on which the waiter waits.
//
// A waiter for writeback has a count and a pointer to a wait queue on its stack. The worker drops the count, and where it is
// 0 reads the pointer to wake up the waiter. But a waiter that tests the count between the two needs no wake-up: it returns,
// and the pointer is what the next function has put there.
//
// Fix 8e00c4e9dd85, 5.4 [commit message]: read the pointer first. `completion` is the primitive that is made for a stack: its
// lock covers both. Steps: [commit message; source: fs/fs-writeback.c, include/linux/backing-dev-defs.h]. Left out: more works
// of one waiter; the work itself, which the worker has freed before; the wait queue, which lies in the backing device.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  atomic_dec,
  atomic_dec_and_test,
  complete,
  completion,
  kfree,
  rcu_read_lock,
  rcu_read_unlock,
  wait_event,
  wait_for_completion,
  wait_queue_head,
  wake_up_all,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  If,
  int,
  model,
  not,
  object,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import { type Race, use_after_free } from '../race.js';

const c = source('fs/fs-writeback.c');

export const settings = config({
  fix: oneOf('none', 'read_first', 'wake_first', 'read_under_rcu', 'completion'),
});
const { fix } = settings;

export const state = shared({
  wb_waitq: wait_queue_head(),
  /** struct wb_completion on the stack of the waiter: its count is that of the waiter, and one for each work. */
  done: object({ cnt: int(0, 2).starts(2), waitq: bool(), completion: completion() }),
});
const { wb_waitq, done } = state;

const finish = procedure('finish_writeback_work', () => ({
  way: If(fix.is('completion'), { complete: complete(done.completion) }).Else({
    first: If(fix.isIn('read_first', 'wake_first'), { read: c`waitq = done->waitq`.test(done.waitq) }),
    early: If(fix.is('wake_first'), { wake: wake_up_all(wb_waitq) }),
    rcu: If(fix.is('read_under_rcu'), { lock: rcu_read_lock() }),
    last: If(atomic_dec_and_test(done.cnt), {
      read: If(fix.isIn('none', 'read_under_rcu'), { waitq: c`done->waitq`.test(done.waitq) }),
      wake: If(fix.isnt('wake_first'), { all: wake_up_all(wb_waitq) }),
    }),
    rcu_end: If(fix.is('read_under_rcu'), { unlock: rcu_read_unlock() }),
  }),
}));

const wait = procedure('wb_wait_for_completion', () => ({
  way: If(fix.is('completion'), { wait: wait_for_completion(done.completion) }).Else({
    put: atomic_dec(done.cnt),
    wait: wait_event(wb_waitq, done.cnt.eq(0)),
  }),
  return: kfree(done),
}));

const worker = actor('kworker', finish);
const waiter = actor('waiter', wait);

export const properties: Properties = {
  waits: sometimes(waiter.at('wait_event.schedule'), 'it sleeps', { given: fix.isnt('completion') }),
  returns_first: sometimes(waiter.done.and(not(worker.done)), 'without a wake-up', {
    given: not(fix.isIn('completion', 'wake_first')),
  }),
};

export const race: Race = {
  subsystem: 'writeback',
  fix: { commit: '8e00c4e9dd85', subject: 'writeback: fix use-after-free in finish_writeback_work()' },
  kinds: ['use-after-free', 'lost wake-up'],
  uses: ['wait queue', 'atomic', 'completion', 'object on a stack'],
  essence: 'agrees: the worker drops the last count, and reads the pointer after the waiter has returned',
};

const late = use_after_free('finish_writeback_work');
export const manifest: Manifest = [
  row({ fix: 'none' }, [30, 42, 7], { [late]: 5 }),
  row({ fix: 'read_first' }, [27, 39, 7]),
  row({ fix: 'wake_first' }, [28, 40, 7], { 'no deadlock': 7 }),
  row({ fix: 'read_under_rcu' }, [45, 70, 9], { [late]: 6 }),
  row({ fix: 'completion' }, [4, 3, 3]),
];

export { writeback_done as model };

const writeback_done = model('writeback_done', {
  about: 'a worker drops the count of its waiter, and then reads the stack of the waiter, which has returned',
  settings,
  state,
  actors: [worker, waiter],
  comparison: { candidates: 'fix', scenarios: { 'a work, a waiter': {} } },
});
