// Every row of every model's manifest, explored: the exact counts, and exactly the violations that it lists.

import { describe, expect, test } from 'vitest';
import { models } from '../models/index.js';
import { properties } from '../properties/index.js';
import { explore, lower, type PropertyVerdict } from './index.js';

for (const { model, manifest } of models.values()) {
  describe(model.name, () => {
    test.each(manifest)(
      '$settings',
      async ({ settings, states, transitions, depth, violated, unreached = [] }) => {
        const lowered = lower(model, settings, properties.get(model.name));
        const { exploration, properties: results } = await explore(lowered.program, lowered.properties);
        const of = (verdict: PropertyVerdict) => results.filter((result) => result.verdict === verdict);
        const found = of('violated').map(({ check, finding }) => [check.name, finding!.path.steps.length]);
        expect(exploration.exhaustive).toBe(true);
        expect({
          states: exploration.states,
          transitions: exploration.transitions,
          depth: exploration.depth,
          violated: Object.fromEntries(found),
          unreached: of('unreached').map(({ check }) => check.name),
        }).toEqual({ states, transitions, depth, violated, unreached });
      },
    );
  });
}
