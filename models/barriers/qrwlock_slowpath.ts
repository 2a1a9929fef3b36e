// queued_write_lock_slowpath() with a relaxed cmpxchg: a writer has the lock, and reads what was there before it.
//
// A writer waits until no reader is left, and then takes the lock by cmpxchg. A reader stores, and drops its count by a
// release; the cmpxchg that sees the count must be an acquire, or the writer's loads may come before it: message passing.
//
// Fix 84a24bf8c52e, 5.12 [message: memory]: the cmpxchg is an acquire, and the load that waits is relaxed; it was the other
// way round, and a reader in an interrupt could come and go between the two. Found on arm64, in epoll, where readers of the
// lock store. On x86 every cmpxchg is a fence. Left out: the load that waits, which has seen no reader before this one came;
// the loop in which a cmpxchg that fails is tried again.

import { never, type Properties, sometimes } from '../../properties/language/index.js';
import {
  atomic_sub_return_release,
  cmpxchg_acquire,
  cmpxchg_relaxed,
  cmpxchg_release,
  READ_ONCE,
  WRITE_ONCE,
} from '../kernel/index.js';
import { actor, config, If, int, model, oneOf, perActor, procedure, shared } from '../language/index.js';
import type { Manifest } from '../manifest.js';
import { type BarrierBug, comparedUnderTso, rowsOfCandidates } from './barrier.js';

export const settings = config({ fix: oneOf('none', 'release', 'acquire') });
const { fix } = settings;

export const state = shared({
  /** lock->cnts: 1 is a reader, 2 the writer. */
  cnts: int(0, 2).starts(1),
  /** What the lock guards. */
  data: oneOf('old', 'new'),
});
const { cnts, data } = state;

/** What the writer finds; nothing if it does not get the lock. */
const found = perActor('found', oneOf('nothing', 'old', 'new'));

const read_side = procedure('ep_poll_callback', { left: int(0, 1) }, ({ left }) => ({
  store: WRITE_ONCE(data, 'new'),
  unlock: left.assign(atomic_sub_return_release(1, cnts)),
}));

const slowpath = procedure('queued_write_lock_slowpath', { old: int(0, 2) }, ({ old }) => ({
  take: If(fix.is('acquire'), { acquire: old.assign(cmpxchg_acquire(cnts, 0, 2)) }).Else({
    other: If(fix.is('release'), { release: old.assign(cmpxchg_release(cnts, 0, 2)) }).Else({
      relaxed: old.assign(cmpxchg_relaxed(cnts, 0, 2)),
    }),
  }),
  test: If(old.eq(0), { read: found.mine.assign(READ_ONCE(data)) }),
}));

const reader = actor('reader', read_side);
const writer = actor('writer', slowpath);

export const properties: Properties = {
  no_old_data: never(
    writer.done.and(found.of(writer).is('old')),
    'the writer has the lock, and does not see what a reader has stored',
  ),
  gets_the_lock: sometimes(writer.done.and(found.of(writer).is('new'))),
  finds_a_reader: sometimes(writer.done.and(found.of(writer).is('nothing'))),
};

export const barrier: BarrierBug = {
  subsystem: 'locking',
  fix: {
    commit: '84a24bf8c52e',
    subject: 'locking/qrwlock: Fix ordering in queued_write_lock_slowpath()',
  },
  kinds: ['stale data', 'bug'],
  uses: ['acquire', 'rwlock', 'cmpxchg'],
  merged: 'acquire',
  shape: 'MP',
  litmus: {
    none: 'qrwlock-slowpath.0',
    release: 'qrwlock_slowpath.release',
    acquire: 'qrwlock-slowpath.1',
  },
};

export const manifest: Manifest = rowsOfCandidates({
  none: { interleavings: [12, 14, 5], tso: [15, 19, 6], buffer: 1 },
  release: { interleavings: [12, 14, 5], tso: [15, 19, 6], buffer: 1 },
  acquire: { interleavings: [12, 14, 5], tso: [15, 19, 6], buffer: 1 },
});

export { qrwlock_slowpath as model };

const qrwlock_slowpath = model('qrwlock_slowpath', {
  about:
    'a writer takes a queued rwlock by cmpxchg as the last reader drops it, and reads what the reader stored',
  settings,
  state,
  actors: [reader, writer],
  comparison: comparedUnderTso('one reader, one writer'),
});
