// Every row of every model's manifest, explored by both engines: the exact counts, and exactly the violations that it
// lists. The reference engine takes the rows that are small enough for it; all of them in a long run.

import { describe, expect, test } from 'vitest';
import { models } from '../models/index.js';
import { loweringOf } from '../models/manifest.js';
import { properties } from '../properties/index.js';
import { explore, lower, type PropertyVerdict } from './index.js';

const engines = [
  { engine: 'reference', statesMax: process.env['LONG_TESTS'] ? Number.POSITIVE_INFINITY : 3_000 },
  { engine: 'compiled', statesMax: Number.POSITIVE_INFINITY },
] as const;

for (const { engine, statesMax } of engines) {
  describe.each([...models.values()])(`$model.name, ${engine} engine`, ({ model, manifest }) => {
    test.each(manifest.filter((row) => row.states <= statesMax))(
      '$settings $memory',
      async ({ settings, states, transitions, depth, violated, unreached = [], ...row }) => {
        const lowered = lower(model, settings, properties.get(model.name), loweringOf(row));
        const { evidence, properties: results } = await explore(lowered.program, lowered.properties, {
          engine,
        });
        const of = (verdict: PropertyVerdict) => results.filter((result) => result.verdict === verdict);
        // Circles in the lock order are not listed beside other violations.
        const circles = of('violated').filter(({ check }) => check.kind === 'lockdep');
        expect(Object.keys(violated).length > 0 || circles.length === 0).toBe(true);
        const others = of('violated').filter(({ check }) => check.kind !== 'lockdep');
        const found = others.map(({ check, finding }) => [check.name, finding!.path.steps.length]);
        expect(evidence).toMatchObject({ engine, exhaustive: true });
        expect({
          states: evidence.states,
          transitions: evidence.transitions,
          depth: evidence.depth,
          violated: Object.fromEntries(found),
          unreached: of('unreached').map(({ check }) => check.name),
        }).toEqual({ states, transitions, depth, violated, unreached });
      },
    );
  });
}
