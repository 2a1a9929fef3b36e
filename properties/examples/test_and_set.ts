// One at a time holds the lock; and a locker that wants it gets it, if its attempts do not fail for ever when the word
// is free.

import { locker } from '../../models/examples/test_and_set.js';
import {
  always,
  eventually,
  never,
  type Properties,
  property,
  sometimes,
  stronglyFair,
  weaklyFair,
} from '../language/index.js';

const holds = locker.of(0).at('lock_and_unlock.unlock');

export const test_and_set: Properties = {
  mutual_exclusion: never(locker.count((l) => l.at('lock_and_unlock.unlock')).ge(2), 'two hold the lock'),
  lock_is_taken: sometimes(holds),
  everyone_gets_in: property(always(eventually(holds)), 'a locker spins for ever', {
    fair: [weaklyFair(), stronglyFair(locker.of(0), 'lock_and_unlock.take')],
  }),
};
