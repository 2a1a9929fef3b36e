// A test-and-set spinlock: try until the word was free. It excludes others, but guarantees no process its turn: a
// locker may find the word taken each time, although it is free infinitely often.
//
//   word 1    a spins    b stores 0    b stores 1    a spins    b stores 0    b stores 1 …

import {
  actors,
  bool,
  config,
  model as define,
  Either,
  Goto,
  int,
  not,
  procedure,
  shared,
  source,
  when,
} from 'raceproof/language';
import {
  always,
  eventually,
  type Manifest,
  never,
  type Properties,
  property,
  sometimes,
  stronglyFair,
  weaklyFair,
} from 'raceproof/properties';

const c = source('test_and_set.c');

const settings = config({ NR_LOCKERS: int(1, 8).starts(2) });
const { NR_LOCKERS } = settings;

const state = shared({ locked: bool() });
const { locked } = state;

const lock_and_unlock = procedure('lock_and_unlock', () => ({
  lock: Either({
    free: { take: c`test_and_set(&locked) reads 0`(when(not(locked)), locked.set(true)) },
    busy: { spin: c`test_and_set(&locked) reads 1`(when(locked)), retry: Goto('lock') },
  }),
  unlock: c`locked = 0`(locked.set(false)),
  again: Goto('lock'),
}));

export const locker = actors('locker', NR_LOCKERS, lock_and_unlock);

export const model = define('test_and_set', {
  about: 'the test-and-set spinlock: mutual exclusion, but no turns',
  settings,
  state,
  actors: [locker],
});

const holds = locker.of(0).at('lock_and_unlock.unlock');

// One at a time holds the lock; and a locker that wants it gets it, if its attempts do not fail for ever when the word
// is free.
export const properties: Properties = {
  mutual_exclusion: never(locker.count((l) => l.at('lock_and_unlock.unlock')).ge(2), 'two hold the lock'),
  lock_is_taken: sometimes(holds),
  everyone_gets_in: property(always(eventually(holds)), 'a locker spins for ever', {
    fair: [weaklyFair(), stronglyFair(locker.of(0), 'lock_and_unlock.take')],
  }),
};

export const manifest: Manifest = [
  // One takes and gives back; n - 1 others spin while it is taken: n + 1 states, n + n n transitions.
  { settings: { NR_LOCKERS: 1 }, states: 2, transitions: 2, depth: 1, violated: {} },
  { settings: { NR_LOCKERS: 2 }, states: 3, transitions: 6, depth: 1, violated: {} },
  { settings: { NR_LOCKERS: 5 }, states: 6, transitions: 30, depth: 1, violated: {} },
];
