// A small part of the conformance run: SPIN explores our exports, and must find what we find.

import { describe, expect, test } from 'vitest';
import { specimen, specimenProperties } from '../checker/export/testing/specimen.js';
import { type Expr, lower, type Program, type Property, type Step } from '../checker/index.js';
import { int, read, truth } from '../checker/ir/expression.js';
import { models } from '../models/index.js';
import { properties } from '../properties/index.js';
import { type Formula, state } from '../properties/language/temporal.js';
import { disagreements, explored } from './judge.js';
import { judgeBySpin, livenessBySpin } from './spin_judge.js';
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
      ['thp_truncate', { fix: 'synchronize_rcu' }, 'truncate_ends: not found, grace_period_ends: not found'],
    ])('liveness of %s %j: %s', { timeout: 300_000 }, async (name, settings, expected) => {
      const { program, properties } = lowered(name, settings);
      const comparisons = await livenessBySpin(program, await explored(program, properties));
      expect(disagreements(comparisons)).toEqual([]);
      expect(comparisons.map(({ what, theirs }) => `${what}: ${theirs}`).join(', ')).toBe(expected);
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

    test('a run ends where no step has a meaning, and a claim goes on where the run has ended', {
      timeout: 300_000,
    }, async () => {
      const [first] = specimen.variables;
      const variables = [
        { ...first!, name: 'n', domain: { kind: 'int', min: 0, max: 1 }, initial: [0] },
      ] as const;
      const [thread] = specimen.threads;
      const base = { ...{ label: 'l', caption: '', source: {}, thread: 0 }, guard: truth(true) };
      const set = (value: number) => [{ target: { variables: [0] }, value: int(value) }];
      const steps: readonly Step[] = [{ ...base, id: 0, from: 0, to: 0, assignments: set(2) }];
      const program: Program = { ...specimen, variables, threads: [thread!], steps, initially: truth(true) };
      const isZero = state<Expr>({ op: 'eq', x: read({ variables: [0] }, 'int'), y: int(0) });
      const ask = (name: string, formula: Formula<Expr>): Property => {
        const fairness = [{ strength: 'strong', name: 'nobody', steps: [] }] as const;
        return {
          name,
          expectation: 'liveness',
          condition: truth(true),
          liveness: { formula, fairness },
          source: {},
        };
      };
      const asked = [
        ask('stays', { op: 'always', x: isZero }),
        ask('leaves', { op: 'eventually', x: { op: 'not', x: isZero } }),
      ];
      const comparisons = await livenessBySpin(program, await explored(program, asked));
      expect(comparisons.map(({ what, ours, theirs }) => `${what}: ${ours}, ${theirs}`)).toEqual([
        'stays: not found, not found',
        'leaves: found, found',
      ]);
    });

    test.each([
      [
        'overlooks one guard',
        true,
        ['states: 51, not 43', 'transitions: 105, not 86', 'mutual_exclusion: found, not not found'],
      ],
      [
        'never takes one step',
        false,
        ['states: 30, not 43', 'transitions: 57, not 86', 'nobody_starves: found, not not found'],
      ],
    ])(
      'an engine that %s is caught by its counts and by its verdicts',
      {
        timeout: 300_000,
      },
      async (_, guard, expected) => {
        const { program, properties } = lowered('peterson');
        // The way into the critical section: it waits until the others are outside.
        const enter = program.steps.find(({ label, to, thread }) => {
          const { label: next } = program.threads[thread]!.locations[to]!;
          return label === 'peterson.wait' && next === 'peterson.critical';
        })!;
        const steps = program.steps.map((step) => (step === enter ? { ...step, guard: truth(guard) } : step));
        const report = await explored({ ...program, steps }, properties);
        const found = disagreements(await judgeBySpin(program, report));
        expect(found.map(({ what, ours, theirs }) => `${what}: ${ours}, not ${theirs}`)).toEqual(expected);
      },
    );
  },
);
