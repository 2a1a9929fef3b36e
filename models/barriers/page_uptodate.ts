// PageUptodate without barriers: a reader sees the flag, and not yet the data that it stands for.
//
// Who brings a page fills it and sets PG_uptodate; a reader that finds the bit set reads the page without the page lock.
// Neither set_bit() nor test_bit() orders anything: the bit may be seen before the data, and the data may be read before the
// bit: message passing.
//
// Fix 0ed361dec369, 2.6.25 [message: memory]: smp_wmb() before the bit is set, smp_rmb() after it is found set. One without
// the other is not enough. x86 keeps the order of stores, and of loads, so the bug is not there. Left out: the page lock, which
// orders those that take it; the bit's way back.

import { never, type Properties, sometimes } from '../../properties/language/index.js';
import { READ_ONCE, set_bit, smp_rmb, smp_wmb, WRITE_ONCE } from '../kernel/index.js';
import { actor, bool, config, If, model, oneOf, perActor, procedure, shared } from '../language/index.js';
import type { Manifest } from '../manifest.js';
import { type BarrierBug, comparedUnderTso, rowsOfCandidates } from './barrier.js';

export const settings = config({ fix: oneOf('none', 'wmb_only', 'rmb_only', 'both') });
const { fix } = settings;

export const state = shared({
  contents: oneOf('old', 'new'),
  /** PG_uptodate */
  uptodate: bool(),
});
const { contents, uptodate } = state;

/** What the reader has found in the page; nothing if it did not look. */
const found = perActor('found', oneOf('nothing', 'old', 'new'));

const fill = procedure('mpage_end_io', () => ({
  data: WRITE_ONCE(contents, 'new'),
  barrier: If(fix.is('wmb_only').or(fix.is('both')), { wmb: smp_wmb() }),
  flag: set_bit(uptodate),
}));

const read = procedure('do_generic_file_read', () => ({
  test: If(READ_ONCE(uptodate), {
    barrier: If(fix.is('rmb_only').or(fix.is('both')), { rmb: smp_rmb() }),
    copy: found.mine.assign(READ_ONCE(contents)),
  }),
}));

const filler = actor('filler', fill);
const reader = actor('reader', read);

export const properties: Properties = {
  no_old_data: never(
    reader.done.and(found.of(reader).is('old')),
    'the page is up to date, and read() returns what it had before',
  ),
  reads: sometimes(reader.done.and(found.of(reader).is('new'))),
  comes_too_early: sometimes(reader.done.and(found.of(reader).is('nothing'))),
};

export const barrier: BarrierBug = {
  subsystem: 'mm',
  fix: { commit: '0ed361dec369', subject: 'mm: fix PageUptodate data race' },
  kinds: ['stale data'],
  uses: ['memory barrier', 'page flag', 'set_bit'],
  merged: 'both',
  shape: 'MP',
  litmus: {
    none: 'PageUptodate.0',
    wmb_only: 'PageUptodate.wmb-only',
    rmb_only: 'page_uptodate.rmb_only',
    both: 'PageUptodate.1',
  },
};

export const manifest: Manifest = rowsOfCandidates({
  none: { interleavings: [8, 8, 4], tso: [10, 11, 5], buffer: 1 },
  wmb_only: { interleavings: [8, 8, 4], tso: [10, 11, 5], buffer: 1 },
  rmb_only: { interleavings: [8, 8, 4], tso: [10, 11, 5], buffer: 1 },
  both: { interleavings: [8, 8, 4], tso: [10, 11, 5], buffer: 1 },
});

export { page_uptodate as model };

const page_uptodate = model('page_uptodate', {
  about: 'a page is filled and marked up to date, while a reader that finds the mark reads the page',
  settings,
  state,
  actors: [filler, reader],
  comparison: comparedUnderTso('one page'),
});
