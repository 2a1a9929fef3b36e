// A small part of the conformance run: rumur explores our exports, and must find what we find.

import { describe, expect, test } from 'vitest';
import { specimen, specimenProperties } from '../checker/export/testing/specimen.js';
import { explore, type Lowered, lower } from '../checker/index.js';
import { isTrue, truth } from '../checker/ir/expression.js';
import { models } from '../models/index.js';
import { properties } from '../properties/index.js';
import { disagreements, explored } from './judge.js';
import { countsByRumur, judgeByRumur } from './rumur_judge.js';
import { missingTools } from './tools.js';

const missing = missingTools(['rumur', 'gcc']);
const lowered = (name: string, settings: { readonly [name: string]: unknown } = {}): Lowered =>
  lower(models.get(name)!.model, settings, properties.get(name));

describe.skipIf(missing.length > 0)(
  `rumur judges (${missing.length === 0 ? 'all tools are here' : `not run: no ${missing.join(', no ')}`})`,
  () => {
    test('the lost update has the same states, verdicts and shortest traces', {
      timeout: 300_000,
    }, async () => {
      const { program, properties } = lowered('increment');
      const comparisons = await judgeByRumur(program, await explored(program, properties));
      expect(disagreements(comparisons)).toEqual([]);
      expect(comparisons.map(({ what, ours }) => `${what}: ${ours}`)).toMatchInlineSnapshot(`
        [
          "states: 12",
          "transitions: 14",
          "all_finish: reached",
          "two_hold_a_value: reached",
          "no deadlock: holds",
          "no value outside its domain: holds",
          "no_lost_update: found after 4",
          "states within 3 steps: 10",
          "all_finish: found after 4",
          "two_hold_a_value: found after 2",
          "states, with all orders of actors: 12",
          "states, with one order: no more: true",
          "states, with one order: enough for all: true",
          "all that holds, with one order: holds",
          "all_finish, with one order: reached",
          "two_hold_a_value, with one order: reached",
          "no_lost_update, with one order: 4",
        ]
      `);
    });

    test('a Program with one of everything: indices, exchanges, faults, bugs, several initial states', {
      timeout: 300_000,
    }, async () => {
      const comparisons = await judgeByRumur(specimen, await explored(specimen, specimenProperties));
      expect(disagreements(comparisons)).toEqual([]);
      expect(comparisons.map(({ what, ours }) => `${what}: ${ours}`)).toMatchInlineSnapshot(`
        [
          "states: 52",
          "transitions: 84",
          "full_or_none: holds",
          "all_done: reached",
          "no deadlock: holds",
          "no value outside its domain: holds",
          "zapped: found after 2",
          "BUG_ON("count" < 0): found after 2",
          "states within 6 steps: 49",
          "all_done: found after 2",
        ]
      `);
    });

    test('an engine that overlooks the guard of any one step is caught by its counts', {
      timeout: 300_000,
    }, async () => {
      const { program } = lowered('peterson');
      const guarded = program.steps.filter(({ guard }) => !isTrue(guard));
      const caught = await Promise.all(
        guarded.map(async ({ id }) => {
          const steps = program.steps.map((step) =>
            step.id === id ? { ...step, guard: truth(true) } : step,
          );
          const report = await explore({ ...program, steps }, [], { engine: 'reference' });
          const comparisons = await countsByRumur(program, report);
          return disagreements(comparisons).length > 0;
        }),
      );
      expect(caught.length).toBeGreaterThan(3);
      expect(caught).not.toContain(false);
    });
  },
);
