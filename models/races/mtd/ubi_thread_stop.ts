// UBI's background thread misses that it is asked to stop, and its detach waits for ever.
//
// ubi_thread() tests kthread_should_stop() at the head of its loop, and sets its state only later, where it has found no
// work. kthread_stop() sets the flag and wakes the thread up in between: it runs already, so the wake-up does nothing, and
// then it sleeps. Bug: 801c135ce73d.
//
// Fix d005f8c6588e, 5.10 [commit message; the release is memory]: the flag is tested once more, after the state is set.
// Steps: [source: drivers/mtd/ubi/wl.c in the patch; __schedule_ubi_work() is memory]. Left out: ubi->ro_mode and the
// switches that disable the thread, which are further reasons to sleep; failures; freezing; what a work does. More than one
// work comes to the same state as one that comes late.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  kthread_should_stop,
  kthread_stop,
  schedule,
  set_current_state,
  spin_lock,
  spin_unlock,
  spinlock,
  wake_up_process,
} from '../../kernel/index.js';
import {
  actor,
  config,
  Goto,
  If,
  int,
  model,
  oneOf,
  procedure,
  Return,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('drivers/mtd/ubi/wl.c');

export const settings = config({
  fix: oneOf('none', 'test_after_state', 'test_before_state', 'stop_under_lock', 'state_first'),
});
const { fix } = settings;

export const state = shared({
  wl_lock: spinlock(),
  /** The length of ubi->works. */
  works: int(0, 1),
});
const { wl_lock, works } = state;

const ubi_thread = procedure('ubi_thread', () => ({
  early: If(fix.is('state_first'), { state: set_current_state('INTERRUPTIBLE') }),
  loop: If(c`kthread_should_stop()`.test(kthread_should_stop()), {
    running: set_current_state('RUNNING'),
    exit: Return(),
  }),
  lock: spin_lock(wl_lock),
  empty: If(c`list_empty(&ubi->works)`.test(works.eq(0)), {
    before: If(fix.is('test_before_state').and(kthread_should_stop()), {
      unlock: spin_unlock(wl_lock),
      exit: Return(),
    }),
    state: If(fix.isnt('state_first'), { sleep: set_current_state('INTERRUPTIBLE') }),
    unlock: spin_unlock(wl_lock),
    after: If(fix.is('test_after_state').and(kthread_should_stop()), {
      running: set_current_state('RUNNING'),
      exit: Return(),
    }),
    sleep: schedule(),
    next: Goto('early'),
  }),
  work: c`do_work(ubi): list_del(&wrk->list)`(works.dec()),
  unlock: spin_unlock(wl_lock),
  next: Goto('early'),
}));

const thread = actor('ubi_bgt', ubi_thread);

const schedule_work = procedure('__schedule_ubi_work', () => ({
  lock: spin_lock(wl_lock),
  add: c`list_add_tail(&wrk->list, &ubi->works)`(works.inc()),
  wake: wake_up_process(thread),
  unlock: spin_unlock(wl_lock),
}));
const detach_dev = procedure('ubi_detach_mtd_dev', () => ({
  lock: If(fix.is('stop_under_lock'), { lock: spin_lock(wl_lock) }),
  stop: kthread_stop(thread),
  unlock: If(fix.is('stop_under_lock'), { unlock: spin_unlock(wl_lock) }),
}));

const detach = actor('detach', detach_dev);
const user = actor('user', schedule_work);

export const properties: Properties = {
  works: sometimes(thread.done.and(works.eq(0)), 'the work is done before the thread stops'),
  stops_first: sometimes(thread.done.and(works.eq(1)), 'a work is left, which the detach cancels'),
};

export const race: Race = {
  subsystem: 'mtd/ubi',
  fix: {
    commit: 'd005f8c6588e',
    subject: 'ubi: check kthread_should_stop() after the setting of task state',
  },
  kinds: ['lost wake-up', 'deadlock'],
  uses: ['kthread', 'task state', 'spinlock'],
  essence: 'agrees: the flag is tested before it is set, and the state is set after the wake-up',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [117, 209, 16], { 'no deadlock': 16 }),
  row({ fix: 'test_after_state' }, [151, 288, 17]),
  row({ fix: 'test_before_state' }, [127, 225, 17], { 'no deadlock': 17 }),
  row({ fix: 'stop_under_lock' }, [90, 119, 18], {
    'BUG: sleeping function called from invalid context': 4,
    'no deadlock': 5,
  }),
  row({ fix: 'state_first' }, [153, 295, 17]),
];

export { ubi_thread_stop as model };

const ubi_thread_stop = model('ubi_thread_stop', {
  about: 'a thread tests whether it shall stop before it sets its state, and sleeps after the wake-up',
  settings,
  state,
  actors: [thread, detach, user],
  comparison: { candidates: 'fix', scenarios: { 'a work, a detach': {} } },
});
