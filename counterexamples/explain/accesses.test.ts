// What a step accesses: whether an actor owns a lock itself is not a question to others.

import { expect, test } from 'vitest';
import { lower, referenceSystem } from '../../checker/index.js';
import { spin_lock, spin_unlock, spinlock } from '../../models/kernel/index.js';
import { actor, bool, If, model, procedure, shared } from '../../models/language/index.js';
import { accessesOf } from './accesses.js';

test('asking for a lock of one’s own is no access to it, asking whether it is free is one', () => {
  const state = shared({ ptl: spinlock(), go: bool() });
  const p = procedure('p', () => ({
    lock: spin_lock(state.ptl),
    maybe: If(state.go, { early: spin_unlock(state.ptl) }),
    last: If(state.ptl.isMine(), { unlock: spin_unlock(state.ptl) }),
  }));
  const { program } = lower(model('m', { about: 'm', state, actors: [actor('a', p), actor('b', p)] }));
  const [first] = referenceSystem(program).initialStates();
  const reads = (label: string) =>
    program.steps
      .filter((step) => step.thread === 0 && step.label === label)
      .map((step) => [...accessesOf(program, step, first!).reads].map((id) => program.variables[id]!.name));
  expect(reads('p.lock')).toEqual([['ptl']]);
  expect(new Set(reads('p.last').flat())).toEqual(new Set());
  expect(reads('p.maybe')).toEqual([['go'], ['go']]);
});
