// try_to_wake_up() without a barrier between p->state and p->on_rq: a task that runs is queued once more.
//
// A task is woken, which stores p->on_rq, runs, and makes itself TASK_UNINTERRUPTIBLE. A second waker sees that state, and
// then p->on_rq as it was before the first: it takes the task for one that has left the run queue. The second load may come
// before the first: message passing.
//
// Fix 135e8c9250dd, 4.8 [id and subject: docs; message: memory]: smp_rmb() between the two loads. Found on POWER; x86 keeps
// the order of loads. The test between them is a control dependency, which orders no load. Left out: the locks of the run
// queue; the context switch between the two stores is the smp_mb() that it has, and one actor does both.

import { never, type Properties, sometimes } from '../../properties/language/index.js';
import { READ_ONCE, smp_load_acquire, smp_mb, smp_rmb, WRITE_ONCE } from '../kernel/index.js';
import { actor, config, If, model, oneOf, perActor, procedure, shared } from '../language/index.js';
import type { Manifest } from '../manifest.js';
import { type BarrierBug, comparedUnderTso, rowsOfCandidates } from './barrier.js';

export const settings = config({ fix: oneOf('none', 'smp_rmb', 'acquire') });
const { fix } = settings;

export const state = shared({
  on_rq: oneOf('off_rq', 'on_rq'),
  task_state: oneOf('RUNNING', 'UNINTERRUPTIBLE'),
});
const { on_rq, task_state } = state;

/** What the waker finds of a task that sleeps or is about to. */
const seen = perActor('seen', oneOf('RUNNING', 'UNINTERRUPTIBLE'));
const found = perActor('found', oneOf('nothing', 'off_rq', 'on_rq'));

const runs = procedure('ttwu_activate', () => ({
  activate: WRITE_ONCE(on_rq, 'on_rq'),
  switch: smp_mb(),
  sleep: WRITE_ONCE(task_state, 'UNINTERRUPTIBLE'),
}));

const wake = procedure('try_to_wake_up', () => ({
  state: If(fix.is('acquire'), { acquire: seen.mine.assign(smp_load_acquire(task_state)) }).Else({
    once: seen.mine.assign(READ_ONCE(task_state)),
  }),
  test: If(seen.mine.is('UNINTERRUPTIBLE'), {
    barrier: If(fix.is('smp_rmb'), { rmb: smp_rmb() }),
    on_rq: found.mine.assign(READ_ONCE(on_rq)),
  }),
}));

const task = actor('task', runs);
const waker = actor('waker', wake);

export const properties: Properties = {
  not_queued_twice: never(
    waker.done.and(found.of(waker).is('off_rq')),
    'the waker takes a task that is on the run queue for one that is not, and queues it',
  ),
  finds_it_queued: sometimes(waker.done.and(found.of(waker).is('on_rq'))),
  finds_it_running: sometimes(waker.done.and(found.of(waker).is('nothing'))),
};

export const barrier: BarrierBug = {
  subsystem: 'sched',
  fix: {
    commit: '135e8c9250dd',
    subject: 'sched/core: Fix a race between try_to_wake_up() and a woken up task',
  },
  kinds: ['bug', 'livelock'],
  uses: ['memory barrier', 'task state', 'run queue', 'control dependency'],
  merged: 'smp_rmb',
  shape: 'MP',
  litmus: { none: 'MP+wmb+ctrl', smp_rmb: 'MP+wmb+ctrl-rmb', acquire: 'ttwu_on_rq.acquire' },
};

export const manifest: Manifest = rowsOfCandidates({
  none: { interleavings: [12, 14, 5], tso: [21, 29, 8], buffer: 1 },
  smp_rmb: { interleavings: [12, 14, 5], tso: [21, 29, 8], buffer: 1 },
  acquire: { interleavings: [12, 14, 5], tso: [21, 29, 8], buffer: 1 },
});

export { ttwu_on_rq as model };

const ttwu_on_rq = model('ttwu_on_rq', {
  about:
    'a task is queued, runs and is about to sleep, while a second waker reads its state and then p->on_rq',
  settings,
  state,
  actors: [task, waker],
  comparison: comparedUnderTso('one task, a second waker'),
});
