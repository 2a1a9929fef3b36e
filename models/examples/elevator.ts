// A lift. Buttons are pressed at any time; the controller goes through the floors in one direction, turns round at the
// ends, and sends the cabin to the first floor where a button is pressed; the cabin goes there, floor by floor, and
// opens.
//
//   floor   3: pressed   2: cabin   1: -   0: pressed      going up: it serves 3, turns round, and then serves 0

import {
  actor,
  all,
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
  shared,
  source,
  when,
} from 'raceproof/language';
import { type Manifest, never, type Properties, sometimes } from 'raceproof/properties';

const c = source('elevator.c');

export const settings = config({
  NR_FLOORS: int(2, 12).starts(4),
  /**
   * Does the controller check whether the button is pressed? Without it, the doors open at floors without a request.
   */
  ASKS: bool().starts(true),
});
const { NR_FLOORS, ASKS } = settings;

export const state = shared({
  pressed: array(NR_FLOORS, bool()),
  /** The floor that the controller considers; one beyond either end, it turns round. */
  target: int(-1, NR_FLOORS).starts(0),
  direction: oneOf('down', 'up'),
  is_sent: bool(),
  cabin_at: int(0, NR_FLOORS.minus(1)),
});
const { pressed, target, direction, is_sent, cabin_at } = state;

const isFloor = target.ge(0).and(target.lt(NR_FLOORS));
const lookFurther = target.set(target.plus(ifElse(direction.is('up'), 1, -1)));

const travel = procedure('travel', () => ({
  idle: c`sent to floor ${target}`(when(is_sent)),
  move: Either({
    there: { there: c`it is here`(when(target.eq(cabin_at))) },
    below: { below: c`go down`(when(target.lt(cabin_at)), cabin_at.dec()), on_down: Goto('move') },
    above: { above: c`go up`(when(target.gt(cabin_at)), cabin_at.inc()), on_up: Goto('move') },
  }),
  open: c`open the doors at floor ${cabin_at}`(pressed.at(cabin_at).set(false), is_sent.set(false)),
  again: Goto('idle'),
}));

const press = procedure('press', () => ({
  somewhere: Choose(NR_FLOORS, (floor) => ({
    press: c`press the button at floor ${floor}`(when(not(pressed.at(floor))), pressed.at(floor).set(true)),
  })),
  again: Goto('somewhere'),
}));

const control = procedure('control', () => ({
  next: c`go through the floors`(when(not(is_sent)), lookFurther),
  look: Either({
    end: {
      end: c`turn round`(when(not(isFloor)), direction.set(ifElse(direction.is('up'), 'down', 'up'))),
      turned: Goto('next'),
    },
    found: { found: c`stop at floor ${target}`(when(isFloor), given(ASKS, when(pressed.at(target)))) },
    empty: {
      empty: c`nobody there`(when(isFloor.and(not(pressed.at(target)))), lookFurther),
      on: Goto('look'),
    },
  }),
  send: c`send the cabin`(is_sent.set(true)),
  again: Goto('next'),
}));

export const cabin = actor('cabin', travel);
const people = actor('people', press);
const controller = actor('controller', control);

export const model = define('elevator', {
  about: 'a lift: people, a cabin, and a controller that goes through the floors up and down',
  settings,
  state,
  actors: [cabin, people, controller],
});

// The doors open only where a button has been pressed, and at every such floor sooner or later.
export const properties: Properties = {
  opens_for_somebody: never(
    cabin.at('travel.open').and(not(pressed.at(cabin_at))),
    'the doors open where nobody has pressed the button',
  ),
  opens_at_the_top: sometimes(cabin.at('travel.open').and(cabin_at.eq(NR_FLOORS.minus(1)))),
  all_pressed: sometimes(all(NR_FLOORS, (i) => pressed.at(i))),
};

export const manifest: Manifest = [
  { settings: { NR_FLOORS: 2 }, states: 136, transitions: 244, depth: 23, violated: {} },
  { settings: { NR_FLOORS: 3 }, states: 528, transitions: 1200, depth: 28, violated: {} },
  {
    settings: {},
    states: 1728,
    transitions: 4768,
    depth: 33,
    violated: {},
    source: "BEEM's elevator2.1: 1728 states, 4768 transitions",
  },
  {
    settings: { NR_FLOORS: 2, ASKS: false },
    states: 192,
    transitions: 400,
    depth: 22,
    violated: { opens_for_somebody: 7 },
  },
  {
    settings: { ASKS: false },
    states: 2560,
    transitions: 7936,
    depth: 32,
    violated: { opens_for_somebody: 7 },
  },
];
