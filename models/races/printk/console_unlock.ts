// console_unlock() leaves a message in the buffer: whoever has written it saw console_sem taken, and relied on its holder.
//
// printk() puts its message into the buffer under logbuf_lock and then tries to take console_sem; who has it prints all that
// is in the buffer. The holder looks under logbuf_lock, finds nothing more, drops logbuf_lock, and then releases console_sem.
// A message that comes between the two is printed with the next one, perhaps never.
//
// Cause 0b5e1c5255e7, 3.1 [commit message]: up() behind the unlock, since it wakes up tasks (`up_inside` is the code before,
// which takes locks of the scheduler under logbuf_lock). Fix 4f2a8d3cf5e0, 3.1 [its comment in kernel/printk.c; the message is
// memory]: look again, and take console_sem again. Steps: [patch of 0b5e1c5255e7; source: kernel/printk/printk.c before 5.19;
// vprintk() is memory]. Left out: klogd; waiters in console_lock(); the limit of one recursion. A message is a number.

import { never, type Properties, sometimes } from '../../../properties/language/index.js';
import {
  down,
  down_trylock,
  raw_spin_lock,
  raw_spin_unlock,
  raw_spinlock,
  semaphore,
  up,
} from '../../kernel/index.js';
import {
  actors,
  bool,
  config,
  Goto,
  If,
  inline,
  int,
  model,
  not,
  oneOf,
  procedure,
  shared,
  source,
  While,
} from '../../language/index.js';
import { type Manifest, row } from '../../manifest.js';
import type { Race } from '../race.js';

const c = source('kernel/printk.c');

export const settings = config({
  fix: oneOf('none', 'retry', 'up_inside', 'look_before_up', 'down'),
  NR_CPUS: int(1, 4).starts(2),
});
const { fix, NR_CPUS } = settings;

export const state = shared({
  logbuf_lock: raw_spinlock(),
  console_sem: semaphore(1),
  /** How many messages are in the buffer, and how many of them are on the console. */
  log_end: int(0, NR_CPUS),
  con_start: int(0, NR_CPUS),
});
const { logbuf_lock, console_sem, log_end, con_start } = state;

const console_unlock = inline('console_unlock', { retry: bool() }, ({ retry }) => ({
  again: raw_spin_lock(logbuf_lock),
  print: While(c`con_start != log_end`.test(con_start.ne(log_end)), {
    take: c`con_start = log_end`(con_start.set(log_end)),
    unlock: raw_spin_unlock(logbuf_lock),
    call: c`call_console_drivers(_con_start, _log_end)`(),
    lock: raw_spin_lock(logbuf_lock),
  }),
  inside: If(fix.is('up_inside'), { up: up(console_sem) }),
  unlock: raw_spin_unlock(logbuf_lock),
  look: If(fix.is('look_before_up').and(con_start.ne(log_end)), { back: Goto('again') }),
  outside: If(fix.isnt('up_inside'), { up: up(console_sem) }),
  once_more: If(fix.is('retry'), {
    lock: raw_spin_lock(logbuf_lock),
    look: c`retry = con_start != log_end`(retry.set(con_start.ne(log_end))),
    unlock: raw_spin_unlock(logbuf_lock),
    retry: If(retry, { try: If(not(down_trylock(console_sem)), { back: Goto('again') }) }),
  }),
}));

const vprintk = procedure('vprintk', () => ({
  lock: raw_spin_lock(logbuf_lock),
  emit: c`emit_log_char(*p)`(log_end.inc()),
  way: If(fix.is('down'), {
    unlock: raw_spin_unlock(logbuf_lock),
    down: down(console_sem),
    console: console_unlock(),
  }).Else({
    try: If(not(down_trylock(console_sem)), {
      unlock: raw_spin_unlock(logbuf_lock),
      console: console_unlock(),
    }).Else({ unlock: raw_spin_unlock(logbuf_lock) }),
  }),
}));

const printk = actors('printk', NR_CPUS, vprintk);

export const properties: Properties = {
  no_message_is_left: never(
    printk.all((one) => one.done).and(con_start.ne(log_end)),
    'a message stays in the buffer, and nobody prints it',
  ),
  leaves_it_to_the_holder: sometimes(
    printk.any((one) => one.at('vprintk.way.try')).and(console_sem.eq(0)),
    'console_sem is taken',
    { given: fix.isnt('down') },
  ),
  prints: sometimes(printk.all((one) => one.done).and(con_start.eq(log_end))),
};

export const race: Race = {
  subsystem: 'printk',
  fix: { commit: '4f2a8d3cf5e0', subject: 'printk: Fix console_sem vs logbuf_lock unlock race' },
  kinds: ['lost wake-up'],
  uses: ['semaphore', 'spinlock', 'trylock'],
  essence:
    'agrees: the holder has found nothing more to print before the message comes, and the other CPU finds console_sem taken before its up()',
};

export const manifest: Manifest = [
  row({ fix: 'none' }, [91, 110, 17], { no_message_is_left: 17 }),
  row({ fix: 'retry' }, [258, 386, 35]),
  row({ fix: 'up_inside' }, [80, 92, 17]),
  row({ fix: 'look_before_up' }, [107, 134, 18], { no_message_is_left: 18 }),
  row({ fix: 'down' }, [105, 128, 22]),
  row({ fix: 'retry', NR_CPUS: 3 }, [3142, 6375, 52]),
];

export { console_unlock_race as model };

const console_unlock_race = model('console_unlock', {
  about: 'the holder of console_sem looks for messages before a message comes, and releases it after that',
  settings,
  state,
  actors: [printk],
  comparison: { candidates: 'fix', scenarios: { 'two CPUs': {}, 'three CPUs': { NR_CPUS: 3 } } },
});
