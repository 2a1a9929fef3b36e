// The doors open only where a button has been pressed, and at every such floor sooner or later.

import { cabin, settings, state } from '../../models/examples/elevator.js';
import { all, not } from '../../models/language/index.js';
import { never, type Properties, sometimes } from '../language/index.js';

const { pressed, cabin_at } = state;
const { NR_FLOORS } = settings;

export const elevator: Properties = {
  opens_for_somebody: never(
    cabin.at('travel.open').and(not(pressed.at(cabin_at))),
    'the doors open where nobody has pressed the button',
  ),
  opens_at_the_top: sometimes(cabin.at('travel.open').and(cabin_at.eq(NR_FLOORS.minus(1)))),
  all_pressed: sometimes(all(NR_FLOORS, (i) => pressed.at(i))),
};
