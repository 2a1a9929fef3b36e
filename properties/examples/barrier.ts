// The model's own step asserts that the barrier opens only for all. These properties show that it waits for the last
// one.

import { nr_arrived, settings } from '../../models/examples/barrier.js';
import { leadsTo, type Properties, property, sometimes, weaklyFair } from '../language/index.js';

const { NR_WORKERS } = settings;

export const barrier: Properties = {
  last_one_is_late: sometimes(nr_arrived.eq(NR_WORKERS.minus(1))),
  opens: property(leadsTo(nr_arrived.ge(1), nr_arrived.eq(0)), 'nobody waits for ever', {
    fair: weaklyFair(),
  }),
};
