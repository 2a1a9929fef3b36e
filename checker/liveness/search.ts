// The search for a fair accepted loop: the strongly connected components of the product are judged whole, as Couvreur
// (FM 1999) does for several acceptance sets. A component that starves a strong fairness constraint loses the nodes in
// which that is enabled, and what is left falls into components again: Emerson and Lei's and Lichtenstein and Pnueli's
// way (1985, 1987) for strong fairness.
//
//   component { 3, 4, 5 } meets all sets, b is enabled in 4 and never taken, b is strong:  judge { 3, 5 } without 4

import { components } from '../../properties/automaton/index.js';
import { type Demands, deedsOf, isHopeless, starved } from './demands.js';
import type { Product } from './product.js';

/** Nodes that are strongly connected and, taken together, do all that is demanded. */
export type FairNodes = readonly number[];

/** All such sets of nodes, the one that is found first in a breadth-first search first; empty: nothing is violated. */
export function fairComponents(product: Product, demands: Demands): readonly FairNodes[] {
  const found: FairNodes[] = [];
  /** In which component each node is, counted through all rounds; 0 for nodes that are out. */
  const member = new Int32Array(product.nodeCount);
  let count = 0;
  let todo = components(product, member.keys());
  while (todo.length > 0) {
    const kept: number[] = [];
    for (const nodes of todo) {
      const mark = ++count;
      for (const node of nodes) member[node] = mark;
      const deeds = deedsOf(product, demands, nodes, (node) => member[node] === mark);
      const avoid = starved(demands, deeds);
      if (isHopeless(demands, deeds)) continue;
      if (avoid === 0) found.push([...nodes].sort((a, b) => a - b));
      else for (const node of nodes) if (!isEnabled(node, avoid)) kept.push(node);
    }
    member.fill(0);
    for (const node of kept) member[node] = -1;
    todo = components(product, kept, (node) => member[node] !== 0);
  }
  return found.sort((a, b) => a[0]! - b[0]!);

  function isEnabled(node: number, constraints: number): boolean {
    return (demands.enabled[product.state[node]!]! & constraints) !== 0;
  }
}
