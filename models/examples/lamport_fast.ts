// Lamport's fast mutual exclusion: seven steps are enough for a process without rivals. A process writes its name into
// x, and into y if y is free; if x still has its name, no other has come since: it enters. Otherwise it waits until no
// process wants in that may have read y as free, and enters if y still has its name.
//
//   x: 1   y: 0   wants: 0, 1      both saw y free; 1 will find x unchanged and goes in, 0 waits until 1 has left

import { smp_mb } from 'raceproof/kernel';
import {
  actors,
  array,
  bool,
  config,
  model as define,
  Either,
  Goto,
  If,
  ifElse,
  int,
  not,
  oneOf,
  procedure,
  shared,
  source,
  when,
} from 'raceproof/language';
import { type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

const c = source('lamport_fast.c');
const nobody = -1;

const settings = config({
  NR_PROCESSES: int(2, 8).starts(3),
  /** The condition when all others have given way: is y mine? A typing error makes it: is y equal to x? */
  asks: oneOf('is_y_mine', 'is_y_x'),
  /** smp_mb() between each write and the reads that rely on it: x86 lets a process read before its writes are seen. */
  has_barriers: bool(),
});
const { NR_PROCESSES, asks, has_barriers } = settings;

export const state = shared({
  x: int(nobody, NR_PROCESSES.minus(1)).starts(nobody),
  y: int(nobody, NR_PROCESSES.minus(1)).starts(nobody),
  wants: array(NR_PROCESSES, bool()),
  /**
   * The index that each process reads next. Not a local: it keeps its value when no step reads it again, as in BEEM's
   * model.
   */
  looks_at: array(NR_PROCESSES, int(0, NR_PROCESSES)),
});
const { x, y, wants, looks_at } = state;

/** L. Lamport, "A fast mutual exclusion algorithm", ACM TOCS 5(1), 1987. */
const lamport_fast = procedure('lamport_fast', { me: int(0, NR_PROCESSES.minus(1)) }, ({ me }) => {
  const other = looks_at.at(me);
  const mine = wants.at(me);
  return {
    outside: c`${mine} = true`(mine.set(true)),
    come: c`x = ${me}`(x.set(me)),
    come_mb: If(has_barriers, { first_mb: smp_mb() }),
    look: Either({
      taken: {
        taken: c`somebody is in y: give way`(when(y.ne(nobody)), mine.set(false)),
        wait: c`wait until nobody is in y`(when(y.eq(nobody))),
        once_more: Goto('outside'),
      },
      free: { free: c`nobody is in y`(when(y.eq(nobody))) },
    }),
    claim: c`y = ${me}`(y.set(me)),
    claim_mb: If(has_barriers, { second_mb: smp_mb() }),
    check: Either({
      alone: { alone: c`x still says ${me}`(when(x.eq(me))), straight_in: Goto('critical') },
      rival: { rival: c`x does not say ${me}: give way`(when(x.ne(me)), mine.set(false), other.set(0)) },
    }),
    everybody: Either({
      one: {
        one: c`${other} does not want in`(
          when(other.lt(NR_PROCESSES).and(not(wants.at(other)))),
          other.inc(),
        ),
        next: Goto('everybody'),
      },
      nobody_left: { nobody_left: c`nobody wants in`(when(other.eq(NR_PROCESSES))) },
    }),
    ask: Either({
      won: {
        won: c`y still says ${me}, if that is what it asks`(when(y.eq(ifElse(asks.is('is_y_mine'), me, x)))),
      },
      lost: { lost: c`nobody is in y`(when(y.eq(nobody))), try_again: Goto('outside') },
    }),
    critical: c`y = nobody`(y.set(nobody)),
    leave: c`${mine} = false`(mine.set(false)),
    again: Goto('outside'),
  };
});

export const process = actors('process', NR_PROCESSES, lamport_fast, (i) => ({ me: i }));

export const model = define('lamport_fast', {
  about: "Lamport's fast mutual exclusion, by reads and writes alone: whoever is alone does not wait",
  settings,
  state,
  actors: [process],
});

// One at a time in the critical section; both ways into it are taken, the quick one and the one that waits.
export const properties: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('lamport_fast.critical')).ge(2),
    'two are in the critical section',
  ),
  quick_way: sometimes(process.any((p, i) => p.at('lamport_fast.critical').and(state.x.eq(i)))),
  slow_way: sometimes(
    process.any((p, i) => p.at('lamport_fast.ask').and(state.y.eq(i))),
    'all others have given way, and y is its own',
  ),
};

export const manifest: Manifest = [
  { settings: { NR_PROCESSES: 2 }, states: 748, transitions: 1388, depth: 44, violated: {} },
  {
    settings: {},
    states: 29242,
    transitions: 77286,
    depth: 56,
    violated: {},
    source: "BEEM's lamport.1: 29242 states, 77286 transitions",
  },
  {
    settings: { NR_PROCESSES: 2, asks: 'is_y_x' },
    states: 842,
    transitions: 1572,
    depth: 47,
    violated: { mutual_exclusion: 21, 'no deadlock': 11 },
  },
  {
    settings: { asks: 'is_y_x' },
    states: 38067,
    transitions: 102747,
    depth: 70,
    violated: { mutual_exclusion: 22, 'no deadlock': 15 },
  },
];
