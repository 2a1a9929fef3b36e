// The coffee can: take out two beans. If they are of one colour, throw both away and put a black one in; if not, throw
// the black one away and put the white one back. One bean is left at last: white, if the white ones were odd at first.
//
//   can   ○ ○ ●     take ○ ○, put ●     ● ●     take ● ●, put ●     ●

import {
  actor,
  allOf,
  bool,
  config,
  model as define,
  Either,
  Goto,
  given,
  ifElse,
  int,
  oneOf,
  procedure,
  shared,
  source,
  when,
} from 'raceproof/language';
import { always, type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

const c = source('coffee_can.c');
const upTo100 = Array.from({ length: 100 }, (_, i) => i + 1);

const settings = config({
  /** The can holds one bean at least at first, and this many at most. */
  NR_BEANS: int(1, 100).starts(10),
  /** Of two white beans, both are thrown away; or by mistake only one. */
  throws_away: oneOf('both', 'one'),
});
const { NR_BEANS, throws_away } = settings;

export const state = shared({
  black: int(0, 100).starts(0, ...upTo100),
  white: int(0, 100).starts(0, ...upTo100),
  /** Was the number of white beans odd at first? No step writes it; the properties compare with it. */
  was_odd: bool().starts(false, true),
});
const { black, white, was_odd } = state;

export const beans = black.plus(white);

/** D. Gries, "The science of programming", 1981, who has it from E. W. Dijkstra, and he from C. S. Scholten. */
const take_two = procedure('take_two', () => ({
  take: Either({
    two_black: { two_black: c`two black ones: put a black one in`(when(black.ge(2)), black.dec()) },
    two_white: {
      two_white: c`two white ones: put a black one in`(
        when(white.ge(2)),
        white.set(white.minus(ifElse(throws_away.is('both'), 2, 1))),
        given(throws_away.is('both'), black.inc()),
      ),
    },
    one_of_each: {
      one_of_each: c`one of each: put the white one back`(when(black.ge(1).and(white.ge(1))), black.dec()),
    },
    last: { last: c`one bean is left`(when(beans.eq(1))) },
  }),
  again: Goto('take'),
}));

const hand = actor('hand', take_two);

export const model = define('coffee_can', {
  about: 'the coffee can: what the colour of the last bean depends on',
  settings,
  state,
  actors: [hand],
  initially: allOf(beans.ge(1), beans.le(NR_BEANS), was_odd.eq(white.mod(2).eq(1))),
});

// Whether the number of white beans is odd never changes, so it determines the colour of the last bean.
export const properties: Properties = {
  oddness_stays: always(was_odd.eq(white.mod(2).eq(1)), 'whether the white beans are odd never changes'),
  last_is_white_if_odd: always(beans.eq(1).implies(was_odd.eq(white.eq(1)))),
  never_empty: never(beans.eq(0)),
  last_is_black: sometimes(beans.eq(1).and(black.eq(1))),
  last_is_white: sometimes(beans.eq(1).and(white.eq(1))),
};

export const manifest: Manifest = [
  { settings: {}, states: 65, transitions: 137, depth: 0, violated: {} },
  {
    settings: { NR_BEANS: 100 },
    states: 5150,
    transitions: 14852,
    depth: 0,
    violated: {},
    source:
      'TLC on CoffeeCan of the TLA+ examples, 100 beans: 5150 distinct states; 20002 generated, 5150 initial ones among them; depth 1, in states',
  },
  {
    settings: { throws_away: 'one' },
    states: 110,
    transitions: 238,
    depth: 1,
    violated: { oddness_stays: 1, last_is_white_if_odd: 1 },
  },
];
