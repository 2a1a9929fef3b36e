// A small part of the conformance run: random Programs, explored by both tools.

import { describe, expect, test } from 'vitest';
import { randomCases } from './cases.js';
import { disagreements, explored } from './judge.js';
import { judgeByRumur } from './rumur_judge.js';
import { judgeBySpin } from './spin_judge.js';
import { missingTools } from './tools.js';

const missing = missingTools(['rumur', 'spin', 'gcc']);
const count = process.env['LONG_TESTS'] ? 8 : 2;

describe.skipIf(missing.length > 0)(
  `rumur and SPIN judge ${count} random Programs (${missing.length === 0 ? 'all tools are here' : `not run: no ${missing.join(', no ')}`})`,
  () => {
    test.each(randomCases(count, 1))(
      '$name',
      { timeout: 300_000 },
      async ({ program, properties, aloneMax }) => {
        const report = await explored(program, properties);
        expect(disagreements(await judgeByRumur(program, report, aloneMax))).toEqual([]);
        expect(disagreements(await judgeBySpin(program, report, aloneMax))).toEqual([]);
      },
    );

    test('they are worth the time: faults, deadlocks, bugs and both answers to every expectation occur', async () => {
      const verdicts = new Set<string>();
      for (const { program, properties } of randomCases(40, 1)) {
        const { properties: results } = await explored(program, properties, 'compiled');
        for (const { check, verdict } of results) verdicts.add(`${check.kind} ${verdict}`);
      }
      expect([...verdicts].sort()).toMatchInlineSnapshot(`
        [
          "always holds",
          "always violated",
          "assertion holds",
          "assertion violated",
          "deadlock holds",
          "deadlock violated",
          "domain holds",
          "domain violated",
          "liveness holds",
          "liveness violated",
          "never holds",
          "never violated",
          "sometimes reached",
          "sometimes unreached",
        ]
      `);
    });
  },
);
