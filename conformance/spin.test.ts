// A small part of the conformance run: SPIN explores our exports, and must find what we find.

import { describe, expect, test } from 'vitest';
import { specimen, specimenProperties } from '../checker/export/testing/specimen.js';
import { explore, lower, type Property } from '../checker/index.js';
import { isTrue, truth } from '../checker/ir/expression.js';
import { models } from '../models/index.js';
import { properties } from '../properties/index.js';
import { disagreements, explored } from './judge.js';
import { countsBySpin, judgeBySpin, livenessBySpin } from './spin_judge.js';
import { missingTools } from './tools.js';

const missing = missingTools(['spin', 'gcc']);
const lowered = (name: string, settings: { readonly [name: string]: unknown } = {}) =>
  lower(models.get(name)!.model, settings, properties.get(name));

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

    test.each([
      ['barrier', {}, 'opens: not found'],
      ['barrier', { opens_for: 'all_but_one' }, 'opens: found'],
      ['test_and_set', { NR_LOCKERS: 2 }, 'everyone_gets_in: not found'],
      ['token_ring', {}, 'stabilises: not found'],
      ['token_ring', { NR_NODES: 4, NR_VALUES: 2 }, 'stabilises: found'],
      ['thp_truncate', { fix: 'synchronize_rcu' }, 'grace_period_ends: not found'],
    ])('liveness of %s %j: %s', { timeout: 300_000 }, async (name, settings, expected) => {
      const { program, properties } = lowered(name, settings);
      const comparisons = await livenessBySpin(program, await explored(program, properties));
      expect(disagreements(comparisons)).toEqual([]);
      expect(comparisons.map(({ what, theirs }) => `${what}: ${theirs}`)).toEqual([expected]);
    });

    test('fairness is part of the claim: without it, a locker that nobody runs waits for ever', {
      timeout: 300_000,
    }, async () => {
      const { program, properties } = lowered('test_and_set');
      const [{ liveness, ...rest }] = properties.filter((one) => one.liveness !== undefined) as [Property];
      const strengths = ['none', 'weak', 'strong'] as const;
      const asked = strengths.map((most): Property => {
        const fairness = liveness!.fairness.filter(({ strength }) => most === 'strong' || strength === most);
        return { ...rest, name: most, liveness: { ...liveness!, fairness } };
      });
      const comparisons = await livenessBySpin(program, await explored(program, asked));
      expect(disagreements(comparisons)).toEqual([]);
      expect(comparisons.map(({ what, theirs }) => `${what}: ${theirs}`)).toEqual([
        'none: found',
        'weak: found',
        'strong: not found',
      ]);
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
