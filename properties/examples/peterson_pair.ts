// One at a time in the critical section.

import { process } from '../../models/examples/peterson_pair.js';
import { never, type Properties, sometimes } from '../language/index.js';

export const peterson_pair: Properties = {
  mutual_exclusion: never(
    process.all((p) => p.at('peterson_pair.critical')),
    'both are in the critical section',
  ),
  both_compete: sometimes(process.all((p) => p.at('peterson_pair.wait'))),
  both_get_in_turn: sometimes(process.of(1).at('peterson_pair.critical')),
};
