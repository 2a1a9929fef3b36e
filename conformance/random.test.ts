// A small part of the conformance run: random Programs, explored by both tools.

import { describe, expect, test } from 'vitest';
import { initialStates, type Program, type Report } from '../checker/index.js';
import { randomCases } from './cases.js';
import { disagreements, explored } from './judge.js';
import { randomCase } from './random_program.js';
import { judgeByRumur } from './rumur_judge.js';
import { judgeBySpin, livenessBySpin } from './spin_judge.js';
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
          "alwaysPossible holds",
          "alwaysPossible violated",
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

const runs = process.env['LONG_TESTS'] ? 40 : 3;

describe('what ends a run, in random Programs', () => {
  /** What a Program has, so that its runs may end otherwise than with all threads done. */
  const features = {
    'a step without a meaning': (report) => isViolated(report, 'domain'),
    'a dead actor': (report) => isViolated(report, 'assertion'),
    'a deadlock': (report) => isViolated(report, 'deadlock'),
    'several initial states': (_, program) => initialStates(program).length > 1,
  } satisfies { readonly [name: string]: (report: Report, program: Program) => boolean };

  const isViolated = ({ properties }: Report, kind: string): boolean =>
    properties.some(({ check, verdict }) => check.kind === kind && verdict === 'violated');

  test.skipIf(missing.length > 0).each(Object.entries(features))(
    `liveness beside %s is judged by SPIN in ${runs} Programs of each verdict`,
    { timeout: 600_000 },
    async (_, isThere) => {
      const left = new Map([
        ['holds', runs],
        ['violated', runs],
      ]);
      for (let seed = 1000; [...left.values()].some((count) => count > 0); seed++) {
        const { program, properties } = randomCase(seed);
        const live = properties.filter(({ expectation }) => expectation === 'liveness');
        const report = await explored(program, live);
        const verdicts = report.properties.filter(({ check }) => check.kind === 'liveness');
        const wanted = verdicts.find(({ verdict }) => (left.get(verdict) ?? 0) > 0);
        if (wanted === undefined || !isThere(report, program)) continue;
        left.set(wanted.verdict, left.get(wanted.verdict)! - 1);
        expect(disagreements(await livenessBySpin(program, report))).toEqual([]);
      }
    },
  );
});
