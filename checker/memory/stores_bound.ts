// How many stores a thread can have in its buffer at most, from its control flow alone: the largest number of stores on a
// path without a locked instruction or a fence. Infinite if a circle of its steps stores and never waits.
//
//   x = 1; y = 1; smp_mb(); z = 1      2          loop { x = 1; }      infinite          loop { x = 1; smp_mb(); }      1

import type { Step, Thread } from '../ir/program.js';
import type { AccessKind } from './accesses.js';

/** The bound for one thread; `steps` are its own. */
export function storesBound(
  { locations }: Thread,
  steps: readonly Step[],
  kinds: readonly AccessKind[],
): number {
  const most = new Array<number>(locations.length).fill(0);
  const edges = steps.filter(({ id }) => kinds[id] !== 'locked' && kinds[id] !== 'fence');
  // Each round finds the paths that are one step longer; a path without a circle has fewer steps than locations.
  for (let round = 0; round <= locations.length; round++) {
    let isLonger = false;
    for (const { id, from, to } of edges) {
      const stores = most[from]! + (kinds[id] === 'store' ? 1 : 0);
      if (stores <= most[to]!) continue;
      most[to] = stores;
      isLonger = true;
    }
    if (!isLonger) return Math.max(...most);
  }
  return Number.POSITIVE_INFINITY;
}
