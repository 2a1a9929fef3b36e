// Walking by hand and by chance.

import { describe, expect, test } from 'vitest';
import { checksOf, lower } from '../../checker/index.js';
import { model as increment_model } from '../../models/examples/increment.js';
import { properties } from '../../properties/index.js';
import { overflow } from '../testing/models.js';
import { replay } from './replay.js';
import { backTo, choicesOf, choose, groundOf, met, randomWalk, startAt } from './stepper.js';

const groundFor = (model = increment_model) => {
  const { program, properties: given } = lower(model, {}, properties.get(model.name) ?? {});
  return { program, ground: groundOf(program, checksOf(program, given)) };
};

const labels = (ground: ReturnType<typeof groundFor>['ground'], steps: readonly number[]) =>
  steps.map((id) => `${ground.walker.program.steps[id]!.thread} ${ground.walker.program.steps[id]!.label}`);

describe('a stepper', () => {
  test('offers the enabled steps, takes one, and goes back', () => {
    const { ground } = groundFor();
    const start = startAt(ground)!;
    expect(
      labels(
        ground,
        choicesOf(start).map(({ step }) => step),
      ),
    ).toEqual(['0 increment.load', '1 increment.load']);
    const one = choose(start, choicesOf(start)[1]!);
    const two = choose(one, choicesOf(one)[1]!);
    expect(labels(ground, two.path.steps)).toEqual(['1 increment.load', '1 increment.store']);
    expect(backTo(two, 1)).toEqual(one);
    expect(backTo(two, 0)).toEqual(start);
    expect(startAt(ground, 1)).toBeUndefined();
  });

  test('reports what it finds, so that it can be replayed as a trace', () => {
    const { program, ground } = groundFor();
    let stepper = startAt(ground)!;
    const seen: (string | undefined)[] = [];
    for (const thread of [0, 1, 0, 1]) {
      const move = choicesOf(stepper).find(({ step }) => program.steps[step]!.thread === thread)!;
      stepper = choose(stepper, move);
      seen.push(met(stepper)?.check.name);
    }
    expect(seen).toEqual([undefined, 'two_hold_a_value', undefined, 'no_lost_update']);
    expect(replay(program, met(stepper)!).steps).toHaveLength(4);
  });

  test('has nothing to offer after a fault', () => {
    const { program, ground } = groundFor(overflow);
    const end = randomWalk(ground, { seed: 1, stepsMax: 10 });
    expect(choicesOf(end)).toEqual([]);
    expect(replay(program, met(end)!).ending.message).toBe('mapcount[1] would become 2, outside 0 … 1');
  });
});

describe('a random walk', () => {
  test('is the same for the same seed, and not for every seed', () => {
    const { ground } = groundFor();
    const walker = (seed: number) => randomWalk(ground, { seed, stepsMax: 100 }).path.steps.join();
    const walks = Array.from({ length: 20 }, (_, seed) => walker(seed));
    expect(walks).toEqual(Array.from({ length: 20 }, (_, seed) => walker(seed)));
    expect(new Set(walks).size).toBeGreaterThan(3);
  });

  test('finds the lost update by some seed, and stops there or at its limit', () => {
    const { ground } = groundFor();
    const ends = Array.from({ length: 20 }, (_, seed) =>
      met(randomWalk(ground, { seed, stepsMax: 100 }), false),
    );
    expect(new Set(ends.map((end) => end?.check.name))).toEqual(new Set([undefined, 'no_lost_update']));
    expect(randomWalk(ground, { seed: 1, stepsMax: 2 }).path.steps).toHaveLength(2);
  });

  test('that is guided takes what was taken least more often than not, and yet goes every way', () => {
    const { ground } = groundFor();
    const seeds = Array.from({ length: 40 }, (_, seed) => seed);
    const first = (taken?: Map<number, number>) => (seed: number) =>
      randomWalk(ground, { seed, stepsMax: 1, ...(taken && { taken: new Map(taken) }) }).path.steps[0]!;
    const [one, other] = [...new Set(seeds.map(first()))] as [number, number];
    const others = (firsts: readonly number[]) => firsts.filter((step) => step === other).length;
    expect(others(seeds.map(first(new Map([[one, 1]]))))).toBe(33);
    expect(others(seeds.map(first(new Map([[other, 1]]))))).toBe(11);

    const taken = new Map<number, number>();
    const ends = seeds.map((seed) => met(randomWalk(ground, { seed, stepsMax: 100, taken }), false));
    expect(new Set(ends.map((end) => end?.check.name))).toEqual(new Set([undefined, 'no_lost_update']));
  });
});
