// Soundness: whatever views prove of a random model for every number of members, the engines find no violation of with
// up to five members. The instances are not explored before, so views alone decide.

import { expect, test } from 'vitest';
import { closedViews, schemaFor } from '../by_views.js';
import { explore, lowering, resolveSettings } from '../index.js';
import { NotUniform } from './schema.js';
import { randomFamily } from './testing/random_family.js';

/** How many random models: more with `npm run test:long`. */
const count = Number(process.env['RANDOM_MODELS'] ?? 200) / 4;
const covered = ['always', 'never', 'assertion', 'domain'];

/** What views alone say. */
function answerOf(seed: number): string {
  const { model, properties } = randomFamily(seed);
  const lower = lowering(model, properties);
  const task = { model, properties, settings: resolveSettings(model, {}), sizes: ['NR'], lower };
  try {
    const { schema, checks } = schemaFor(task);
    return closedViews(schema, checks, { configurationsMax: 5_000 }).is;
  } catch (error) {
    if (error instanceof NotUniform) return `refused: ${error.message}`;
    throw error;
  }
}

/** The numbers of members, up to five, with which something is violated that views are about. */
async function violatedAt(seed: number): Promise<readonly number[]> {
  const { model, properties } = randomFamily(seed);
  const found: number[] = [];
  for (let NR = 1; NR <= 5; NR++) {
    const lowered = lowering(model, properties)({ NR });
    const { properties: results } = await explore(lowered.program, lowered.properties, { statesMax: 5_000 });
    if (results.some(({ check, verdict }) => verdict === 'violated' && covered.includes(check.kind)))
      found.push(NR);
  }
  return found;
}

test(`${count} random models: what is proved for every number holds with up to five`, async () => {
  const answers = new Map<string, number>();
  for (let seed = 0; seed < count; seed++) {
    const answer = answerOf(seed);
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
    if (answer === 'proved')
      expect({ seed, violated: await violatedAt(seed) }).toEqual({ seed, violated: [] });
  }
  // Else the test would show nothing.
  expect(answers.get('proved')).toBeGreaterThan(count / 4);
  expect(answers.get('unknown')).toBeGreaterThan(count / 20);
}, 600_000);
