// printk() within the write section of the timekeeper: a CPU reads the time that it is just changing, for ever.
//
// update_wall_time() prints while its sequence count is odd. printk() releases console_sem; if a task waits for it, the
// wake-up starts a timer of the scheduler, which reads the time: that spins until the count is even.
//
// Fix 6d9bcb621b0b, 3.16 [commit message; the release is memory]: printk_deferred(), which prints from an interrupt later on.
// Steps: [commit message; source: kernel/time/timekeeping.c]. Left out: the rest of the timekeeper; the runqueue lock, which
// printk() may also find taken; that console_unlock() prints more. up() wakes the waiter as it releases the semaphore.

import { type Properties, sometimes } from '../../../properties/language/index.js';
import {
  down,
  down_trylock,
  raw_spin_lock_irqsave,
  raw_spin_unlock_irqrestore,
  raw_spinlock,
  raw_write_seqcount_begin,
  semaphore,
  seqcount,
  seqretry,
  up,
  write_seqcount_end,
} from '../../kernel/index.js';
import {
  actor,
  bool,
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

const c = source('kernel/time/timekeeping.c');
const tty = source('drivers/tty/vt/vt.c');
const printk_c = source('kernel/printk/printk.c');

export const settings = config({
  fix: oneOf('none', 'printk_deferred', 'after_the_section', 'leave_the_section', 'fast_clock'),
});
const { fix } = settings;

export const state = shared({
  timekeeper_lock: raw_spinlock(),
  timekeeper_seq: seqcount(),
  /** Two fields of the timekeeper that belong together. */
  xtime: int(0, 1),
  mult: int(0, 1),
  console_sem: semaphore(1),
});
const { timekeeper_lock, timekeeper_seq, xtime, mult, console_sem } = state;

const torn = 'ktime_get() returns half of an update';
const con_write = procedure('do_con_write', () => ({
  down: down(console_sem),
  write: tty`vc->vc_sw->con_putcs(vc, …)`(),
  up: up(console_sem),
}));
const writer = actor('writer', con_write);

const read_time = inline('ktime_get', { secs: int(0, 1), rate: int(0, 1) }, ({ secs, rate }) => ({
  read: seqretry(timekeeper_seq, {
    xtime: c`secs = tk->xtime_sec`(secs.set(xtime)),
    mult: c`nsecs = timekeeping_get_ns(tk)`(rate.set(mult)),
  }),
  use: c`return ktime_set(secs, nsecs)`(expectsSoftly(secs.eq(rate), torn)),
}));
const printk = inline('printk', () => ({
  try: If(not(down_trylock(console_sem)), {
    print: printk_c`console_unlock(): call_console_drivers()`(),
    up: up(console_sem),
    wake: If(writer.at('do_con_write.down').and(fix.isnt('fast_clock')), { hrtick: read_time() }),
  }),
}));
const update = procedure('update_wall_time', { flags: bool() }, ({ flags }) => ({
  lock: raw_spin_lock_irqsave(timekeeper_lock, flags),
  begin: raw_write_seqcount_begin(timekeeper_seq),
  xtime: c`tk->xtime_sec++`(xtime.set(1)),
  leave: If(fix.is('leave_the_section'), { end: write_seqcount_end(timekeeper_seq) }),
  inside: If(fix.isIn('none', 'leave_the_section', 'fast_clock'), { printk: printk() }),
  enter: If(fix.is('leave_the_section'), { begin: raw_write_seqcount_begin(timekeeper_seq) }),
  mult: c`tk->tkr.mult += tk->ntp_error_adj`(mult.set(1)),
  end: write_seqcount_end(timekeeper_seq),
  after: If(fix.is('after_the_section'), { printk: printk() }),
  unlock: raw_spin_unlock_irqrestore(timekeeper_lock, flags),
  deferred: If(fix.is('printk_deferred'), { irq_work: printk() }),
}));

const tick = actor('tick', update);
const reader = actor(
  'reader',
  procedure('clock_gettime', () => ({ time: read_time() })),
);

export const properties: Properties = {
  updates: sometimes(tick.done.and(reader.done).and(writer.done)),
  prints: sometimes(tick.at('printk.up')),
  reads_beside: sometimes(reader.at('ktime_get.use').and(not(tick.done))),
};

export const race: Race = {
  subsystem: 'timekeeping',
  fix: {
    commit: '6d9bcb621b0b',
    subject: 'timekeeping: use printk_deferred when holding timekeeping seqlock',
  },
  kinds: ['deadlock', 'stale data'],
  uses: ['sequence count', 'semaphore', 'spinlock', 'printk'],
  essence: 'agrees: a task waits for console_sem as printk() releases it',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [368, 823, 16], { 'no deadlock': 11 }),
  row({ fix: 'printk_deferred' }, [813, 1960, 24]),
  row({ fix: 'after_the_section' }, [858, 2074, 24]),
  row({ fix: 'leave_the_section' }, [843, 2074, 23], { [torn]: 10 }),
  row({ fix: 'fast_clock' }, [352, 816, 16]),
];

export { timekeeping_printk as model };

const timekeeping_printk = model('timekeeping_printk', {
  about: 'an update of the time prints, and the wake-up of a task that waits for the console reads the time',
  settings,
  state,
  actors: [tick, writer, reader],
  comparison: { candidates: 'fix', scenarios: { 'a tick, a writer of the console': {} } },
});
