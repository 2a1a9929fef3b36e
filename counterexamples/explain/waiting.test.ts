// Deadlocks as who waits for whom.

import { describe, expect, test } from 'vitest';
import { explore, lower } from '../../checker/index.js';
import {
  down_read,
  down_write,
  rwsem,
  spin_lock,
  spin_unlock,
  spinlock,
  up_read,
  up_write,
} from '../../models/kernel/index.js';
import {
  actor,
  actors,
  bool,
  cpu,
  Goto,
  interrupt,
  type Model,
  model,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { replay } from '../replay/replay.js';
import { tracesOf } from '../testing/models.js';
import { cycleOf } from './waiting.js';

const c = source('example.c');

/** What is reported of the deadlock of a model. */
async function waitingLines(of: Model) {
  const { program, properties } = lower(of, {}, {}, { without: ['lock-recursion'] });
  const report = await explore(program, properties);
  const result = report.properties.find(({ check }) => check.kind === 'deadlock')!;
  return replay(program, result).ending.message;
}

const state = shared({ a: spinlock(), b: spinlock(), sem: rwsem(), flag: bool() });
const { a, b, sem, flag } = state;
const named = (name: string, ...families: Parameters<typeof model>[1]['actors']) =>
  model(name, { about: name, state, actors: families });

describe('a deadlock is explained', () => {
  test('as a cycle of locks and holders', async () => {
    const both = (name: string, one: typeof a, other: typeof a) =>
      procedure(name, () => ({
        first: spin_lock(one),
        second: spin_lock(other),
        drop_second: spin_unlock(other),
        drop_first: spin_unlock(one),
      }));
    const [ab, ba] = [both('ab', a, b), both('ba', b, a)];
    expect(await waitingLines(named('abba', actor('x', ab), actor('y', ba)))).toBe(
      'x waits for b, held by y; y waits for a, held by x: a cycle',
    );
  });

  test('as a cycle though others go on', async () => {
    const take = (name: string, one: typeof a, other: typeof a) =>
      procedure(name, () => ({ first: spin_lock(one), second: spin_lock(other) }));
    const tick = procedure('tick', () => ({ t: c`tick`(), again: Goto('t') }));
    const all = [actor('x', take('ab', a, b)), actor('y', take('ba', b, a)), actor('timer', tick)];
    expect(await waitingLines(named('abba', ...all))).toBe(
      'x waits for b, held by y; y waits for a, held by x: a cycle, whatever the others do',
    );
  });

  test('as the mistake of one who takes a lock twice', async () => {
    const twice = procedure('twice', () => ({ one: spin_lock(a), two: spin_lock(a) }));
    expect(await waitingLines(named('twice', actor('x', twice)))).toBe(
      'x waits for a, which it holds itself',
    );
  });

  test('through shared locks, where a reader is in the way of a writer', async () => {
    const reader = procedure('reader', () => ({
      read: down_read(sem),
      lock: spin_lock(a),
      drop: spin_unlock(a),
      up_read: up_read(sem),
    }));
    const writer = procedure('writer', () => ({
      lock: spin_lock(a),
      write: down_write(sem),
      up_write: up_write(sem),
      drop: spin_unlock(a),
    }));
    expect(await waitingLines(named('shared', actor('x', reader), actor('y', writer)))).toBe(
      'x waits for a, held by y; y waits for sem, held for reading by x: a cycle',
    );
  });

  test('without a cycle, when the holder has left', async () => {
    const keeps = procedure('keeps', () => ({ lock: spin_lock(a) }));
    expect(await waitingLines(named('keeps', actors('k', 2, keeps)))).toBe('k[1] waits for a, held by k[0]');
  });

  test('and not as a matter of locks where there are none', async () => {
    const waits = procedure('waits', () => ({ wait: c`wait for the flag`(when(flag)) }));
    expect(await waitingLines(named('waits', actor('x', waits)))).toBeUndefined();
  });

  test('with what to write, where somebody waits at a place that it comes back to', async () => {
    const server = procedure('server', () => ({
      idle: c`wait for the flag`(when(flag), flag.set(false)),
      again: Goto('idle'),
    }));
    expect(await waitingLines(named('server', actor('x', server)))).toBe(
      'if x at server.idle may wait there for ever, say so: add rests() to the step',
    );
    const keeps = procedure('keeps', () => ({ lock: spin_lock(a) }));
    expect(await waitingLines(named('both', actors('k', 2, keeps), actor('x', server)))).toBe(
      'k[1] waits for a, held by k[0]; if x at server.idle may wait there for ever, say so: add rests() to the step',
    );
  });
});

test('of several cycles, the shortest is explained', () => {
  const wait = (text: string) => ({ actor: text[0]!, lock: text[1]!, holder: text[2]! });
  expect(cycleOf(['a1b', 'b2c', 'c3a', 'c4d', 'd5c'].map(wait))).toEqual(['c4d', 'd5c'].map(wait));
  expect(cycleOf(['a1b', 'b2c'].map(wait))).toBeUndefined();
});

test('a holder that a handler on its CPU has interrupted goes on when that is over', async () => {
  const lock = shared({ l: spinlock() });
  const cpu0 = cpu('cpu0');
  const task = actor(
    'task',
    procedure('task', () => ({ lock: spin_lock(lock.l), unlock: spin_unlock(lock.l) })),
    {},
    { on: cpu0 },
  );
  const rx = interrupt(
    'rx',
    procedure('rx', () => ({ lock: spin_lock(lock.l), unlock: spin_unlock(lock.l) })),
    { on: cpu0 },
  );
  const interrupted = model('interrupted', { about: 'an interrupt', state: lock, actors: [task, rx] });
  expect(await waitingLines(interrupted)).toBe('rx waits for l, held by task, which goes on when rx is over');
  const [trace] = (await tracesOf(interrupted, {})).values();
  expect(trace!.ending.standing.map(({ waitsFor }) => waitsFor)).toEqual(['rx is over', 'l == free']);
});
