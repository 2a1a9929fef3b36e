// Random Programs, and all Programs of a small family, explored by both engines.

import { expect, test } from 'vitest';
import type { ExploreOptions } from '../explore.js';
import { sameReport, sameStates } from './agree.js';
import { randomProgram } from './random_program.js';
import { twoBitPrograms } from './two_bits.js';

/** How many random Programs: more with `npm run test:long`. */
const count = Number(process.env['RANDOM_PROGRAMS'] ?? 2_000);

/** A limit for some Programs, which must stop both searches at the same place. */
const limits = (seed: number): ExploreOptions => ({
  statesMax: seed % 5 === 0 ? seed % 31 : 150,
  ...(seed % 7 === 0 && { depthMax: seed % 5 }),
});

test('both engines report the same of random Programs', { timeout: 600_000 }, async () => {
  const seen = { holds: 0, violated: 0, incomplete: 0, refused: 0 };
  const kinds = new Set<string>();
  for (let seed = 1; seed <= count; seed++) {
    const { program, properties } = randomProgram(seed);
    const report = await sameReport(program, properties, limits(seed));
    seen[report?.verdict ?? 'refused']++;
    for (const { check, finding, verdict } of report?.properties ?? []) {
      kinds.add(`${check.kind} ${verdict}${finding?.fault === undefined ? '' : ' by a fault'}`);
    }
    const small = report?.evidence.exhaustive && report.evidence.states < 60;
    if (small && seed % 2 === 0) expect(sameStates(program, properties)).toBe(report.evidence.states);
  }
  if (count === 2_000) expect(seen).toEqual({ holds: 137, violated: 1790, incomplete: 36, refused: 37 });
  expect([...kinds].sort()).toEqual([
    'always holds',
    'always unknown',
    'always violated',
    'assertion holds',
    'assertion unknown',
    'assertion violated',
    'deadlock holds',
    'deadlock unknown',
    'deadlock violated',
    'domain holds',
    'domain unknown',
    'domain violated by a fault',
    'formula violated by a fault',
    'never holds',
    'never unknown',
    'never violated',
    'sometimes reached',
    'sometimes unknown',
    'sometimes unreached',
    'stuck holds',
    'stuck unknown',
    'stuck violated',
  ]);
});

test('all Programs of two threads and three steps over two bits have the same states and reports', async () => {
  let [programs, states, deadlocks] = [0, 0, 0];
  for (const program of twoBitPrograms()) {
    const report = await sameReport(program, []);
    programs++;
    states += sameStates(program);
    deadlocks += report?.verdict === 'violated' ? 1 : 0;
  }
  expect({ programs, states, deadlocks }).toEqual({ programs: 1728, states: 5954, deadlocks: 1074 });
});
