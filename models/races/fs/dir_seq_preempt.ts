// i_dir_seq on PREEMPT_RT: a reader spins for a writer that it has preempted, for ever.
//
// start_dir_add() makes the sequence of a directory odd, end_dir_add() even again, and d_alloc_parallel() tries again while
// it is odd. The lock of a dentry is held around the two. Without PREEMPT_RT it turns preemption off; with it, a task of
// higher priority may preempt the writer between them, and spins on the CPU that the writer needs.
//
// Fix cf634d540a29, 6.0 [commit message]: turn preemption off there. By itself it wakes sleepers inside, and on
// PREEMPT_RT the lock of a wait queue may sleep (`wake_inside`); 50417d22d0ef of the same series takes that out. Steps:
// [source: fs/dcache.c@6.5]. Left out: the hash list, which the reader looks at while the sequence is even; rename_lock;
// readers on other CPUs, for which the writer goes on. The reader has the higher priority: from when it runs, the writer
// runs only while it sleeps, so the reader has preemption off by itself here, but where it gives up the CPU.

import {
  eventually,
  type Properties,
  property,
  sometimes,
  weaklyFair,
} from '../../../properties/language/index.js';
import {
  cmpxchg,
  mightSleep,
  mutex,
  mutex_lock,
  mutex_unlock,
  preempt_disable,
  preempt_enable,
  spin_lock,
  spin_unlock,
  spinlock,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  cpu,
  Goto,
  given,
  If,
  int,
  model,
  not,
  oneOf,
  preempt_off,
  procedure,
  shared,
  source,
  when,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('fs/dcache.c');
const sched = source('kernel/sched/core.c');

export const settings = config({
  fix: oneOf('none', 'preempt_off', 'wake_inside', 'yield', 'sleep'),
  PREEMPT_RT: bool().starts(true),
});
const { fix, PREEMPT_RT } = settings;
const turns_off = fix.isIn('preempt_off', 'wake_inside');

export const state = shared({
  i_dir_seq: int(0, 3),
  /** dentry->d_lock: a spinlock, and on PREEMPT_RT a lock that sleeps. */
  d_lock: spinlock(),
  d_lock_rt: mutex(),
});
const { i_dir_seq, d_lock, d_lock_rt } = state;
const odd = i_dir_seq.mod(2).eq(1);

const wakes = () => given(PREEMPT_RT, mightSleep());
const add = procedure('__d_add', { n: int(0, 3), seen: int(0, 3) }, ({ n, seen }) => ({
  lock: If(PREEMPT_RT, { rt: mutex_lock(d_lock_rt) }).Else({ spin: spin_lock(d_lock) }),
  off: If(turns_off, { disable: preempt_disable() }),
  read: c`n = dir->i_dir_seq`(n.set(i_dir_seq)),
  busy: If(n.mod(2).eq(1), { again: Goto('read') }),
  add: seen.assign(cmpxchg(i_dir_seq, n, n.plus(1))),
  lost: If(seen.ne(n), { again: Goto('read') }),
  hash: c`__d_rehash(dentry)`(),
  end: c`smp_store_release(&dir->i_dir_seq, n + 2)`(i_dir_seq.set(n.plus(2))),
  inside: If(fix.is('wake_inside'), { wake: c`wake_up_all(d_wait): spin_lock(&d_wait->lock)`(wakes()) }),
  on: If(turns_off, { enable: preempt_enable() }),
  unlock: If(PREEMPT_RT, { rt: mutex_unlock(d_lock_rt) }).Else({ spin: spin_unlock(d_lock) }),
  outside: If(fix.isnt('wake_inside'), { wake: c`wake_up_all(d_wait): spin_lock(&d_wait->lock)`(wakes()) }),
}));

const lookup = procedure('d_alloc_parallel', { seq: int(0, 3) }, ({ seq }) => ({
  runs: sched`schedule(): the task of higher priority runs`(preempt_off.mine.set(1)),
  retry: c`seq = smp_load_acquire(&parent->d_inode->i_dir_seq)`(seq.set(i_dir_seq)),
  odd: If(seq.mod(2).eq(1), {
    yields: If(fix.is('yield'), { yield: sched`sched_yield(): nobody of its priority`() }),
    sleeps: If(fix.is('sleep'), {
      sleep: sched`schedule()`(preempt_off.mine.set(0)),
      woken: sched`the sequence is even: schedule()`(when(not(odd)), preempt_off.mine.set(1)),
    }),
    again: Goto('retry'),
  }),
  find: c`dentry = __d_lookup_rcu(parent, name, &d_seq)`(),
  changed: If(i_dir_seq.ne(seq), { again: Goto('retry') }),
  exits: sched`do_task_dead()`(preempt_off.mine.set(0)),
}));

const cpu0 = cpu('cpu0');
const writer = actor('writer', add, {}, { on: cpu0 });
const reader = actor('reader', lookup, {}, { on: cpu0 });

export const properties: Properties = {
  lookup_ends: property(eventually(reader.done), 'the lookup does not spin for ever', { fair: weaklyFair() }),
  looked_up_first: sometimes(reader.done.and(not(writer.done))),
  added_first: sometimes(writer.done.and(not(reader.done))),
};

export const race: Race = {
  subsystem: 'fs/dcache',
  fix: {
    commit: 'cf634d540a29',
    subject: 'fs/dcache: Disable preemption on i_dir_seq write side on PREEMPT_RT',
  },
  kinds: ['livelock', 'bug'],
  uses: ['sequence count', 'preemption', 'cmpxchg', 'wait queue'],
  essence:
    'differs: an endless run has no essence; its trace shows what the message says, a lookup that preempts the writer between its two stores',
  history:
    'cf634d540a29 by itself (`wake_inside`) wakes up with preemption off, and is refuted; 50417d22d0ef, of the same series, closes that.',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [61, 69, 15], { lookup_ends: 7, 'no actor is stuck': 5 }),
  row({ fix: 'preempt_off' }, [49, 52, 17]),
  row({ fix: 'wake_inside' }, [46, 48, 18], { 'BUG: sleeping function called from invalid context': 9 }),
  row({ fix: 'yield' }, [64, 72, 15], { lookup_ends: 8, 'no actor is stuck': 5 }),
  row({ fix: 'sleep' }, [70, 80, 15]),
  row({ fix: 'none', PREEMPT_RT: false }, [35, 36, 15]),
];

export { dir_seq_preempt as model };

const dir_seq_preempt = model('dir_seq_preempt', {
  about: 'on PREEMPT_RT a lookup preempts the task that adds a name, and spins on its CPU until it is added',
  settings,
  state,
  actors: [writer, reader],
  comparison: {
    candidates: 'fix',
    scenarios: { PREEMPT_RT: {}, 'without PREEMPT_RT': { PREEMPT_RT: false } },
  },
});
