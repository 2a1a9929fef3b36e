// Results of rows, made up: one of each kind.

import type { Trace } from '../../counterexamples/trace/trace.js';
import type { Result, Row, RowFacts, RowFound } from '../suite.js';

export const facts: RowFacts = {
  ...{ verdict: 'violated', violated: { no_uaf: 2 }, unreached: [] },
  ...{ states: 12, transitions: 14, depth: 4 },
};

export const trace: Trace = {
  model: 'race',
  settings: { fix: 'none' },
  property: { name: 'no_uaf', expectation: 'never', verdict: 'violated', source: 'models/race.ts:40' },
  actors: ['get', 'put'],
  variables: [{ name: 'count' }],
  steps: [
    {
      ...{ actor: 'put', label: 'put.dec', path: 'put.dec', caption: 'refcount_dec() <& "last">' },
      file: 'lib/refcount.c: refcount_dec()',
      ...{ source: 'models/race.ts:12', writes: [{ path: 'count', from: 1, to: 0 }] },
    },
    {
      ...{ actor: 'get', label: 'get.use', path: 'get.use', caption: '' },
      ...{ source: 'models/a race.ts:20', writes: [] },
    },
  ],
  states: [
    { at: { get: 'get.use', put: 'put.dec' }, values: { count: 1 } },
    { at: { get: 'get.use', put: 'done' }, values: { count: 0 } },
    { at: { get: 'done', put: 'done' }, values: { count: 0 } },
  ],
  ending: {
    evidence: [],
    standing: ['get', 'put'].map((actor) => ({ actor, label: 'done', path: 'done', asked: false })),
  },
};

export const found: RowFound = {
  facts,
  properties: [
    { name: 'no_uaf', kind: 'never', about: 'KASAN: use-after-free', source: 'models/race.ts:40' },
    { name: 'no deadlock', kind: 'deadlock' },
  ],
  trace,
  source: 'models/race.ts:5',
};

export const row = (more: Partial<Row> = {}): Row => ({
  ...{ model: 'models/race.ts', settings: { fix: 'none' }, without: [], expected: {} },
  origin: { file: 'models/race.ts', row: 0 },
  ...more,
});

/** One of each kind, in this order: as expected, unexpected, error, not run. */
export const results: readonly Result[] = [
  { row: row(), outcome: { kind: 'expected', found } },
  {
    row: row({ settings: { fix: 'lock, "<x>"', NR: 2 }, expected: { violated: {}, states: 10 } }),
    outcome: {
      ...{ kind: 'unexpected', found },
      differences: [
        { field: 'no_uaf', expected: 'holds', found: 'violated in 2 steps' },
        { field: 'states', expected: '10', found: '12' },
      ],
    },
  },
  {
    row: row({
      model: 'other.ts',
      settings: {},
      origin: { file: 'raceproof.config.json', entry: 1, row: 2 },
    }),
    outcome: { kind: 'error', message: 'other.ts:7: no variable is called\u0007 "x"\nat all: 100%' },
  },
  { row: row({ settings: { fix: 'rcu' } }), outcome: { kind: 'not run' } },
];
