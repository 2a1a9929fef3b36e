// Szymanski's algorithm with three bits for each process: a waiting room with two doors. A process enters the room
// while its entrance is open; the last one shuts it and opens the exit, and the processes inside leave through the
// critical section, lower indices first; then the entrance opens again.
//
//   outside: 2    waiting: 1    door shut by: 0      0 goes in first, then 1; 2 waits until no process shuts the door

import {
  actors,
  all,
  array,
  type Bool,
  bool,
  config,
  model as define,
  Either,
  Goto,
  given,
  If,
  int,
  not,
  onlyIf,
  procedure,
  shared,
  source,
  While,
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
  /** Waits while the other is in the way, then looks at the next one. */
  const lookOn = (isInTheWay: Bool) => ({ both: [when(wasLast.or(not(isInTheWay)))], yes: [other.inc()] });
  return {
    outside: c`${wants.at(me)} = true`(wants.at(me).set(true), other.set(0)),
    door: While(c`${other} does not shut the door`.test(isSomeone, lookOn(theyShut)), {}),
    enter: c`enter the room, and wait`(waits.at(me).set(true), wants.at(me).set(false)),
    room: If(c`${me} shuts the door`.test(shuts.at(me), { both: [other.set(0)] }), {
      go_out: Goto('way_out'),
    }),
    outsiders: While(c`${other} does not want in`.test(isOutOfIt, { yes: [other.inc()] }), {}),
    am_i_last: If(
      c`somebody wants in; if not, shut the door`.test(isSomeone, {
        no: [shuts.at(me).set(true), other.set(0)],
      }),
      { let_them: Goto('leader') },
    ),
    make_sure: Either({
      still_none: {
        still_none: c`${other} does not want in`(when(isOutOfIt), other.inc()),
        look_again: Goto('make_sure'),
      },
      newcomer: {
        newcomer: c`${other} wants in: open`(when(isSomeone.and(theyWant)), shuts.at(me).set(false)),
        let_it_in: Goto('leader'),
      },
      sure: {
        sure: c`nobody wants in: wait no longer`(when(wasLast), waits.at(me).set(false), other.set(0)),
      },
    }),
    others_leave: While(c`${other} does not wait`.test(isSomeone, lookOn(theyWait)), {}),
    leader: If(c`there are others to look at`.test(isSomeone, { yes: [other.set(0)] }), {
      search: While(c`${other} does not lead`.test(doesNotLead, { yes: [other.inc()] }), {}),
    }),
    follow: c`follow the leader, if there is one: shut the door, and wait no longer`(
      onlyIf(isFoundAhead, shuts.at(me).set(true), waits.at(me).set(false)),
    ),
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
