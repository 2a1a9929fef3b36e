// Whether the number of white beans is odd never changes, so it determines the colour of the last bean.

import { beans, state } from '../../models/examples/coffee_can.js';
import { always, never, type Properties, sometimes } from '../language/index.js';

const { black, white, was_odd } = state;

export const coffee_can: Properties = {
  oddness_stays: always(was_odd.eq(white.mod(2).eq(1)), 'whether the white beans are odd never changes'),
  last_is_white_if_odd: always(beans.eq(1).implies(was_odd.eq(white.eq(1)))),
  never_empty: never(beans.eq(0)),
  last_is_black: sometimes(beans.eq(1).and(black.eq(1))),
  last_is_white: sometimes(beans.eq(1).and(white.eq(1))),
};
