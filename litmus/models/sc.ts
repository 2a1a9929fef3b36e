// Sequential consistency: all accesses happen one after the other, in an order that keeps every thread's own.

import { either } from '../relations/relation.js';
import { co, fr, interrupted, perLocation, po, rf } from './common.js';
import type { AxiomaticModel } from './model.js';

export const sc: AxiomaticModel = {
  name: 'sc',
  title: 'sequential consistency',
  axioms: [
    { name: 'coherence', demand: 'acyclic', of: perLocation },
    { name: 'atomic', demand: 'empty', of: interrupted },
    { name: 'sc', demand: 'acyclic', of: either(po, rf, co, fr) },
  ],
  flags: [],
  hasLoadBuffering: false,
  hasRcu: false,
  keeps: po,
};
