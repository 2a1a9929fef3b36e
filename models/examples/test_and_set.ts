// A test-and-set spinlock: try until the word was free. It excludes others, but guarantees no process its turn: a
// locker may find the word taken each time, although it is free infinitely often.
//
//   word 1    a spins    b stores 0    b stores 1    a spins    b stores 0    b stores 1 …

import {
  actors,
  bool,
  config,
  Either,
  Goto,
  int,
  model,
  not,
  procedure,
  shared,
  source,
  when,
} from '../language/index.js';
import type { Manifest } from '../manifest.js';

const c = source('test_and_set.c');

const settings = config({ NR_LOCKERS: int(1, 5).starts(2) });
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

export const test_and_set_model = model('test_and_set', {
  about: 'the test-and-set spinlock: mutual exclusion, but no turns',
  settings,
  state,
  actors: [locker],
});

export const manifest: Manifest = [
  // One takes and gives back; n - 1 others spin while it is taken: n + 1 states, n + n n transitions.
  { settings: { NR_LOCKERS: 1 }, states: 2, transitions: 2, depth: 1, violated: {} },
  { settings: { NR_LOCKERS: 2 }, states: 3, transitions: 6, depth: 1, violated: {} },
  { settings: { NR_LOCKERS: 5 }, states: 6, transitions: 30, depth: 1, violated: {} },
];
