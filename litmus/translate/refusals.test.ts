// What of a model has no meaning for memory models is refused with its line, and with what to write instead.

import { describe, expect, test } from 'vitest';
import {
  list_add,
  list_del,
  list_has,
  list_node,
  READ_ONCE,
  spin_is_locked,
  spin_lock,
  spin_unlock,
  spinlock,
  WRITE_ONCE,
} from '../../models/kernel/index.js';
import {
  actor,
  type Block,
  If,
  int,
  perActor,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { never } from '../../properties/language/index.js';
import { refusalOfModel, saidOfModel } from '../testing/model_answers.js';

const c = source('kernel/x.c');
const state = shared({
  ...{ x: int(0, 3), y: int(0, 3), lock: spinlock() },
  ...{ other_lock: spinlock(), node: list_node() },
});
const { x, y, lock, other_lock, node } = state;
const r0 = perActor('r0', int(0, 3));
const [a, b] = [
  (block: () => Block) => actor('a', procedure('pa', block)),
  (block: () => Block) => actor('b', procedure('pb', block)),
];

describe('what does not fit is refused with its line, and says what to do', () => {
  const waits_for = b(() => ({
    x: WRITE_ONCE(x, 2),
    y: WRITE_ONCE(y, 2),
    l: spin_lock(lock),
    u: spin_unlock(lock),
    n: list_del(node),
  }));
  test.each([
    [
      'two cells',
      () => ({ s: c`x = y`(x.set(y)) }),
      'pa.s accesses y and x in one step, and C gives the accesses no order: make a step of each (line true)',
    ],
    [
      'two stores',
      () => ({ s: c`both`(x.set(1), y.set(1)) }),
      'pa.s accesses x and y in one step, and C gives the accesses no order: make a step of each (line true)',
    ],
    [
      'a lock and a store',
      () => ({ s: c`both`(lock.take(), y.set(1)), t: spin_unlock(lock) }),
      'pa.s takes or drops lock and accesses y in one step: make a step of each (line true)',
    ],
    [
      'two locks',
      () => ({
        s: c`both`(lock.take(), other_lock.take()),
        t: spin_unlock(lock),
        u: spin_unlock(other_lock),
      }),
      'pa.s takes or drops lock and other_lock in one step: make a step of each (line true)',
    ],
    [
      'a list',
      () => ({ add: list_add(node), s: If(list_has(node), { t: c`t`(y.set(1)) }) }),
      "pa.add depends on node.linked, which is not in memory here (notMemory), so no memory model orders it: use a variable with READ_ONCE(), rcu_dereference() or an atomic operation, or 'raceproof check --memory=tso', which covers lists, timers, work and grace periods (line true)",
    ],
    [
      'who holds a lock',
      () => ({ s: If(spin_is_locked(lock), { t: c`t`(y.set(1)) }) }),
      'pa.s asks who holds lock and does not take it, and no memory model orders that: try to take it, or let its holder set a variable (line true)',
    ],
    [
      'where an actor stands',
      () => ({ s: c`join`(when(waits_for.done)) }),
      "pa.s depends on where b stands, which no memory model knows: let b store in a shared variable there, or use 'raceproof check --memory=tso', which covers it (line true)",
    ],
  ] as const)('%s', (_, block, message) => {
    expect(refusalOfModel({ state, actors: [a(block as () => Block), waits_for] })).toBe(message);
  });
});

test('a variable of one actor with several first values is memory, and each is tried', () => {
  const parts = shared({ x: int(0, 1), mine: int(0, 2).starts(0, 2) });
  const one = a(() => ({ look: If(parts.mine.eq(2), { x: WRITE_ONCE(parts.x, 1) }) }));
  const two = b(() => ({ r: r0.mine.assign(READ_ONCE(parts.x)) }));
  const seen = never(two.done.and(r0.of(two).eq(1)));
  expect(saidOfModel({ state: parts, actors: [one, two] }, { seen }, 'lkmm', { plain: 'once' })).toEqual([
    'against seen: Sometimes 1/2',
    'some actor waits for ever: Never 0/3',
  ]);
});
