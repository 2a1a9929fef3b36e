// One at a time in the critical section; all processes may be in the waiting room together, and leave it with its door
// shut.

import { process, settings, state } from '../../models/examples/szymanski.js';
import { all } from '../../models/language/index.js';
import { never, type Properties, sometimes } from '../language/index.js';

const { NR_PROCESSES } = settings;

export const szymanski: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('szymanski.critical')).ge(2),
    'two are in the critical section',
  ),
  one_gets_in: sometimes(process.any((p) => p.at('szymanski.critical'))),
  all_wait: sometimes(
    all(NR_PROCESSES, (i) => state.waits.at(i)),
    'all are in the waiting room',
  ),
  all_shut_the_door: sometimes(
    all(NR_PROCESSES, (i) => state.shuts.at(i)),
    'all are on their way out',
  ),
};
