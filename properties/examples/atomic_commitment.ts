// All or nothing: no participant commits if another has aborted, and all commit only if all have voted yes. Some may
// wait for ever, though, if the coordinator crashes: this protocol is blocking.

import { members, settings, state } from '../../models/examples/atomic_commitment.js';
import { all, any, not } from '../../models/language/index.js';
import { never, type Properties, sometimes } from '../language/index.js';

const { NR_PARTICIPANTS } = settings;
const { participant, coordinator, told } = state;

const somebodyHas = (decision: 'commit' | 'abort') =>
  any(NR_PARTICIPANTS, (i) => participant.at(i).decision.is(decision));

export const atomic_commitment: Properties = {
  consistent: never(
    somebodyHas('commit').and(somebodyHas('abort')),
    'one participant has committed what another has aborted',
  ),
  asked_for: never(
    somebodyHas('commit').and(any(NR_PARTICIPANTS, (i) => not(participant.at(i).yes))),
    'somebody has committed what another has voted against',
  ),
  all_commit: sometimes(all(NR_PARTICIPANTS, (i) => participant.at(i).decision.is('commit'))),
  left_alone: sometimes(
    not(coordinator.alive).and(
      members.any((p, i) =>
        not(p.done)
          .and(participant.at(i).has_voted)
          .and(participant.at(i).yes)
          .and(told.at(i).is('nothing'))
          .and(participant.at(i).decision.is('undecided')),
      ),
    ),
    'one that voted yes waits for a coordinator that has crashed',
  ),
};
