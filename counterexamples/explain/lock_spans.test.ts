// Who holds which lock, and how long.

import { describe, expect, test } from 'vitest';
import { lock_order, starvedWriter, tracesOf, use_after_free } from '../testing/models.js';
import { holdsOf } from './lock_spans.js';

describe('holds', () => {
  test('last from the step that takes a lock to the one that drops it', async () => {
    const [trace] = (await tracesOf(use_after_free)).values();
    expect(holdsOf(trace!)).toEqual([
      { actor: 'munmap', lock: 'ptl', from: 1, to: 5 },
      { actor: 'fault', lock: 'ptl', from: 6 },
    ]);
  });

  test('have no end where the trace ends first', async () => {
    const trace = (await tracesOf(lock_order)).get('no deadlock')!;
    expect(holdsOf(trace)).toEqual([
      { actor: 'truncate', lock: 'i_mmap', from: 1 },
      { actor: 'migrate', lock: 'ptl', from: 2 },
    ]);
  });

  test('are shared where several may hold a lock, each for as long as its own share lasts', async () => {
    expect(holdsOf(await starvedWriter())).toEqual([
      { actor: 'reader[0]', lock: 'sem', isShared: true, from: 1, to: 4 },
      { actor: 'reader[1]', lock: 'sem', isShared: true, from: 3, to: 7 },
      { actor: 'reader[0]', lock: 'sem', isShared: true, from: 5 },
    ]);
  });

  test('begin with the trace where the lock is held from the start, and pass from hand to hand', () => {
    const at = { a: 'x', b: 'x' };
    const states = ['a', 'b', 'free'].map((ptl) => ({ at, values: { ptl } }));
    expect(holdsOf({ variables: [{ name: 'ptl', lock: 'spinlock' }], states })).toEqual([
      { actor: 'a', lock: 'ptl', from: 0, to: 1 },
      { actor: 'b', lock: 'ptl', from: 1, to: 2 },
    ]);
  });
});
