// Has a distributed computation ended? A token goes round the ring from the last node to node 0; passive nodes pass it
// on. A message may activate a node that the token has passed: its sender turns black, and blackens the token. If the
// token returns white to a white, passive node 0, all are passive.
//
//   0: passive   1: active   2: passive   token: at 1, white      1 wakes 2 up: it turns black, and so will the token

import {
  actor,
  actors,
  allOf,
  array,
  bool,
  Choose,
  config,
  Either,
  Goto,
  given,
  ifElse,
  int,
  model,
  not,
  oneOf,
  procedure,
  record,
  rests,
  shared,
  source,
  when,
} from '../language/index.js';
import type { Manifest } from '../manifest.js';
import { perhaps_too_deep, tlc } from './published.js';

const c = source('termination_detection.c');

export const settings = config({
  NR_NODES: int(2, 4).starts(3),
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
  token: record({ at: int(0, 3).starts(0, 1, 2, 3), colour: colour().starts('black') }),
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

const pass_token = procedure('pass_token', { me: int(1, 3) }, ({ me }) => {
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

const compute = procedure('compute', { me: int(0, 3) }, ({ me }) => {
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

export const termination_detection_model = model('termination_detection', {
  about: 'the end of a distributed computation, detected by a token that goes round',
  settings,
  state,
  actors: [initiator, passer, worker, reader],
  initially: token.at.lt(NR_NODES),
});

export const manifest: Manifest = [
  { settings: {}, states: 302, transitions: 1810, depth: 8, violated: {} },
  {
    settings: { NR_READERS: 0 },
    states: 302,
    transitions: 1809,
    depth: 8,
    violated: {},
    source: tlc('EWD840 of the TLA+ examples, N=3', 302, 2001, 10, 192) + perhaps_too_deep,
  },
  {
    settings: { NR_NODES: 4, NR_READERS: 0 },
    states: 1566,
    transitions: 14962,
    depth: 11,
    violated: {},
    source: tlc('EWD840_json of the TLA+ examples, N=4', 1566, 15986, 12, 1024),
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
