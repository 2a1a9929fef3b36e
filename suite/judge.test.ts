// Where what was found differs from what a row expects.

import { describe, expect, test } from 'vitest';
import { explore, lower } from '../checker/index.js';
import { model as increment_model } from '../models/examples/increment.js';
import { properties } from '../properties/index.js';
import { differences, expectationOf, factsOf } from './judge.js';
import { rowText, updatedRow } from './row_text.js';
import type { Expected, RowFacts } from './suite.js';
import { facts, row } from './testing/results.js';

const fields = (expected: Expected, of: RowFacts = facts) =>
  differences(expected, of).map(({ field, expected, found }) => `${field}: ${expected} / ${found}`);
const cut: RowFacts = { ...facts, verdict: 'incomplete', limit: '12 states', violated: {} };

describe('the facts of a report', () => {
  test('are those of its exploration and of what is violated', async () => {
    const lowered = lower(increment_model, { NR_ACTORS: 2 }, properties.get('increment'));
    expect(factsOf(await explore(lowered.program, lowered.properties))).toEqual({
      ...{ verdict: 'violated', violated: { no_lost_update: 4 }, unreached: [] },
      ...{ states: 12, transitions: 14, depth: 4 },
    });
  });
  test('name what stopped it', async () => {
    const lowered = lower(increment_model, { NR_ACTORS: 4 }, properties.get('increment'));
    const report = await explore(lowered.program, lowered.properties, { statesMax: 20 });
    expect(factsOf(report)).toMatchObject({ verdict: 'incomplete', limit: 'stopped at 20 states' });
  });
});

describe('a row', () => {
  test('that names nothing expects an answer, whichever', () => {
    expect(fields({})).toEqual([]);
    expect(fields({}, cut)).toEqual(['verdict: an answer / incomplete: 12 states']);
  });
  test('is as expected if all that it names is so', () => {
    expect(fields({ verdict: 'violated', violated: { no_uaf: 2 }, states: 12, depth: 4 })).toEqual([]);
    expect(fields({ violated: { no_uaf: undefined } })).toEqual([]);
  });
  test('differs in what is violated and was not expected, and the other way round', () => {
    expect(fields({ violated: {} })).toEqual(['no_uaf: holds / violated in 2 steps']);
    expect(fields({ violated: { no_uaf: 1, other: 3 } })).toEqual([
      'no_uaf: violated in 1 step / violated in 2 steps',
      'other: violated in 3 steps / holds',
    ]);
    expect(fields({ violated: { no_uaf: 2 } }, { ...facts, unreached: ['split'] })).toEqual([
      'split: reached / never reached',
    ]);
    expect(fields({ unreached: ['split'] })).toEqual(['split: never reached / reached']);
    expect(fields({ unreached: [] }, { ...facts, unreached: ['split'] })).toEqual([
      'split: reached / never reached',
    ]);
  });
  test('is never as expected by a search that was stopped, but for an expected stop', () => {
    expect(fields({ verdict: 'incomplete' }, cut)).toEqual([]);
    expect(fields({ verdict: 'holds' }, cut)).toEqual(['verdict: holds / incomplete: 12 states']);
    expect(fields({ states: 12 }, cut)).toEqual([
      'verdict: an answer / incomplete: 12 states',
      'states: 12 / 12 (12 states)',
    ]);
    expect(fields({ violated: {} }, cut)).toEqual(['verdict: an answer / incomplete: 12 states']);
    expect(fields({ violated: { no_uaf: 2 } }, cut)).toEqual([
      'verdict: an answer / incomplete: 12 states',
      'no_uaf: violated in 2 steps / not decided: 12 states',
    ]);
  });
});

describe('a row as it would be now', () => {
  test('has the fields that it names, or all if it names none', () => {
    const text = (expected: Expected, of = facts) => rowText(updatedRow(row({ expected }), of));
    expect(text({ states: 10 })).toBe("{ settings: { fix: 'none' }, states: 12 }");
    expect(text({ violated: { x: undefined } })).toBe("{ settings: { fix: 'none' }, violated: ['no_uaf'] }");
    expect(text({})).toBe(
      "{ settings: { fix: 'none' }, violated: { no_uaf: 2 }, states: 12, transitions: 14, depth: 4 }",
    );
    expect(text({ violated: {} }, { ...facts, unreached: ['z'] })).toBe(
      "{ settings: { fix: 'none' }, violated: { no_uaf: 2 }, unreached: ['z'] }",
    );
    expect(text({ states: 3 }, cut)).toBe("{ settings: { fix: 'none' }, verdict: 'incomplete' }");
  });
  test('says for people what it said before', () => {
    const written = row({ expected: { states: 10 }, kept: { about: 'the race', source: 'a paper' } });
    expect(rowText(updatedRow(written, facts))).toBe(
      "{ settings: { fix: 'none' }, states: 12, about: 'the race', source: 'a paper' }",
    );
  });
  test('is as expected by what it was made of', () => {
    const odd: RowFacts = { ...facts, violated: { "a 'b'": 3, 'x\\y': 1 }, unreached: ['z'] };
    expect(differences(expectationOf(odd), odd)).toEqual([]);
    expect(rowText(updatedRow(row(), odd))).toContain(
      "violated: { 'a \\'b\\'': 3, 'x\\\\y': 1 }, unreached: ['z']",
    );
  });
});
