// ownsAny(kind) and ownsAnySpinning(): the locks that they are about.

import { expect, test } from 'vitest';
import {
  mutex,
  mutex_lock,
  mutex_unlock,
  spin_lock,
  spin_unlock,
  spinlock,
} from '../../models/kernel/index.js';
import {
  actor,
  type Bool,
  expects,
  not,
  ownsAny,
  ownsAnySpinning,
  procedure,
  type Stmt,
  shared,
  source,
} from '../../models/language/index.js';
import { explored } from './testing/explored.js';

const c = source('x.c');
const state = shared({ spins: spinlock(), sleeps: mutex() });

/** The findings if this must be false while the lock is held. */
async function foundWhile([lock, unlock]: readonly [Stmt, Stmt], owns: Bool): Promise<number> {
  const p = procedure('p', () => ({ lock, ask: c`ask`(expects(not(owns), 'owned')), unlock }));
  return (await explored({ state, actors: [actor('p', p)] })).slice(1).length;
}

test('ownsAny(kind) is about locks of that kind, ownsAnySpinning() about those whose waiters spin', async () => {
  const spinning = () => [spin_lock(state.spins), spin_unlock(state.spins)] as const;
  const sleeping = () => [mutex_lock(state.sleeps), mutex_unlock(state.sleeps)] as const;
  expect([
    await foundWhile(spinning(), ownsAny('spinlock')),
    await foundWhile(spinning(), ownsAny('mutex')),
    await foundWhile(sleeping(), ownsAny('spinlock')),
    await foundWhile(sleeping(), ownsAny('mutex')),
    await foundWhile(spinning(), ownsAnySpinning()),
    await foundWhile(sleeping(), ownsAnySpinning()),
  ]).toEqual([1, 0, 0, 1, 1, 0]);
});
