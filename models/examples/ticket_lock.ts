// A ticket lock: a locker draws the next ticket, waits until it is the owner's number, and hands the lock on by adding
// one to that number. Tickets have few bits and wrap round, which is safe until two in the queue draw the same one, or
// a trier finds next = owner because the queue is as long as there are tickets, not because it is empty.
//
//   owner 2   next 0        of the tickets 0 … 3, 2 is in the critical section, 3 waits, and 0 is drawn next

import {
  actors,
  Call,
  config,
  Either,
  Goto,
  If,
  int,
  model,
  oneOf,
  procedure,
  record,
  shared,
  source,
  While,
  when,
} from '../language/index.js';
import type { Manifest } from '../manifest.js';
import { tlc } from './published.js';

/** arm64 before Linux 4.19, in the steps of Catalin Marinas's PlusCal (kernel-tla), where a call is a step too. */
const c = source('arch/arm64/include/asm/spinlock.h');

export const settings = config({
  NR_LOCKERS: int(0, 5).starts(2),
  /** Triers, which do not queue: they take the lock if it is free, and otherwise try again. */
  NR_TRIERS: int(0, 2),
  /** The ticket after it is 0. */
  TICKET_MAX: int(0, 7).starts(3),
  trylock: oneOf('compare_and_swap', 'look_then_draw'),
});
const { NR_LOCKERS, NR_TRIERS, TICKET_MAX, trylock } = settings;

export const state = shared({ lock: record({ owner: int(0, 7), next: int(0, 7) }) });
const { owner, next } = state.lock;

const advance = (ticket: typeof next) => ticket.set(ticket.plus(1).mod(TICKET_MAX.plus(1)));

const arch_spin_lock = procedure('arch_spin_lock', { ticket: int(0, 7) }, ({ ticket }) => ({
  call: c`call arch_spin_lock()`(),
  draw: c`draw the next ticket`(ticket.set(next), advance(next)),
  wait: c`wait until the ticket is the owner's`(when(owner.eq(ticket))),
}));

const arch_spin_unlock = procedure('arch_spin_unlock', () => ({
  call: c`call arch_spin_unlock()`(),
  hand_on: c`the next ticket is the owner's`(advance(owner)),
  return: c`return from arch_spin_unlock()`(),
}));

const arch_spin_trylock = procedure('arch_spin_trylock', () => ({
  as_the_setting_says: If(trylock.is('look_then_draw'), {
    look: While(owner.ne(next), {}),
    draw: c`nobody queues: draw the next ticket`(advance(next)),
  }).Else({
    at_once: Either({
      taken: { swap: c`nobody queues: draw the next ticket`(when(owner.eq(next)), advance(next)) },
      refused: { busy: c`somebody queues: try again`(when(owner.ne(next))), retry: Goto('at_once') },
    }),
  }),
}));

const lock_and_unlock = procedure('lock_and_unlock', () => ({
  lock: Call(arch_spin_lock),
  critical: c`the critical section`(),
  unlock: Call(arch_spin_unlock),
  again: Goto('lock'),
}));

const try_and_unlock = procedure('try_and_unlock', () => ({
  try: Call(arch_spin_trylock),
  critical: c`the critical section`(),
  unlock: Call(arch_spin_unlock),
  again: Goto('try'),
}));

export const locker = actors('locker', NR_LOCKERS, lock_and_unlock);
export const trier = actors('trier', NR_TRIERS, try_and_unlock);

export const ticket_lock_model = model('ticket_lock', {
  about: 'the ticket spinlock: first come, first served, until the tickets wrap round',
  settings,
  state,
  actors: [locker, trier],
});

export const manifest: Manifest = [
  { settings: { NR_LOCKERS: 1, TICKET_MAX: 0 }, states: 7, transitions: 7, depth: 6, violated: {} },
  { settings: { NR_LOCKERS: 2 }, states: 164, transitions: 296, depth: 33, violated: {} },
  { settings: { NR_LOCKERS: 3, TICKET_MAX: 2 }, states: 693, transitions: 1719, depth: 32, violated: {} },
  {
    settings: { NR_LOCKERS: 4, TICKET_MAX: 3 },
    states: 5316,
    transitions: 16080,
    depth: 45,
    violated: {},
    source: tlc('ticketlock of kernel-tla, PROCS=4 MAXVAL=3 TRYLOCK=FALSE', 5316, 16081, 46),
  },
  {
    settings: { NR_LOCKERS: 2, TICKET_MAX: 0 },
    states: 49,
    transitions: 98,
    depth: 12,
    violated: { mutual_exclusion: 6 },
  },
  {
    settings: { NR_LOCKERS: 3, TICKET_MAX: 1 },
    states: 1022,
    transitions: 2688,
    depth: 34,
    violated: { mutual_exclusion: 8 },
  },
  { settings: { NR_LOCKERS: 2, NR_TRIERS: 2 }, states: 1472, transitions: 5280, depth: 35, violated: {} },
  {
    settings: { NR_LOCKERS: 2, NR_TRIERS: 1, TICKET_MAX: 1 },
    states: 640,
    transitions: 1760,
    depth: 26,
    violated: { mutual_exclusion: 6 },
  },
  // Two that are inside at once both hand the lock on, and the owner runs past the ticket of a locker: that one waits
  // for ever, and a trier tries for ever. So it is two rows below.
  {
    settings: { NR_LOCKERS: 1, NR_TRIERS: 2, TICKET_MAX: 1 },
    states: 400,
    transitions: 1150,
    depth: 24,
    violated: { mutual_exclusion: 4, 'no actor is stuck': 10 },
  },
  {
    settings: { NR_LOCKERS: 2, NR_TRIERS: 1, trylock: 'look_then_draw' },
    states: 1488,
    transitions: 3832,
    depth: 35,
    violated: { mutual_exclusion: 5, 'no actor is stuck': 7 },
  },
  {
    settings: { NR_LOCKERS: 0, NR_TRIERS: 2, trylock: 'look_then_draw' },
    states: 144,
    transitions: 288,
    depth: 28,
    violated: { mutual_exclusion: 4 },
  },
];
