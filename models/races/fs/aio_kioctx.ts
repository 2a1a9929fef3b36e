// lookup_ioctx() against io_destroy(): a grace period of the wrong kind of RCU.
//
// io_destroy() takes a context out of the table, kills its percpu_ref, and frees it when that is released. percpu_ref waits
// for a grace period of sched-RCU; lookup_ioctx() is in a section of plain RCU, and where such a section can be preempted
// the two are not the same.
//
// Fix a6d7cff472ee [memory], merged by fed8f5090ca6 [commit message], 4.16: call_rcu() before the free. The get must then be
// percpu_ref_tryget_live(), or it raises a count that is released. Steps: [source: fs/aio.c@3.16, @4.15.18, @6.5;
// include/linux/percpu-refcount.h, lib/percpu-refcount.c@3.16]. Left out: the second ref of a context, which adds one more
// sched grace period; the work items of the free, which only come later. The per-CPU counts are their sum. Grace periods
// are two steps by hand: the reader has one section of each kind, and is noted if it is inside.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import { kfree } from '../../kernel/index.js';
import {
  actor,
  type Bool,
  type BoolVar,
  bool,
  config,
  expects,
  given,
  If,
  inline,
  int,
  model,
  no,
  not,
  object,
  oneOf,
  procedure,
  shared,
  source,
  when,
  yes,
} from '../../language/index.js';
import type { Manifest } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('fs/aio.c');
const percpu = source('lib/percpu-refcount.c');
const rcu = source('include/linux/rcupdate.h');

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
  /** Is the reader in a section of plain RCU, in one of sched-RCU? */
  in_rcu: bool(),
  in_sched: bool(),
});
const { table, ctx, released, in_rcu, in_sched } = state;

const put = inline('percpu_ref_put', (sched: Bool) => ({
  mode: If(
    percpu`__pcpu_ref_alive(ref, &pcpu_count)`.test(ctx.per_cpu, {
      both: [given(sched, in_sched.set(true))],
    }),
    {
      dec: percpu`this_cpu_dec(*pcpu_count)`(ctx.pcpu_count.dec(), given(sched, in_sched.set(false))),
    },
  ).Else({
    last: If(
      percpu`atomic_dec_and_test(&ref->count)`.test(ctx.count.eq(1).and(not(ctx.biased)), {
        both: [ctx.count.dec(), given(sched, in_sched.set(false))],
      }),
      {
        release: c`free_ioctx_users(ref)`(
          expects(not(released), 'BUG: free_ioctx_users() runs twice: percpu_ref_get() of a released ref'),
          released.set(true),
        ),
      },
    ),
  }),
}));

const lookup = procedure('lookup_ioctx', { got: bool() }, ({ got }) => ({
  lock: rcu`rcu_read_lock()`(in_rcu.set(true), given(both_kinds, in_sched.set(true))),
  ctx: If(c`ctx = rcu_dereference(table->table[id])`.test(table), {
    id: If(c`ctx->user_id == ctx_id`.test(ctx.user_id), {
      mode: If(
        percpu`percpu_ref_get(): __pcpu_ref_alive()`.test(ctx.per_cpu, { both: [in_sched.set(true)] }),
        {
          inc: percpu`this_cpu_inc(*pcpu_count)`(
            ctx.pcpu_count.inc(),
            got.set(true),
            in_sched.set(both_kinds),
          ),
        },
      ).Else({
        live: If(live_only, { dead: percpu`percpu_ref_tryget_live(): false`(in_sched.set(both_kinds)) }).Else(
          {
            atomic: percpu`atomic_inc(&ref->count)`(ctx.count.inc(), got.set(true), in_sched.set(both_kinds)),
          },
        ),
      }),
    }),
  }),
  unlock: rcu`rcu_read_unlock()`(in_rcu.set(false), given(both_kinds, in_sched.set(false))),
  found: If(got, {
    use: c`io_submit_one(ctx)`.test(ctx.user_id),
    put: put(yes),
  }),
}));

const grace = inline('synchronize', { inside: bool() }, ({ inside }, flag: BoolVar) => ({
  begin: rcu`a grace period begins`(inside.set(flag)),
  end: rcu`the grace period ends`(when(not(inside.and(flag)))),
}));

const kill = procedure('kill_ioctx', () => ({
  before: If(fix.is('grace_before'), { rcu: grace(in_rcu) }),
  clear: c`table->table[ctx->id] = NULL`(table.set(false)),
  kill: percpu`percpu_ref_kill(): PCPU_REF_DEAD`(ctx.per_cpu.set(false)),
  sched: grace(in_sched),
  add: percpu`atomic_add(count - PCPU_COUNT_BIAS, &ref->count)`(
    ctx.count.set(ctx.count.plus(ctx.pcpu_count)),
    ctx.biased.set(false),
  ),
  put: put(no),
  released: c`free_ioctx_users()`(when(released)),
  after: If(fix.is('call_rcu').or(fix.is('call_rcu_tryget')), { rcu: grace(in_rcu) }),
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
  {
    settings: { fix: 'none' },
    violated: {
      'BUG: KASAN: slab-use-after-free in lookup_ioctx': 13,
      'BUG: KASAN: slab-use-after-free in percpu_ref_put': 19,
      'BUG: free_ioctx_users() runs twice: percpu_ref_get() of a released ref': 19,
    },
    states: 217,
    transitions: 365,
    depth: 21,
  },
  {
    settings: { fix: 'tryget_live' },
    violated: { 'BUG: KASAN: slab-use-after-free in lookup_ioctx': 13 },
    states: 151,
    transitions: 259,
    depth: 20,
  },
  {
    settings: { fix: 'call_rcu' },
    violated: {
      'BUG: KASAN: slab-use-after-free in lookup_ioctx': 20,
      'BUG: KASAN: slab-use-after-free in percpu_ref_put': 21,
      'BUG: free_ioctx_users() runs twice: percpu_ref_get() of a released ref': 19,
    },
    states: 249,
    transitions: 423,
    depth: 23,
  },
  { settings: { fix: 'call_rcu_tryget' }, violated: {}, states: 166, transitions: 284, depth: 22 },
  {
    settings: { fix: 'grace_before' },
    violated: {
      'BUG: KASAN: slab-use-after-free in lookup_ioctx': 15,
      'BUG: KASAN: slab-use-after-free in percpu_ref_put': 21,
      'BUG: free_ioctx_users() runs twice: percpu_ref_get() of a released ref': 21,
    },
    states: 249,
    transitions: 421,
    depth: 23,
  },
  { settings: { fix: 'sched_reader' }, violated: {}, states: 155, transitions: 261, depth: 20 },
  { settings: { fix: 'none', PREEMPT_RCU: false }, violated: {}, states: 155, transitions: 261, depth: 20 },
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
