// No increment is lost; two actors may hold the same value in between.

import { adder, NR_ACTORS, state } from '../../models/examples/increment.js';
import { not } from '../../models/language/index.js';
import { always, type Properties, sometimes } from '../language/index.js';

const allDone = adder.all((a) => a.done);

export const increment: Properties = {
  no_lost_update: always(allDone.implies(state.counter.eq(NR_ACTORS)), 'everyone who is done has counted'),
  all_finish: sometimes(allDone),
  two_hold_a_value: sometimes(
    adder.count((a) => a.at('increment.store')).ge(2),
    'two have loaded before either stores',
    { given: not(NR_ACTORS.lt(2)) },
  ),
};
