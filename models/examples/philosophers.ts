// The dining philosophers: each shares a fork with either neighbour and eats with both. Each takes one fork, then the
// other; when all hold their first fork, none can go on. One that takes them in the opposite order breaks the circle.
//
//   fork 0 | philosopher 0 | fork 1 | philosopher 1 | fork 2 | philosopher 2 | fork 0        first fork i, then i + 1

import { mutex, mutex_lock, mutex_unlock } from '../kernel/index.js';
import {
  actors,
  array,
  bool,
  config,
  Goto,
  ifElse,
  int,
  model,
  procedure,
  shared,
} from '../language/index.js';
import type { Manifest } from '../manifest.js';
import { beem } from './published.js';

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

export const philosophers_model = model('philosophers', {
  about: 'the dining philosophers: a deadlock of locks taken in a circle, and the order that avoids it',
  settings,
  state,
  actors: [philosopher],
});

export const manifest: Manifest = [
  { settings: { NR_PHILOSOPHERS: 2 }, states: 8, transitions: 10, depth: 3, violated: { 'no deadlock': 2 } },
  { settings: { NR_PHILOSOPHERS: 3 }, states: 26, transitions: 51, depth: 6, violated: { 'no deadlock': 3 } },
  {
    settings: { NR_PHILOSOPHERS: 4 },
    states: 80,
    transitions: 212,
    depth: 9,
    violated: { 'no deadlock': 4 },
    source: beem('phils.1', 80, 212),
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
    source: beem('phils.3', 729, 2916),
  },
];
