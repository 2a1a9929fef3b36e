// The effect of a path through states on the automaton that reads it, as rows: for each node at the start, the nodes in
// which the automaton may be at the end, with the acceptance sets visited on the way.
//
//   n1 -> n2 visits set 0,  n2 -> n1 visits set 1      one after the other, for ever: both sets again and again

import { type Bits, components, edgesOf } from '../../properties/automaton/index.js';
import type { StepId } from '../ir/program.js';
import type { Lists } from './lists.js';
import type { Product } from './product.js';

/** From each node at the start, in order: the nodes to which the path leads, ascending, with the sets visited. */
export type LoopRows = readonly (readonly (readonly [node: number, sets: Bits])[])[];

export class RowReader {
  /** How many edges of the product have been followed. */
  followed = 0;
  readonly #product: Product;
  /** By state. */
  readonly #nodesOf: Lists;
  /** All acceptance sets. */
  readonly #sets: Bits;

  constructor(product: Product, nodesOf: Lists, sets: Bits) {
    this.#product = product;
    this.#nodesOf = nodesOf;
    this.#sets = sets;
  }

  /** The rows of the empty path. */
  start = (state: number): LoopRows => this.#nodesOf.of(state).map((node) => [[node, 0n]]);

  /** The rows of a path that is one step longer. */
  after(rows: LoopRows, step: StepId): LoopRows {
    return rows.map((row) => {
      const reached = new Map<number, Bits>();
      for (const [node, sets] of row) {
        for (const [next, met] of this.#edges(node, step)) {
          reached.set(next, (reached.get(next) ?? 0n) | sets | met);
        }
      }
      return [...reached].sort(([a], [b]) => a - b);
    });
  }

  /** The nodes in which the automaton may be after a step, ascending. */
  nodesAfter(nodes: readonly number[], step: StepId): readonly number[] {
    const reached = nodes.flatMap((node) => this.#edges(node, step).map(([next]) => next));
    return [...new Set(reached)].sort((a, b) => a - b);
  }

  /** Is a run accepted that enters the state in one of `entries`, and then repeats a loop with these rows? */
  accepts(state: number, entries: readonly number[], rows: LoopRows): boolean {
    const nodes = this.#nodesOf.of(state);
    const at = new Map(nodes.map((node, i) => [node, i]));
    const edges = edgesOf(rows.map((row) => row.map(([node]) => at.get(node)!)));
    const roots = entries.map((node) => at.get(node)!);
    return components(edges, roots).some((members) => {
      const own = new Set(members);
      const within = members.flatMap((i) => rows[i]!.filter(([node]) => own.has(at.get(node)!)));
      return within.length > 0 && within.reduce((met, [, sets]) => met | sets, 0n) === this.#sets;
    });
  }

  /** The edges of a node that take the step: their targets, and their acceptance sets. */
  #edges(node: number, step: StepId): readonly (readonly [node: number, sets: Bits])[] {
    const { first, to, step: steps, mark, marks } = this.#product;
    const found: [number, Bits][] = [];
    for (let edge = first[node]!; edge < first[node + 1]!; edge++) {
      this.followed++;
      if (steps[edge] === step) found.push([to[edge]!, marks[mark[edge]!]!]);
    }
    return found;
  }
}
