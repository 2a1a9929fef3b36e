// All or nothing: no resource manager commits what another has aborted. Both outcomes are reached.

import { settings, state } from '../../models/examples/two_phase_commit.js';
import { all, any } from '../../models/language/index.js';
import { never, type Properties, sometimes } from '../language/index.js';

const { NR_RMS } = settings;
const { resource } = state;

export const two_phase_commit: Properties = {
  consistent: never(
    any(NR_RMS, (i) => resource.at(i).is('committed')).and(any(NR_RMS, (i) => resource.at(i).is('aborted'))),
    'one resource manager has committed what another has aborted',
  ),
  all_commit: sometimes(all(NR_RMS, (i) => resource.at(i).is('committed'))),
  all_abort: sometimes(all(NR_RMS, (i) => resource.at(i).is('aborted'))),
};
