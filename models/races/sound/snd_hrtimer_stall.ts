// ALSA's hrtimer: who starts the timer waits for its callback, which waits for the lock of who starts it.
//
// snd_hrtimer_start() cancels the hrtimer and waits for its callback. It is called under the lock of the sound timer, which
// the callback takes in snd_timer_interrupt(); and it is called by the callback itself, where an instance starts anew.
//
// Fix 2ba1fe7a06d3, 4.5 [docs: the patch; the release is memory]: hrtimer_try_to_cancel() where it starts, and also where it
// stops; the close still waits. Steps: [source: sound/core/hrtimer.c before and after the patch; sound/core/timer.c is
// memory]. That file was rewritten since; hrtimer_start() arms a timer that is armed, so that no cancel is needed there
// (`no_cancel`) [source: sound/core/hrtimer.c, later]. Left out: ticks and time; several instances; the tasklet of slow
// callbacks. `running` is tested before the callback does anything and before it is armed again.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  hrtimer,
  hrtimer_cancel,
  hrtimer_interrupt,
  hrtimer_start,
  hrtimer_try_to_cancel,
  kfree,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  spinlock,
} from '../../kernel/index.js';
import {
  actor,
  bool,
  Call,
  config,
  If,
  int,
  model,
  object,
  oneOf,
  procedure,
  shared,
  source,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('sound/core/hrtimer.c');

export const settings = config({
  fix: oneOf('none', 'try_to_cancel', 'no_cancel', 'try_in_close'),
  /** Does the callback start the timer anew? */
  AUTO: bool(),
});
const { fix, AUTO } = settings;

export const state = shared({
  /** timer->lock of the sound timer. */
  lock: spinlock(),
  stime: object({ hrt: hrtimer(), running: bool() }),
});
const { lock, stime } = state;

const hw_start = procedure('snd_hrtimer_start', { ret: int(-1, 1).starts(0) }, ({ ret }) => ({
  stop: c`atomic_set(&stime->running, 0)`(stime.running.set(false)),
  cancel: If(fix.is('none'), { wait: If(hrtimer_cancel(stime.hrt), {}) }).ElseIf(fix.isnt('no_cancel'), {
    try: ret.assign(hrtimer_try_to_cancel(stime.hrt)),
  }),
  arm: hrtimer_start(stime.hrt),
  run: c`atomic_set(&stime->running, 1)`(stime.running.set(true)),
}));

const timer_start = procedure('snd_timer_start1', { flags: bool() }, ({ flags }) => ({
  lock: spin_lock_irqsave(lock, flags),
  start: Call(hw_start),
  unlock: spin_unlock_irqrestore(lock, flags),
}));

const callback = procedure('snd_hrtimer_callback', { flags: bool() }, ({ flags }) => ({
  test: If(c`atomic_read(&stime->running)`.test(stime.running), {
    lock: spin_lock_irqsave(lock, flags),
    anew: If(AUTO, { start: Call(hw_start) }),
    unlock: spin_unlock_irqrestore(lock, flags),
  }),
}));

const user = procedure(
  'snd_timer_user_ioctl',
  { flags: bool(), ret: int(-1, 1).starts(0) },
  ({ flags, ret }) => ({
    start: Call(timer_start),
    again: Call(timer_start),
    lock: spin_lock_irqsave(lock, flags),
    stop: c`snd_hrtimer_stop(): atomic_set(&stime->running, 0)`(stime.running.set(false)),
    cancel: If(fix.isIn('try_to_cancel', 'try_in_close'), {
      try: ret.assign(hrtimer_try_to_cancel(stime.hrt)),
    }),
    unlock: spin_unlock_irqrestore(lock, flags),
    close: If(fix.is('try_in_close'), { try: ret.assign(hrtimer_try_to_cancel(stime.hrt)) }).Else({
      wait: If(hrtimer_cancel(stime.hrt), {}),
    }),
    free: kfree(stime),
  }),
);

const task = actor('task', user);
const timer = hrtimer_interrupt('hrtimer', stime.hrt, callback, { restarts: stime.running });

export const properties: Properties = {
  expires: sometimes(timer.at('snd_hrtimer_callback.lock'), 'the callback takes the lock'),
  closes: sometimes(task.done),
};

export const race: Race = {
  subsystem: 'ALSA',
  fix: { commit: '2ba1fe7a06d3', subject: 'ALSA: hrtimer: Fix stall by hrtimer_cancel()' },
  kinds: ['deadlock', 'use-after-free'],
  uses: ['hrtimer', 'spinlock', 'hardirq'],
  essence:
    'agrees: the callback finds the timer running and waits for the lock of who starts it, who then waits for the callback; the message has also the callback that waits for itself',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [87, 135, 22], { 'no deadlock': 13 }),
  row({ fix: 'try_to_cancel' }, [132, 215, 23]),
  row({ fix: 'no_cancel' }, [116, 189, 20]),
  row({ fix: 'try_in_close' }, [157, 258, 25], {
    'ODEBUG: free active (active state 0) object type: hrtimer': 22,
    'BUG: KASAN: slab-use-after-free in hrtimer_run_queues': 24,
    'BUG: KASAN: slab-use-after-free in snd_hrtimer_callback': 23,
  }),
  row({ fix: 'none', AUTO: true }, [92, 137, 23], { 'no deadlock': 13 }),
  row({ fix: 'try_to_cancel', AUTO: true }, [172, 271, 33]),
  row({ fix: 'no_cancel', AUTO: true }, [146, 230, 29]),
  row({ fix: 'try_in_close', AUTO: true }, [227, 361, 36], {
    'BUG: KASAN: slab-use-after-free in snd_hrtimer_start': 26,
    'ODEBUG: free active (active state 0) object type: hrtimer': 22,
    'BUG: KASAN: slab-use-after-free in hrtimer_run_queues': 24,
    'BUG: KASAN: slab-use-after-free in snd_hrtimer_callback': 23,
  }),
];

export { snd_hrtimer_stall as model };

const snd_hrtimer_stall = model('snd_hrtimer_stall', {
  about: 'a sound timer is started under a lock, and waits there for a callback that takes it',
  settings,
  state,
  actors: [task, timer],
  comparison: {
    candidates: 'fix',
    scenarios: { 'start, start, stop, close': {}, 'the callback starts it anew': { AUTO: true } },
  },
});
