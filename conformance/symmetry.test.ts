// A small part of the conformance run: rumur explores exports with scalarsets, with and without its reduction.

import { describe, expect, test } from 'vitest';
import { lower } from '../checker/index.js';
import { models } from '../models/index.js';
import { properties } from '../properties/index.js';
import { disagreements, explored } from './judge.js';
import { judgeSymmetry } from './symmetry_judge.js';
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

    test('the models without interchangeable actors are left to the export without scalarsets', async () => {
      const { program, properties: own } = lower(models.get('bakery')!.model, {}, properties.get('bakery'));
      expect(await judgeSymmetry(program, await explored(program, own))).toEqual([]);
    });
  },
);
