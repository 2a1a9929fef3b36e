// The smallest choice that hits every set is found, compared with all choices.

import { expect, test } from 'vitest';
import { random } from '../checker/testing/random.js';
import { minimumHittingSet, sameGroupWeight } from './hitting_set.js';

const ungrouped = (weights: readonly number[]) => weights.map((weight, i) => ({ weight, group: `${i}` }));
const sets = (...of: readonly (readonly number[])[]) => of.map((each) => new Set(each));

test('of the smallest hitting sets the lightest is taken', () => {
  expect(minimumHittingSet(sets([0, 1], [1, 2], [0, 2]), ungrouped([1, 5, 1]))).toEqual([0, 2]);
  expect(minimumHittingSet(sets([0, 1], [1, 2]), ungrouped([1, 50, 1]))).toEqual([1]);
});

test('nothing is needed where there are no sets, and nothing hits an empty one', () => {
  expect(minimumHittingSet([], ungrouped([1, 2]))).toEqual([]);
  expect(minimumHittingSet(sets([0], []), ungrouped([1]))).toBeUndefined();
});

test('no choice of six elements is better, on 200 random families of sets', () => {
  const dice = random(7);
  for (let round = 0; round < 200; round++) {
    const elements = Array.from({ length: 6 }, () => ({
      weight: dice.below(9) - 4,
      group: dice.pick(['a', 'b', 'c']),
    }));
    const family = Array.from({ length: 1 + dice.below(5) }, () => {
      return new Set([dice.below(6), ...[0, 1, 2, 3, 4, 5].filter(() => dice.oneIn(3))]);
    });
    const cost = (choice: readonly number[]) => {
      const repeated = choice.length - new Set(choice.map((x) => elements[x]!.group)).size;
      const weight = choice.reduce((sum, x) => sum + elements[x]!.weight, 0);
      return [choice.length, weight + repeated * sameGroupWeight];
    };
    const choices = Array.from({ length: 64 }, (_, bits) =>
      [0, 1, 2, 3, 4, 5].filter((x) => bits & (1 << x)),
    );
    const [best] = choices
      .filter((choice) => family.every((set) => choice.some((x) => set.has(x))))
      .map(cost)
      .sort(([a, b], [c, d]) => a! - c! || b! - d!);
    const found = minimumHittingSet(family, elements)!;
    expect(family.every((set) => found.some((x) => set.has(x)))).toBe(true);
    expect(cost(found)).toEqual(best);
  }
});
