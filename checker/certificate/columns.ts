// An order of the columns of a state that gives a small automaton: columns that the same steps write stand next to each
// other, so that their dependence spans few columns.

import type { ComposedProgram } from '../ir/monitors.js';

/** How much of what a column shares with earlier ones still counts one column later. */
const fading = 0.7;

/** A permutation of the threads' locations, from 0 on, and the variables after them. */
export function columnOrder({ threads, variables, steps }: ComposedProgram): readonly number[] {
  const writers = [...threads, ...variables].map(() => new Set<number>());
  for (const { id, thread, from, to, assignments } of steps) {
    if (from !== to) writers[thread]!.add(id);
    for (const { target } of assignments) {
      for (const variable of target.variables) writers[threads.length + variable]!.add(id);
    }
  }
  const left = new Set(writers.keys());
  const scores = writers.map(() => 0);
  const order: number[] = [];
  for (let next: number | undefined = 0; next !== undefined; ) {
    left.delete(next);
    order.push(next);
    let best: number | undefined;
    for (const column of left) {
      scores[column] = fading * scores[column]! + shared(writers[next]!, writers[column]!);
      if (best === undefined || scores[column]! > scores[best]!) best = column;
    }
    next = best;
  }
  return order;
}

function shared(some: ReadonlySet<number>, others: ReadonlySet<number>): number {
  let count = 0;
  for (const step of some) if (others.has(step)) count++;
  return count;
}
