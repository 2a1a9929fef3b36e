// A small part of the conformance run: rumur explores our exports, and must find what we find.

import { describe, expect, test } from 'vitest';
import { specimen, specimenProperties } from '../checker/export/testing/specimen.js';
import { explore, type Lowered, lower, type Property } from '../checker/index.js';
import { isTrue, truth } from '../checker/ir/expression.js';
import { models } from '../models/index.js';
import { properties } from '../properties/index.js';
import { disagreements, explored } from './judge.js';
import { randomCase } from './random_program.js';
import { countsByRumur, judgeByRumur, judgePossible } from './rumur_judge.js';
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
          "no value out of range: holds",
          "no_lost_update: found after 4",
          "states within 3 steps: 10",
          "all_finish: found after 4",
          "two_hold_a_value: found after 2",
          "states, with all orders of actors: 12",
          "states, with one order: no more: true",
          "states, with one order: enough for all: true",
          "states, one of each orbit: 8",
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
          "no value out of range: holds",
          "zapped: found after 2",
          "BUG_ON("count" < 0): found after 2",
          "states within 6 steps: 49",
          "all_done: found after 2",
        ]
      `);
    });

    const seeds = [...Array(process.env['LONG_TESTS'] ? 60 : 8).keys()];
    test('what is always possible in random Programs is so for rumur, and what is not is not', {
      timeout: 600_000,
    }, async () => {
      const seen = new Map<string, number>();
      for (const seed of seeds) {
        const { program, properties: own } = randomCase(seed);
        const possible = own.filter(({ expectation }) => expectation === 'alwaysPossible');
        const comparisons = await judgePossible(program, await explored(program, possible));
        expect([seed, disagreements(comparisons)]).toEqual([seed, []]);
        for (const { ours } of comparisons) seen.set(ours, (seen.get(ours) ?? 0) + 1);
      }
      expect([...seen.keys()].sort()).toEqual(['holds', 'violated']);
    });

    test.each(['philosophers', 'peterson', 'mcs_lock'])(
      'what %s reaches stays possible, or does not, for both',
      { timeout: 300_000 },
      async (name) => {
        const { program, properties: own } = lowered(name);
        const possible = own
          .filter(({ expectation }) => expectation === 'sometimes')
          .map((property): Property => ({ ...property, expectation: 'alwaysPossible' }));
        const comparisons = await judgePossible(program, await explored(program, possible));
        expect(comparisons.length).toBeGreaterThan(0);
        expect(disagreements(comparisons)).toEqual([]);
      },
    );

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
