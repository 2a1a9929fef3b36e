// One at a time in the critical section; and the race is reached: all find the door free before any process writes.

import { process, state } from '../../models/examples/fischer.js';
import { never, type Properties, sometimes } from '../language/index.js';

export const fischer: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('fischer.critical')).ge(2),
    'two are in the critical section',
  ),
  one_gets_in: sometimes(process.any((p) => p.at('fischer.critical'))),
  all_find_it_free: sometimes(
    process.all((p) => p.at('fischer.write')),
    'everybody has seen a free door, nobody has written',
  ),
  name_is_overwritten: sometimes(
    process.any((p, i) => p.at('fischer.wait').and(state.door.ne(i))),
    'somebody waits whose name is no longer on the door',
  ),
};
