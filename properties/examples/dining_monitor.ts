// Neighbours never eat at the same time; as many eat as there are pairs of forks.

import { philosopher, settings } from '../../models/examples/dining_monitor.js';
import { never, type Properties, sometimes } from '../language/index.js';

const { NR_PHILOSOPHERS } = settings;

export const dining_monitor: Properties = {
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
