// Fischer's algorithm: mutual exclusion by time. A process that finds the door free writes its name on it within
// WRITES_IN ticks, then waits WAITS_FOR ticks: by then, all that found the door free have written. The last name on it
// enters.
//
//   door: free    a and b find it free    a writes a    b writes b    both wait    b reads b: in    a reads b: again

import {
  actor,
  actors,
  all,
  array,
  config,
  model as define,
  Either,
  forAll,
  Goto,
  ifElse,
  int,
  procedure,
  shared,
  source,
  when,
} from 'raceproof/language';
import { type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

const c = source('fischer.c');
const free = -1;
const untimed = -1;

const settings = config({
  NR_PROCESSES: int(2, 8).starts(3),
  /** A process that has found the door free writes before this many ticks have passed. */
  WRITES_IN: int(1, 3).starts(2),
  /** Unless it is more than WRITES_IN, a process may still write when another one enters. */
  WAITS_FOR: int(1, 3).starts(3),
});
const { NR_PROCESSES, WRITES_IN, WAITS_FOR } = settings;

export const state = shared({
  door: int(free, 7).starts(free),
  /** How many ticks each process has left, or that it is not timed. */
  timer: array(NR_PROCESSES, int(untimed, 3).starts(untimed)),
});
const { door, timer } = state;

/** M. Fischer, published by L. Lamport, "A fast mutual exclusion algorithm", ACM TOCS 5(1), 1987. */
const fischer = procedure('fischer', { me: int(0, 7) }, ({ me }) => ({
  look: c`the door is free`(when(door.eq(free)), timer.at(me).set(WRITES_IN)),
  write: c`write ${me} on the door`(door.set(me), timer.at(me).set(WAITS_FOR)),
  wait: Either({
    rings: {
      time_is_up: c`the time is up`(when(timer.at(me).eq(0)), timer.at(me).set(untimed)),
      on: Goto('wait'),
    },
    mine: { read_own: c`it says ${me}`(when(timer.at(me).eq(untimed).and(door.eq(me)))) },
    not_mine: {
      read_other: c`it does not say ${me}`(when(timer.at(me).eq(untimed).and(door.ne(me)))),
      start_again: Goto('look'),
    },
  }),
  critical: c`wipe the door`(door.set(free)),
  again: Goto('look'),
}));

/** Time passes for all at once, and stops while a process has no ticks left. */
const time = procedure('time', () => ({
  tick: c`a tick`(
    when(all(NR_PROCESSES, (i) => timer.at(i).ne(0))),
    forAll(NR_PROCESSES, (i) =>
      timer.at(i).set(ifElse(timer.at(i).eq(untimed), untimed, timer.at(i).minus(1))),
    ),
  ),
  again: Goto('tick'),
}));

export const process = actors('process', NR_PROCESSES, fischer, (i) => ({ me: i }));
const clock = actor('clock', time);

export const model = define('fischer', {
  about: "Fischer's algorithm: mutual exclusion of several processes by one variable and time",
  settings,
  state,
  actors: [process, clock],
});

// One at a time in the critical section; and the race is reached: all find the door free before any process writes.
export const properties: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('fischer.critical')).ge(2),
    'two are in the critical section',
  ),
  one_gets_in: sometimes(process.any((p) => p.at('fischer.critical'))),
  all_find_it_free: sometimes(
    process.all((p) => p.at('fischer.write')),
    'everybody has seen a free door, nobody has written',
  ),
  name_is_overwritten: sometimes(
    process.any((p, i) => p.at('fischer.wait').and(state.door.ne(i))),
    'somebody waits whose name is no longer on the door',
  ),
};

export const manifest: Manifest = [
  { settings: { NR_PROCESSES: 2 }, states: 88, transitions: 163, depth: 14, violated: {} },
  {
    settings: {},
    states: 634,
    transitions: 1395,
    depth: 17,
    violated: {},
    source: "BEEM's fischer.1, with N=3 K1=2 K2=3: 634 states, 1395 transitions",
  },
  {
    settings: { NR_PROCESSES: 4, WRITES_IN: 3 },
    states: 21733,
    transitions: 67590,
    depth: 49,
    violated: { mutual_exclusion: 14 },
    source: "BEEM's fischer.2, with N=4 K1=3 K2=3: 21733 states, 67590 transitions",
  },
  {
    settings: { NR_PROCESSES: 2, WRITES_IN: 3, WAITS_FOR: 2 },
    states: 135,
    transitions: 294,
    depth: 17,
    violated: { mutual_exclusion: 12 },
  },
  {
    settings: { NR_PROCESSES: 3, WRITES_IN: 2, WAITS_FOR: 1 },
    states: 892,
    transitions: 2571,
    depth: 19,
    violated: { mutual_exclusion: 10 },
  },
];
