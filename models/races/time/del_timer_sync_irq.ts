// del_timer_sync() under a lock that an interrupt takes: a deadlock of three contexts on two CPUs.
//
// A task holds a lock and waits for the function of a timer, which runs in a softirq of another CPU. An interrupt comes
// there, over the function, and spins for the lock. The function goes on when the interrupt ends, the interrupt when the
// task drops the lock, and the task when the function ends. The function itself need not take the lock.
//
// c5f66e99b7cb, 3.7 [commit message]: timers with TIMER_IRQSAFE run with interrupts off, for the work of delayed_work, which
// is cancelled under such locks. For others the rule stands above del_timer_sync() [docs: kernel/time/timer.c@5.15]. Steps:
// [source: kernel/time/timer.c@5.15]. Left out: that the timer is armed again; what the function does; interrupts of the
// first CPU, which are off while the lock is held.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  del_timer_sync,
  local_irq_disable,
  local_irq_enable,
  mod_timer,
  spin_lock,
  spin_lock_irq,
  spin_unlock,
  spin_unlock_irq,
  spinlock,
  timer_list,
} from '../../kernel/index.js';
import {
  actor,
  config,
  cpu,
  Goto,
  given,
  If,
  interrupt,
  irqs_off,
  model,
  not,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('kernel/time/timer.c');
const driver = source('drivers/x.c');

export const settings = config({
  fix: oneOf('none', 'irqsafe', 'unlock_first', 'try_to_del', 'irqs_off_in_function'),
});
const { fix } = settings;

export const state = shared({
  somelock: spinlock(),
  timer: timer_list(),
});
const { somelock, timer } = state;

const del = procedure('del_timer_sync', () => ({
  arm: mod_timer(timer),
  again: spin_lock_irq(somelock),
  wait: If(fix.is('unlock_first'), { unlock: spin_unlock_irq(somelock), sync: del_timer_sync(timer) })
    .ElseIf(fix.is('try_to_del'), {
      try: If(
        c`try_to_del_timer_sync(timer) >= 0`.test(not(timer.running), { yes: [timer.pending.set(false)] }),
        {
          unlock: spin_unlock_irq(somelock),
        },
      ).Else({ busy: spin_unlock_irq(somelock), relax: Goto('again') }),
    })
    .Else({ sync: del_timer_sync(timer), unlock: spin_unlock_irq(somelock) }),
}));

const run_timer = procedure('run_timer_softirq', () => ({
  expire: If(
    c`expire_timers(): detach_timer(timer, true)`.test(timer.pending, {
      yes: [
        timer.pending.set(false),
        timer.running.set(true),
        given(fix.is('irqsafe'), irqs_off.mine.set(true)),
      ],
    }),
    {
      off: If(fix.is('irqs_off_in_function'), { disable: local_irq_disable() }),
      fn: driver`fn(timer)`(),
      on: If(fix.is('irqs_off_in_function'), { enable: local_irq_enable() }),
      end: c`base->running_timer = NULL`(
        timer.running.set(false),
        given(fix.is('irqsafe'), irqs_off.mine.set(false)),
      ),
    },
  ),
}));

const handler = procedure('irq_handler', () => ({
  lock: spin_lock(somelock),
  unlock: spin_unlock(somelock),
}));

const [cpu0, cpu1] = [cpu('cpu0'), cpu('cpu1')];
const task = actor('task', del, {}, { on: cpu0 });
const softirq = interrupt('softirq', run_timer, { on: cpu1, level: 'softirq' });
const irq = interrupt('irq', handler, { on: cpu1 });

export const properties: Properties = {
  waits_for_the_function: sometimes(
    task.at('del_timer_sync.again').and(timer.running),
    'the timer may run beside the task',
  ),
  ends: sometimes(task.done.and(irq.done)),
};

export const race: Race = {
  subsystem: 'timer',
  fix: { commit: 'c5f66e99b7cb', subject: 'timer: Implement TIMER_IRQSAFE' },
  kinds: ['deadlock'],
  uses: ['timer', 'spinlock', 'softirq', 'hardirq'],
  essence:
    'agrees with the comment above del_timer_sync(): each of the three contexts waits for the next one; c5f66e99b7cb is one way out',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [99, 174, 10], { 'no deadlock': 6 }),
  row({ fix: 'irqsafe' }, [89, 154, 10]),
  row({ fix: 'unlock_first' }, [114, 206, 11]),
  row({ fix: 'try_to_del' }, [108, 196, 11]),
  row({ fix: 'irqs_off_in_function' }, [111, 194, 12], { 'no deadlock': 6 }),
];

export { del_timer_sync_irq as model };

const del_timer_sync_irq = model('del_timer_sync_irq', {
  about:
    'a task waits for the function of a timer under a lock, and an interrupt over the function spins for that lock',
  settings,
  state,
  actors: [task, softirq, irq],
  comparison: { candidates: 'fix', scenarios: { 'two CPUs': {} } },
});
