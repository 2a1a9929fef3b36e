// Detection is sound; and once all are passive, that is detected in the end.

import { is_detected, settings, state } from '../../models/examples/termination_detection.js';
import { any, not } from '../../models/language/index.js';
import { leadsTo, never, type Properties, property, sometimes, weaklyFair } from '../language/index.js';

const { NR_NODES } = settings;

const somebodyIsActive = any(NR_NODES, (i) => state.node.at(i).active);

export const termination_detection: Properties = {
  no_false_alarm: never(is_detected.and(somebodyIsActive), 'the end is detected, but somebody is active'),
  is_found_out: property(
    leadsTo(not(somebodyIsActive), is_detected),
    'once all are passive, that is detected',
    {
      fair: weaklyFair(),
    },
  ),
  detected: sometimes(is_detected),
  black_token_returns: sometimes(
    state.token.at.eq(0).and(state.token.colour.is('black')).and(not(somebodyIsActive)),
    'a round ends in doubt, although all are passive',
  ),
};
