// Szymanski's algorithm with three bits for each process: a waiting room with two doors. A process enters the room
// while its entrance is open; the last one shuts it and opens the exit, and the processes inside leave through the
// critical section, lower indices first; then the entrance opens again.
//
//   outside: 2    waiting: 1    door shut by: 0      0 goes in first, then 1; 2 waits until no process shuts the door

import {
  actors,
  all,
  array,
  bool,
  config,
  model as define,
  Either,
  Goto,
  given,
  int,
  not,
  procedure,
  shared,
  source,
  when,
} from 'raceproof/language';
import { type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

const c = source('szymanski.c');

export const settings = config({
  NR_PROCESSES: int(2, 8).starts(3),
  /** Does the first process to leave check those with lower indices? */
  LOWER_FIRST: bool().starts(true),
});
const { NR_PROCESSES, LOWER_FIRST } = settings;

export const state = shared({
  /** Outside, and wants in. */
  wants: array(NR_PROCESSES, bool()),
  /** In the room, and has not found a process that shuts the door. */
  waits: array(NR_PROCESSES, bool()),
  /** Shuts the door. */
  shuts: array(NR_PROCESSES, bool()),
  /**
   * The index that each process reads next. Not a local: it keeps its value when no step reads it again, as in BEEM's
   * model.
   */
  looks_at: array(NR_PROCESSES, int(0, NR_PROCESSES)),
});
const { wants, waits, shuts, looks_at } = state;

/** B. K. Szymanski, "Mutual exclusion revisited", JCIT 1990. */
const szymanski = procedure('szymanski', { me: int(0, NR_PROCESSES.minus(1)) }, ({ me }) => {
  const other = looks_at.at(me);
  const [theyWant, theyWait, theyShut] = [wants.at(other), waits.at(other), shuts.at(other)];
  const isSomeone = other.lt(NR_PROCESSES);
  const wasLast = other.eq(NR_PROCESSES);
  const isOutOfIt = isSomeone.and(not(theyWant));
  const doesNotLead = isSomeone.and(theyWait.or(not(theyShut)));
  const isFoundAhead = isSomeone.and(other.ne(me));
  const isLowerAndGone = other.lt(me).and(not(theyWait)).and(not(theyShut));
  return {
    outside: c`${wants.at(me)} = true`(wants.at(me).set(true), other.set(0)),
    door: Either({
      open: {
        open: c`${other} does not shut the door`(when(isSomeone.and(not(theyShut))), other.inc()),
        next: Goto('door'),
      },
      all_open: { all_open: c`nobody shuts the door`(when(wasLast)) },
    }),
    enter: c`enter the room, and wait`(waits.at(me).set(true), wants.at(me).set(false)),
    room: Either({
      shut: { shut: c`${me} shuts the door`(when(shuts.at(me)), other.set(0)), go_out: Goto('way_out') },
      not_shut: { not_shut: c`${me} does not shut the door`(when(not(shuts.at(me))), other.set(0)) },
    }),
    outsiders: Either({
      none_yet: {
        none_yet: c`${other} does not want in`(when(isOutOfIt), other.inc()),
        look_on: Goto('outsiders'),
      },
      found: { found: c`somebody wants in, or nobody was left to look at`(when(not(isOutOfIt))) },
    }),
    am_i_last: Either({
      not_last: { not_last: c`somebody wants in`(when(isSomeone)), let_them: Goto('leader') },
      last: { last: c`nobody wants in: shut the door`(when(wasLast), shuts.at(me).set(true), other.set(0)) },
    }),
    make_sure: Either({
      still_none: {
        still_none: c`${other} does not want in`(when(isOutOfIt), other.inc()),
        look_again: Goto('make_sure'),
      },
      newcomer: {
        newcomer: c`${other} wants in: do not shut the door`(
          when(isSomeone.and(theyWant)),
          shuts.at(me).set(false),
        ),
        let_it_in: Goto('leader'),
      },
      sure: {
        sure: c`nobody wants in: wait no longer`(when(wasLast), waits.at(me).set(false), other.set(0)),
      },
    }),
    others_leave: Either({
      left: {
        left: c`${other} does not wait`(when(isSomeone.and(not(theyWait))), other.inc()),
        look_at_next: Goto('others_leave'),
      },
      all_left: { all_left: c`nobody waits`(when(wasLast)) },
    }),
    leader: Either({
      looked_at_all: { looked_at_all: c`all have been looked at`(when(wasLast)), go_round: Goto('follow') },
      look: { look: c`look for one who shuts the door, and does not wait`(when(isSomeone), other.set(0)) },
    }),
    search: Either({
      not_it: {
        not_it: c`${other} is not the one`(when(doesNotLead), other.inc()),
        search_on: Goto('search'),
      },
      done: { done: c`${other} is, or nobody was left to look at`(when(not(doesNotLead))) },
    }),
    follow: Either({
      led: {
        led: c`follow ${other}: shut the door, and wait no longer`(
          when(isFoundAhead),
          shuts.at(me).set(true),
          waits.at(me).set(false),
        ),
      },
      not_led: { not_led: c`nobody to follow`(when(not(isFoundAhead))) },
    }),
    again: Goto('room'),
    way_out: Either({
      lower: {
        lower: c`${other} does not go before ${me}`(when(isLowerAndGone), other.inc()),
        next_lower: Goto('way_out'),
      },
      first: { first: c`nobody goes before ${me}, if it looks`(given(LOWER_FIRST, when(other.eq(me)))) },
    }),
    critical: c`${shuts.at(me)} = false`(shuts.at(me).set(false)),
    from_the_start: Goto('outside'),
  };
});

export const process = actors('process', NR_PROCESSES, szymanski, (i) => ({ me: i }));

export const model = define('szymanski', {
  about: "Szymanski's algorithm: a waiting room of two doors, nobody is overtaken twice",
  settings,
  state,
  actors: [process],
});

// One at a time in the critical section; all processes may be in the waiting room together, and leave it with its door
// shut.
export const properties: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('szymanski.critical')).ge(2),
    'two are in the critical section',
  ),
  one_gets_in: sometimes(process.any((p) => p.at('szymanski.critical'))),
  all_wait: sometimes(
    all(NR_PROCESSES, (i) => state.waits.at(i)),
    'all are in the waiting room',
  ),
  all_shut_the_door: sometimes(
    all(NR_PROCESSES, (i) => state.shuts.at(i)),
    'all are on their way out',
  ),
};

export const manifest: Manifest = [
  { settings: { NR_PROCESSES: 2 }, states: 489, transitions: 915, depth: 42, violated: {} },
  {
    settings: {},
    states: 20264,
    transitions: 56701,
    depth: 71,
    violated: {},
    source: "BEEM's szymanski.1: 20264 states, 56701 transitions",
  },
  {
    settings: { NR_PROCESSES: 2, LOWER_FIRST: false },
    states: 503,
    transitions: 953,
    depth: 42,
    violated: { mutual_exclusion: 33 },
  },
];
