// lookup_ioctx() against io_destroy(): a grace period of the wrong kind of RCU.
//
// io_destroy() takes a context out of the table, kills its percpu_ref, and frees it when that is released. percpu_ref waits
// for a grace period of sched-RCU; lookup_ioctx() is in a section of plain RCU, and where such a section can be preempted
// the two are not the same.
//
// Fix a6d7cff472ee [memory], merged by fed8f5090ca6 [commit message], 4.16: call_rcu() before the free. The get must then be
// percpu_ref_tryget_live(), or it raises a count that is released. Steps: [source: fs/aio.c@3.16, @4.15.18, @6.5;
// include/linux/percpu-refcount.h, lib/percpu-refcount.c@3.16]. Left out: the second ref of a context, which adds one more
// sched grace period; the work items of the free, which only come later. The per-CPU counts are their sum. call_rcu() is a wait
// for its grace period: nothing else of io_destroy() comes after it.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  kfree,
  rcu_read_lock,
  rcu_read_lock_sched,
  rcu_read_unlock,
  rcu_read_unlock_sched,
  synchronize_rcu,
  synchronize_sched,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  config,
  expects,
  If,
  inline,
  int,
  model,
  not,
  object,
  oneOf,
  procedure,
  shared,
  source,
  when,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('fs/aio.c');
const percpu = source('lib/percpu-refcount.c');

export const settings = config({
  fix: oneOf('none', 'tryget_live', 'call_rcu', 'call_rcu_tryget', 'grace_before', 'sched_reader'),
  /** CONFIG_PREEMPT_RCU: without, a section of plain RCU is one of sched-RCU. */
  PREEMPT_RCU: bool().starts(true),
});
const { fix, PREEMPT_RCU } = settings;
const both_kinds = not(PREEMPT_RCU).or(fix.is('sched_reader'));
const live_only = fix.is('tryget_live').or(fix.is('call_rcu_tryget'));

export const state = shared({
  /** mm->ioctx_table: the context, or NULL. */
  table: bool().starts(true),
  ctx: object({
    user_id: bool().starts(true),
    /** ctx->users: per-CPU until it is killed; its count is biased until the per-CPU counts are added. */
    per_cpu: bool().starts(true),
    biased: bool().starts(true),
    pcpu_count: int(-1, 1).starts(0),
    count: int(0, 2).starts(1),
  }),
  /** free_ioctx_users() was called. */
  released: bool(),
});
const { table, ctx, released } = state;

const put = inline('percpu_ref_put', () => ({
  lock: rcu_read_lock_sched(),
  alive: If(percpu`__pcpu_ref_alive(ref, &pcpu_count)`.test(ctx.per_cpu), {
    dec: percpu`this_cpu_dec(*pcpu_count)`(ctx.pcpu_count.dec()),
  }).Else({
    last: If(
      percpu`atomic_dec_and_test(&ref->count)`.test(ctx.count.eq(1).and(not(ctx.biased)), {
        both: [ctx.count.dec()],
      }),
      {
        release: c`free_ioctx_users(ref)`(
          expects(not(released), 'BUG: free_ioctx_users() runs twice: percpu_ref_get() of a released ref'),
          released.set(true),
        ),
      },
    ),
  }),
  unlock: rcu_read_unlock_sched(),
}));

const lookup = procedure('lookup_ioctx', { got: bool() }, ({ got }) => ({
  sched: If(both_kinds, { lock: rcu_read_lock_sched() }),
  lock: rcu_read_lock(),
  ctx: If(c`ctx = rcu_dereference(table->table[id])`.test(table), {
    id: If(c`ctx->user_id == ctx_id`.test(ctx.user_id), {
      lock_sched: rcu_read_lock_sched(),
      mode: If(percpu`percpu_ref_get(): __pcpu_ref_alive()`.test(ctx.per_cpu), {
        inc: percpu`this_cpu_inc(*pcpu_count)`(ctx.pcpu_count.inc(), got.set(true)),
      }).Else({
        live: If(not(live_only), {
          atomic: percpu`atomic_inc(&ref->count)`(ctx.count.inc(), got.set(true)),
        }),
      }),
      unlock_sched: rcu_read_unlock_sched(),
    }),
  }),
  unlock: rcu_read_unlock(),
  sched_end: If(both_kinds, { unlock: rcu_read_unlock_sched() }),
  found: If(got, {
    use: c`io_submit_one(ctx)`.test(ctx.user_id),
    put: put(),
  }),
}));

