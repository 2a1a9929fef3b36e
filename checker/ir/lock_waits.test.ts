// A thread is kept by locks alone at a location all of whose steps wait for locks.

import { expect, test } from 'vitest';
import { spin_lock, spinlock } from '../../models/kernel/index.js';
import {
  actor,
  type Block,
  bool,
  Either,
  procedure,
  type Stmt,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { programOf } from '../lower/testing/small.js';
import { lockPlaces } from './lock_waits.js';

const c = source('x.c');
const state = shared({ a: spinlock(), b: spinlock(), flag: bool() });
const keptAt = (block: Block): readonly string[] => {
  const program = programOf(
    {
      state,
      actors: [
        actor(
          'p',
          procedure('p', () => block),
        ),
      ],
    },
    {},
    { without: ['lock-held'] },
  );
  return lockPlaces(program).map(
    ({ thread, location }) => program.threads[thread]!.locations[location]!.label,
  );
};

test('at a step that takes a lock', () => {
  expect(keptAt({ test: c`x`(when(state.flag)), lock: spin_lock(state.a) })).toEqual(['p.lock']);
});

test('at a choice of two locks, and not at one that may also wait for something else', () => {
  const choice = (other: Stmt): Block => ({
    way: Either({ first: { lock: spin_lock(state.a) }, second: { other } }),
  });
  expect(keptAt(choice(spin_lock(state.b)))).toEqual(['p.way']);
  expect(keptAt(choice(c`x`(when(state.flag))))).toEqual([]);
});
