// Two jugs, of five gallons and of three, and a tap: fill them, empty them, pour one into the other, until there are
// exactly four gallons in the big one. The riddle is stated as "never": its counterexample is the solution.
//
//   big 0  small 0    fill big: 5 0    pour: 2 3    empty small: 2 0    pour: 0 2    fill big: 5 2    pour: 4 3

import {
  actor,
  config,
  model as define,
  Either,
  Goto,
  int,
  procedure,
  shared,
  source,
  when,
} from 'raceproof/language';
import { type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

const c = source('die_hard.c');

const settings = config({
  /** How much is wanted in the big jug. */
  GALLONS: int(1, 6).starts(4),
});
export const { GALLONS } = settings;

export const state = shared({ big: int(0, 5), small: int(0, 3) });
const { big, small } = state;

const all = big.plus(small);

/** As DieHard in the TLA+ examples; the film is of 1995, the riddle older. */
const pour = procedure('pour', () => ({
  choose: Either({
    fill_big: { fill_big: c`fill the big jug`(big.set(5)) },
    fill_small: { fill_small: c`fill the small jug`(small.set(3)) },
    empty_big: { empty_big: c`empty the big jug`(big.set(0)) },
    empty_small: { empty_small: c`empty the small jug`(small.set(0)) },
    into_big: { into_big: c`pour all of small into big`(when(all.le(5)), big.set(all), small.set(0)) },
    fill_up_big: {
      fill_up_big: c`fill big up from small`(when(all.gt(5)), small.set(all.minus(5)), big.set(5)),
    },
    into_small: { into_small: c`pour all of big into small`(when(all.le(3)), small.set(all), big.set(0)) },
    fill_up_small: {
      fill_up_small: c`fill small up from big`(when(all.gt(3)), big.set(all.minus(3)), small.set(3)),
    },
  }),
  again: Goto('choose'),
}));

const hero = actor('hero', pour);

export const model = define('die_hard', {
  about: 'the riddle of the two jugs: the shortest counterexample is the solution',
  settings,
  state,
  actors: [hero],
});

// The riddle: the state is never reached. The counterexample is the solution.
export const properties: Properties = {
  not_solved: never(big.eq(GALLONS), 'the big jug holds what is wanted'),
  both_full: sometimes(big.eq(5).and(small.eq(3))),
};

export const manifest: Manifest = [
  {
    settings: {},
    states: 16,
    transitions: 96,
    depth: 7,
    violated: { not_solved: 6 },
    source:
      'TLC on DieHard of the TLA+ examples: 16 distinct states; 97 generated, the initial one among them; depth 8, in states',
  },
  { settings: { GALLONS: 6 }, states: 16, transitions: 96, depth: 7, violated: {} },
];
