// The variables of a lock that may be held in several ways: who holds it for writing, who for reading, who has queued to
// write, and how many more shares somebody holds. In what is shown they are one lock.

import type { Program, VariableId } from '../../checker/index.js';

/** A variable that is one part of a lock. */
export interface PartOfLock {
  /** The name of the lock, such as `mm.mmap_lock`. */
  readonly lock: string;
  readonly part: 'writer' | 'reader' | 'queued' | 'nested';
  /** Whose it is; absent for the writer, whom the value names. */
  readonly who?: string;
}

/** Undefined for a lock that is one variable, and for what is no lock, such as a monitor. */
export function lockPartOf(id: VariableId, { variables, threads }: Program): PartOfLock | undefined {
  const variable = variables[id];
  if (variable === undefined) return undefined;
  const { lock, ofLock, holder, name, domain } = variable;
  if (ofLock !== undefined)
    return { lock: ofLock.lock, part: ofLock.what, who: threads[ofLock.thread]!.name };
  if (lock === undefined || lock.name === name) return undefined;
  if (holder !== undefined) return { lock: lock.name, part: 'reader', who: threads[holder]!.name };
  return domain.kind === 'owner' ? { lock: lock.name, part: 'writer' } : undefined;
}
