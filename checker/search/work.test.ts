// Work that yields can be stopped at each yield.

import { expect, test } from 'vitest';
import type { LimitReached } from './limit.js';
import { drive, finish, stoppable, type Work } from './work.js';

const interrupt: LimitReached = { kind: 'interrupt', text: 'Ctrl-C' };

/** Counts to `end`, and records its progress. */
function* counting(end: number, done: string[] = []): Work<number, number> {
  try {
    for (let i = 0; i < end; i++) {
      done.push(String(i));
      yield i;
    }
    return end;
  } finally {
    done.push('over');
  }
}

test('work that is not stopped completes', async () => {
  expect(finish(counting(3))).toBe(3);
  expect(await drive(stoppable(counting(3)), () => undefined)).toBe(3);
});

test('work that is stopped goes no further than the yield, and its callees end with it', async () => {
  const done: string[] = [];
  function* outer(): Work<number, number> {
    return (yield* counting(1, done)) + (yield* counting(1000, done));
  }
  let yields = 0;
  const result = await drive(stoppable(outer()), () => (++yields === 3 ? interrupt : undefined));
  expect(result).toBeUndefined();
  expect(done).toEqual(['0', 'over', '0', '1', 'over']);
});

test('timers fire while work goes on', async () => {
  let reason: LimitReached | undefined;
  setTimeout(() => {
    reason = interrupt;
  }, 5);
  expect(await drive(stoppable(counting(Number.POSITIVE_INFINITY)), () => reason)).toBeUndefined();
});