const rcu_period = () => synchronize_rcu({ consolidated: not(PREEMPT_RCU) });

const kill = procedure('kill_ioctx', () => ({
  before: If(fix.is('grace_before'), { rcu: rcu_period() }),
  clear: c`table->table[ctx->id] = NULL`(table.set(false)),
  kill: percpu`percpu_ref_kill(): PCPU_REF_DEAD`(ctx.per_cpu.set(false)),
  sched: synchronize_sched(),
  add: percpu`atomic_add(count - PCPU_COUNT_BIAS, &ref->count)`(
    ctx.count.set(ctx.count.plus(ctx.pcpu_count)),
    ctx.biased.set(false),
  ),
  put: put(),
  released: c`free_ioctx_users()`(when(released)),
  after: If(fix.is('call_rcu').or(fix.is('call_rcu_tryget')), { rcu: rcu_period() }),
  free: kfree(ctx),
}));

const reader = actor('lookup', lookup);
const killer = actor('destroy', kill);

export const properties: Properties = {
  used_before: sometimes(reader.at('lookup_ioctx.use')),
  not_found: sometimes(reader.done.and(not(table)).and(not(killer.done))),
  freed: sometimes(killer.done.and(reader.done)),
};

export const race: Race = {
  subsystem: 'aio',
  fix: { commit: 'a6d7cff472ee', subject: 'fs/aio: Add explicit RCU grace period when freeing kioctx' },
  kinds: ['use-after-free'],
  uses: ['RCU', 'sched-RCU', 'percpu_ref'],
  essence: 'agrees: the reader finds the context before it leaves the table, and reads it after it is freed',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [339, 590, 26], {
    'BUG: KASAN: slab-use-after-free in lookup_ioctx': 15,
    'BUG: KASAN: slab-use-after-free in percpu_ref_put': 24,
    'BUG: free_ioctx_users() runs twice: percpu_ref_get() of a released ref': 23,
  }),
  row({ fix: 'tryget_live' }, [218, 381, 26], { 'BUG: KASAN: slab-use-after-free in lookup_ioctx': 15 }),
  row({ fix: 'call_rcu' }, [369, 646, 28], {
    'BUG: KASAN: slab-use-after-free in lookup_ioctx': 24,
    'BUG: KASAN: slab-use-after-free in percpu_ref_put': 26,
    'BUG: free_ioctx_users() runs twice: percpu_ref_get() of a released ref': 23,
  }),
  row({ fix: 'call_rcu_tryget' }, [232, 407, 28]),
  row({ fix: 'grace_before' }, [376, 655, 28], {
    'BUG: KASAN: slab-use-after-free in lookup_ioctx': 17,
    'BUG: KASAN: slab-use-after-free in percpu_ref_put': 26,
    'BUG: free_ioctx_users() runs twice: percpu_ref_get() of a released ref': 25,
  }),
  row({ fix: 'sched_reader' }, [265, 462, 28]),
  row({ fix: 'none', PREEMPT_RCU: false }, [265, 462, 28]),
];

export { aio_kioctx as model };

const aio_kioctx = model('aio_kioctx', {
  about: 'io_destroy() frees a context after a grace period of sched-RCU, and its readers are in plain RCU',
  settings,
  state,
  actors: [reader, killer],
  comparison: {
    candidates: 'fix',
    scenarios: { 'a preemptible kernel': {}, 'no preemption': { PREEMPT_RCU: false } },
  },
});
