// From a set of fair nodes to a run: the shortest path in, then a tour that satisfies all demands and returns. A tour
// goes to the nearest place that satisfies an open demand, which need not give the shortest tour.
//
//   stem  0 --a--> 3    tour  3 --b--> 4 --c--> 3        a run that takes a, and then b c b c b c …

import { type Bits, isWithin } from '../../properties/automaton/index.js';
import type { StepId } from '../ir/program.js';
import type { Demands } from './demands.js';
import { type Product, repeat } from './product.js';
import type { FairNodes } from './search.js';

/** A run through the product: the last `loop` of its edges form the loop. */
export interface ProductLasso {
  readonly start: number;
  readonly edges: readonly number[];
  readonly loop: number;
}

/** A run as steps of the Program: the last `loop` steps form the loop; without a loop it ends. */
export interface Run {
  readonly initial: number;
  readonly steps: readonly StepId[];
  readonly loop: number | undefined;
}

/** The facts about a part of a tour; demands evaluate them when the tour closes. */
export interface Done {
  /** Weak constraints that were disabled somewhere or taken. */
  readonly weak: Bits;
  /** Strong constraints that were taken, and those that were enabled. */
  readonly taken: Bits;
  readonly enabled: Bits;
}
export const nothing: Done = { weak: 0n, taken: 0n, enabled: 0n };

/** The facts after a step from a state. */
export function after(done: Done, demands: Demands, state: number, step: StepId): Done {
  const enabled = demands.enabledIn(state);
  const taken = demands.takenBy(step);
  return {
    weak: done.weak | (demands.weak & (taken | ~enabled)),
    taken: done.taken | (demands.strong & taken),
    enabled: done.enabled | (demands.strong & enabled),
  };
}

/** Is a loop with these facts fair? */
export const isFair = (demands: Demands, { weak, taken, enabled }: Done): boolean =>
  isWithin(demands.weak, weak) && isWithin(enabled, taken);

/** The shortest path to a node. */
function stemTo(
  product: Product,
  node: number,
): { readonly start: number; readonly edges: readonly number[] } {
  const edges: number[] = [];
  let at = node;
  for (; product.foundOn[at]! >= 0; at = product.parent[at]!) edges.push(product.foundOn[at]!);
  return { start: at, edges: edges.reverse() };
}

/** A lasso through the nodes; its stem is the shortest to any of them, its tour is short. */
export function lassoThrough(product: Product, demands: Demands, nodes: FairNodes): ProductLasso {
  const entry = nodes[0]!;
  const inside = new Set(nodes);
  const stem = stemTo(product, entry);
  /** Every strong constraint that can be taken here is taken: then it does not matter which are enabled. */
  let takeable = 0n;
  for (const node of nodes) {
    for (let edge = product.first[node]!; edge < product.first[node + 1]!; edge++) {
      if (inside.has(product.to[edge]!)) takeable |= demands.takenBy(product.step[edge]!) & demands.strong;
    }
  }
  const tour: number[] = [];
  let at = entry;
  let sets = demands.sets;
  let done = nothing;
  const walk = (edges: readonly number[]) => {
    for (const edge of edges) {
      sets &= ~product.marks[product.mark[edge]!]!;
      done = after(done, demands, product.state[at]!, product.step[edge]!);
      at = product.to[edge]!;
    }
    tour.push(...edges);
  };
  const missing = () => ({ sets, weak: demands.weak & ~done.weak, taken: takeable & ~done.taken });
  for (let left = missing(); (left.sets | left.weak | left.taken) !== 0n; left = missing()) {
    const { sets, weak, taken } = left;
    const helps = (from: number, edge: number) => {
      if ((product.marks[product.mark[edge]!]! & sets) !== 0n) return true;
      const deed = after(nothing, demands, product.state[from]!, product.step[edge]!);
      return (deed.weak & weak) !== 0n || (deed.taken & taken) !== 0n;
    };
    walk(nearest(product, inside, at, helps));
  }
  if (tour.length === 0 || at !== entry) {
    walk(nearest(product, inside, at, (_, edge) => product.to[edge] === entry));
  }
  return { start: stem.start, edges: [...stem.edges, ...tour], loop: stem.edges.length };
}

/** The shortest path from a node, inside the set, whose last edge matches. */
function nearest(
  product: Product,
  inside: ReadonlySet<number>,
  from: number,
  fits: (node: number, edge: number) => boolean,
): readonly number[] {
  const cameOn = new Map<number, { readonly edge: number; readonly from: number } | undefined>([
    [from, undefined],
  ]);
  const wayTo = (node: number): number[] => {
    const edges: number[] = [];
    for (let came = cameOn.get(node); came !== undefined; came = cameOn.get(came.from)) edges.push(came.edge);
    return edges.reverse();
  };
  for (const node of cameOn.keys()) {
    for (let edge = product.first[node]!; edge < product.first[node + 1]!; edge++) {
      const to = product.to[edge]!;
      if (!inside.has(to)) continue;
      if (fits(node, edge)) return [...wayTo(node), edge];
      if (!cameOn.has(to)) cameOn.set(to, { edge, from: node });
    }
  }
  throw new Error('a fair component has no tour that satisfies its demands');
}

/** A lasso as steps of the Program. A run that only repeats its last state has ended, and has no loop. */
export function runOf(product: Product, { start, edges, loop }: ProductLasso): Run {
  const steps = edges.map((edge) => product.step[edge]!);
  const end = steps.indexOf(repeat);
  const initial = product.state[start]!;
  return end < 0 ? { initial, steps, loop } : { initial, steps: steps.slice(0, end), loop: undefined };
}
