// Dekker's algorithm: two processes share a critical section by reads and writes alone. Each closes a door before it
// enters; if both doors are closed, the process whose turn it is keeps its door closed, and the other opens its door
// and waits.
//
//   closed: 0 and 1    turn 0    1 opens its door and waits    0 enters, leaves: turn 1    1 closes its door, enters

import { smp_mb } from 'raceproof/kernel';
import {
  actors,
  array,
  bool,
  config,
  model as define,
  Goto,
  given,
  If,
  type Int,
  ifElse,
  int,
  oneOf,
  procedure,
  shared,
  source,
  While,
} from 'raceproof/language';
import { type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

const c = source('dekker.c');

const settings = config({
  /**
   * The process that gave way waits for its turn; in Murphi's example it waits for the other's, and may wait for ever.
   */
  waits_for: oneOf('its_turn', 'the_others_turn'),
  /** A process that reads the other's door before it has closed its own may be missed by a rival that does the same. */
  looks: oneOf('door_closed', 'door_open'),
  /** smp_mb() between closing the door and looking: without it, x86 lets a process look before its door is seen closed. */
  has_barriers: bool(),
});
const { waits_for, looks, has_barriers } = settings;

const state = shared({ closed: array(2, bool()), turn: int(0, 1) });
const { closed, turn } = state;

/** Must `me` wait for `other` once it has given way? */
export const must_wait = (me: Int, other: Int) => turn.eq(ifElse(waits_for.is('its_turn'), other, me));

/** T. J. Dekker, published by E. W. Dijkstra, "Cooperating sequential processes", 1965. */
const dekker = procedure('dekker', { me: int(0, 1), other: int(0, 1) }, ({ me, other }) => ({
  outside: c`close door ${me}, if it looks with the door closed`(
    given(looks.is('door_closed'), closed.at(me).set(true)),
  ),
  first: If(has_barriers, { mb: smp_mb() }),
  rival: If(closed.at(other), {
    whose_turn: If(turn.eq(other), {
      open: c`open door ${me}`(closed.at(me).set(false)),
      wait: While(must_wait(me, other), {}),
      close_again: c`close door ${me} again`(closed.at(me).set(true)),
      again: If(has_barriers, { mb: smp_mb() }),
    }),
    look_again: Goto('rival'),
  }),
  late: If(looks.is('door_open'), { close_late: c`close door ${me}`(closed.at(me).set(true)) }),
  critical: c`the critical section`(),
  leave: c`open door ${me}: it is the turn of ${other}`(closed.at(me).set(false), turn.set(other)),
  again: Goto('outside'),
}));

export const process = actors('process', 2, dekker, (i) => ({ me: i, other: i.plus(1).mod(2) }));

export const model = define('dekker', {
  about: "Dekker's algorithm: mutual exclusion of two processes by reads and writes alone",
  settings,
  state,
  actors: [process],
});

const waitsAlone = process.any((p, me) =>
  process.any((q, other) =>
    p.at('dekker.wait').and(q.at('dekker.outside')).and(other.ne(me)).and(must_wait(me, other)),
  ),
);

// One at a time in the critical section, and a process that does not want in keeps no other out.
export const properties: Properties = {
  mutual_exclusion: never(
    process.all((p) => p.at('dekker.critical')),
    'both are in the critical section',
  ),
  no_absent_rival: never(waitsAlone, 'a process waits for one who has left'),
  both_get_in: sometimes(
    process.of(0).at('dekker.critical').and(process.of(1).at('dekker.rival')),
    'one is inside while the other tries',
  ),
  one_gives_way: sometimes(process.any((p) => p.at('dekker.wait'))),
};

export const manifest: Manifest = [
  { settings: {}, states: 94, transitions: 188, depth: 17, violated: {} },
  {
    settings: { waits_for: 'the_others_turn' },
    states: 100,
    transitions: 200,
    depth: 17,
    violated: { no_absent_rival: 8 },
    source: 'Murphi on ex/mux/dek.m: 100 states; 200 rules fired, a turn of a waiting loop included',
  },
  {
    settings: { looks: 'door_open' },
    states: 148,
    transitions: 296,
    depth: 26,
    violated: { mutual_exclusion: 6 },
  },
];
