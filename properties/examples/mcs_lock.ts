// One at a time in the critical section. All others queue; and a leaver may find a successor that is queued but not
// linked yet.

import { process, settings } from '../../models/examples/mcs_lock.js';
import { never, type Properties, sometimes } from '../language/index.js';

const { NR_PROCESSES } = settings;

const waiting = process.count((p) => p.at('mcs.spin').or(p.at('mcs.sleep')));

export const mcs_lock: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('mcs.critical')).ge(2),
    'two are in the critical section',
  ),
  all_others_wait: sometimes(waiting.eq(NR_PROCESSES.minus(1)), 'everybody but one waits in the queue'),
  link_is_late: sometimes(
    process.any((p) => p.at('mcs.spin_for_link').or(p.at('mcs.sleep_for_link'))),
    'a leaver waits until somebody is linked',
  ),
};
