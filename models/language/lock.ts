// Locks as domains: who holds one, alone or together with others, and what the checks of locks need to know of its kind.

import { exactly } from './arity.js';
import { HoldersDomain, OwnerDomain, RecordDomain } from './domain.js';
import { requireDomains, requireOptions, requireText } from './required.js';

/** What the lock checks need to know about a kind of locks. */
export interface LockKind {
  /** Do its waiters spin? Then its holders have preemption off, and must not sleep. */
  readonly spins?: boolean;
  /**
   * Locks of one class are taken by the same rules. By default it is the place without indices, `mm.mmap_lock`: locks
   * of one array are of one class, and any others of several.
   */
  readonly class?: string;
}
export interface OwnerKind extends LockKind {
  /**
   * May another actor than its owner release it, as the end of I/O unlocks a page? Then who owns it does not decide
   * what is possible, and the checks of locks leave it out, as the kernel does.
   */
  readonly anyoneReleases?: boolean;
}

/**
 * The holder of an exclusive lock of this kind; starts free. Models use `spinlock()`, `mutex()` … of models/kernel.
 * Example: `owner('mutex')`
 */
export const owner = exactly(
  'owner',
  <const K extends string>(lock: K, kind: OwnerKind = {}): OwnerDomain<K> => {
    const common = lockKind('owner', lock, kind, ['spins', 'class', 'anyoneReleases']);
    const released = kind.anyoneReleases === true && { anyoneReleases: true as const };
    return new OwnerDomain<K>({ kind: 'owner', ...common, ...released }, { values: ['free'] });
  },
);

/** The holders of a shared lock of this kind; starts empty. Example: `holders('rwsem')` */
export const holders = exactly(
  'holders',
  <const K extends string>(lock: K, kind: LockKind = {}): HoldersDomain<K> => {
    return new HoldersDomain<K>({ kind: 'holders', ...lockKind('holders', lock, kind) }, { values: [false] });
  },
);

function lockKind(
  whose: string,
  lock: string,
  kind: LockKind,
  known: readonly (keyof OwnerKind)[] = ['spins', 'class'],
) {
  requireText(lock, `the kind of lock of ${whose}(…)`);
  requireOptions(kind, known, `${whose}('${lock}', …)`);
  return { lock, spins: kind.spins ?? false, ...classOf(kind) };
}

function classOf({ class: name }: Pick<LockKind, 'class'>) {
  if (name === undefined) return {};
  requireText(name, 'the class of a lock');
  return { class: name };
}

/**
 * One lock that may be held in several ways: `oneLock({ writer: owner('rwsem'), readers: holders('rwsem') })`. Output
 * has the name of the lock, never those of its parts. `queuesWriters`: while others share it, an actor that waits for
 * its exclusive part keeps out new holders, as the kernel's rwsem does.
 * Example: `oneLock({ writer: owner('rwsem'), readers: holders('rwsem') })`
 */
export const oneLock = exactly(
  'oneLock',
  <S extends { readonly [part: string]: OwnerDomain<string> | HoldersDomain<string> }>(
    parts: S,
    options: { readonly queuesWriters?: boolean } & Pick<LockKind, 'class'> = {},
  ): RecordDomain<S> => {
    requireDomains(parts, 'oneLock(…)');
    requireOptions(options, ['queuesWriters', 'class'], 'oneLock(…)');
    const queues = options.queuesWriters === true && { queuesWriters: true as const };
    const node = { kind: 'record', fields: parts, isLock: true, ...queues, ...classOf(options) } as const;
    return new RecordDomain<S>(node, { values: [] });
  },
);
