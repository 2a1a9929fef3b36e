// One at a time in the critical section.

import { process } from '../../models/examples/filter_lock.js';
import { never, type Properties, sometimes } from '../language/index.js';

export const filter_lock: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('filter_lock.critical')).ge(2),
    'two are in the critical section',
  ),
  all_compete: sometimes(process.all((p) => p.at('filter_lock.wait'))),
  one_gets_in: sometimes(process.of(1).at('filter_lock.critical')),
};
