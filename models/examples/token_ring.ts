// Dijkstra's self-stabilising token ring: from any values, one token remains in the end, and goes round. A node that
// differs from its predecessor has the token, and passes it on by copying the value; node 0 has it when it is equal to
// the last node, and passes it on by counting up.
//
//   values   0: 2   1: 2   2: 1   3: 1      2 has the token; it copies: 2 2 2 1, and 3 has it; then 0, which sets 3

import {
  actor,
  actors,
  all,
  array,
  config,
  count,
  model as define,
  Goto,
  ifElse,
  int,
  oneOf,
  procedure,
  shared,
  source,
  when,
} from 'raceproof/language';
import {
  always,
  eventually,
  type Manifest,
  never,
  type Properties,
  property,
  sometimes,
} from 'raceproof/properties';

const c = source('token_ring.c');

export const settings = config({
  NR_NODES: int(2, 6).starts(3),
  /** From one less than there are nodes, tokens that meet disappear; with fewer, two may follow each other for ever. */
  NR_VALUES: int(2, 6).starts(3),
  /** All equal: then node 0 has the only token. */
  values: oneOf('any', 'equal'),
});
const { NR_NODES, NR_VALUES, values } = settings;

const state = shared({ value: array(NR_NODES, int(0, 5).starts(0, 1, 2, 3, 4, 5)) });
const { value } = state;

const last = value.at(NR_NODES.minus(1));

/** How many nodes have a token? */
export const tokens = ifElse(value.at(0).eq(last), 1, 0).plus(
  count(NR_NODES.minus(1), (i) => value.at(i.plus(1)).ne(value.at(i))),
);

/** E. W. Dijkstra, "Self-stabilizing systems in spite of distributed control", CACM 17(11), 1974; EWD 426. */
const count_up = procedure('count_up', () => ({
  pass: c`pass the token on: ${value.at(0)} = ${last} + 1`(
    when(value.at(0).eq(last)),
    value.at(0).set(last.plus(1).mod(NR_VALUES)),
  ),
  again: Goto('pass'),
}));

const copy = procedure('copy', { me: int(1, 5), before: int(0, 4) }, ({ me, before }) => ({
  pass: c`pass the token on: ${value.at(me)} = ${value.at(before)}`(
    when(value.at(me).ne(value.at(before))),
    value.at(me).set(value.at(before)),
  ),
  again: Goto('pass'),
}));

const first = actor('first', count_up);
const other = actors('other', NR_NODES.minus(1), copy, (i) => ({ me: i.plus(1), before: i }));

export const model = define('token_ring', {
  about: "Dijkstra's token ring: from any values, one token is left, and goes round",
  settings,
  state,
  actors: [first, other],
  initially: all(NR_NODES, (i) => value.at(i).lt(ifElse(values.is('any'), NR_VALUES, 1))),
});

// There always is a token; if there was one at first, it stays the only one. From any values, one remains in the end.
export const properties: Properties = {
  a_token: never(tokens.eq(0), 'nobody has a token'),
  one_token: never(tokens.ge(2), 'two nodes have a token', { given: values.is('equal') }),
  stabilises: property(eventually(always(tokens.eq(1))), 'one token is left in the end', {
    given: values.is('any'),
  }),
  all_have_a_token: sometimes(tokens.eq(NR_NODES), undefined, {
    given: values.is('any').and(NR_NODES.ge(3)).and(NR_VALUES.ge(3)),
  }),
};

export const manifest: Manifest = [
  { settings: {}, states: 27, transitions: 45, depth: 0, violated: {} },
  { settings: { values: 'equal' }, states: 9, transitions: 9, depth: 8, violated: {} },
  {
    settings: { NR_NODES: 6, NR_VALUES: 6, values: 'equal' },
    states: 36,
    transitions: 36,
    depth: 35,
    violated: {},
  },
  { settings: { NR_NODES: 4, NR_VALUES: 4 }, states: 256, transitions: 640, depth: 0, violated: {} },
  {
    settings: { NR_NODES: 6, NR_VALUES: 6 },
    states: 46656,
    transitions: 202176,
    depth: 0,
    violated: {},
    source:
      'TLC on TokenRing of the TLA+ examples, N=6 M=6: 46656 distinct states; 248832 generated, 46656 initial ones among them; depth 1, in states',
  },
  {
    settings: { NR_NODES: 4, NR_VALUES: 2 },
    states: 16,
    transitions: 32,
    depth: 0,
    violated: { stabilises: 8 },
  },
];
