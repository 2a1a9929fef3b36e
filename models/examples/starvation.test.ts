// Starvation: the same property of four locks, without fairness, with weak and with strong fairness; on both engines,
// and every lasso replayed.

import { describe, expect, test } from 'vitest';
import { explore, lower } from '../../checker/index.js';
import { replay } from '../../counterexamples/replay/replay.js';
import {
  type FairnessNode,
  leadsTo,
  property,
  stronglyFair,
  weaklyFair,
} from '../../properties/language/index.js';
import type { Bool, Model } from '../language/index.js';
import { model as peterson_model, process } from './peterson.js';
import { model as readers_writers_model, writer } from './readers_writers.js';
import { locker, model as test_and_set_model } from './test_and_set.js';
import { model as ticket_lock_model, locker as ticket_locker } from './ticket_lock.js';

interface Question {
  readonly model: Model;
  readonly settings: { readonly [name: string]: number };
  readonly wants: Bool;
  readonly gets: Bool;
}

/** `holds`, or the lasso as the steps of its stem and, in parentheses, of its loop. */
async function answer({ model, settings, wants, gets }: Question, fair: readonly FairnessNode[]) {
  const claim = property(leadsTo(wants, gets), 'nobody waits for ever', { fair });
  const { program, properties } = lower(model, settings, { claim });
  const lassos: string[] = [];
  for (const engine of ['reference', 'compiled'] as const) {
    const { properties: results } = await explore(program, properties, { engine, shortestLassos: true });
    const result = results[0]!;
    if (result.finding === undefined) lassos.push(result.verdict);
    else {
      const { steps, loop = steps.length } = replay(program, result);
      const words = steps.map(({ actor, label }) => `${actor}:${label.split('.')[1]}`);
      lassos.push(`${words.slice(0, loop).join(' ')} (${words.slice(loop).join(' ')})`.trim());
    }
  }
  expect(lassos[1]).toBe(lassos[0]);
  return lassos[0];
}

describe('Peterson', () => {
  const question = (NR_PROCESSES: number): Question => ({
    ...{ model: peterson_model, settings: { NR_PROCESSES } },
    wants: process.of(0).at('peterson.wait'),
    gets: process.of(0).at('peterson.critical'),
  });
  test('without fairness, a process that takes no step waits for ever', async () => {
    expect(await answer(question(2), [])).toBe(
      'process[0]:outside process[0]:raise process[0]:come_last process[1]:outside process[1]:raise (process[0]:wait)',
    );
  });
  test('with weak fairness, each waiting process gets in, for two or three processes', async () => {
    expect(await answer(question(2), [weaklyFair()])).toBe('holds');
    expect(await answer(question(3), [weaklyFair()])).toBe('holds');
  });
});

describe('a ticket lock', () => {
  const question = (NR_LOCKERS: number, from: 'draw' | 'wait'): Question => ({
    ...{ model: ticket_lock_model, settings: { NR_LOCKERS, TICKET_MAX: NR_LOCKERS - 1 } },
    wants: ticket_locker.of(0).at(`arch_spin_lock.${from}`),
    gets: ticket_locker.of(0).at('lock_and_unlock.critical'),
  });
  test('without fairness, a process without a ticket waits for ever', async () => {
    const turn = 'call draw wait critical call hand_on return'
      .split(' ')
      .map((label) => `locker[1]:${label}`);
    expect(await answer(question(2, 'draw'), [])).toBe(`locker[0]:call (${[...turn, ...turn].join(' ')})`);
  });
  test('with weak fairness, everyone draws one, and the queue moves', async () => {
    expect(await answer(question(2, 'draw'), [weaklyFair()])).toBe('holds');
    expect(await answer(question(3, 'draw'), [weaklyFair()])).toBe('holds');
  });
  test('a process with a ticket needs no fairness: all others queue behind it', async () => {
    expect(await answer(question(3, 'wait'), [])).toBe('holds');
  });
});

describe('a test-and-set lock', () => {
  const question: Question = {
    ...{ model: test_and_set_model, settings: { NR_LOCKERS: 2 } },
    wants: locker.of(0).at('lock_and_unlock.lock'),
    gets: locker.of(0).at('lock_and_unlock.unlock'),
  };
  test('under weak fairness, it may find the lock taken each time', async () => {
    expect(await answer(question, [weaklyFair()])).toBe('(locker[1]:take locker[0]:spin locker[1]:unlock)');
  });
  test('spinning is a step too: strong fairness to the actors does not help', async () => {
    expect(await answer(question, [stronglyFair()])).toBe('(locker[1]:take locker[0]:spin locker[1]:unlock)');
  });
  test('strong fairness to the step that takes the lock does', async () => {
    const take = stronglyFair(locker.of(0), 'lock_and_unlock.take');
    expect(await answer(question, [weaklyFair(), take])).toBe('holds');
    const weakly = weaklyFair(locker.of(0), 'lock_and_unlock.take');
    expect(await answer(question, [weaklyFair(), weakly])).toBe(
      '(locker[1]:take locker[0]:spin locker[1]:unlock)',
    );
  });
});

describe('a reader-writer semaphore', () => {
  const question = (NR_READERS: number): Question => ({
    ...{ model: readers_writers_model, settings: { NR_READERS, NR_WRITERS: 1 } },
    wants: writer.of(0).at('write.down_write'),
    gets: writer.of(0).at('write.low'),
  });
  test('one reader that returns at once starves the writer under weak fairness, not under strong', async () => {
    expect(await answer(question(1), [weaklyFair()])).toBe(
      '(reader[0]:lock reader[0]:compare reader[0]:unlock)',
    );
    expect(await answer(question(1), [stronglyFair()])).toBe('holds');
  });
  test('two readers that overlap in turn starve it under any fairness', async () => {
    expect(await answer(question(2), [stronglyFair()])).toBe(
      'reader[0]:lock (reader[0]:compare reader[1]:lock reader[0]:unlock reader[0]:lock reader[1]:compare reader[1]:unlock)',
    );
  });
});
