// Chang and Roberts elect a leader in a ring: a candidate sends its name to the next node; a candidate that receives a
// lower name gives up and passes it on; it drops a higher one; and it has won when its own name comes back.
//
//   0 sends 0, 2 sends 2      0 drops 2; 1 passes 0 on; 2 receives 0, gives up, passes it on; 0 receives 0: it has won

import {
  actors,
  all,
  allOf,
  any,
  array,
  type Bool,
  bool,
  Choose,
  config,
  model as define,
  Either,
  Goto,
  given,
  type Int,
  ifElse,
  int,
  not,
  oneOf,
  procedure,
  rests,
  shared,
  source,
  when,
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

const c = source('leader_election.c');

export const settings = config({
  NR_NODES: int(2, 8).starts(3),
  /** Does a candidate give up when it passes a lower name on? If not, it does not notice that it has lost. */
  GIVES_UP: bool().starts(true),
  /** An observer that detects that the ring is silent. */
  NR_LISTENERS: int(0, 1).starts(1),
});
const { NR_NODES, GIVES_UP, NR_LISTENERS } = settings;

/** Which node. */
const index = int(0, NR_NODES.minus(1));

export const state = shared({
  /** Not all nodes need be candidates. */
  is_initiator: array(NR_NODES, bool().starts(false, true)),
  role: array(NR_NODES, oneOf('candidate', 'lost', 'won').starts('candidate', 'lost')),
  /** The names that each node has still to receive. */
  mail: array(NR_NODES, array(NR_NODES, bool())),
});
const { is_initiator, role, mail } = state;

/** E. Chang, R. Roberts, "An improved algorithm for decentralized extrema-finding …", CACM 22(5), 1979. */
const elect = procedure('elect', { me: index, next: index }, ({ me, next }) => ({
  begin: Either({
    stand: { stand: c`send ${me} to ${next}`(when(is_initiator.at(me)), mail.at(next).at(me).set(true)) },
    look_on: { look_on: c`look on`(when(not(is_initiator.at(me)))) },
  }),
  // A node with nothing to receive rests: the election is over when all do.
  receive: Choose(NR_NODES, (name) => {
    const letter = mail.at(me).at(name);
    const isDropped = role.at(me).isnt('lost').and(name.ge(me));
    return {
      names: Either({
        pass_on: {
          pass_on: c`pass ${name} on to ${next}`(
            rests(),
            when(letter.and(not(isDropped))),
            letter.set(false),
            mail.at(next).at(name).set(true),
            given(GIVES_UP, role.at(me).set('lost')),
          ),
        },
        drop: {
          drop: c`do not pass ${name} on`(
            rests(),
            when(letter.and(isDropped)),
            letter.set(false),
            role.at(me).set(ifElse(name.eq(me), 'won', role.at(me))),
          ),
        },
      }),
    };
  }),
  again: Goto('receive'),
}));

const node = actors('node', NR_NODES, elect, (i) => ({
  me: i,
  next: i.plus(1).mod(NR_NODES),
}));

const isSilent = allOf(
  node.all((n) => n.at('elect.pass_on')),
  all(NR_NODES, (i) => all(NR_NODES, (name) => not(mail.at(i).at(name)))),
);

const listen = procedure('listen', () => ({
  listen: c`the ring is silent`(when(isSilent)),
  again: Goto('listen'),
}));

const listener = actors('listener', NR_LISTENERS, listen);

export const model = define('leader_election', {
  about: 'the election of a leader in a ring: the lowest name comes back to its node',
  settings,
  state,
  actors: [node, listener],
  initially: all(NR_NODES, (i) => role.at(i).is('candidate').eq(is_initiator.at(i))),
});

const somebody = (x: (i: Int) => Bool) => any(NR_NODES, x);
const hasWon = (i: Int) => role.at(i).is('won');

// The lowest of the candidates wins, and all others have lost by then; some candidate wins.
export const properties: Properties = {
  one_leader: never(
    somebody((i) => hasWon(i).and(somebody((j) => j.ne(i).and(role.at(j).isnt('lost'))))),
    'one has won, and another has not lost',
  ),
  lowest_wins: never(
    somebody((i) => hasWon(i).and(somebody((j) => j.lt(i).and(is_initiator.at(j))))),
    'one has won, and a lower one wanted to',
  ),
  somebody_wins: property(
    leadsTo(
      somebody((i) => is_initiator.at(i)),
      somebody(hasWon),
    ),
    'if anybody wants to be the leader, somebody is in the end',
    { given: GIVES_UP, fair: weaklyFair() },
  ),
  last_one_wins: sometimes(hasWon(NR_NODES.minus(1))),
};

export const manifest: Manifest = [
  { settings: {}, states: 137, transitions: 227, depth: 9, violated: {} },
  {
    settings: { NR_LISTENERS: 0 },
    states: 137,
    transitions: 219,
    depth: 9,
    violated: {},
    source:
      'TLC on ChangRoberts of the TLA+ examples, N=3: 137 distinct states; 227 generated, 8 initial ones among them; depth 10, in states',
  },
  { settings: { NR_NODES: 4 }, states: 823, transitions: 1791, depth: 14, violated: {} },
  { settings: { GIVES_UP: false }, states: 137, transitions: 227, depth: 9, violated: { one_leader: 6 } },
];
