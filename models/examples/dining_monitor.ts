// The dining philosophers with a monitor: no philosopher holds one fork and waits for the other. A hungry one reads how
// many forks are free, and takes both at once or tries again.
//
//   free forks   0: 0   1: 2   2: 0   3: 2      1 and 3 eat; 0 and 2 try in vain, as neither of their forks is free

import {
  actors,
  array,
  config,
  model as define,
  Either,
  Goto,
  If,
  int,
  not,
  oneOf,
  procedure,
  shared,
  source,
  While,
} from 'raceproof/language';
import { type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

const c = source('dining_monitor.c');

export const settings = config({
  NR_PHILOSOPHERS: int(3, 12).starts(4),
  /** Two neighbours that both read before either takes the forks both get them. */
  forks: oneOf('taken_at_once', 'asked_for_first'),
});
const { NR_PHILOSOPHERS, forks } = settings;

/** How many of her two forks each philosopher can take. */
const state = shared({ free: array(NR_PHILOSOPHERS, int(0, 2).starts(2)) });
const { free } = state;

const dine = procedure(
  'dine',
  { me: int(0, 11), left: int(0, 11), right: int(0, 11) },
  ({ me, left, right }) => ({
    think: Either({
      think_on: { think_on: c`go on thinking`(), still_thinking: Goto('think') },
      hungry: { hungry: c`feel hungry`() },
    }),
    ask: If(forks.is('taken_at_once'), {
      at_once: While(
        not(c`take both forks`.test(free.at(me).eq(2), { yes: [free.at(left).dec(), free.at(right).dec()] })),
        {},
      ),
    }).Else({
      first: If(free.at(me).lt(2), { ask_again_later: Goto('ask') }),
      then: c`take both forks`(free.at(left).dec(), free.at(right).dec()),
    }),
    eat: Either({
      eat_on: { eat_on: c`go on eating`(), still_eating: Goto('eat') },
      full: { full: c`feel full`() },
    }),
    release: c`put both forks down`(free.at(left).inc(), free.at(right).inc()),
    again: Goto('think'),
  }),
);

export const philosopher = actors('philosopher', NR_PHILOSOPHERS, dine, (i) => ({
  me: i,
  left: i.plus(NR_PHILOSOPHERS).minus(1).mod(NR_PHILOSOPHERS),
  right: i.plus(1).mod(NR_PHILOSOPHERS),
}));

export const model = define('dining_monitor', {
  about: 'the dining philosophers with a monitor: both forks or none',
  settings,
  state,
  actors: [philosopher],
});

// Neighbours never eat at the same time; as many eat as there are pairs of forks.
export const properties: Properties = {
  neighbours_take_turns: never(
    philosopher.any((p, i) =>
      p.at('dine.eat').and(philosopher.of(i.plus(1).mod(NR_PHILOSOPHERS)).at('dine.eat')),
    ),
    'two neighbours eat at the same time',
  ),
  half_of_them_eat: sometimes(
    philosopher.count((p) => p.at('dine.eat')).eq(NR_PHILOSOPHERS.dividedBy(2)),
    'no pair of forks lies idle',
  ),
};

export const manifest: Manifest = [
  { settings: { NR_PHILOSOPHERS: 3 }, states: 32, transitions: 144, depth: 5, violated: {} },
  {
    settings: {},
    states: 112,
    transitions: 672,
    depth: 8,
    violated: {},
    source: 'Murphi on ex/others/dp4.m: 112 states; 672 rules fired, a turn of a waiting loop included',
  },
  { settings: { NR_PHILOSOPHERS: 6 }, states: 1152, transitions: 10368, depth: 12, violated: {} },
  {
    settings: { NR_PHILOSOPHERS: 3, forks: 'asked_for_first' },
    states: 125,
    transitions: 525,
    depth: 12,
    violated: { neighbours_take_turns: 6 },
  },
  {
    settings: { forks: 'asked_for_first' },
    states: 625,
    transitions: 3500,
    depth: 16,
    violated: { neighbours_take_turns: 6 },
  },
];
