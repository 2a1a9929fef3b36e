// The enumeration against others that share little or nothing with it, on random tests.

import { describe, expect, test } from 'vitest';
import { models } from '../index.js';
import { parseLitmus } from '../syntax/parser.js';
import { bruteForce } from '../testing/brute_force.js';
import { runs } from '../testing/machine.js';
import { randomTest } from '../testing/random_test.js';
import { judge } from '../verdict/verdict.js';

const [lkmm, tso, sc] = models;

const seeds = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
const scale = process.env['LONG_TESTS'] === '1' ? 20 : 1;

/** As the machine and brute force write states. */
const statesOf = (verdict: ReturnType<typeof judge>): ReadonlySet<string> =>
  new Set(verdict.states.map((state) => state.map(([name, value]) => `${name}=${value}`).join(' ')));

describe('the enumeration', () => {
  test.each([
    [2, 3, 6],
    [3, 2, 3],
  ])('of %i threads with %i accesses finds what is found without any pruning', (threads, accesses, count) => {
    for (const seed of seeds(1, count * scale)) {
      const parsed = parseLitmus(randomTest(seed, { threads, accesses, hasLocks: threads === 2 }));
      for (const model of models) {
        const { positive, negative, ...verdict } = judge(parsed, model);
        const brute = bruteForce(parsed, model);
        const [found, all] = [statesOf({ positive, negative, ...verdict }), brute.states];
        expect({ seed, model: model.name, positive, negative, states: [...found].sort() }).toEqual({
          seed,
          model: model.name,
          positive: brute.positive,
          negative: brute.negative,
          states: [...all].sort(),
        });
      }
    }
  });

  test('under sc leaves what interleavings leave, and under tso what store buffers leave', () => {
    for (const seed of seeds(1000, 40 * scale)) {
      const text = randomTest(seed, { threads: 2 + (seed % 2), accesses: 3 - (seed % 2), hasLocks: true });
      const parsed = parseLitmus(text);
      for (const [model, hasBuffers] of [
        [sc, false],
        [tso, true],
      ] as const) {
        const found = [...statesOf(judge(parsed, model))].sort();
        expect({ seed, model: model.name, found }).toEqual({
          seed,
          model: model.name,
          found: [...runs(parsed, { hasBuffers })].sort(),
        });
      }
    }
  });

  test('allows under tso what it allows under sc, and under lkmm what it allows under tso', () => {
    let [more, most] = [0, 0];
    for (const seed of seeds(5000, 40 * scale)) {
      const parsed = parseLitmus(
        randomTest(seed, { threads: 2 + (seed % 2), accesses: 3 - (seed % 2), hasLocks: false }),
      );
      const [weak, middle, strong] = [lkmm, tso, sc].map((model) => statesOf(judge(parsed, model)));
      expect({ seed, lost: [...strong!].filter((state) => !middle!.has(state)) }).toEqual({ seed, lost: [] });
      expect({ seed, lost: [...middle!].filter((state) => !weak!.has(state)) }).toEqual({ seed, lost: [] });
      if (middle!.size > strong!.size) more++;
      if (weak!.size > middle!.size) most++;
    }
    // Random tests would show nothing if the models never differed on them.
    expect(more).toBeGreaterThan(0);
    expect(most).toBeGreaterThan(0);
  });
});
