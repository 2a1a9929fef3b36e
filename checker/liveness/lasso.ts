// From a set of fair nodes to a run: the shortest way in, then a tour that does all that is demanded and returns. A
// tour goes to the nearest place where something is still to be done, which need not be the shortest tour of all;
// `shortestLasso` tries every tour at once, for sets that are small enough.
//
//   stem  0 --a--> 3    tour  3 --b--> 4 --c--> 3        a run that takes a, and then b c b c b c …

import type { StepId } from '../ir/program.js';
import type { Demands } from './demands.js';
import { type Product, repeat } from './product.js';
import type { FairNodes } from './search.js';

/** A run through the product: `loop` of its edges lead to where the last one leads back to. */
export interface ProductLasso {
  readonly start: number;
  readonly edges: readonly number[];
  readonly loop: number;
}

/** What a part of a tour has done, as bits; demands look at it when the tour closes. */
interface Done {
  readonly sets: number;
  /** Weak constraints that were disabled somewhere or taken. */
  readonly weak: number;
  /** Strong constraints that were taken, and those that were enabled. */
  readonly taken: number;
  readonly enabled: number;
}
const nothing: Done = { sets: 0, weak: 0, taken: 0, enabled: 0 };

function after(done: Done, product: Product, demands: Demands, from: number, edge: number): Done {
  const enabled = demands.enabled[product.state[from]!]!;
  const step = product.step[edge]!;
  const taken = step === repeat ? 0 : demands.taken[step]!;
  return {
    sets: done.sets | product.sets[edge]!,
    weak: done.weak | (demands.weak & (taken | ~enabled)),
    taken: done.taken | (demands.strong & taken),
    enabled: done.enabled | (demands.strong & enabled),
  };
}

/** The shortest way to a node. */
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
  /** All strong constraints that can be taken here are: then it does not matter which are enabled. */
  const takeable = nodes.reduce((all, node) => {
    let taken = all;
    for (let edge = product.first[node]!; edge < product.first[node + 1]!; edge++) {
      if (inside.has(product.to[edge]!) && product.step[edge] !== repeat) {
        taken |= demands.taken[product.step[edge]!]! & demands.strong;
      }
    }
    return taken;
  }, 0);
  const missing = (done: Done) =>
    [demands.sets & ~done.sets, demands.weak & ~done.weak, takeable & ~done.taken] as const;
  const tour: number[] = [];
  let at = entry;
  let done = nothing;
  const walk = (edges: readonly number[]) => {
    for (const edge of edges) {
      done = after(done, product, demands, at, edge);
      at = product.to[edge]!;
    }
    tour.push(...edges);
  };
  for (let left = missing(done); left.some((bits) => bits !== 0); left = missing(done)) {
    const [sets, weak, taken] = left;
    const helps = (from: number, edge: number) => {
      const deed = after(nothing, product, demands, from, edge);
      return (deed.sets & sets) !== 0 || (deed.weak & weak) !== 0 || (deed.taken & taken) !== 0;
    };
    walk(nearest(product, inside, at, helps));
  }
  if (tour.length === 0 || at !== entry) {
    walk(nearest(product, inside, at, (_, edge) => product.to[edge] === entry));
  }
  return { start: stem.start, edges: [...stem.edges, ...tour], loop: stem.edges.length };
}

/** The shortest way from a node, inside, whose last edge fits. */
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
  throw new Error('a fair component does not do what it was found to do');
}

/** How many (node, deeds) pairs may be looked at for each entry, and in all. */
const visitsMax = 200_000;

/** The shortest lasso of the product through any of the sets; undefined if looking for it would take too long. */
export function shortestLasso(
  product: Product,
  demands: Demands,
  sets: readonly FairNodes[],
): ProductLasso | undefined {
  let best: ProductLasso | undefined;
  let visits = 0;
  for (const nodes of sets) {
    const inside = new Set(nodes);
    for (const entry of nodes) {
      const stem = stemTo(product, entry);
      const room = best === undefined ? Number.POSITIVE_INFINITY : best.edges.length - stem.edges.length;
      if (room <= 1) continue;
      const tour = shortestTour(product, demands, inside, entry, room, () => ++visits <= visitsMax);
      if (visits > visitsMax) return undefined;
      if (tour === undefined) continue;
      best = { start: stem.start, edges: [...stem.edges, ...tour], loop: stem.edges.length };
    }
  }
  return best;
}

interface Visit {
  readonly node: number;
  readonly done: Done;
  readonly length: number;
  readonly edge: number;
  readonly from: Visit | undefined;
}

/** The shortest fair accepted way from a node back to it, with fewer than `room` edges. */
function shortestTour(
  product: Product,
  demands: Demands,
  inside: ReadonlySet<number>,
  entry: number,
  room: number,
  mayVisit: () => boolean,
): readonly number[] | undefined {
  const closes = ({ sets, weak, taken, enabled }: Done) =>
    (demands.sets & ~sets) === 0 && (demands.weak & ~weak) === 0 && (enabled & ~taken) === 0;
  const queue: Visit[] = [{ node: entry, done: nothing, length: 0, edge: -1, from: undefined }];
  const seen = new Set<string>();
  for (const visit of queue) {
    const { node, done, length } = visit;
    if (length + 1 >= room) return undefined;
    for (let edge = product.first[node]!; edge < product.first[node + 1]!; edge++) {
      const to = product.to[edge]!;
      if (!inside.has(to)) continue;
      if (!mayVisit()) return undefined;
      const now = after(done, product, demands, node, edge);
      const next = { node: to, done: now, length: length + 1, edge, from: visit };
      if (to === entry && closes(now)) return edgesOf(next);
      const key = `${to} ${now.sets} ${now.weak} ${now.taken} ${now.enabled}`;
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(next);
    }
  }
  return undefined;
}

function edgesOf(last: Visit): readonly number[] {
  const edges: number[] = [];
  for (let visit: Visit | undefined = last; visit?.from !== undefined; visit = visit.from) {
    edges.push(visit.edge);
  }
  return edges.reverse();
}

/** A lasso as steps of the Program. A run that only repeats its last state has ended: it has no loop. */
export function runOf(
  product: Product,
  { start, edges, loop }: ProductLasso,
): { readonly initial: number; readonly steps: readonly StepId[]; readonly loop: number | undefined } {
  const steps = edges.map((edge) => product.step[edge]!);
  const end = steps.indexOf(repeat);
  const initial = product.state[start]!;
  return end < 0 ? { initial, steps, loop } : { initial, steps: steps.slice(0, end), loop: undefined };
}
