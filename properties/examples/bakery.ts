// One at a time in the critical section; two may draw the same number. When the numbers run out, no process can go on:
// a deadlock, for which no property is needed.

import { process, settings, state } from '../../models/examples/bakery.js';
import { never, type Properties, sometimes } from '../language/index.js';

const { number } = state;
const { NUMBER_MAX } = settings;

export const bakery: Properties = {
  mutual_exclusion: never(
    process.count((p) => p.at('bakery.critical')).ge(2),
    'two are in the critical section',
  ),
  one_gets_in: sometimes(process.any((p) => p.at('bakery.critical'))),
  same_number: sometimes(
    number.at(0).eq(number.at(1)).and(number.at(0).gt(0)),
    'two have drawn the same number',
  ),
  last_number: sometimes(number.at(0).eq(NUMBER_MAX), 'the numbers run out'),
};
