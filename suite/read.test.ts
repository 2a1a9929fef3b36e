// Project files and manifests may export anything: rows are read, everything else is refused with its place.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readManifest, readProject, rowsOf, SuiteError } from './read.js';
import { titleOf } from './suite.js';

const refusal = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof SuiteError) return error.message;
    throw error;
  }
  return 'not refused';
};
const ofRow = (row: object) => refusal(() => readManifest('race.ts', [row]));

describe('a project', () => {
  test('names models that bring their own rows, and models with rows', () => {
    const rows = [{ settings: { fix: 'none' }, violated: { no_uaf: 7 } }];
    expect(readProject('p.json', { models: ['increment', { model: './race.ts', rows }] })).toEqual([
      { model: 'increment', rows: undefined },
      {
        model: './race.ts',
        rows: [{ settings: { fix: 'none' }, without: [], expected: { violated: { no_uaf: 7 } } }],
      },
    ]);
  });
  test.each([
    [undefined, 'p.json: nothing is no object'],
    [[], 'p.json: [] is no object'],
    [{}, 'p.json: models: nothing is no list'],
    [{ models: [] }, 'p.json: models is empty'],
    [{ model: ['a'] }, "p.json: no field is called 'model'; did you mean 'models'?"],
    [{ models: [3] }, 'p.json: models[0]: 3 is no object'],
    [{ models: [''] }, 'p.json: models[0]: "" is no name'],
    [{ models: ['a', { rows: [] }] }, 'p.json: models[1].model: nothing is no name'],
    [{ models: [{ model: 'a', rows: [] }] }, 'p.json: models[0].rows is empty'],
    [
      { models: [{ model: 'a', rows: [{}, { states: '3' }] }] },
      'p.json: models[0].rows[1].states: "3" is no count: a whole number from 0 up',
    ],
  ])('%j is refused', (exported, message) => {
    expect(refusal(() => readProject('p.json', exported))).toBe(message);
  });
});

test('the example of the documentation is a project', () => {
  const text = readFileSync(new URL('../docs/ci.md', import.meta.url), 'utf8');
  const [, example] = /^```json\n([\s\S]*?)^```/m.exec(text)!;
  expect(readProject('raceproof.config.json', JSON.parse(example!)).map(({ model }) => model)).toEqual([
    'increment',
    './race.ts',
  ]);
});

describe('a row', () => {
  test('compares only what it names; violations without lengths are a list', () => {
    const row = { violated: ['a', 'b'], verdict: 'violated', without: ['lock-order'], depth: 0 };
    expect(readManifest('race.ts', [row])).toEqual([
      {
        ...{ settings: {}, without: ['lock-order'] },
        expected: { verdict: 'violated', violated: { a: undefined, b: undefined }, depth: 0 },
      },
    ]);
  });
  test('names a memory model, and how large its buffers are', () => {
    const rows = [{ memory: 'tso' }, { memory: 'tso', buffer: 2 }];
    expect(readManifest('race.ts', rows)).toMatchObject([{ memory: 'tso' }, { memory: 'tso', buffer: 2 }]);
    expect(rowsOf('race', readManifest('race.ts', rows), {}).map(titleOf)).toEqual([
      'race --memory=tso',
      'race --memory=tso --buffer=2',
    ]);
  });
  test('knows where it is written', () => {
    const rows = readManifest('race.ts', [{}, {}]);
    expect(rowsOf('race.ts', rows, { file: 'race.ts' }).map(({ origin }) => origin)).toEqual([
      { file: 'race.ts', row: 0 },
      { file: 'race.ts', row: 1 },
    ]);
  });
  test.each([
    [
      { verdict: 'hold' },
      'race.ts: manifest[0].verdict: "hold" is not one of holds, violated, incomplete; did you mean \'holds\'?',
    ],
    [{ verdict: 'holds', violated: ['a'] }, "race.ts: manifest[0]: verdict is 'holds', but violated names a"],
    [{ violates: {} }, "race.ts: manifest[0]: no field is called 'violates'; did you mean 'violated'?"],
    [{ violated: { a: -1 } }, 'race.ts: manifest[0].violated.a: -1 is no count: a whole number from 0 up'],
    [{ settings: { fix: null } }, 'race.ts: manifest[0].settings.fix: null is no number, boolean or word'],
    [{ memory: 'TSO' }, 'race.ts: manifest[0].memory: "TSO" is not one of sc, tso'],
    [{ buffer: 2 }, "race.ts: manifest[0].buffer: a buffer of 2 stores needs memory: 'tso'"],
    [{ memory: 'tso', buffer: 0 }, 'race.ts: manifest[0].buffer: a buffer of 0 stores needs'],
    [{ unreached: 'a' }, 'race.ts: manifest[0].unreached: "a" is no list'],
    [{ without: ['lock'] }, 'race.ts: manifest[0].without: "lock" is not one of '],
  ])('%j is refused', (row, message) => {
    expect(ofRow(row).startsWith(message)).toBe(true);
  });
});
