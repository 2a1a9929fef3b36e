// A small part of the conformance run: rumur explores exports with scalarsets, with and without its reduction.

import { describe, expect, test } from 'vitest';
import { largeSum } from '../checker/export/testing/large_sum.js';
import { lower } from '../checker/index.js';
import { models } from '../models/index.js';
import { properties } from '../properties/index.js';
import { disagreements, explored } from './judge.js';
import { judgeSymmetry } from './symmetry_judge.js';
import { randomSymmetricCase } from './testing/random_symmetric.js';
import { missingTools } from './tools.js';

const missing = missingTools(['rumur', 'gcc']);

describe.skipIf(missing.length > 0)(
  `rumur reduces by symmetry (${missing.length === 0 ? 'all tools are here' : `not run: no ${missing.join(', no ')}`})`,
  () => {
    const few = [
      ['mcs_lock', { enqueue: 'in_two_steps' }],
      ['peterson', { NR_PROCESSES: 3, EXIT_LEVEL: 1 }],
      ['readers_writers', { NR_READERS: 2, NR_WRITERS: 2, writers_lock: 'for_reading' }],
    ] as const;
    const more = [
      ['barrier', {}],
      ['increment', { NR_ACTORS: 3 }],
      ['fischer', {}],
      ['two_phase_commit', { NR_RMS: 3, quorum: 'all_but_one' }],
      ['thp_truncate', { NR_TRUNCATE: 2 }],
    ] as const;
    test.each<readonly [string, { readonly [name: string]: unknown }]>([
      ...few,
      ...(process.env['LONG_TESTS'] ? more : []),
    ])('%s %j keeps its states, or fewer, and its verdicts', { timeout: 300_000 }, async (name, settings) => {
      const { program, properties: own } = lower(models.get(name)!.model, settings, properties.get(name));
      const comparisons = await judgeSymmetry(program, await explored(program, own));
      expect(comparisons.length).toBeGreaterThan(3);
      expect(disagreements(comparisons)).toEqual([]);
    });

    // With more than 3,000 states, these would take long.
    const large = [12, 37, 42];
    const all = [...Array(60).keys()].filter((seed) => !large.includes(seed));
    test.each(process.env['LONG_TESTS'] ? all : [6, 41])(
      'random Program %i of interchangeable threads keeps its states, or fewer, and its verdicts',
      { timeout: 300_000 },
      async (seed) => {
        const { program, properties: own } = randomSymmetricCase(seed);
        const comparisons = await judgeSymmetry(program, await explored(program, own));
        expect(comparisons.length).toBeGreaterThan(2);
        expect(disagreements(comparisons)).toEqual([]);
      },
    );

    test('an index is read before an effect that would change it: flag[who] = false beside who = me', async () => {
      const { program, properties: own } = randomSymmetricCase(45);
      expect(disagreements(await judgeSymmetry(program, await explored(program, own)))).toEqual([]);
    });

    test('a sum may be larger than any index', async () => {
      const comparisons = await judgeSymmetry(largeSum, await explored(largeSum, []));
      expect(disagreements(comparisons)).toEqual([]);
      expect(comparisons[0]).toMatchObject({ what: 'states, with all orders of actors', ours: '26' });
    });

    test('the models without interchangeable actors are left to the export without scalarsets', async () => {
      const { program, properties: own } = lower(models.get('bakery')!.model, {}, properties.get('bakery'));
      expect(await judgeSymmetry(program, await explored(program, own))).toEqual([]);
    });
  },
);
