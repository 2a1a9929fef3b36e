// Peterson's algorithm for several processes, with one read of another process in each step. To enter, a process climbs
// the levels 1 … NR_PROCESSES - 1: at each, it announces the level, then that it came last, and waits until another one
// comes later, or until it has read that all others are below. peterson.ts reads all of them in one step.
//
//   level   0: 2   1: 1   2: 1        last at 1: 2        1 may climb at once, 2 once it has read that 0 and 1 are below level 1

import {
  actors,
  allOf,
  anyOf,
  array,
  config,
  model as define,
  Either,
  Goto,
  ifElse,
  int,
  oneOf,
  procedure,
  shared,
  source,
  While,
  when,
} from 'raceproof/language';
import { type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

const c = source('filter_lock.c');

const settings = config({
  NR_PROCESSES: int(2, 8).starts(3),
  /** A process that reads its own level is not held back by it. */
  passes_by: oneOf('who_is_below', 'who_is_not_above'),
});
const { NR_PROCESSES, passes_by } = settings;

/** Which process. */
const index = int(0, NR_PROCESSES.minus(1));

const state = shared({
  level: array(NR_PROCESSES, int(0, NR_PROCESSES.minus(1))),
  /** Which process came last to level 1, 2 …; the last element is not used. */
  last: array(NR_PROCESSES, index),
  /**
   * The level of each process, and the index that it reads next. Not locals: they keep their values, as in BEEM's
   * model.
   */
  climbs_to: array(NR_PROCESSES, int(0, NR_PROCESSES)),
  looks_at: array(NR_PROCESSES, int(0, NR_PROCESSES)),
});
const { level, last, climbs_to, looks_at } = state;

/** G. L. Peterson, "Myths about the mutual exclusion problem", Information Processing Letters 12(3), 1981. */
const filter_lock = procedure('filter_lock', { me: index }, ({ me }) => {
  const to = climbs_to.at(me);
  const other = looks_at.at(me);
  const lastHere = last.at(to.minus(1));
  const isBelow = level.at(other).lt(ifElse(passes_by.is('who_is_below'), to, to.plus(1)));
  return {
    outside: c`begin at level 1`(to.set(1)),
    climb: While(
      c`${level.at(me)} = ${to}, unless all are climbed`.test(to.lt(NR_PROCESSES), {
        yes: [level.at(me).set(to)],
      }),
      {
        come_last: c`come last to level ${to}`(lastHere.set(me), other.set(0)),
        wait: Either({
          pass_by: {
            pass_by: c`${other} is below, or is ${me}`(
              when(allOf(other.lt(NR_PROCESSES), anyOf(other.eq(me), isBelow))),
              other.inc(),
            ),
            next: Goto('wait'),
          },
          go_on: {
            go_on: c`somebody came later, or nobody is left to look at`(
              when(anyOf(lastHere.ne(me), other.eq(NR_PROCESSES))),
              to.inc(),
            ),
          },
        }),
      },
    ),
    critical: c`${level.at(me)} = 0`(level.at(me).set(0)),
    again: Goto('outside'),
  };
});

export const process = actors('process', NR_PROCESSES, filter_lock, (i) => ({ me: i }));

export const model = define('filter_lock', {
  about: "Peterson's algorithm for several processes, as it is written: one look, one step",
  settings,
  state,
  actors: [process],
});

// One at a time in the critical section.
export const properties: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('filter_lock.critical')).ge(2),
    'two are in the critical section',
  ),
  all_compete: sometimes(process.all((p) => p.at('filter_lock.wait'))),
  one_gets_in: sometimes(process.of(1).at('filter_lock.critical')),
};

export const manifest: Manifest = [
  { settings: { NR_PROCESSES: 2 }, states: 196, transitions: 371, depth: 20, violated: {} },
  {
    settings: {},
    states: 12498,
    transitions: 33369,
    depth: 53,
    violated: {},
    source: "BEEM's peterson.1: 12498 states, 33369 transitions",
  },
  {
    settings: { NR_PROCESSES: 2, passes_by: 'who_is_not_above' },
    states: 313,
    transitions: 658,
    depth: 20,
    violated: { mutual_exclusion: 12 },
  },
];
