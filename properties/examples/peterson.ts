// One at a time in the critical section, and processes that do not want in keep no other out.

import { is_held_back, process, settings } from '../../models/examples/peterson.js';
import { leadsTo, never, type Properties, property, sometimes, weaklyFair } from '../language/index.js';

const { NR_PROCESSES } = settings;

const isHeldBackAlone = process.any((me, i) =>
  me
    .at('peterson.wait')
    .and(is_held_back(i, 0))
    .and(process.count((other) => other.at('peterson.outside')).eq(NR_PROCESSES.minus(1))),
);

export const peterson: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('peterson.critical')).ge(2),
    'two are in the critical section',
  ),
  no_absent_rival: never(isHeldBackAlone, 'a process waits for others who have all left'),
  nobody_starves: property(
    leadsTo(process.of(0).at('peterson.wait'), process.of(0).at('peterson.critical')),
    'a process that waits is overtaken for ever',
    { fair: weaklyFair() },
  ),
  all_get_in_turn: sometimes(process.of(1).at('peterson.critical')),
  all_compete: sometimes(process.all((p) => p.at('peterson.wait'))),
};
