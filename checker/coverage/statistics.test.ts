// Statistics of small searches, counted by hand, and sums that every search must have.

import { expect, test } from 'vitest';
import { model as increment_model } from '../../models/examples/increment.js';
import { thp_truncate } from '../../models/thp_truncate/model.js';
import { explore, lower } from '../index.js';

const engines = ['reference', 'compiled'] as const;

test('of increment: 12 states, each label left as often as its actors can leave it', async () => {
  const { program } = lower(increment_model, {});
  const { evidence, statistics } = await explore(program, [], { statistics: true });
  expect(evidence).toMatchObject({ states: 12, transitions: 14 });
  expect(statistics?.outDegrees).toEqual([2, 6, 4]);
  expect(statistics?.labels).toMatchObject([
    { label: 'increment.load', states: 5, transitions: 6, ways: [{ to: 'increment.store', transitions: 6 }] },
    { label: 'increment.store', states: 7, transitions: 8, ways: [{ to: 'done', transitions: 8 }] },
  ]);
  const counter = statistics?.variables?.find(({ name }) => name === 'counter');
  expect(counter?.values.map(({ value }) => value)).toEqual(['0', '1', '2']);
  expect(counter?.values.reduce((sum, { states }) => sum + states, 0)).toBe(12);
  expect(counter?.possible).toBe(3);
});

test.each(engines)('add up to the counts of the search, by the %s engine', async (engine) => {
  const { program } = lower(thp_truncate, {});
  const { evidence, statistics } = await explore(program, [], { engine, statistics: true });
  const { outDegrees, labels, variables } = statistics!;
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  expect(sum(outDegrees)).toBe(evidence.states);
  expect(sum(outDegrees.map((states, degree) => states * degree))).toBe(evidence.transitions);
  expect(sum(labels.map(({ transitions }) => transitions))).toBe(evidence.transitions);
  for (const { values, name } of variables ?? []) {
    expect([name, sum(values.map(({ states }) => states))]).toEqual([name, evidence.states]);
  }
});

test('are the same by both engines, but for what takes stored states', async () => {
  const { program } = lower(thp_truncate, {});
  const [slow, fast] = await Promise.all(
    engines.map(async (engine) => (await explore(program, [], { engine, statistics: true })).statistics!),
  );
  expect(fast!.outDegrees).toEqual(slow!.outDegrees);
  expect(fast!.labels.map(({ states: _, ...label }) => label)).toEqual(
    slow!.labels.map(({ states: _, ...label }) => label),
  );
  expect(slow!.variables).toBeUndefined();
});

test('are absent where a limit was reached', async () => {
  const { program } = lower(thp_truncate, {});
  const report = await explore(program, [], { statistics: true, statesMax: 50 });
  expect(report.statistics).toBeUndefined();
});
