// One at a time in the critical section, and one word in the ring, or on its way from a slot to the next.

import { process, settings, state } from '../../models/examples/anderson.js';
import { count } from '../../models/language/index.js';
import { never, type Properties, sometimes } from '../language/index.js';

const { NR_PROCESSES } = settings;

export const anderson: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('anderson.critical')).ge(2),
    'two are in the critical section',
  ),
  one_word: never(count(NR_PROCESSES, (i) => state.go.at(i)).ge(2), 'two slots say "go"'),
  all_others_wait: sometimes(
    process
      .any((p) => p.at('anderson.critical'))
      .and(process.count((p) => p.at('anderson.wait')).eq(NR_PROCESSES.minus(1))),
    'everybody but one waits in the queue',
  ),
};
