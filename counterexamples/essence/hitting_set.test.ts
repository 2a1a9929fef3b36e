// The best choice that hits every set is found, compared with all choices.

import { expect, test } from 'vitest';
import { random } from '../../checker/testing/random.js';
import { bestHittingSet, sameGroupWeight } from './hitting_set.js';

const ungrouped = (weights: readonly number[]) =>
  weights.map((weight, i) => ({ rank: 0, weight, group: `${i}` }));
const sets = (...of: readonly (readonly number[])[]) => of.map((each) => new Set(each));

test('of the smallest hitting sets the lightest is taken', () => {
  expect(bestHittingSet(sets([0, 1], [1, 2], [0, 2]), ungrouped([1, 5, 1]))).toEqual([0, 2]);
  expect(bestHittingSet(sets([0, 1], [1, 2]), ungrouped([1, 50, 1]))).toEqual([1]);
});

test('an element of a worse rank is taken only where no other hits, however many others that takes', () => {
  const ranked = (ranks: readonly number[]) => ranks.map((rank, i) => ({ rank, weight: 1, group: `${i}` }));
  expect(bestHittingSet(sets([0, 1], [1, 2]), ranked([0, 1, 0]))).toEqual([0, 2]);
  expect(bestHittingSet(sets([0, 1], [1, 2]), ranked([0, 0, 0]))).toEqual([1]);
  expect(bestHittingSet(sets([0, 1], [1], [2, 3]), ranked([0, 1, 2, 1]))).toEqual([1, 3]);
});

test('nothing is needed where there are no sets, and nothing hits an empty one', () => {
  expect(bestHittingSet([], ungrouped([1, 2]))).toEqual([]);
  expect(bestHittingSet(sets([0], []), ungrouped([1]))).toBeUndefined();
});

test('no choice of six elements is better, on 200 random families of sets', () => {
  const dice = random(7);
  for (let round = 0; round < 200; round++) {
    const elements = Array.from({ length: 6 }, () => ({
      rank: dice.below(3),
      weight: dice.below(9),
      group: dice.pick(['a', 'b', 'c']),
    }));
    const family = Array.from({ length: 1 + dice.below(5) }, () => {
      return new Set([dice.below(6), ...[0, 1, 2, 3, 4, 5].filter(() => dice.oneIn(3))]);
    });
    const cost = (choice: readonly number[]) => {
      const repeated = choice.length - new Set(choice.map((x) => elements[x]!.group)).size;
      const weight = choice.reduce((sum, x) => sum + elements[x]!.weight, 0);
      const counts = [2, 1, 0].map((rank) => choice.filter((x) => elements[x]!.rank === rank).length);
      return [...counts, weight + repeated * sameGroupWeight];
    };
    const choices = Array.from({ length: 64 }, (_, bits) =>
      [0, 1, 2, 3, 4, 5].filter((x) => bits & (1 << x)),
    );
    const [best] = choices
      .filter((choice) => family.every((set) => choice.some((x) => set.has(x))))
      .map(cost)
      .sort((a, b) => a.map((x, i) => x - b[i]!).find((difference) => difference !== 0) ?? 0);
    const found = bestHittingSet(family, elements)!;
    expect(family.every((set) => found.some((x) => set.has(x)))).toBe(true);
    expect(cost(found)).toEqual(best);
  }
});
