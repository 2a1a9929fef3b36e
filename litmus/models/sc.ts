// Sequential consistency: all accesses happen one after the other, in an order that keeps every thread's own.

import { at, base, either, inverse, least, sequence, set, star } from '../relations/relation.js';
import { co, fr, interrupted, perLocation, po, rf } from './common.js';
import type { AxiomaticModel } from './model.js';

const before = either(po, rf, co, fr);

// A grace period is over only when the sections that it found are: LKMM's rule (linux-kernel.cat:154), of this order.

const gp = at(set('sync-rcu'));
const section = inverse(base('rcu-rscs'));
const link = sequence(before, star(before));
const rcuOrder = least((self) =>
  either(
    gp,
    sequence(gp, link, section),
    sequence(section, link, gp),
    sequence(gp, link, self, link, section),
    sequence(section, link, self, link, gp),
    sequence(self, link, self),
  ),
);
const rcu = sequence(rcuOrder, link);

export const sc: AxiomaticModel = {
  name: 'sc',
  title: 'sequential consistency',
  axioms: [
    { name: 'coherence', demand: 'acyclic', of: perLocation },
    { name: 'atomic', demand: 'empty', of: interrupted },
    { name: 'rcu', demand: 'irreflexive', of: rcu },
    // The last one: an execution that satisfies all is an interleaving, whose order this is.
    { name: 'sc', demand: 'acyclic', of: before },
  ],
  flags: [],
  hasLoadBuffering: false,
  hasRcu: true,
  keeps: po,
};
