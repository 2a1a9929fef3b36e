// Sets of seen states beyond one segment and through every growth of the tables, in all three storages.

import { expect, test } from 'vitest';
import { type ExploreOptions, explore } from '../../explore.js';
import { equal, int, read } from '../../ir/expression.js';
import type { Property } from '../../property/property.js';
import type { LimitReached } from '../../search/limit.js';
import { counters, countersHave } from '../../testing/small_programs.js';

/** 1,000,000 states: many segments of 65,536. */
const large = counters(3, 99);
/** The same in three words each. */
const wide = counters(3, 99, 2 ** 25);
const full: Property = {
  name: 'the second counter is full',
  expectation: 'sometimes',
  condition: equal(read({ variables: [1] }, 'int'), int(99)),
  source: {},
};
const interrupt: LimitReached = { kind: 'interrupt', text: 'Ctrl-C' };

async function run(options: ExploreOptions, program = large) {
  let bytes = 0;
  const onProgress: ExploreOptions['onProgress'] = (progress) => {
    if (progress.again === undefined) bytes = progress.bytes! / progress.states;
    return undefined;
  };
  const report = await explore(program, [full], { ...options, onProgress, stuckStatesMax: 0 });
  const { states, transitions, depth } = report.evidence;
  return { report, counts: { states, transitions, depth }, bytesPerState: bytes };
}

test('exact storage counts every state, in at most 24 bytes each even with 96 bits', async () => {
  const { report, counts, bytesPerState } = await run({}, wide);
  expect(counts).toEqual(countersHave(3, 99));
  expect(report.verdict).toBe('holds');
  expect(bytesPerState).toBeLessThan(24);
});

test('hash64 storage finds the same in at most 12 bytes a state, and has no verdict that anything holds', async () => {
  const exact = await run({});
  const { report, counts, bytesPerState } = await run({ storage: 'hash64' });
  expect(counts).toEqual(exact.counts);
  expect(bytesPerState).toBeLessThan(12);
  expect(report.properties.map(({ finding }) => finding)).toEqual(
    exact.report.properties.map(({ finding }) => finding),
  );
  expect(report.verdict).toBe('incomplete');
  expect(report.evidence).toMatchObject({
    exhaustive: false,
    limit: { kind: 'storage', text: 'hash64 storage: a state was missed with probability 2.7e-8' },
  });
  const n = counts.states;
  expect(report.evidence.missProbability).toBe((n * (n - 1)) / 2 ** 65);
});

test('bitstate storage estimates what it missed', async () => {
  const { report, counts } = await run({ storage: 'bitstate', memoryMax: 8 * 2 ** 20 });
  expect(counts.states).toBe(999_842);
  expect(report.evidence.coverage).toBeCloseTo(999_842 / 1_000_000, 4);
  expect(report.evidence.missProbability).toBeCloseTo(1, 5);
  expect(report.verdict).toBe('incomplete');
});

test('a limit on memory ends the search in incomplete, with the counts so far', async () => {
  const { report, bytesPerState } = await run({ memoryMax: 3 * 2 ** 20 });
  expect(report.verdict).toBe('incomplete');
  expect(report.evidence.limit).toEqual({ kind: 'memory', text: '3 MiB of memory' });
  expect(report.evidence.states).toBe(139_137);
  expect(report.evidence.states * bytesPerState).toBeLessThan(3 * 2 ** 20);
});

test('hash64 storage rebuilds a trace in no more memory than the search took', async () => {
  const bytes = { before: 0, again: 0 };
  const onProgress: ExploreOptions['onProgress'] = (progress) => {
    const when = progress.again === undefined ? 'before' : 'again';
    bytes[when] = Math.max(bytes[when], progress.bytes!);
    return undefined;
  };
  const exact = await explore(large, [full]);
  const report = await explore(large, [full], { storage: 'hash64', onProgress });
  expect(report.properties.map(({ finding }) => finding)).toEqual(
    exact.properties.map(({ finding }) => finding),
  );
  expect(bytes.again).toBeGreaterThan(0);
  expect(bytes.again).toBeLessThan(bytes.before);
  const limited = await explore(large, [full], { storage: 'hash64', memoryMax: bytes.before + 2 ** 21 });
  expect(limited.properties).toEqual(report.properties);
});

test('a search that is stopped before it has rebuilt the trace of a finding reports that, and decides nothing', async () => {
  const onProgress: ExploreOptions['onProgress'] = ({ again }) =>
    again === undefined ? undefined : interrupt;
  const { verdict, evidence, properties } = await explore(large, [full], {
    storage: 'hash64',
    onProgress,
  });
  expect(verdict).toBe('incomplete');
  expect(evidence).toMatchObject({
    ...countersHave(3, 99),
    limit: { ...interrupt, text: 'Ctrl-C, while the trace of a finding was searched again' },
    pathless: [full.name],
  });
  expect(properties.map((result) => result.verdict)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
});

test('a search that is stopped still reports what it had found', async () => {
  const first: Property = {
    ...full,
    name: 'it counts',
    condition: equal(read({ variables: [1] }, 'int'), int(1)),
  };
  const onProgress: ExploreOptions['onProgress'] = ({ states }) => (states > 1000 ? interrupt : undefined);
  const { evidence, properties } = await explore(large, [first], { storage: 'hash64', onProgress });
  expect(evidence.limit).toEqual(interrupt);
  expect(properties[0]!.finding?.path.steps).toEqual([1]);
});

test('the reference engine refuses what it does not have', async () => {
  const reference = { engine: 'reference' } as const;
  const refused = async (options: ExploreOptions) =>
    explore(counters(1, 1), [], { ...reference, ...options });
  await expect(refused({ storage: 'hash64' })).rejects.toThrow('the reference engine has no hash64 storage');
  await expect(refused({ memoryMax: 1 })).rejects.toThrow('the reference engine does not count its memory');
});
