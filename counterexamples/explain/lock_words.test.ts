// A lock that may be held in several ways is one lock in what is shown: who holds it how, and what a waiter waits for.

import { expect, test } from 'vitest';
import { explore, lower } from '../../checker/index.js';
import {
  down_read,
  down_write,
  mutex,
  mutex_lock,
  mutex_unlock,
  read_lock,
  read_unlock,
  rwlock,
  rwsem,
  up_read,
  up_write,
} from '../../models/kernel/index.js';
import { actor, bool, model, procedure, shared, source } from '../../models/language/index.js';
import { never } from '../../properties/language/index.js';
import { renderLanes } from '../render/lanes.js';
import { replay } from '../replay/replay.js';
import { tracesOf } from '../testing/models.js';

const c = source('x.c');

test('a reader behind a writer that has queued waits for the lock, whose holders and queue are named', async () => {
  const state = shared({ sem: rwsem(), m: mutex() });
  const { sem, m } = state;
  const p = procedure('p', () => ({
    a: down_read(sem),
    b: mutex_lock(m),
    c: mutex_unlock(m),
    d: up_read(sem),
  }));
  const q = procedure('q', () => ({
    a: mutex_lock(m),
    b: down_read(sem),
    c: up_read(sem),
    d: mutex_unlock(m),
  }));
  const w = procedure('w', () => ({ a: down_write(sem), b: up_write(sem) }));
  const actors = [actor('p', p), actor('q', q), actor('w', w)];
  const traces = await tracesOf(model('queued', { about: 'a queue', state, actors }), {});
  const trace = traces.get('no deadlock')!;
  expect(trace.steps.map(({ writes }) => writes)).toEqual([
    [{ path: 'sem.readers[p]', from: false, to: true }],
    [{ path: 'm', from: 'free', to: 'q' }],
    [{ path: 'sem.waiting[w]', from: false, to: true }],
  ]);
  const text = renderLanes(trace, { width: 200 });
  expect(text).toContain('sem: queued for writing');
  expect(text).not.toMatch(/sem\.(writer|readers|waiting)/);
  expect(text).toContain('sem = p for reading, with w queued for writing, m = q');
  expect(trace.ending.standing.map(({ waitsFor }) => waitsFor)).toEqual([
    'm == free',
    'sem can be taken for reading',
    'sem can be taken for writing',
  ]);
});

test('a condition that asks for parts of a lock is in words', async () => {
  const state = shared({ l: rwlock(), m: mutex() });
  const { l, m } = state;
  const p = procedure('p', () => ({
    a: read_lock(l),
    b: mutex_lock(m),
    c: mutex_unlock(m),
    d: read_unlock(l),
  }));
  const sleeper = model('sleeper', { about: 'sleeps', state, actors: [actor('p', p)] });
  const [trace] = (await tracesOf(sleeper, {})).values();
  expect(trace!.ending.terms!.map(({ text, value, reads }) => [text, value, reads])).toEqual([
    ['p holds l for writing || p holds l for reading', true, []],
    ['p holds l for writing', false, []],
    ['p holds l for reading', true, []],
  ]);
});

test('a share that is taken again is one of the lock, held once more', async () => {
  const state = shared({ sem: rwsem(), hit: bool() });
  const p = procedure('p', () => ({
    a: down_read(state.sem),
    b: down_read(state.sem),
    hit: c`hit`(state.hit.set(true)),
    d: up_read(state.sem),
    e: up_read(state.sem),
  }));
  const twice = model('twice', { about: 'reads twice', state, actors: [actor('p', p)] });
  const { program, properties } = lower(
    twice,
    {},
    { never_hit: never(state.hit) },
    { without: ['lock-recursion'] },
  );
  const report = await explore(program, properties);
  const found = report.properties.find(({ check }) => check.name === 'never_hit')!;
  const text = renderLanes(replay(program, found), { width: 200 });
  expect(text).toContain('sem: held for reading\n');
  expect(text).toContain('sem: still held for reading\n');
  expect(text).toContain('sem: held for reading, once more\n');
  expect(text).not.toMatch(/sem\.(writer|readers|nested)/);
});
