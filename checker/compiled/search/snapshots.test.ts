// A search that goes on from a snapshot comes to the result of one that was never interrupted.

import { describe, expect, test } from 'vitest';
import { loadEntry } from '../../../models/registry.js';
import { thp_truncate } from '../../../models/thp_truncate/model.js';
import { loadProperties } from '../../../properties/registry.js';
import { type ExploreOptions, explore, lower, type Report } from '../../index.js';
import type { Snapshot } from '../../search/snapshot.js';

/** The same in memory of its own, as if it had been written and read. */
function copied(snapshot: Snapshot): Snapshot {
  const { records, ...rest } = snapshot;
  const pieces = [...records()].map((piece) => piece.slice());
  return { ...(JSON.parse(JSON.stringify(rest)) as Omit<Snapshot, 'records'>), records: () => pieces };
}

const stopped = { kind: 'interrupt', text: 'the test' } as const;

async function lowered(name: string, settings: object) {
  const { model } = (await loadEntry(name))!;
  return lower(model, { ...settings }, await loadProperties(name));
}

type Lowered = Awaited<ReturnType<typeof lowered>>;

/** Explores, is stopped at some reports of progress, and goes on each time; `seed` picks which. */
async function interrupted({ program, properties }: Lowered, options: ExploreOptions, seed: number) {
  let random = seed;
  let resume: Snapshot | undefined;
  let stops = 0;
  for (;;) {
    random = (Math.imul(random, 1103515245) + 12345) >>> 0;
    let left = 1 + (random % 3);
    let taken: Snapshot | undefined;
    const report: Report = await explore(program, properties, {
      ...options,
      snapshots: true,
      ...(resume && { resume }),
      onProgress: ({ snapshot }) => {
        if (snapshot === undefined || --left > 0) return undefined;
        taken = copied(snapshot());
        return stopped;
      },
    });
    if (taken === undefined) return { report, stops };
    expect(report.verdict).not.toBe('holds');
    resume = taken;
    stops += 1;
  }
}

describe('a search that is stopped again and again, and goes on from snapshots', () => {
  const violated = { fix: 'none', NR_MUNMAP: 3, NR_MMS: 3, NR_TRUNCATE: 2 };
  const held = { fix: 'unmap_mapping_page', NR_MMS: 3, NR_MUNMAP: 3, NR_FAULT: 1 };
  test.each([
    ['thp_truncate', violated, {}],
    ['thp_truncate', held, { coverage: true }],
    ['thp_truncate', held, { depthMax: 34 }],
    ['thp_truncate', violated, { workers: 2, workersFrom: 20_000 }],
  ] as const)('of %s %j %j ends with the same report', async (name, settings, options) => {
    const subject = await lowered(name, settings);
    const whole = await explore(subject.program, subject.properties, options);
    const { report, stops } = await interrupted(subject, options, 1);
    expect(stops).toBeGreaterThan(1);
    expect(report).toEqual(whole);
  });
});

/** Explores with growing limits, and goes on each time from the snapshot of the last report. */
async function limited({ program, properties }: Lowered, limits: readonly ExploreOptions[]) {
  let resume: Snapshot | undefined;
  const reached: string[] = [];
  for (const options of [...limits, { statesMax: Infinity, memoryMax: Infinity }]) {
    const report: Report = await explore(program, properties, {
      ...{ ...limits[0], ...options },
      snapshots: true,
      ...(resume && { resume }),
      onProgress: (progress) => {
        if (progress.reached === undefined) return undefined;
        reached.push(progress.reached.text);
        resume = copied(progress.snapshot!());
        return undefined;
      },
    });
    if (report.evidence.kind === 'explored' && report.evidence.exhaustive) return { report, reached };
    expect(report.evidence).toMatchObject({ limit: { text: reached.at(-1) } });
  }
  throw new Error('the last search has no limit');
}

describe('a search that a limit of its own ends again and again, and that goes on with a larger one', () => {
  const violated = { fix: 'none', NR_MUNMAP: 3, NR_MMS: 3, NR_TRUNCATE: 2 };
  const counts = [1, 2, 500, 501, 20_000, 60_001].map((statesMax) => ({ statesMax }));
  test.each([
    ['states', {}, counts],
    ['states, in JavaScript', { backend: 'javascript' }, counts],
    ['states, with two workers', { workers: 2, workersFrom: 5000 }, counts],
    ['memory', { backend: 'javascript' }, [2, 3, 4].map((mib) => ({ memoryMax: mib * 2 ** 20 }))],
  ] as const)('(%s) ends with the same report', async (_, how, limits) => {
    const subject = await lowered('thp_truncate', violated);
    const whole = await explore(subject.program, subject.properties, how);
    const { report, reached } = await limited(
      subject,
      limits.map((limit) => ({ ...how, ...limit })),
    );
    expect(reached).toHaveLength(limits.length);
    expect(report).toEqual(whole);
  });
});

test('a snapshot has the records of all states, and what was found so far', async () => {
  const { program, properties } = lower(thp_truncate, {
    fix: 'none',
    NR_MUNMAP: 3,
    NR_MMS: 3,
    NR_TRUNCATE: 2,
  });
  const snapshots: Snapshot[] = [];
  await explore(program, properties, {
    snapshots: true,
    onProgress: ({ snapshot }) => void (snapshot && snapshots.push(copied(snapshot()))),
  });
  expect(snapshots.length).toBeGreaterThan(0);
  for (const { states, stride, head, levelEnd, levels, records } of snapshots) {
    const numbers = [...records()].reduce((sum, piece) => sum + piece.length, 0);
    expect(numbers).toBe(states * stride);
    expect(head).toBeLessThan(levelEnd);
    expect(levels.reduce((sum, count) => sum + count, 0)).toBe(levelEnd);
  }
});

test.each([
  [{ engine: 'reference' }, 'the reference engine has no checkpoints; '],
  [{ search: 'dfs' }, 'dfs search has no checkpoints; '],
  [{ storage: 'hash64' }, 'hash64 storage has no checkpoints; '],
  [{ storage: 'bitstate' }, 'bitstate storage has no checkpoints; '],
  [{ reduce: 'movers' }, "the reduction 'movers' has no checkpoints; "],
] as const)('%j is refused by name', async (options, message) => {
  const { program, properties } = lower(thp_truncate);
  await expect(explore(program, properties, { ...options, snapshots: true })).rejects.toThrow(message);
});
