// Peterson's algorithm for two: a process announces that it wants in, then that it came last, and waits while the other
// wants in too and it is still the last one.
//
//   wants: 0 and 1    last: 1      1 waits, 0 goes in

import { smp_mb } from 'raceproof/kernel';
import {
  actors,
  allOf,
  array,
  bool,
  config,
  model as define,
  Goto,
  If,
  int,
  oneOf,
  procedure,
  shared,
  source,
  While,
} from 'raceproof/language';
import { type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

const c = source('peterson_pair.c');

const settings = config({
  /** The order of the two writes: swapped, by a compiler or a processor, they admit both. */
  order: oneOf('want_then_last', 'last_then_want'),
  /** smp_mb() between the writes and the wait: without it, x86 lets a process look before its writes are seen. */
  has_barrier: bool(),
});
const { order, has_barrier } = settings;

const state = shared({ wants: array(2, bool()), last: int(0, 1).starts(0, 1) });
const { wants, last } = state;

/** G. L. Peterson, "Myths about the mutual exclusion problem", Information Processing Letters 12(3), 1981. */
const peterson_pair = procedure('peterson_pair', { me: int(0, 1), other: int(0, 1) }, ({ me, other }) => ({
  outside: If(order.is('want_then_last'), {
    want: c`${wants.at(me)} = true`(wants.at(me).set(true)),
    come_last: c`last = ${me}`(last.set(me)),
  }).Else({
    come_last_early: c`last = ${me}`(last.set(me)),
    want_late: c`${wants.at(me)} = true`(wants.at(me).set(true)),
  }),
  barrier: If(has_barrier, { mb: smp_mb() }),
  wait: While(allOf(wants.at(other), last.eq(me)), {}),
  critical: c`the critical section`(),
  leave: c`${wants.at(me)} = false`(wants.at(me).set(false)),
  again: Goto('outside'),
}));

export const process = actors('process', 2, peterson_pair, (i) => ({ me: i, other: i.plus(1).mod(2) }));

export const model = define('peterson_pair', {
  about: "Peterson's algorithm for two: mutual exclusion by reads and writes alone",
  settings,
  state,
  actors: [process],
});

// One at a time in the critical section.
export const properties: Properties = {
  mutual_exclusion: never(
    process.all((p) => p.at('peterson_pair.critical')),
    'both are in the critical section',
  ),
  both_compete: sometimes(process.all((p) => p.at('peterson_pair.wait'))),
  both_get_in_turn: sometimes(process.of(1).at('peterson_pair.critical')),
};

export const manifest: Manifest = [
  {
    settings: {},
    states: 26,
    transitions: 52,
    depth: 6,
    violated: {},
    source: 'Murphi on ex/mux/2_peterson.m: 26 states; 52 rules fired, a turn of a waiting loop included',
  },
  {
    settings: { order: 'last_then_want' },
    states: 50,
    transitions: 100,
    depth: 9,
    violated: { mutual_exclusion: 6 },
  },
];
