// __pte_alloc() without a barrier: a walk of the page tables finds a table that is not cleared yet.
//
// A new page table is cleared, and then the pmd is made to point to it. A walk without locks reads the pmd, and through it a
// pte. The pointer may be seen before the zeros: message passing. The walk needs no barrier, since the address of its second
// load depends on the first.
//
// Fix 362a61ad6119, 2.6.26 [message: memory]: smp_wmb() before the pmd is populated. x86 keeps the order of stores. Left out:
// the lock of the mm, which the walk does not take; Alpha, on which even the address does not order loads.

import { never, type Properties, sometimes } from '../../properties/language/index.js';
import { READ_ONCE, smp_rmb, smp_store_release, smp_wmb, WRITE_ONCE } from '../kernel/index.js';
import {
  actor,
  array,
  config,
  If,
  int,
  model,
  oneOf,
  perActor,
  procedure,
  shared,
} from '../language/index.js';
import type { Manifest } from '../manifest.js';
import { type BarrierBug, comparedUnderTso, rowsOfCandidates } from './barrier.js';

export const settings = config({ fix: oneOf('none', 'walk_rmb', 'smp_wmb', 'release') });
const { fix } = settings;

export const state = shared({
  /** The table that the pmd points to: 0 is none. */
  pmd: int(0, 1),
  /** A pte of each table, before and after clear_page(). */
  table: array(2, oneOf('garbage', 'clear')),
});
const { pmd, table } = state;

/** What the walk finds in the pte. */
const found = perActor('found', oneOf('nothing', 'garbage', 'clear'));

const pte_alloc = procedure('__pte_alloc', () => ({
  clear: WRITE_ONCE(table.at(1), 'clear'),
  barrier: If(fix.is('smp_wmb'), { wmb: smp_wmb() }),
  populate: If(fix.is('release'), { release: smp_store_release(pmd, 1) }).Else({ once: WRITE_ONCE(pmd, 1) }),
}));

const walk = procedure('follow_page', { seen: int(0, 1) }, ({ seen }) => ({
  pmd: seen.assign(READ_ONCE(pmd)),
  test: If(seen.ne(0), {
    barrier: If(fix.is('walk_rmb'), { rmb: smp_rmb() }),
    pte: found.mine.assign(READ_ONCE(table.at(seen))),
  }),
}));

const allocator = actor('allocator', pte_alloc);
const walker = actor('walker', walk);

export const properties: Properties = {
  no_garbage: never(
    walker.done.and(found.of(walker).is('garbage')),
    'the walk takes for a pte what the page had before',
  ),
  finds_the_table: sometimes(walker.done.and(found.of(walker).is('clear'))),
  finds_none: sometimes(walker.done.and(found.of(walker).is('nothing'))),
};

export const barrier: BarrierBug = {
  subsystem: 'mm',
  fix: { commit: '362a61ad6119', subject: 'fix SMP data race in pagetable setup vs walking' },
  kinds: ['stale data', 'bug'],
  uses: ['memory barrier', 'page table', 'lockless page table walk', 'address dependency'],
  merged: 'smp_wmb',
  shape: 'MP',
  litmus: {
    none: 'pte_alloc-publish.0',
    walk_rmb: 'pte_alloc_publish.walk_rmb',
    smp_wmb: 'pte_alloc-publish.1',
    release: 'MP+rel+addr',
  },
};

export const manifest: Manifest = rowsOfCandidates({
  none: { interleavings: [12, 14, 5], tso: [21, 32, 7], buffer: 2 },
  walk_rmb: { interleavings: [12, 14, 5], tso: [21, 32, 7], buffer: 2 },
  smp_wmb: { interleavings: [12, 14, 5], tso: [21, 32, 7], buffer: 2 },
  release: { interleavings: [12, 14, 5], tso: [21, 32, 7], buffer: 2 },
});

export { pte_alloc_publish as model };

const pte_alloc_publish = model('pte_alloc_publish', {
  about: 'a page table is cleared and put into the pmd, while a walk without locks reads a pte through it',
  settings,
  state,
  actors: [allocator, walker],
  comparison: comparedUnderTso('one table, one walk'),
});
