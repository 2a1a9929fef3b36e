// The dining philosophers: each shares a fork with either neighbour and eats with both. Each takes one fork, then the
// other; when all hold their first fork, none can go on. One that takes them in the opposite order breaks the circle.
//
//   fork 0 | philosopher 0 | fork 1 | philosopher 1 | fork 2 | philosopher 2 | fork 0        first fork i, then i + 1

import { mutex, mutex_lock, mutex_unlock } from 'raceproof/kernel';
import {
  actors,
  array,
  bool,
  config,
  model as define,
  Goto,
  ifElse,
  int,
  not,
  procedure,
  shared,
} from 'raceproof/language';
import { type Manifest, type Properties, sometimes } from 'raceproof/properties';

export const settings = config({
  NR_PHILOSOPHERS: int(2, 12).starts(4),
  /** Does the last one take fork 0 first? */
  LAST_IS_LEFT_HANDED: bool(),
});
const { NR_PHILOSOPHERS, LAST_IS_LEFT_HANDED } = settings;

const state = shared({ fork: array(NR_PHILOSOPHERS, mutex()) });
const { fork } = state;

/** E. W. Dijkstra, "Hierarchical ordering of sequential processes", Acta Informatica 1(2), 1971. */
const dine = procedure('dine', { first: int(0, 11), second: int(0, 11) }, ({ first, second }) => ({
  think: mutex_lock(fork.at(first)),
  wait: mutex_lock(fork.at(second)),
  eat: mutex_unlock(fork.at(first)),
  leave: mutex_unlock(fork.at(second)),
  again: Goto('think'),
}));

export const philosopher = actors('philosopher', NR_PHILOSOPHERS, dine, (i) => {
  const next = i.plus(1).mod(NR_PHILOSOPHERS);
  const isLeftHanded = LAST_IS_LEFT_HANDED.and(next.eq(0));
  return { first: ifElse(isLeftHanded, next, i), second: ifElse(isLeftHanded, i, next) };
});

export const model = define('philosophers', {
  about: 'the dining philosophers: a deadlock of locks taken in a circle, and the order that avoids it',
  settings,
  state,
  actors: [philosopher],
});

// All hold one fork and wait for ever: a deadlock, for which no property is needed. These show that the search has
// reached both extremes: the full circle, and as many eating as there are pairs of forks.
export const properties: Properties = {
  all_hold_one_fork: sometimes(
    philosopher.all((p) => p.at('dine.wait')),
    'everybody waits for a neighbour',
    { given: not(LAST_IS_LEFT_HANDED) },
  ),
  half_of_them_eat: sometimes(
    philosopher.count((p) => p.at('dine.eat')).eq(NR_PHILOSOPHERS.dividedBy(2)),
    'no pair of forks lies idle',
  ),
};

export const manifest: Manifest = [
  { settings: { NR_PHILOSOPHERS: 2 }, states: 8, transitions: 10, depth: 3, violated: { 'no deadlock': 2 } },
  { settings: { NR_PHILOSOPHERS: 3 }, states: 26, transitions: 51, depth: 6, violated: { 'no deadlock': 3 } },
  {
    settings: { NR_PHILOSOPHERS: 4 },
    states: 80,
    transitions: 212,
    depth: 9,
    violated: { 'no deadlock': 4 },
    source: "BEEM's phils.1: 80 states, 212 transitions",
  },
  {
    settings: { NR_PHILOSOPHERS: 8 },
    states: 6560,
    transitions: 34984,
    depth: 21,
    violated: { 'no deadlock': 8 },
  },
  {
    settings: { NR_PHILOSOPHERS: 2, LAST_IS_LEFT_HANDED: true },
    states: 9,
    transitions: 12,
    depth: 4,
    violated: {},
  },
  {
    settings: { NR_PHILOSOPHERS: 4, LAST_IS_LEFT_HANDED: true },
    states: 81,
    transitions: 216,
    depth: 10,
    violated: {},
  },
  {
    settings: { NR_PHILOSOPHERS: 6, LAST_IS_LEFT_HANDED: true },
    states: 729,
    transitions: 2916,
    depth: 16,
    violated: {},
    source: "BEEM's phils.3: 729 states, 2916 transitions",
  },
];
