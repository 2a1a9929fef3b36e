// One at a time in the critical section, and a process that does not want in keeps no other out.

import { must_wait, process } from '../../models/examples/dekker.js';
import { never, type Properties, sometimes } from '../language/index.js';

const waitsAlone = process.any((p, me) =>
  process.any((q, other) =>
    p.at('dekker.wait').and(q.at('dekker.outside')).and(other.ne(me)).and(must_wait(me, other)),
  ),
);

export const dekker: Properties = {
  mutual_exclusion: never(
    process.all((p) => p.at('dekker.critical')),
    'both are in the critical section',
  ),
  no_absent_rival: never(waitsAlone, 'a process waits for one who has left'),
  both_get_in: sometimes(
    process.of(0).at('dekker.critical').and(process.of(1).at('dekker.rival')),
    'one is inside while the other tries',
  ),
  one_gives_way: sometimes(process.any((p) => p.at('dekker.wait'))),
};
