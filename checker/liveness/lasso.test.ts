// A lasso uses the edges of the nodes that it was given, and no others.

import { expect, test } from 'vitest';
import { type Demands, loopFacts } from './demands.js';
import { lassoThrough } from './lasso.js';
import type { Product } from './product.js';

/**
 * Node 0 repeats itself by step 0; node 1, outside, goes to node 0 by step 1. Step 1 belongs to a strong constraint:
 *
 *   1 --step 1--> 0 --step 0--> 0
 */
const product: Product = {
  nodeCount: 2,
  state: Int32Array.of(0, 1),
  first: Int32Array.of(0, 1, 2),
  to: Int32Array.of(0, 0),
  step: Int32Array.of(0, 1),
  mark: Int32Array.of(0, 0),
  marks: [0n],
  foundOn: Int32Array.of(-1, -1),
  parent: Int32Array.of(-1, -1),
};
const demands: Demands = {
  ...{ sets: 0n, weak: 0n, strong: 1n },
  enabledIn: (state) => (state === 1 ? 1n : 0n),
  takenBy: (step) => (step === 1 ? 1n : 0n),
};

test('a tour need not take a strong constraint that only an edge from outside takes', () => {
  expect(lassoThrough(product, demands, [0])).toEqual({ start: 0, edges: [0], loop: 0 });
});

test('the facts about a set of nodes come from the edges inside it', () => {
  const inside = (nodes: readonly number[]) =>
    loopFacts(product, demands, nodes, (node) => nodes.includes(node));
  expect(inside([0])).toEqual({ moves: true, sets: 0n, taken: 0n, somewhere: 0n, everywhere: 0n });
  expect(inside([1])).toEqual({ moves: false, sets: 0n, taken: 0n, somewhere: 1n, everywhere: 0n });
  expect(inside([0, 1])).toEqual({ moves: true, sets: 0n, taken: 1n, somewhere: 1n, everywhere: 0n });
});
