// There always is a token; if there was one at first, it stays the only one. From any values, one remains in the end.

import { settings, tokens } from '../../models/examples/token_ring.js';
import { always, eventually, never, type Properties, property, sometimes } from '../language/index.js';

const { NR_NODES, NR_VALUES, values } = settings;

export const token_ring: Properties = {
  a_token: never(tokens.eq(0), 'nobody has a token'),
  one_token: never(tokens.ge(2), 'two nodes have a token', { given: values.is('equal') }),
  stabilises: property(eventually(always(tokens.eq(1))), 'one token is left in the end', {
    given: values.is('any'),
  }),
  all_have_a_token: sometimes(tokens.eq(NR_NODES), undefined, {
    given: values.is('any').and(NR_NODES.ge(3)).and(NR_VALUES.ge(3)),
  }),
};
