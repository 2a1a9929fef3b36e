// One at a time in the critical section; the tickets wrap round, and the queue can have its full length.

import { locker, settings, state, trier } from '../../models/examples/ticket_lock.js';
import { leadsTo, never, type Properties, property, sometimes, weaklyFair } from '../language/index.js';

const { NR_LOCKERS, NR_TRIERS, TICKET_MAX, trylock } = settings;
const { owner, next } = state.lock;

const lockersIn = locker.count((l) => l.at('lock_and_unlock.critical'));
const triersIn = trier.count((t) => t.at('try_and_unlock.critical'));

/** Otherwise two may draw the same ticket, and neither is served in turn. */
const thereIsATicketForEveryone = NR_LOCKERS.plus(NR_TRIERS)
  .le(TICKET_MAX.plus(1))
  .and(trylock.is('compare_and_swap'));

export const ticket_lock: Properties = {
  mutual_exclusion: never(lockersIn.plus(triersIn).ge(2), 'two are in the critical section'),
  first_come_first_served: property(
    leadsTo(locker.of(0).at('arch_spin_lock.draw'), locker.of(0).at('lock_and_unlock.critical')),
    'a locker waits for ever',
    { fair: weaklyFair(), given: NR_LOCKERS.ge(1).and(thereIsATicketForEveryone) },
  ),
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
