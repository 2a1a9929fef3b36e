// Has a distributed computation ended? A token goes round the ring from the last node to node 0; passive nodes pass it
// on. A message may activate a node that the token has passed: its sender turns black, and blackens the token. If the
// token returns white to a white, passive node 0, all are passive.
//
//   0: passive   1: active   2: passive   token: at 1, white      1 wakes 2 up: it turns black, and so will the token

import {
  actor,
  actors,
  allOf,
  any,
  array,
  bool,
  Choose,
  config,
  model as define,
  Either,
  Goto,
  given,
  ifElse,
  int,
  not,
  oneOf,
  procedure,
  record,
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

const c = source('termination_detection.c');

export const settings = config({
  NR_NODES: int(2, 8).starts(3),
  /** Does a sender turn black that activates a node which the token may have passed? */
  TURNS_BLACK: bool().starts(true),
  /** An observer that reads the result again and again. */
  NR_READERS: int(0, 1).starts(1),
});
const { NR_NODES, TURNS_BLACK, NR_READERS } = settings;

const colour = () => oneOf('white', 'black');

export const state = shared({
  node: array(
    NR_NODES,
    record({ active: bool().starts(false, true), colour: colour().starts('white', 'black') }),
  ),
  token: record({ at: int(0, 7).starts(0, 1, 2, 3, 4, 5, 6, 7), colour: colour().starts('black') }),
});
const { node, token } = state;

export const is_detected = allOf(
  token.at.eq(0),
  token.colour.is('white'),
  node.at(0).colour.is('white'),
  not(node.at(0).active),
);

/** All but the reader are servers: passive, with the token elsewhere or the end detected, they rest. */
/** E. W. Dijkstra, W. H. J. Feijen, A. J. M. van Gasteren, IPL 16(5), 1983; EWD 840. One step for each reason. */
const begin_round = procedure('begin_round', () => {
  const { colour } = node.at(0);
  const effects = [token.at.set(NR_NODES.minus(1)), token.colour.set('white'), colour.set('white')] as const;
  return {
    round: Either({
      token_black: {
        token_black: c`the token is black: begin a round`(
          rests(),
          when(token.at.eq(0).and(token.colour.is('black'))),
          ...effects,
        ),
      },
      node_black: {
        node_black: c`node 0 is black: begin a round`(
          rests(),
          when(token.at.eq(0).and(colour.is('black'))),
          ...effects,
        ),
      },
    }),
    again: Goto('round'),
  };
});

const pass_token = procedure('pass_token', { me: int(1, NR_NODES.minus(1)) }, ({ me }) => {
  const { active, colour } = node.at(me);
  const isHere = token.at.eq(me);
  const effects = [
    token.at.set(me.minus(1)),
    token.colour.set(ifElse(colour.is('black'), 'black', token.colour)),
    colour.set('white'),
  ] as const;
  return {
    pass: Either({
      passive: {
        passive: c`${me} is passive: pass the token on`(rests(), when(isHere.and(not(active))), ...effects),
      },
      black: {
        black: c`${me} is black: pass the token on`(
          rests(),
          when(isHere.and(colour.is('black'))),
          ...effects,
        ),
      },
      in_vain: {
        in_vain: c`the token is black: pass it on`(
          rests(),
          when(isHere.and(token.colour.is('black'))),
          ...effects,
        ),
      },
    }),
    again: Goto('pass'),
  };
});

const compute = procedure('compute', { me: int(0, NR_NODES.minus(1)) }, ({ me }) => {
  const { active, colour } = node.at(me);
  return {
    work: Either({
      message: {
        to: Choose(NR_NODES, (to) => ({
          wake: c`wake ${to} up`(
            rests(),
            when(active.and(to.ne(me))),
            node.at(to).active.set(true),
            given(TURNS_BLACK, colour.set(ifElse(to.gt(me), 'black', colour))),
          ),
        })),
      },
      rest: { rest: c`become passive`(rests(), when(active), active.set(false)) },
    }),
    again: Goto('work'),
  };
});

const read = procedure('read', () => ({
  read: c`all are passive`(when(is_detected)),
  again: Goto('read'),
}));

const initiator = actor('initiator', begin_round);
const passer = actors('passer', NR_NODES.minus(1), pass_token, (i) => ({ me: i.plus(1) }));
const worker = actors('worker', NR_NODES, compute, (i) => ({ me: i }));
const reader = actors('reader', NR_READERS, read);

export const model = define('termination_detection', {
  about: 'the end of a distributed computation, detected by a token that goes round',
  settings,
  state,
  actors: [initiator, passer, worker, reader],
  initially: token.at.lt(NR_NODES),
});

const somebodyIsActive = any(NR_NODES, (i) => state.node.at(i).active);

// Detection is sound; and once all are passive, that is detected in the end.
export const properties: Properties = {
  no_false_alarm: never(is_detected.and(somebodyIsActive), 'the end is detected, but somebody is active'),
  is_found_out: property(
    leadsTo(not(somebodyIsActive), is_detected),
    'once all are passive, that is detected',
    {
      fair: weaklyFair(),
    },
  ),
  detected: sometimes(is_detected),
  black_token_returns: sometimes(
    state.token.at.eq(0).and(state.token.colour.is('black')).and(not(somebodyIsActive)),
    'a round ends in doubt, although all are passive',
  ),
};

export const manifest: Manifest = [
  { settings: {}, states: 302, transitions: 1810, depth: 8, violated: {} },
  {
    settings: { NR_READERS: 0 },
    states: 302,
    transitions: 1809,
    depth: 8,
    violated: {},
    source:
      'TLC on EWD840 of the TLA+ examples, N=3: 302 distinct states; 2001 generated, 192 initial ones among them; depth 10, in states; with several workers, TLC may find a longer path first',
  },
  {
    settings: { NR_NODES: 4, NR_READERS: 0 },
    states: 1566,
    transitions: 14962,
    depth: 11,
    violated: {},
    source:
      'TLC on EWD840_json of the TLA+ examples, N=4: 1566 distinct states; 15986 generated, 1024 initial ones among them; depth 12, in states',
  },
  { settings: { NR_NODES: 2 }, states: 54, transitions: 183, depth: 5, violated: {} },
  {
    settings: { TURNS_BLACK: false },
    states: 248,
    transitions: 1520,
    depth: 6,
    violated: { no_false_alarm: 5 },
  },
];
