// Two bits per state give back the path to every state.

import { expect, test } from 'vitest';
import { random } from '../../testing/random.js';
import { Parents } from './parents.js';

function parentsOf(list: readonly number[]): Parents {
  const parents = new Parents();
  for (const parent of list) parents.add(parent);
  return parents;
}

test('a path leads from an initial state through every parent', () => {
  const parents = parentsOf([-1, -1, 0, 0, 1, 4]);
  expect(parents.ways([5])).toEqual([1, 4, 5]);
  expect(parents.ways([3, 5])).toEqual([0, 1, 3, 4, 5]);
  expect(parents.ways([0])).toEqual([0]);
  expect(parents.ways([])).toEqual([]);
});

test('paths in random trees equal those of their lists of parents, at two bits a state', () => {
  const dice = random(7);
  const list = [-1];
  for (let parent = 0; list.length < 100_000; parent++) {
    for (let children = dice.below(4); children > 0 || list.length === parent + 1; children--)
      list.push(parent);
  }
  const parents = parentsOf(list);
  for (let i = 0; i < 20; i++) {
    const way: number[] = [];
    for (let at = dice.below(list.length); at >= 0; at = list[at]!) way.push(at);
    expect(parents.ways([way[0]!])).toEqual(way.reverse());
  }
  expect(parents.bytes).toBeLessThan((2 * list.length) / 8 + 4096);
});
