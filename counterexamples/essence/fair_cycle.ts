// Cycles that are fair to every actor: each actor takes a step in it, or has no step at some node of it.
//
//   0 -a-> 0   0 -b-> 1   1 -a-> 1        b is done at 1:    1 -a-> 1 is fair, 0 -a-> 0 is not fair to b
//
// The nodes that a run visits infinitely often are strongly connected, so each component is judged as a whole.

import type { StepId, ThreadId } from '../../checker/index.js';
import { components, edgesOf } from '../../properties/automaton/index.js';

export interface RunEdge {
  readonly step: StepId;
  readonly thread: ThreadId;
  readonly to: number;
}

/** Nodes are numbered in breadth-first order. */
export interface RunNode {
  readonly edges: readonly RunEdge[];
  /** The actors without a step there. */
  readonly idle: readonly ThreadId[];
}

export interface Cycle {
  readonly start: number;
  /** At least one; the last leads back to the start. */
  readonly edges: readonly RunEdge[];
}

/** A short fair cycle in the component nearest to node 0; undefined if there is none. */
export function fairCycle(nodes: readonly RunNode[], actors: readonly ThreadId[]): Cycle | undefined {
  const loops = cyclic(nodes).filter((members) => actors.every((actor) => isServed(actor, nodes, members)));
  const [nearest] = loops.toSorted((a, b) => least(a) - least(b));
  return nearest && { start: least(nearest), edges: cycleIn(nodes, nearest, actors) };
}

/** Is there any cycle, fair or not? */
export const hasCycle = (nodes: readonly RunNode[]): boolean => cyclic(nodes).length > 0;

type Members = ReadonlySet<number>;

/** Not Math.min(...members): there may be more numbers than a call takes arguments. */
const least = (members: Members): number =>
  [...members].reduce((low, next) => Math.min(low, next), Number.POSITIVE_INFINITY);

/** The components that have a cycle. */
function cyclic(nodes: readonly RunNode[]): readonly Members[] {
  const edges = edgesOf(nodes.map((node) => node.edges.map(({ to }) => to)));
  return components(edges, nodes.keys())
    .map((numbers) => new Set(numbers))
    .filter((members) => [...members].some((node) => nodes[node]!.edges.some(({ to }) => members.has(to))));
}

const isServed = (actor: ThreadId, nodes: readonly RunNode[], members: Members): boolean =>
  [...members].some((number) => {
    const { idle, edges } = nodes[number]!;
    return idle.includes(actor) || edges.some(({ thread, to }) => thread === actor && members.has(to));
  });

/** From the first node through a step or an idle node for each actor in turn, and back. */
function cycleIn(
  nodes: readonly RunNode[],
  members: Members,
  actors: readonly ThreadId[],
): readonly RunEdge[] {
  const start = least(members);
  const cycle: RunEdge[] = [];
  const goTo = (isThere: (edge: RunEdge) => boolean) => {
    cycle.push(...shortestWay(nodes, members, cycle.at(-1)?.to ?? start, isThere));
  };
  for (const actor of actors) {
    const serves = ({ thread, to }: RunEdge) => thread === actor || nodes[to]!.idle.includes(actor);
    if (!nodes[start]!.idle.includes(actor) && !cycle.some(serves)) goTo(serves);
  }
  if (cycle.at(-1)?.to !== start) goTo(({ to }) => to === start);
  return cycle;
}

/** A shortest path, of at least one edge, whose last edge meets the condition. */
function shortestWay(
  nodes: readonly RunNode[],
  members: Members,
  start: number,
  isThere: (edge: RunEdge) => boolean,
): readonly RunEdge[] {
  const back = new Map<RunEdge, RunEdge | undefined>();
  const met = new Set<number>();
  const leaving = (node: number, before: RunEdge | undefined): readonly RunEdge[] => {
    met.add(node);
    const edges = nodes[node]!.edges.filter(({ to }) => members.has(to));
    for (const edge of edges) back.set(edge, before);
    return edges;
  };
  const queue = [...leaving(start, undefined)];
  for (const edge of queue) {
    if (isThere(edge)) return wayBack(back, edge);
    if (!met.has(edge.to)) queue.push(...leaving(edge.to, edge));
  }
  throw new Error('a component is connected');
}

function wayBack(back: ReadonlyMap<RunEdge, RunEdge | undefined>, last: RunEdge): readonly RunEdge[] {
  const way: RunEdge[] = [];
  for (let edge: RunEdge | undefined = last; edge !== undefined; edge = back.get(edge)) way.push(edge);
  return way.reverse();
}
