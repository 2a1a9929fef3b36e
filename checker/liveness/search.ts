// The search for a fair accepted loop: strongly connected components of the product are judged as wholes, as Couvreur
// (FM 1999) does for several acceptance sets. If a component enables a strong fairness constraint that it never takes,
// the nodes that enable it are removed, and the rest is split into components again, as by Emerson and Lei (1985, 1987)
// and Lichtenstein and Pnueli (1985) for strong fairness.
//
//   component { 3, 4, 5 } visits all sets, b is enabled in 4 and never taken, b is strong:  judge { 3, 5 } without 4

import { type Bits, findComponents } from '../../properties/automaton/index.js';
import type { Growth } from '../graph/state_graph.js';
import type { Work } from '../search/work.js';
import { cannotAccept, type Demands, loopFacts, unfairStrong } from './demands.js';
import type { Product } from './product.js';

/** A strongly connected set of nodes that, as a whole, satisfies all demands. */
export type FairNodes = readonly number[];

/** How many nodes are judged between two reports of progress. */
const nodesPerProgress = 2 ** 16;
/** The bytes of the search for components per node, beside the product. */
const bytesPerNode = 32;

/**
 * All such sets of nodes, in the order in which a breadth-first search finds them; empty: nothing is violated. Yields
 * now and then.
 */
export function* fairComponents(product: Product, demands: Demands): Work<readonly FairNodes[], Growth> {
  const found: FairNodes[] = [];
  /** The component of each node, counted through all rounds; 0 for removed nodes. */
  const member = new Int32Array(product.nodeCount);
  const growth: Growth = { count: product.nodeCount, bytes: bytesOf(product) };
  let count = 0;
  let judged = 0;
  let todo = yield* paused(
    findComponents(product, member.keys(), () => true),
    growth,
  );
  while (todo.length > 0) {
    const kept: number[] = [];
    for (const nodes of todo) {
      judged += nodes.length;
      if (judged > nodesPerProgress) {
        judged = 0;
        yield growth;
      }
      const mark = ++count;
      for (const node of nodes) member[node] = mark;
      const facts = loopFacts(product, demands, nodes, (node) => member[node] === mark);
      const avoid = unfairStrong(demands, facts);
      if (cannotAccept(demands, facts)) continue;
      if (avoid === 0n) found.push([...nodes].sort((a, b) => a - b));
      else for (const node of nodes) if (!isEnabled(node, avoid)) kept.push(node);
    }
    member.fill(0);
    for (const node of kept) member[node] = -1;
    todo = yield* paused(
      findComponents(product, kept, (node) => member[node] !== 0),
      growth,
    );
  }
  return found.sort((a, b) => a[0]! - b[0]!);

  function isEnabled(node: number, constraints: Bits): boolean {
    return (demands.enabledIn(product.state[node]!) & constraints) !== 0n;
  }
}

/** The bytes of a product, and of a search in it. */
export const bytesOf = ({ nodeCount, to }: Product): number =>
  nodeCount * (4 * 4 + bytesPerNode) + to.length * 3 * 4;

/** A search, with another report of progress. */
function* paused<R>(search: Work<R>, growth: Growth): Work<R, Growth> {
  let next = search.next();
  for (; !next.done; next = search.next()) yield growth;
  return next.value;
}
