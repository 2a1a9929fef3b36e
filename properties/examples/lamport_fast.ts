// One at a time in the critical section; both ways into it are taken, the quick one and the one that waits.

import { process, state } from '../../models/examples/lamport_fast.js';
import { never, type Properties, sometimes } from '../language/index.js';

export const lamport_fast: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('lamport_fast.critical')).ge(2),
    'two are in the critical section',
  ),
  quick_way: sometimes(process.any((p, i) => p.at('lamport_fast.critical').and(state.x.eq(i)))),
  slow_way: sometimes(
    process.any((p, i) => p.at('lamport_fast.ask').and(state.y.eq(i))),
    'all others have given way, and y is its own',
  ),
};
