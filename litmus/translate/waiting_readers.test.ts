// An actor that waits in a section of RCU: grace periods of others wait for it, for ever if it does.

import { describe, expect, test } from 'vitest';
import { explore } from '../../checker/index.js';
import {
  READ_ONCE,
  rcu_read_lock,
  rcu_read_unlock,
  synchronize_rcu,
  WRITE_ONCE,
} from '../../models/kernel/index.js';
import {
  actor,
  type Block,
  bool,
  If,
  int,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { loweredParts, refusalOfModel, saidOfModel } from '../testing/model_answers.js';

const c = source('kernel/x.c');
const state = shared({ x: int(0, 1), y: int(0, 1), flag: bool() });
const { x, y, flag } = state;
const [a, b] = [
  (block: () => Block) => actor('a', procedure('pa', block)),
  (block: () => Block) => actor('b', procedure('pb', block)),
];

describe('an actor that waits in a section of RCU', () => {
  const of = (publish: () => Block) => {
    const reader = a(() => ({
      lock: rcu_read_lock(),
      wait: c`wait`(when(READ_ONCE(flag))),
      unlock: rcu_read_unlock(),
    }));
    const writer = b(publish);
    return [{ state, actors: [reader, writer] }, {}] as const;
  };
  const late = () => ({ wait: synchronize_rcu(), flag: WRITE_ONCE(flag, true) });
  const early = () => ({ flag: WRITE_ONCE(flag, true), wait: synchronize_rcu(), x: WRITE_ONCE(x, 1) });

  test('for what comes after a grace period may wait for ever, and so may the grace period, as the search finds', async () => {
    for (const [publish, answer, isDeadlock] of [
      [late, 'some actor waits for ever: Sometimes 1/1', true],
      [early, 'some actor waits for ever: Never 0/1', false],
    ] as const) {
      for (const name of ['lkmm', 'sc'] as const)
        expect(saidOfModel(...of(publish), name).at(-1)).toBe(answer);
      const { program, properties } = loweredParts(...of(publish));
      const { verdict } = await explore(program, properties);
      expect(verdict === 'violated').toBe(isDeadlock);
    }
  });
  test('leaves no section that is unmatched, where nobody waits for it', () => {
    const parts = of(() => ({
      x: WRITE_ONCE(x, 1),
      look: If(READ_ONCE(y).eq(1), { f: WRITE_ONCE(flag, true) }),
    }));
    expect(saidOfModel(...parts, 'lkmm').at(-1)).toBe('some actor waits for ever: Always 1/0');
  });
  test('is refused with its line where it may wait with and without one', () => {
    const reader = a(() => ({
      maybe: If(READ_ONCE(x).eq(0), { lock: rcu_read_lock() }),
      wait: c`wait`(when(READ_ONCE(flag))),
    }));
    const writer = b(() => ({ x: WRITE_ONCE(x, 1), flag: WRITE_ONCE(flag, true) }));
    expect(refusalOfModel({ state, actors: [reader, writer] })).toBe(
      'pa.wait can fail or wait for ever with and without rcu_read_lock() held, by the way that leads here: make a step of each way (line true)',
    );
  });
});
