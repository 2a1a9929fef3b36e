// Lamport's bakery: a process draws a number above all others and waits until no other has a lower one. Reading the
// others' numbers takes several steps, so two may draw the same, and then the lower index goes first; and a process
// that is still choosing is waited for, since its number may be low.
//
//   number   0: 2   1: 2   2: choosing        1 waits for 0; 0 waits until 2 has chosen, and then goes in

import {
  actors,
  anyOf,
  array,
  bool,
  config,
  model as define,
  Either,
  Goto,
  given,
  ifElse,
  int,
  not,
  procedure,
  shared,
  source,
  when,
} from 'raceproof/language';
import { type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

const c = source('bakery.c');

export const settings = config({
  NR_PROCESSES: int(2, 8),
  /** A process that would have to draw a higher number cannot go on: that is where the numbers run out. */
  NUMBER_MAX: int(1, 15).starts(9),
  /** Does a process show that it is choosing? Without it, two enter. */
  SHOWS_CHOICE: bool().starts(true),
});
const { NR_PROCESSES, NUMBER_MAX, SHOWS_CHOICE } = settings;

export const state = shared({
  choosing: array(NR_PROCESSES, bool()),
  /** 0: does not want in. */
  number: array(NR_PROCESSES, int(0, 15)),
  /**
   * The index that each process reads next, and the highest number read so far. Not locals: they keep their values, as
   * in BEEM.
   */
  looks_at: array(NR_PROCESSES, int(0, NR_PROCESSES)),
  highest: array(NR_PROCESSES, int(0, 15)),
});
const { choosing, number, looks_at, highest } = state;

/** L. Lamport, "A new solution of Dijkstra's concurrent programming problem", CACM 17(8), 1974. */
const bakery = procedure('bakery', { me: int(0, NR_PROCESSES.minus(1)) }, ({ me }) => {
  const other = looks_at.at(me);
  const seen = highest.at(me);
  const theirs = number.at(other);
  const mine = number.at(me);
  const hasSeenAll = other.eq(NR_PROCESSES);
  return {
    outside: c`${choosing.at(me)} = true`(
      given(SHOWS_CHOICE, choosing.at(me).set(true)),
      other.set(0),
      seen.set(0),
    ),
    choose: Either({
      look: {
        look: c`remember ${theirs} if it is above ${seen}`(
          when(not(hasSeenAll)),
          seen.set(ifElse(theirs.gt(seen), theirs, seen)),
          other.inc(),
        ),
        look_on: Goto('choose'),
      },
      draw: {
        draw: c`${mine} = ${seen} + 1`(
          when(hasSeenAll.and(seen.lt(NUMBER_MAX))),
          mine.set(seen.plus(1)),
          choosing.at(me).set(false),
          other.set(0),
        ),
      },
    }),
    everybody: Either({
      one: {
        has_chosen: c`${other} is not choosing`(when(not(hasSeenAll).and(not(choosing.at(other))))),
        goes_later: c`${other} does not go before ${me}`(
          when(anyOf(theirs.eq(0), theirs.gt(mine), theirs.eq(mine).and(me.le(other)))),
          other.inc(),
        ),
        next: Goto('everybody'),
      },
      nobody_left: { nobody_left: c`nobody goes before ${me}`(when(hasSeenAll)) },
    }),
    critical: c`${mine} = 0`(mine.set(0)),
    again: Goto('outside'),
  };
});

export const process = actors('process', NR_PROCESSES, bakery, (i) => ({ me: i }));

export const model = define('bakery', {
  about: "Lamport's bakery: first come, first served, by reads and writes alone",
  settings,
  state,
  actors: [process],
});

// One at a time in the critical section; two may draw the same number. When the numbers run out, no process can go on:
// a deadlock, for which no property is needed.
export const properties: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('bakery.critical')).ge(2),
    'two are in the critical section',
  ),
  one_gets_in: sometimes(process.any((p) => p.at('bakery.critical'))),
  same_number: sometimes(
    number.at(0).eq(number.at(1)).and(number.at(0).gt(0)),
    'two have drawn the same number',
  ),
  last_number: sometimes(number.at(0).eq(NUMBER_MAX), 'the numbers run out'),
};

export const manifest: Manifest = [
  { settings: { NUMBER_MAX: 3 }, states: 426, transitions: 753, depth: 40, violated: { 'no deadlock': 27 } },
  {
    settings: {},
    states: 1506,
    transitions: 2697,
    depth: 100,
    violated: { 'no deadlock': 87 },
    source: "BEEM's bakery.1, with N=2 MAX=9: 1506 states, 2697 transitions",
  },
  {
    settings: { NR_PROCESSES: 3, NUMBER_MAX: 2 },
    states: 8032,
    transitions: 20402,
    depth: 63,
    violated: { 'no deadlock': 14 },
  },
  {
    // Where the numbers run out, one process cannot draw any more, and the other does not notice and goes on.
    settings: { NUMBER_MAX: 3, SHOWS_CHOICE: false },
    states: 583,
    transitions: 1090,
    depth: 43,
    violated: { mutual_exclusion: 18, 'no actor is stuck': 27 },
  },
  {
    settings: { SHOWS_CHOICE: false },
    states: 2029,
    transitions: 3838,
    depth: 103,
    violated: { mutual_exclusion: 18, 'no actor is stuck': 87 },
  },
];
