// A small part of the conformance run: SPIN explores our exports, and must find what we find.

import { describe, expect, test } from 'vitest';
import { specimen, specimenProperties } from '../checker/export/testing/specimen.js';
import { explore, lower } from '../checker/index.js';
import { isTrue, truth } from '../checker/ir/expression.js';
import { models } from '../models/index.js';
import { properties } from '../properties/index.js';
import { disagreements, explored } from './judge.js';
import { countsBySpin, judgeBySpin } from './spin_judge.js';
import { missingTools } from './tools.js';

const missing = missingTools(['spin', 'gcc']);
const lowered = (name: string) => lower(models.get(name)!.model, {}, properties.get(name));

describe.skipIf(missing.length > 0)(
  `SPIN judges (${missing.length === 0 ? 'all tools are here' : `not run: no ${missing.join(', no ')}`})`,
  () => {
    test('the lost update has the same states and verdicts', { timeout: 300_000 }, async () => {
      const { program, properties } = lowered('increment');
      const comparisons = await judgeBySpin(program, await explored(program, properties));
      expect(disagreements(comparisons)).toEqual([]);
      expect(comparisons.map(({ what, ours }) => `${what}: ${ours}`)).toMatchInlineSnapshot(`
        [
          "states: 12",
          "transitions: 14",
          "no_lost_update: found",
          "all_finish: found",
          "two_hold_a_value: found",
          "all that holds: not found",
        ]
      `);
    });

    test('a Program with one of everything: one more state, in which no initial state is chosen', {
      timeout: 300_000,
    }, async () => {
      const comparisons = await judgeBySpin(specimen, await explored(specimen, specimenProperties));
      expect(disagreements(comparisons)).toEqual([]);
      expect(comparisons.map(({ what, ours }) => `${what}: ${ours}`)).toMatchInlineSnapshot(`
        [
          "states: 52",
          "transitions: 84",
          "zapped: found",
          "full_or_none: not found",
          "all_done: found",
          "all that holds: not found",
          "BUG_ON("count" < 0): found",
        ]
      `);
    });

    test('an engine that overlooks the guard of one step is caught by its counts', {
      timeout: 300_000,
    }, async () => {
      const { program } = lowered('peterson');
      const guarded = program.steps.findIndex(({ guard }) => !isTrue(guard));
      const steps = program.steps.map((step, i) => (i === guarded ? { ...step, guard: truth(true) } : step));
      const report = await explore({ ...program, steps }, [], { engine: 'reference' });
      expect(disagreements(await countsBySpin(program, report)).map(({ what }) => what)).toContain(
        'transitions',
      );
    });
  },
);
