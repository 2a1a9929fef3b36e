// lookup_ioctx() against io_destroy(): a grace period of the wrong kind of RCU.
//
// io_destroy() takes a context out of the table, kills its percpu_ref, and frees it when that is released. percpu_ref waits
// for a grace period of sched-RCU; lookup_ioctx() is in a section of plain RCU, and where such a section can be preempted
// the two are not the same.
//
// Fix a6d7cff472ee [docs: changelog of 3.18.101; the id is memory], merged by fed8f5090ca6 [commit message], 4.16: call_rcu()
// before the free. The get must then be percpu_ref_tryget_live(), or it raises a count that is released. Steps: [source:
// fs/aio.c@3.16, @4.15.18, @6.5; include/linux/percpu-refcount.h, lib/percpu-refcount.c@3.16]. A get is one step, as a put:
// it reads the mode and counts in a section of sched-RCU, for which the change of the mode waits. The kernel library's ref
// waits for RCU of every kind, as since 4.20. Left out: the second ref of a context, which adds a sched grace period; the
// work of the free, which only comes later. call_rcu() is a wait for its grace period, as nothing comes after it.

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
import { type Race, use_after_free } from '../race.js';

const c = source('fs/aio.c');
const percpu = source('lib/percpu-refcount.c');

export const settings = config({
  fix: oneOf('none', 'tryget_live', 'call_rcu', 'call_rcu_tryget', 'grace_before', 'sched_reader'),
  /** CONFIG_PREEMPT_RCU: without, a section of plain RCU is one of sched-RCU. */
  PREEMPT_RCU: bool().starts(true),
});
const { fix, PREEMPT_RCU } = settings;
const both_kinds = not(PREEMPT_RCU).or(fix.is('sched_reader'));
const live_only = fix.isIn('tryget_live', 'call_rcu_tryget');

export const state = shared({
  /** mm->ioctx_table: the context, or NULL. */
  table: bool().starts(true),
  ctx: object({
    user_id: bool().starts(true),
    /** ctx->users: the sum of its counts; percpu_ref_kill() drops one, and later makes it one atomic number. */
    users: int(0, 2).starts(1),
    dead: bool(),
    atomic: bool(),
  }),
  /** free_ioctx_users() was called. */
  released: bool(),
});
const { table, ctx, released } = state;

const twice = 'BUG: free_ioctx_users() runs twice: percpu_ref_get() of a released ref';
const release = { release: c`free_ioctx_users(ref)`(expects(not(released), twice), released.set(true)) };

const lookup = procedure('lookup_ioctx', { got: bool() }, ({ got }) => ({
  sched: If(both_kinds, { lock: rcu_read_lock_sched() }),
  lock: rcu_read_lock(),
  ctx: If(c`ctx = rcu_dereference(table->table[id])`.test(table), {
    id: If(c`ctx->user_id == ctx_id`.test(ctx.user_id), {
      get: got.assign(
        percpu`percpu_ref_get(&ctx->users)`.test(not(live_only.and(ctx.dead)), { yes: [ctx.users.inc()] }),
      ),
    }),
  }),
  unlock: rcu_read_unlock(),
  sched_end: If(both_kinds, { unlock: rcu_read_unlock_sched() }),
  found: If(got, {
    use: c`io_submit_one(ctx)`.test(ctx.user_id),
    put: If(
      percpu`percpu_ref_put(&ctx->users)`.test(ctx.atomic.and(ctx.users.eq(1)), { both: [ctx.users.dec()] }),
      release,
    ),
  }),
}));

const rcu_period = () => synchronize_rcu({ consolidated: not(PREEMPT_RCU) });

const kill = procedure('kill_ioctx', () => ({
  before: If(fix.is('grace_before'), { rcu: rcu_period() }),
  clear: c`table->table[ctx->id] = NULL`(table.set(false)),
  kill: percpu`percpu_ref_kill(&ctx->users)`(ctx.dead.set(true), ctx.users.dec()),
  sched: synchronize_sched(),
  switch: If(
    percpu`percpu_ref_kill_rcu(): the count is 0`.test(ctx.users.eq(0), { both: [ctx.atomic.set(true)] }),
    release,
  ),
  released: c`free_ioctx_users()`(when(released)),
  after: If(fix.isIn('call_rcu', 'call_rcu_tryget'), { rcu: rcu_period() }),
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

const late_lookup = use_after_free('lookup_ioctx');
export const manifest: Manifest = [
  row({ fix: 'none' }, [113, 189, 17], { [late_lookup]: 11, [twice]: 15 }),
  row({ fix: 'tryget_live' }, [87, 151, 13], { [late_lookup]: 11 }),
  row({ fix: 'call_rcu' }, [134, 227, 19], { [late_lookup]: 17, [twice]: 15 }),
  row({ fix: 'call_rcu_tryget' }, [98, 171, 14]),
  row({ fix: 'grace_before' }, [135, 227, 19], { [late_lookup]: 13, [twice]: 17 }),
  row({ fix: 'sched_reader' }, [99, 170, 15]),
  row({ fix: 'none', PREEMPT_RCU: false }, [99, 170, 15]),
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
