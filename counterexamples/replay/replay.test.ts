// What a Trace contains, and that nothing becomes one which the reference engine does not confirm.

import { describe, expect, test } from 'vitest';
import { explore, lower, type PropertyResult } from '../../checker/index.js';
import { properties as increment, model as increment_model } from '../../models/examples/increment.js';
import { never } from '../../properties/language/index.js';
import { lock_order, overflow, tracesOf, use_after_free } from '../testing/models.js';
import { ReplayError, replay } from './replay.js';

const lostUpdate = async () => (await tracesOf(increment_model, increment)).get('no_lost_update')!;

describe('a trace', () => {
  test('names the model, its settings, and the property with its condition', async () => {
    const { model, settings, property } = await lostUpdate();
    expect({ model, settings, property }).toEqual({
      model: 'increment',
      settings: { NR_ACTORS: 2 },
      property: {
        name: 'no_lost_update',
        expectation: 'always',
        verdict: 'violated',
        about: 'everyone who is done has counted',
        condition: '!(adder[0] is done && adder[1] is done) || counter == 2',
        source: expect.stringMatching(/^models\/examples\/increment\.ts:\d+$/),
      },
    });
  });

  test('names each step by actor, label, caption, C file and the model line it stands on', async () => {
    const { steps } = await lostUpdate();
    expect(steps.map(({ actor, label }) => `${actor} ${label}`)).toEqual([
      'adder[0] increment.load',
      'adder[1] increment.load',
      'adder[0] increment.store',
      'adder[1] increment.store',
    ]);
    expect(steps[2]).toMatchObject({
      caption: 'counter = mine + 1',
      file: 'increment.c',
      source: expect.stringMatching(/^models\/examples\/increment\.ts:\d+$/),
      writes: [{ path: 'counter', from: 0, to: 1 }],
    });
  });

  test('leaves out locals that are only reset, and keeps a store that changes nothing', async () => {
    const { steps } = await lostUpdate();
    expect(steps.at(-1)!.writes).toEqual([{ path: 'counter', from: 1, to: 1 }]);
  });

  test('has one state more than steps, in words: values by name and where each actor stands', async () => {
    const { steps, states } = await lostUpdate();
    expect(states).toHaveLength(steps.length + 1);
    expect(states[3]).toEqual({
      at: { 'adder[0]': 'done', 'adder[1]': 'increment.store' },
      values: { counter: 1, 'adder[0]:increment.mine': 0, 'adder[1]:increment.mine': 0 },
    });
  });

  test('marks locals with their actor and locks with their kind', async () => {
    expect((await lostUpdate()).variables[1]).toEqual({ name: 'adder[0]:increment.mine', actor: 'adder[0]' });
    expect((await tracesOf(lock_order)).get('no deadlock')!.variables).toEqual([
      { name: 'i_mmap', lock: 'spinlock' },
      { name: 'ptl', lock: 'spinlock' },
    ]);
  });

  test('of a report ends with its words and the values that triggered it', async () => {
    const trace = (await tracesOf(use_after_free)).get('VM_BUG_ON_PAGE(page_count(page) == 0, page)')!;
    expect(trace.steps).toHaveLength(7);
    expect(trace.ending.message).toBe('VM_BUG_ON_PAGE(page_count(page) == 0, page)');
    expect(trace.ending.evidence).toEqual([{ path: 'page_count', value: 0 }]);
    expect(trace.states.at(-1)!.at['fault']).toBe('dead');
  });

  test('of a deadlock says what each actor waits for', async () => {
    const { ending } = (await tracesOf(lock_order)).get('no deadlock')!;
    expect(ending.standing.map(({ label, waitsFor }) => [label, waitsFor])).toEqual([
      ['zap.inner', 'ptl == free'],
      ['rmap_walk.outer', 'i_mmap == free'],
    ]);
    expect(ending.evidence).toEqual([
      { path: 'i_mmap', value: 'truncate' },
      { path: 'ptl', value: 'migrate' },
    ]);
  });

  test('of a fault stops before the step that has no value', async () => {
    const { steps, states, ending } = (await tracesOf(overflow)).get('no value out of range')!;
    expect(steps.map(({ writes }) => writes.map(({ path }) => path))).toEqual([
      ['fault:page_add_file_rmap.i'],
      ['mapcount[1]'],
      [],
    ]);
    expect(states).toHaveLength(steps.length);
    expect(ending.message).toBe('mapcount[1] would become 2, outside 0 … 1');
  });

  test('of a condition without a value names the condition', async () => {
    const { counter } = (await import('../../models/examples/increment.js')).state;
    const divides = { divides: never(counter.eq(counter.dividedBy(counter))) };
    const trace = (await tracesOf(increment_model, divides)).get('formula without a value: divides')!;
    expect(trace.steps).toEqual([]);
    expect(trace.ending.message).toBe('division by zero');
    expect(trace.ending.evidence).toEqual([{ path: 'counter', value: 0 }]);
  });
});

describe('a finding is refused', () => {
  const replayed = async (change: (result: PropertyResult) => PropertyResult) => {
    const { program, properties } = lower(increment_model, {}, increment);
    const report = await explore(program, properties, { engine: 'reference' });
    return () => replay(program, change(report.properties[0]!));
  };
  const withPath = (initial: number, steps: readonly number[]) => (result: PropertyResult) => {
    return { ...result, finding: { path: { initial, steps } } };
  };

  test('whose step is not enabled', async () => {
    const refused = await replayed(withPath(0, [0, 0]));
    expect(refused).toThrow(new ReplayError("'no_lost_update': step 2 (increment.load) is not enabled"));
  });
  test('whose initial state does not exist', async () => {
    const refused = await replayed(withPath(1, []));
    expect(refused).toThrow(new ReplayError("'no_lost_update': there is no initial state 1"));
  });
  test('whose property holds at the end', async () => {
    const refused = await replayed(withPath(0, [0]));
    expect(refused).toThrow(new ReplayError("'no_lost_update': the condition is true when replayed"));
  });
  test('that ends in no deadlock, no report, no fault', async () => {
    const as = (kind: PropertyResult['check']['kind']) => (result: PropertyResult) => {
      return { ...result, check: { ...result.check, kind } };
    };
    expect(await replayed(as('deadlock'))).toThrow(/not a deadlock|no deadlock/);
    expect(await replayed(as('assertion'))).toThrow(/nothing is reported/);
    expect(await replayed(as('domain'))).toThrow(/every step has a value/);
    expect(await replayed(as('formula'))).toThrow(/the formula has a value/);
  });
  test('that is none', async () => {
    const refused = await replayed((result) => ({ ...result, verdict: 'holds', finding: undefined }));
    expect(refused).toThrow(/no finding/);
  });
});
