// The shortest counterexample, in steps of the run. The shortest lasso of the product is not it: the automaton may have
// to read the loop of a run several times before it accepts. So what a loop means is kept as what it does to the
// automaton, from each node at its entry to the nodes at its end, with the acceptance sets met on the way; the run goes
// round for ever, and is accepted if these ways, one after the other, meet all sets again and again.
//
//   stem  leads to a state s and to the nodes with s in which the automaton may be
//   loop  from s back to s:  n1 -> n2 with set 0,  n2 -> n1 with set 1      two rounds meet both: a loop of one round

import { type Bits, components, edgesOf } from '../../properties/automaton/index.js';
import type { Growth, StateGraph } from '../graph/state_graph.js';
import type { StepId } from '../ir/program.js';
import type { Work } from '../search/work.js';
import type { Demands } from './demands.js';
import { after, type Done, isFair, nothing, type Run } from './lasso.js';
import { type Product, repeat } from './product.js';
import { bytesOf, type FairNodes } from './search.js';

/** How many edges of the product may be followed before the search gives up. */
const followedMax = 3_000_000;
const followedPerProgress = 100_000;

/** Steps, the last one first. */
interface StepChain {
  readonly step: StepId;
  readonly before: StepChain | undefined;
}

/** A way from an initial state. */
interface Stem {
  readonly initial: number;
  readonly last: StepChain | undefined;
  readonly state: number;
  /** The nodes with this state in which the automaton may be. */
  readonly nodes: readonly number[];
}

/** From each node at the entry, in their order: the nodes to which a way leads, ascending, with the sets met. */
type LoopRows = readonly (readonly (readonly [node: number, sets: Bits])[])[];

/** A way from the entry of a loop. */
interface LoopPath {
  readonly state: number;
  readonly rows: LoopRows;
  readonly done: Done;
  readonly last: StepChain | undefined;
}

/**
 * A fair run with as few steps as there are, its stem as short as possible; undefined if looking for it takes too long.
 * `known` is some counterexample. Yields now and then.
 */
export function* shortestRun(
  graph: StateGraph,
  product: Product,
  demands: Demands,
  fair: readonly FairNodes[],
  known: Run,
): Work<Run | undefined, Growth> {
  const search = new ShortestLassoSearch(graph, product, demands, fair);
  const growth = { count: product.nodeCount, bytes: 2 * bytesOf(product) };
  let best: Run | undefined;
  /** A run must have fewer steps. */
  let room = known.steps.length + 1;
  let told = 0;
  let level = search.initialStems();
  for (let length = 0; level.length > 0 && length < room; length++) {
    const longer: Stem[] = [];
    for (const stem of level) {
      const found = search.loopAfter(stem, room - length);
      if (search.followed > followedMax) return undefined;
      if (search.followed - told > followedPerProgress) {
        told = search.followed;
        yield growth;
      }
      if (found !== undefined) {
        best = found;
        room = found.steps.length;
      }
      // To repeat the last state is no step of the run.
      for (const { stem: next, isStep } of search.extend(stem)) (isStep ? longer : level).push(next);
    }
    level = longer;
  }
  return best;
}

class ShortestLassoSearch {
  /** How many edges of the product were followed. */
  followed = 0;
  readonly #graph: StateGraph;
  readonly #product: Product;
  readonly #demands: Demands;
  /** The states of each fair set of nodes. */
  readonly #inside: readonly ReadonlySet<number>[];
  readonly #nodesOf: Lists;
  readonly #before: Lists;
  readonly #seen = new Set<string>();

  constructor(graph: StateGraph, product: Product, demands: Demands, fair: readonly FairNodes[]) {
    this.#graph = graph;
    this.#product = product;
    this.#demands = demands;
    this.#inside = fair.map((nodes) => new Set(nodes.map((node) => product.state[node]!)));
    this.#nodesOf = listsBy(product.state, graph.stateCount);
    this.#before = listsBy(graph.to, graph.stateCount, sourcesOf(graph));
  }

