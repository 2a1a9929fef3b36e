// Two threads set one timerfd at once: one takes it off the list of timers to cancel before the other has put it there.
//
// ctx->might_cancel says whether a timer is on cancel_list, from which clock_was_set() wakes up waiters. A thread sets it and
// has yet to add the timer; another one sees it, clears it, and deletes an element that is on no list. The first adds it now;
// the flag is clear, so close() leaves the freed timer on the list (CVE-2017-10661).
//
// Fix 1e38da300e1e, 4.11 [commit message; the release is memory]: a lock of the timer around flag and list. `flag_in_lock` sets
// the flag under the list's lock, and two threads may add the element. Steps: [source: fs/timerfd.c before and after].
// CONFIG_DEBUG_LIST reports what is on no list, others follow NULL. Left out: the timer, and what clock_was_set() wakes up.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  kfree_rcu,
  kfree_rcu_callback,
  list_add_rcu,
  list_del_rcu,
  list_has,
  list_node,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
  spin_lock,
  spin_unlock,
  spinlock,
} from '../../kernel/index.js';
import {
  actor,
  actors,
  bool,
  Call,
  config,
  expectsSoftly,
  If,
  int,
  isLive,
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

const c = source('fs/timerfd.c');

export const settings = config({
  fix: oneOf('none', 'ctx_lock', 'flag_in_lock', 'del_if_listed'),
  NR_SETTERS: int(1, 4),
});
const { fix, NR_SETTERS } = settings;

export const state = shared({
  cancel_lock: spinlock(),
  ctx: object({ might_cancel: bool(), clist: list_node(), cancel_lock: spinlock(), rcu: rcu_head() }),
});
const { cancel_lock, ctx } = state;

const corruption = 'list_del corruption, prev->next should be ctx->clist, but was NULL';
const lock = () => If(fix.is('ctx_lock'), { lock: spin_lock(ctx.cancel_lock) });
const unlock = () => If(fix.is('ctx_lock'), { unlock: spin_unlock(ctx.cancel_lock) });
const mark = (is: boolean, isInside: boolean) =>
  If(fix.is('flag_in_lock').eq(isInside), {
    set: c`ctx->might_cancel = ${is ? 'true' : 'false'}`(ctx.might_cancel.set(is)),
  });

const set = procedure('timerfd_setup_cancel', () => ({
  lock: lock(),
  test: If(c`!ctx->might_cancel`.test(not(ctx.might_cancel)), {
    mark: mark(true, false),
    list_lock: spin_lock(cancel_lock),
    late: mark(true, true),
    add: list_add_rcu(ctx.clist),
    list_unlock: spin_unlock(cancel_lock),
  }),
  unlock: unlock(),
}));

const remove_cancel = procedure('timerfd_remove_cancel', () => ({
  lock: lock(),
  test: If(c`ctx->might_cancel`.test(ctx.might_cancel), {
    mark: mark(false, false),
    list_lock: spin_lock(cancel_lock),
    late: mark(false, true),
    del: If(fix.isnt('del_if_listed').or(list_has(ctx.clist)), {
      valid: c`__list_del_entry_valid(&ctx->clist)`(expectsSoftly(list_has(ctx.clist), corruption)),
      list: list_del_rcu(ctx.clist),
    }),
    list_unlock: spin_unlock(cancel_lock),
  }),
  unlock: unlock(),
}));

const setter = actors('set', NR_SETTERS, set);
const unsetter = actor('unset', remove_cancel);
const closer = actor(
  'close',
  procedure('timerfd_release', () => ({
    last: c`fput(): the last reference`(when(setter.all((one) => one.done).and(unsetter.done))),
    remove: Call(remove_cancel),
    free: kfree_rcu(ctx.rcu),
  })),
);
const clock = actor(
  'clock_was_set',
  procedure('timerfd_clock_was_set', () => ({
    lock: rcu_read_lock(),
    walk: If(c`list_for_each_entry_rcu(ctx, &cancel_list, clist)`.test(list_has(ctx.clist)), {
      look: c`ctx->might_cancel`.test(ctx.might_cancel),
    }),
    unlock: rcu_read_unlock(),
  })),
);

export const properties: Properties = {
  no_freed_timer_listed: never(not(isLive(ctx)).and(list_has(ctx.clist)), 'cancel_list has a freed timer'),
  is_found: sometimes(clock.at('timerfd_clock_was_set.look')),
};

export const race: Race = {
  subsystem: 'timerfd',
  fix: { commit: '1e38da300e1e', subject: 'timerfd: Protect the might cancel mechanism proper' },
  kinds: ['bug', 'use-after-free'],
  uses: ['list', 'RCU', 'kfree_rcu', 'spinlock', 'check-then-act'],
  essence:
    'agrees: the element is deleted before it is added; that the freed timer stays on the list follows',
};

const uaf = use_after_free('timerfd_clock_was_set');
export const manifest: Manifest = [
  row({ fix: 'none' }, [232, 435, 20], { [corruption]: 6, no_freed_timer_listed: 16, [uaf]: 19 }),
  row({ fix: 'ctx_lock' }, [192, 340, 26]),
  row({ fix: 'flag_in_lock' }, [150, 282, 20]),
  row({ fix: 'del_if_listed' }, [238, 446, 21], { no_freed_timer_listed: 15, [uaf]: 18 }),
  row({ fix: 'ctx_lock', NR_SETTERS: 2 }, [434, 792, 29]),
  row({ fix: 'flag_in_lock', NR_SETTERS: 2 }, [565, 1291, 21], { 'list_add double add': 9 }),
];

export { timerfd_cancel as model };

const timerfd_cancel = model('timerfd_cancel', {
  about: 'a timer is taken off a list before it is on it, and is left there as it is freed',
  settings,
  state,
  actors: [setter, unsetter, closer, clock, kfree_rcu_callback('rcu_softirq', ctx.rcu, ctx)],
  comparison: { candidates: 'fix', scenarios: { 'set, unset': {}, 'set, set, unset': { NR_SETTERS: 2 } } },
});
