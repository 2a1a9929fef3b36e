// blk_mq_freeze_queue() and blk_mq_unfreeze_queue(): the depth is atomic, the depth and the percpu_ref together are not.
//
// The first freeze raises mq_freeze_depth to 1 and kills the percpu_ref of the queue; the last unfreeze drops it to 0 and
// resurrects the ref. Between the two steps of an unfreeze another task freezes the queue: it kills what is dead, then the
// ref is resurrected, and that task waits for ever for a count that is not dropped.
//
// Fix 7996a8b5511a, 5.2 [commit message]: the depth and the ref change under a mutex. Steps: [source: block/blk-mq.c and
// block/blk-core.c in the patch]. Left out: requests, each of which holds the ref; blk_queue_enter(), which waits for the
// depth; the grace period of percpu_ref_kill(): without requests the ref is 0 as it ends. The kernel library's percpu_ref is
// not resurrected.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  atomic_dec_return,
  atomic_inc_return,
  mutex,
  mutex_lock,
  mutex_unlock,
  wait_event,
  wait_queue_head,
  wake_up_all,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  Call,
  config,
  expectsSoftly,
  If,
  inline,
  int,
  model,
  not,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('block/blk-mq.c');
const lib = source('lib/percpu-refcount.c');

export const settings = config({
  fix: oneOf('none', 'freeze_lock', 'kill_if_live', 'lock_to_freeze', 'resurrect_first'),
});
const { fix } = settings;

export const state = shared({
  mq_freeze_depth: int(0, 2),
  mq_freeze_lock: mutex(),
  mq_freeze_wq: wait_queue_head(),
  /** q->q_usage_counter: it is 0 while it is dead. */
  dead: bool(),
});
const { mq_freeze_depth, mq_freeze_lock, mq_freeze_wq, dead } = state;

const locks = fix.isIn('freeze_lock', 'lock_to_freeze');
const kill = inline('percpu_ref_kill', () => ({
  kill: lib`percpu_ref_kill(&q->q_usage_counter)`(
    expectsSoftly(not(dead), 'percpu_ref_kill_and_confirm called more than once!'),
    dead.set(true),
  ),
  release: wake_up_all(mq_freeze_wq),
}));
const freeze = procedure('blk_mq_freeze_queue', { depth: int(0, 2) }, ({ depth }) => ({
  lock: If(locks, { mutex: mutex_lock(mq_freeze_lock) }),
  inc: depth.assign(atomic_inc_return(mq_freeze_depth)),
  first: If(depth.eq(1), {
    live: If(fix.is('kill_if_live').and(dead), {}).Else({ kill: kill() }),
  }),
  unlock: If(locks, { mutex: mutex_unlock(mq_freeze_lock) }),
  wait: wait_event(mq_freeze_wq, dead),
}));

const resurrect = inline('percpu_ref_resurrect', () => ({
  live: lib`percpu_ref_resurrect(&q->q_usage_counter)`(dead.set(false)),
  wake: wake_up_all(mq_freeze_wq),
}));
const unfreeze = procedure('blk_mq_unfreeze_queue', { depth: int(0, 2) }, ({ depth }) => ({
  lock: If(fix.is('freeze_lock'), { mutex: mutex_lock(mq_freeze_lock) }),
  early: If(fix.is('resurrect_first').and(mq_freeze_depth.eq(1)), { resurrect: resurrect() }),
  dec: depth.assign(atomic_dec_return(mq_freeze_depth)),
  last: If(depth.eq(0).and(fix.isnt('resurrect_first')), { resurrect: resurrect() }),
  unlock: If(fix.is('freeze_lock'), { mutex: mutex_unlock(mq_freeze_lock) }),
}));

const updates = actor(
  'update',
  procedure('blk_mq_update_tag_set_depth', () => ({
    freeze: Call(freeze),
    set: c`blk_mq_update_nr_requests(q)`(),
    unfreeze: Call(unfreeze),
  })),
);
const cleanup = actor(
  'cleanup',
  procedure('blk_cleanup_queue', () => ({ freeze: Call(freeze) })),
);

export const properties: Properties = {
  both_end: sometimes(updates.done.and(cleanup.done), 'the queue is frozen for good'),
  freezes_beside: sometimes(mq_freeze_depth.eq(2)),
};

export const race: Race = {
  subsystem: 'block',
  fix: { commit: '7996a8b5511a', subject: 'blk-mq: fix hang caused by freeze/unfreeze sequence' },
  kinds: ['warning', 'deadlock'],
  uses: ['percpu_ref', 'atomic', 'mutex', 'wait queue'],
  essence: 'agrees: the ref is killed before it is resurrected, by a freeze that comes after the depth was 0',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [143, 238, 17], {
    'percpu_ref_kill_and_confirm called more than once!': 10,
    'no deadlock': 17,
  }),
  row({ fix: 'freeze_lock' }, [56, 75, 19]),
  row({ fix: 'kill_if_live' }, [153, 256, 17], { 'no deadlock': 17 }),
  row({ fix: 'lock_to_freeze' }, [90, 136, 21], {
    'percpu_ref_kill_and_confirm called more than once!': 13,
    'no deadlock': 21,
  }),
  row({ fix: 'resurrect_first' }, [139, 230, 15], { 'no deadlock': 15 }),
];

export { blk_mq_freeze as model };

const blk_mq_freeze = model('blk_mq_freeze', {
  about: 'a queue is frozen while another task unfreezes it, and the freeze waits for ever',
  settings,
  state,
  actors: [updates, cleanup],
  comparison: { candidates: 'fix', scenarios: { 'an update, a removal': {} } },
});
