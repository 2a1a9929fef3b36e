// The lost update. Each actor adds one to a counter, but reads and writes it in two steps:
//
//   counter 0    a loads 0    b loads 0    a stores 1    b stores 1    counter 1, though two have counted

import { actors, config, model as define, int, not, procedure, shared, source } from 'raceproof/language';
import { always, type Manifest, type Properties, sometimes } from 'raceproof/properties';

const c = source('increment.c');

export const settings = config({ NR_ACTORS: int(1, 8).starts(2) });
export const { NR_ACTORS } = settings;

export const state = shared({ counter: int(0, NR_ACTORS) });
const { counter } = state;

const increment = procedure('increment', { mine: int(0, NR_ACTORS) }, ({ mine }) => ({
  load: c`mine = counter`(mine.set(counter)),
  store: c`counter = mine + 1`(counter.set(mine.plus(1))),
}));

export const adder = actors('adder', NR_ACTORS, increment);

export const model = define('increment', {
  about: 'the lost update: a counter that is read and written in two steps',
  settings,
  state,
  actors: [adder],
});

const allDone = adder.all((a) => a.done);

// No increment is lost; two actors may hold the same value in between.
export const properties: Properties = {
  no_lost_update: always(allDone.implies(state.counter.eq(NR_ACTORS)), 'everyone who is done has counted'),
  all_finish: sometimes(allDone),
  two_hold_a_value: sometimes(
    adder.count((a) => a.at('increment.store')).ge(2),
    'two have loaded before either stores',
    { given: not(NR_ACTORS.lt(2)) },
  ),
};

export const manifest: Manifest = [
  { settings: { NR_ACTORS: 1 }, states: 3, transitions: 2, depth: 2, violated: {} },
  { settings: { NR_ACTORS: 2 }, states: 12, transitions: 14, depth: 4, violated: { no_lost_update: 4 } },
  { settings: { NR_ACTORS: 3 }, states: 59, transitions: 99, depth: 6, violated: { no_lost_update: 6 } },
  { settings: { NR_ACTORS: 4 }, states: 330, transitions: 740, depth: 8, violated: { no_lost_update: 8 } },
];
