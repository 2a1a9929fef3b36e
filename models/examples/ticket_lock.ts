// A ticket lock: a locker draws the next ticket, waits until it is the owner's number, and hands the lock on by adding
// one to that number. Tickets have few bits and wrap round, which is safe until two in the queue draw the same one, or
// a trier finds next = owner because the queue is as long as there are tickets, not because it is empty.
//
//   owner 2   next 0        of the tickets 0 … 3, 2 is in the critical section, 3 waits, and 0 is drawn next

import {
  actors,
  Call,
  config,
  model as define,
  Either,
  Goto,
  If,
  int,
  oneOf,
  procedure,
  record,
  shared,
  source,
  While,
  when,
} from 'raceproof/language';
import {
  leadsTo,
  type Manifest,
  never,
  type Properties,
  property,
  sometimes,
  weaklyFair,
} from 'raceproof/properties';

/** arm64 before Linux 4.19, in the steps of Catalin Marinas's PlusCal (kernel-tla), where a call is a step too. */
const c = source('arch/arm64/include/asm/spinlock.h');

export const settings = config({
  NR_LOCKERS: int(0, 8).starts(2),
  /** Triers, which do not queue: they take the lock if it is free, and otherwise try again. */
  NR_TRIERS: int(0, 8),
  /** The ticket after it is 0. */
  TICKET_MAX: int(0, 15).starts(3),
  trylock: oneOf('compare_and_swap', 'look_then_draw'),
});
const { NR_LOCKERS, NR_TRIERS, TICKET_MAX, trylock } = settings;

export const state = shared({ lock: record({ owner: int(0, TICKET_MAX), next: int(0, TICKET_MAX) }) });
const { owner, next } = state.lock;

const advance = (ticket: typeof next) => ticket.set(ticket.plus(1).mod(TICKET_MAX.plus(1)));

const arch_spin_lock = procedure('arch_spin_lock', { ticket: int(0, TICKET_MAX) }, ({ ticket }) => ({
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

export const model = define('ticket_lock', {
  about: 'the ticket spinlock: first come, first served, until the tickets wrap round',
  settings,
  state,
  actors: [locker, trier],
});

const lockersIn = locker.count((l) => l.at('lock_and_unlock.critical'));
const triersIn = trier.count((t) => t.at('try_and_unlock.critical'));

/** Otherwise two may draw the same ticket, and neither is served in turn. */
const thereIsATicketForEveryone = NR_LOCKERS.plus(NR_TRIERS)
  .le(TICKET_MAX.plus(1))
  .and(trylock.is('compare_and_swap'));

// One at a time in the critical section; the tickets wrap round, and the queue can have its full length.
export const properties: Properties = {
  mutual_exclusion: never(lockersIn.plus(triersIn).ge(2), 'two are in the critical section'),
  first_come_first_served: property(
    leadsTo(locker.of(0).at('arch_spin_lock.draw'), locker.of(0).at('lock_and_unlock.critical')),
    'a locker waits for ever',
    { fair: weaklyFair(), given: NR_LOCKERS.ge(1).and(thereIsATicketForEveryone) },
  ),
  lockers_get_in: sometimes(lockersIn.ge(1), undefined, { given: NR_LOCKERS.ge(1) }),
  triers_get_in: sometimes(triersIn.ge(1), undefined, { given: NR_TRIERS.ge(1) }),
  all_wait: sometimes(
    locker.all((l) => l.at('arch_spin_lock.wait')),
    'every locker is in the queue',
    { given: NR_LOCKERS.ge(1) },
  ),
  tickets_wrap: sometimes(next.lt(owner), 'the next ticket is below one in the queue', {
    given: NR_LOCKERS.ge(2).and(TICKET_MAX.ge(1)),
  }),
};

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
    source:
      'TLC on ticketlock of kernel-tla, PROCS=4 MAXVAL=3 TRYLOCK=FALSE: 5316 distinct states; 16081 generated, the initial one among them; depth 46, in states',
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