  initialStems(): Stem[] {
    const { state, foundOn } = this.#product;
    const stems: Stem[] = [];
    for (let initial = 0; initial < this.#graph.initialCount; initial++) {
      const nodes = this.#nodesOf.of(initial).filter((node) => foundOn[node]! < 0 && state[node] === initial);
      stems.push(...this.#unseen({ initial, last: undefined, state: initial, nodes }));
    }
    return stems;
  }

  /** The stems that go one edge further, but for those that lead where another one led. */
  *extend(stem: Stem): Iterable<{ readonly stem: Stem; readonly isStep: boolean }> {
    const { first, to, step } = this.#graph;
    for (let edge = first[stem.state]!; edge < first[stem.state + 1]!; edge++) {
      const taken = step[edge]!;
      const reached = stem.nodes.flatMap((node) => this.#edges(node, taken).map(([next]) => next));
      const nodes = [...new Set(reached)].sort((a, b) => a - b);
      const isStep = taken !== repeat;
      const last = isStep ? { step: taken, before: stem.last } : stem.last;
      const further = this.#unseen({ initial: stem.initial, last, state: to[edge]!, nodes });
      yield* further.map((next) => ({ stem: next, isStep }));
    }
  }

  #unseen(stem: Stem): readonly Stem[] {
    const key = `${stem.state} ${stem.nodes.join()}`;
    if (stem.nodes.length === 0 || this.#seen.has(key)) return [];
    this.#seen.add(key);
    return [stem];
  }

  /** The shortest accepted fair loop of fewer than `room` steps, behind its stem; without a loop if the run has ended. */
  loopAfter(stem: Stem, room: number): Run | undefined {
    const { first } = this.#graph;
    const steps = stepsOf(stem.last);
    if (first[stem.state] === first[stem.state + 1]) {
      const rows = this.#rowsAfter(this.#startRows(stem.state), repeat);
      return this.#accepts(stem, rows) ? { initial: stem.initial, steps, loop: undefined } : undefined;
    }
    let found: readonly StepId[] | undefined;
    for (const inside of this.#inside) {
      if (!inside.has(stem.state)) continue;
      found = this.#loopInside(stem, inside, found === undefined ? room : found.length) ?? found;
    }
    return found && { initial: stem.initial, steps: [...steps, ...found], loop: steps.length };
  }

  #loopInside(stem: Stem, inside: ReadonlySet<number>, room: number): readonly StepId[] | undefined {
    const { first, to, step } = this.#graph;
    const back = this.#distancesTo(stem.state, inside, room);
    const seen = new Set<string>();
    let level: LoopPath[] = [
      { state: stem.state, rows: this.#startRows(stem.state), done: nothing, last: undefined },
    ];
    for (let length = 1; level.length > 0 && length < room; length++) {
      const longer: LoopPath[] = [];
      for (const { state, rows, done, last } of level) {
        for (let edge = first[state]!; edge < first[state + 1]!; edge++) {
          const distance = back.get(to[edge]!);
          if (distance === undefined || length + distance >= room) continue;
          if (this.followed > followedMax) return undefined;
          const way: LoopPath = {
            state: to[edge]!,
            rows: this.#rowsAfter(rows, step[edge]!),
            done: after(done, this.#demands, state, step[edge]!),
            last: { step: step[edge]!, before: last },
          };
          const key = keyOf(way);
          if (seen.has(key) || way.rows.every((row) => row.length === 0)) continue;
          seen.add(key);
          const isClosed = way.state === stem.state && isFair(this.#demands, way.done);
          if (isClosed && this.#accepts(stem, way.rows)) return stepsOf(way.last);
          longer.push(way);
        }
      }
      level = longer;
    }
    return undefined;
  }

  /** How many steps it is from each state inside to one of them, where fewer than `room`. */
  #distancesTo(state: number, inside: ReadonlySet<number>, room: number): ReadonlyMap<number, number> {
    const distances = new Map([[state, 0]]);
    for (const [at, distance] of distances) {
      if (distance + 1 >= room) break;
      for (const before of this.#before.of(at)) {
        this.followed++;
        if (inside.has(before) && !distances.has(before)) distances.set(before, distance + 1);
      }
    }
    return distances;
  }

  #startRows = (state: number): LoopRows => this.#nodesOf.of(state).map((node) => [[node, 0n]]);

  /** The edges of a node that take the step: where they lead, and the sets that they are in. */
  #edges(node: number, step: StepId): readonly (readonly [node: number, sets: Bits])[] {
    const { first, to, step: steps, mark, marks } = this.#product;
    const found: [number, Bits][] = [];
    for (let edge = first[node]!; edge < first[node + 1]!; edge++) {
      this.followed++;
      if (steps[edge] === step) found.push([to[edge]!, marks[mark[edge]!]!]);
    }
    return found;
  }

  #rowsAfter(rows: LoopRows, step: StepId): LoopRows {
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

  /** Is a run accepted that goes round and round such a loop behind the stem? */
  #accepts(stem: Stem, rows: LoopRows): boolean {
    const nodes = this.#nodesOf.of(stem.state);
    const at = new Map(nodes.map((node, i) => [node, i]));
    const edges = edgesOf(rows.map((row) => row.map(([node]) => at.get(node)!)));
    const roots = stem.nodes.map((node) => at.get(node)!);
    return components(edges, roots).some((members) => {
      const own = new Set(members);
      const within = members.flatMap((i) => rows[i]!.filter(([node]) => own.has(at.get(node)!)));
      return within.length > 0 && within.reduce((met, [, sets]) => met | sets, 0n) === this.#demands.sets;
    });
  }
}

function stepsOf(last: StepChain | undefined): readonly StepId[] {
  const steps: StepId[] = [];
  for (let chain = last; chain !== undefined; chain = chain.before) steps.push(chain.step);
  return steps.reverse();
}

const keyOf = ({ state, rows, done }: LoopPath): string =>
  [
    state,
    rows.map((row) => row.map(([node, sets]) => `${node}:${sets}`).join()).join(';'),
    `${done.weak} ${done.taken} ${done.enabled}`,
  ].join(' ');

/** Numbers by another number. */
interface Lists {
  of(key: number): number[];
}

/** `values[i]`, or i itself, listed by `keys[i]`. */
function listsBy(keys: Int32Array, keyCount: number, values?: Int32Array): Lists {
  const first = new Int32Array(keyCount + 1);
  for (const key of keys) first[key + 1]!++;
  for (let key = 0; key < keyCount; key++) first[key + 1]! += first[key]!;
  const all = new Int32Array(keys.length);
  const next = first.slice();
  for (let i = 0; i < keys.length; i++) all[next[keys[i]!]!++] = values === undefined ? i : values[i]!;
  return { of: (key) => Array.from(all.subarray(first[key]!, first[key + 1]!)) };
}

/** For each edge, the state that it leaves. */
function sourcesOf({ stateCount, first, to }: StateGraph): Int32Array {
  const sources = new Int32Array(to.length);
  for (let s = 0; s < stateCount; s++) sources.fill(s, first[s]!, first[s + 1]!);
  return sources;
}
