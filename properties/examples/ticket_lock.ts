// One at a time in the critical section; and the tickets do wrap round, the queue does grow as long as it can.

import { locker, settings, state, trier } from '../../models/examples/ticket_lock.js';
import { never, type Properties, sometimes } from '../language/index.js';

const { NR_LOCKERS, NR_TRIERS, TICKET_MAX } = settings;
const { owner, next } = state.lock;

const lockersIn = locker.count((l) => l.at('lock_and_unlock.critical'));
const triersIn = trier.count((t) => t.at('try_and_unlock.critical'));

export const ticket_lock: Properties = {
  mutual_exclusion: never(lockersIn.plus(triersIn).ge(2), 'two are in the critical section'),
  lockers_get_in: sometimes(lockersIn.ge(1), undefined, { given: NR_LOCKERS.ge(1) }),
  triers_get_in: sometimes(triersIn.ge(1), undefined, { given: NR_TRIERS.ge(1) }),
  all_wait: sometimes(
    locker.all((l) => l.at('arch_spin_lock.wait')),
    'every locker is in the queue',
    { given: NR_LOCKERS.ge(1) },
  ),
  tickets_wrap: sometimes(next.lt(owner), 'the next ticket is below one in the queue', {
    given: NR_LOCKERS.ge(2).and(TICKET_MAX.ge(1)),
  }),
};
