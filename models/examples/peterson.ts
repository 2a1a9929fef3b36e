// Peterson's algorithm: NR_PROCESSES processes share a critical section by reads and writes alone. To enter, a process
// climbs the levels 1 … NR_PROCESSES - 1. At each, it announces the level, then that it came last, and waits while it
// is still the last one and another process is at that level or above; a later one releases it, so every level holds
// one process back.
//
//   level   a: 1   b: 0   c: 1        last at 1: c        c waits behind a; a may climb

import {
  actors,
  allOf,
  any,
  array,
  config,
  model as define,
  For,
  Goto,
  If,
  type Int,
  int,
  oneOf,
  procedure,
  shared,
  source,
  While,
} from 'raceproof/language';
import {
  leadsTo,
  type Manifest,
  never,
  type Properties,
  property,
  sometimes,
  weaklyFair,
} from 'raceproof/properties';

const c = source('peterson.c');

export const settings = config({
  NR_PROCESSES: int(2, 8),
  /** The level of a process that has left. At 1 it still counts as a rival, and may hold others back for ever. */
  EXIT_LEVEL: int(0, 1),
  /** The order of the two writes: swapped, by a compiler or a processor, they admit two. */
  order: oneOf('level_then_last', 'last_then_level'),
});
const { NR_PROCESSES, EXIT_LEVEL, order } = settings;

const state = shared({
  level: array(NR_PROCESSES, int(0, NR_PROCESSES.minus(1))),
  /** Which process came last to level 1, 2 …; -1 before any has come. */
  last: array(NR_PROCESSES.minus(1), int(-1, NR_PROCESSES.minus(1)).starts(-1)),
});
const { level, last } = state;

/** Must `me` wait at level l + 1? */
export const is_held_back = (me: Int, l: Int | number) =>
  allOf(
    last.at(l).eq(me),
    any(NR_PROCESSES, (other) => other.ne(me).and(level.at(other).gt(l))),
  );

/** G. L. Peterson, "Myths about the mutual exclusion problem", Information Processing Letters 12(3), 1981. */
const peterson = procedure('peterson', { me: int(0, NR_PROCESSES.minus(1)) }, ({ me }) => ({
  outside: c`something else`(),
  climb: For(NR_PROCESSES.minus(1), (l) => ({
    early: If(order.is('last_then_level'), {
      come_last_early: c`last[${l}] = ${me}`(last.at(l).set(me)),
    }),
    raise: c`level[${me}] = ${l.plus(1)}`(level.at(me).set(l.plus(1))),
    late: If(order.is('level_then_last'), {
      come_last: c`last[${l}] = ${me}`(last.at(l).set(me)),
    }),
    wait: While(is_held_back(me, l), {}),
  })),
  critical: c`level[${me}] = ${EXIT_LEVEL}`(level.at(me).set(EXIT_LEVEL)),
  again: Goto('outside'),
}));

export const process = actors('process', NR_PROCESSES, peterson, (i) => ({ me: i }));

export const model = define('peterson', {
  about: "Peterson's algorithm: mutual exclusion of several processes by reads and writes alone",
  settings,
  state,
  actors: [process],
  comparison: {
    candidates: 'order',
    scenarios: { 'two processes': { NR_PROCESSES: 2 }, 'three processes': { NR_PROCESSES: 3 } },
  },
});

const isHeldBackAlone = process.any((me, i) =>
  me
    .at('peterson.wait')
    .and(is_held_back(i, 0))
    .and(process.count((other) => other.at('peterson.outside')).eq(NR_PROCESSES.minus(1))),
);

// One at a time in the critical section, and processes that do not want in keep no other out.
export const properties: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('peterson.critical')).ge(2),
    'two are in the critical section',
  ),
  no_absent_rival: never(isHeldBackAlone, 'a process waits for others who have all left'),
  nobody_starves: property(
    leadsTo(process.of(0).at('peterson.wait'), process.of(0).at('peterson.critical')),
    'a process that waits is overtaken for ever',
    { fair: weaklyFair() },
  ),
  all_get_in_turn: sometimes(process.of(1).at('peterson.critical')),
  all_compete: sometimes(process.all((p) => p.at('peterson.wait'))),
};

export const manifest: Manifest = [
  { settings: { NR_PROCESSES: 2 }, states: 43, transitions: 86, depth: 9, violated: {} },
  { settings: { NR_PROCESSES: 3 }, states: 894, transitions: 2682, depth: 21, violated: {} },
  { settings: { NR_PROCESSES: 4 }, states: 18165, transitions: 72660, depth: 36, violated: {} },
  {
    settings: { NR_PROCESSES: 2, EXIT_LEVEL: 1 },
    states: 47,
    transitions: 94,
    depth: 9,
    violated: { no_absent_rival: 8 },
    source:
      'Murphi on ex/mux/n_peterson.m, where a process leaves to level 1: 47 states; 94 rules fired, a turn of a waiting loop included',
  },
  {
    settings: { NR_PROCESSES: 3, EXIT_LEVEL: 1 },
    states: 882,
    transitions: 2646,
    depth: 25,
    violated: { no_absent_rival: 11 },
    source:
      'Murphi on ex/mux/n_peterson.m, where a process leaves to level 1: 882 states; 2646 rules fired, a turn of a waiting loop included',
  },
  {
    settings: { NR_PROCESSES: 4, EXIT_LEVEL: 1 },
    states: 22281,
    transitions: 89124,
    depth: 46,
    violated: { no_absent_rival: 14 },
    source:
      'Murphi on ex/mux/n_peterson.m, where a process leaves to level 1: 22281 states; 89124 rules fired, a turn of a waiting loop included',
  },
  {
    settings: { NR_PROCESSES: 2, order: 'last_then_level' },
    states: 54,
    transitions: 108,
    depth: 10,
    violated: { mutual_exclusion: 8 },
  },
  {
    settings: { NR_PROCESSES: 3, order: 'last_then_level' },
    states: 3950,
    transitions: 11850,
    depth: 25,
    violated: { mutual_exclusion: 14 },
  },
];
