// The riddle: the state is never reached. The counterexample is the solution.

import { GALLONS, state } from '../../models/examples/die_hard.js';
import { never, type Properties, sometimes } from '../language/index.js';

const { big, small } = state;

export const die_hard: Properties = {
  not_solved: never(big.eq(GALLONS), 'the big jug holds what is wanted'),
  both_full: sometimes(big.eq(5).and(small.eq(3))),
};
