// Every model of the repository, by every search on both engines: the counts of its smallest manifest row, and the
// verdict of every property.

import { describe, expect, test } from 'vitest';
import { models } from '../../models/index.js';
import { loweringOf } from '../../models/manifest.js';
import { properties } from '../../properties/index.js';
import { explore, lower } from '../index.js';

const engines = ['reference', 'compiled'] as const;
const searches = ['bfs', 'dfs', 'iterative'] as const;
const ways = engines.flatMap((engine) => searches.map((search) => ({ engine, search })));

/** In iterative deepening each level costs a search of all levels before it. */
const statesMax = 4_000;

describe.each([...models.values()])('$model.name', ({ model, manifest }) => {
  const row = manifest.toSorted((a, b) => a.states - b.states)[0]!;
  test.runIf(row.states <= statesMax).each(ways)('$search, $engine engine', async ({ engine, search }) => {
    const lowered = lower(model, row.settings, properties.get(model.name), loweringOf(row));
    const report = await explore(lowered.program, lowered.properties, { engine, search });
    const { states, transitions, depth, levels } = report.evidence;
    expect({ states, transitions }).toEqual({ states: row.states, transitions: row.transitions });
    if (search === 'dfs') expect(levels).toEqual([]);
    else expect(depth).toBe(row.depth);
    const named = (verdict: string) =>
      report.properties
        .filter((result) => result.verdict === verdict && result.check.kind !== 'lockdep')
        .map(({ check }) => check.name);
    expect(named('violated').toSorted()).toEqual(Object.keys(row.violated).toSorted());
    expect(named('unreached')).toEqual(row.unreached ?? []);
    expect(named('unknown')).toEqual([]);
  });
});

test('no model is left out', () => {
  const smallest = [...models.values()].map(({ manifest }) =>
    Math.min(...manifest.map(({ states }) => states)),
  );
  expect(smallest.filter((states) => states > statesMax)).toEqual([]);
});
