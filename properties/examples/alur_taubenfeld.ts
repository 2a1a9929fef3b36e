// One at a time in the critical section; both ways into it are taken, the quick one and the one that waits.

import { process } from '../../models/examples/alur_taubenfeld.js';
import { never, type Properties, sometimes } from '../language/index.js';

export const alur_taubenfeld: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('alur_taubenfeld.critical')).ge(2),
    'two are in the critical section',
  ),
  quick_way: sometimes(process.any((p) => p.at('alur_taubenfeld.shut'))),
  slow_way: sometimes(process.any((p) => p.at('alur_taubenfeld.pass'))),
};
