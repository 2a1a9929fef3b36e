// The lowest of the candidates wins, and all others have lost by then; some candidate wins.

import { settings, state } from '../../models/examples/leader_election.js';
import { any, type Bool, type Int } from '../../models/language/index.js';
import { leadsTo, never, type Properties, property, sometimes, weaklyFair } from '../language/index.js';

const { NR_NODES, GIVES_UP } = settings;
const { is_initiator, role } = state;

const somebody = (x: (i: Int) => Bool) => any(NR_NODES, x);
const hasWon = (i: Int) => role.at(i).is('won');

export const leader_election: Properties = {
  one_leader: never(
    somebody((i) => hasWon(i).and(somebody((j) => j.ne(i).and(role.at(j).isnt('lost'))))),
    'one has won, and another has not lost',
  ),
  lowest_wins: never(
    somebody((i) => hasWon(i).and(somebody((j) => j.lt(i).and(is_initiator.at(j))))),
    'one has won, and a lower one wanted to',
  ),
  somebody_wins: property(
    leadsTo(
      somebody((i) => is_initiator.at(i)),
      somebody(hasWon),
    ),
    'if anybody wants to be the leader, somebody is in the end',
    { given: GIVES_UP, fair: weaklyFair() },
  ),
  last_one_wins: sometimes(hasWon(NR_NODES.minus(1))),
};
