// All hold one fork and wait for ever: a deadlock, for which no property is needed. These show that the search has
// reached both extremes: the full circle, and as many eating as there are pairs of forks.

import { philosopher, settings } from '../../models/examples/philosophers.js';
import { not } from '../../models/language/index.js';
import { type Properties, sometimes } from '../language/index.js';

const { NR_PHILOSOPHERS, LAST_IS_LEFT_HANDED } = settings;

export const philosophers: Properties = {
  all_hold_one_fork: sometimes(
    philosopher.all((p) => p.at('dine.wait')),
    'everybody waits for a neighbour',
    { given: not(LAST_IS_LEFT_HANDED) },
  ),
  half_of_them_eat: sometimes(
    philosopher.count((p) => p.at('dine.eat')).eq(NR_PHILOSOPHERS.dividedBy(2)),
    'no pair of forks lies idle',
  ),
};
