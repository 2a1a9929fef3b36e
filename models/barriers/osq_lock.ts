// osq_lock() without a barrier: a node of the queue points to one that has left it.
//
// Who joins the queue stores node->prev, and then makes prev->next point to the node. The node before may leave: it takes its
// next, and makes that one's prev point to its own. If the first store of the joining CPU comes last, it overwrites the new
// prev by the old one: two stores of which the wrong one is lost (S).
//
// Fix 50972fe78f24, 4.14 [id and message: memory]: smp_wmb() between the two stores. Seen on arm64; x86 keeps the order of
// stores. Left out: nodes before and behind, the lock itself, and the retry of a node that cannot leave.

import { never, type Properties, sometimes } from '../../properties/language/index.js';
import { smp_store_release, smp_wmb, WRITE_ONCE, xchg } from '../kernel/index.js';
import { actor, bool, config, If, model, oneOf, perActor, procedure, shared } from '../language/index.js';
import type { Manifest } from '../manifest.js';
import { type BarrierBug, comparedUnderTso, rowsOfCandidates } from './barrier.js';

export const settings = config({ fix: oneOf('none', 'smp_wmb', 'release') });
const { fix } = settings;

export const state = shared({
  /** node->prev of the node that joins. */
  node_prev: oneOf('none', 'leaver', 'before_leaver'),
  /** prev->next is the node that joins. */
  prev_next: bool(),
});
const { node_prev, prev_next } = state;

/** Has the node that leaves found one behind it? */
const found_next = perActor('found_next', bool());

const join = procedure('osq_lock', () => ({
  prev: WRITE_ONCE(node_prev, 'leaver'),
  barrier: If(fix.is('smp_wmb'), { wmb: smp_wmb() }),
  link: If(fix.is('release'), { release: smp_store_release(prev_next, true) }).Else({
    once: WRITE_ONCE(prev_next, true),
  }),
}));

const leave = procedure('osq_unqueue', () => ({
  next: found_next.mine.assign(xchg(prev_next, false)),
  unlink: If(found_next.mine, { prev: WRITE_ONCE(node_prev, 'before_leaver') }),
}));

const joiner = actor('joiner', join);
const leaver = actor('leaver', leave);

export const properties: Properties = {
  no_dead_prev: never(
    joiner.done.and(leaver.done).and(found_next.of(leaver)).and(node_prev.is('leaver')),
    'node->prev is a node that has left the queue, and will be used for another lock',
  ),
  unlinks: sometimes(leaver.done.and(node_prev.is('before_leaver'))),
  leaves_before: sometimes(leaver.done.and(joiner.done).and(node_prev.is('leaver'))),
};

export const barrier: BarrierBug = {
  subsystem: 'locking',
  fix: { commit: '50972fe78f24', subject: 'locking/osq_lock: Fix osq_lock queue corruption' },
  kinds: ['use-after-free', 'bug'],
  uses: ['memory barrier', 'xchg', 'lock queue'],
  merged: 'smp_wmb',
  shape: 'S',
  litmus: { none: 'S+po+acq', smp_wmb: 'S+wmb+acq', release: 'osq_lock.release' },
};

export const manifest: Manifest = rowsOfCandidates({
  none: { interleavings: [12, 14, 5], tso: [22, 33, 8], buffer: 2 },
  smp_wmb: { interleavings: [12, 14, 5], tso: [22, 33, 8], buffer: 2 },
  release: { interleavings: [12, 14, 5], tso: [22, 33, 8], buffer: 2 },
});

export { osq_lock as model };

const osq_lock = model('osq_lock', {
  about: 'a node joins a lock queue and stores its prev, while the node before it leaves and stores another',
  settings,
  state,
  actors: [joiner, leaver],
  comparison: comparedUnderTso('one joins, one leaves'),
});
