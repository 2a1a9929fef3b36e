// The shortest counterexample, in steps of the run. It need not be the shortest lasso of the product: the automaton may
// read the loop of a run several times before it accepts. So a loop is represented by its effect on the automaton, from
// each node at its start to the nodes at its end, with the acceptance sets visited; the run repeats the loop, and is
// accepted if these paths, one after the other, visit all sets infinitely often.
//
//   stem  leads to a state s and to the nodes with s in which the automaton may be
//   loop  from s back to s:  n1 -> n2 with set 0,  n2 -> n1 with set 1      two rounds visit both: a loop of one round

import type { Growth, StateGraph } from '../graph/state_graph.js';
import type { StepId } from '../ir/program.js';
import type { Work } from '../search/work.js';
import type { Demands } from './demands.js';
import { after, type Done, isFair, nothing, type Run } from './lasso.js';
import { type Lists, listsBy } from './lists.js';
import { type LoopRows, RowReader } from './loop_rows.js';
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

/** A path from an initial state. */
interface Stem {
  readonly initial: number;
  readonly last: StepChain | undefined;
  readonly state: number;
  /** The nodes with this state that the automaton may be in. */
  readonly nodes: readonly number[];
}

/** A path from the start of a loop. */
interface LoopPath {
  readonly state: number;
  readonly rows: LoopRows;
  readonly done: Done;
  readonly last: StepChain | undefined;
}

/**
 * A fair run with the fewest steps, and among those with the shortest stem; undefined if the search takes too long.
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
  /** A run must have fewer steps than this. */
  let room = known.steps.length + 1;
  let reported = 0;
  let level = search.initialStems();
  for (let length = 0; level.length > 0 && length < room; length++) {
    const longer: Stem[] = [];
    for (const stem of level) {
      const found = search.loopAfter(stem, room - length);
      if (search.followed > followedMax) return undefined;
      if (search.followed - reported > followedPerProgress) {
        reported = search.followed;
        yield growth;
      }
      if (found !== undefined) {
        best = found;
        room = found.steps.length;
      }
      // Repeating the last state is no step of the run.
      for (const { stem: next, isStep } of search.extend(stem)) (isStep ? longer : level).push(next);
    }
    level = longer;
  }
  return best;
}

class ShortestLassoSearch {
  readonly #graph: StateGraph;
  readonly #product: Product;
  readonly #demands: Demands;
  /** The states of each fair set of nodes. */
  readonly #inside: readonly ReadonlySet<number>[];
  readonly #nodesOf: Lists;
  readonly #before: Lists;
  readonly #rows: RowReader;
  readonly #seen = new Set<string>();

  constructor(graph: StateGraph, product: Product, demands: Demands, fair: readonly FairNodes[]) {
    this.#graph = graph;
    this.#product = product;
    this.#demands = demands;
    this.#inside = fair.map((nodes) => new Set(nodes.map((node) => product.state[node]!)));
    this.#nodesOf = listsBy(product.state, graph.stateCount);
    this.#before = listsBy(graph.to, graph.stateCount, sourcesOf(graph));
    this.#rows = new RowReader(product, this.#nodesOf, demands.sets);
  }

  /** How many edges of the product have been followed. */
  get followed(): number {
    return this.#rows.followed;
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

  /** The stems that are one edge longer, without those that lead to the same place as another one. */
  *extend(stem: Stem): Iterable<{ readonly stem: Stem; readonly isStep: boolean }> {
    const { first, to, step } = this.#graph;
    for (let edge = first[stem.state]!; edge < first[stem.state + 1]!; edge++) {
      const taken = step[edge]!;
      const nodes = this.#rows.nodesAfter(stem.nodes, taken);
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

  /**
   * The shortest accepted fair loop of fewer than `room` steps, after its stem; without a loop if the run has ended.
   */
  loopAfter(stem: Stem, room: number): Run | undefined {
    const { first } = this.#graph;
    const steps = stepsOf(stem.last);
    if (first[stem.state] === first[stem.state + 1]) {
      const rows = this.#rows.after(this.#rows.start(stem.state), repeat);
      return this.#rows.accepts(stem.state, stem.nodes, rows)
        ? { initial: stem.initial, steps, loop: undefined }
        : undefined;
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
      { state: stem.state, rows: this.#rows.start(stem.state), done: nothing, last: undefined },
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
            rows: this.#rows.after(rows, step[edge]!),
            done: after(done, this.#demands, state, step[edge]!),
            last: { step: step[edge]!, before: last },
          };
          const key = keyOf(way);
          if (seen.has(key) || way.rows.every((row) => row.length === 0)) continue;
          seen.add(key);
          const isClosed = way.state === stem.state && isFair(this.#demands, way.done);
          if (isClosed && this.#rows.accepts(stem.state, stem.nodes, way.rows)) return stepsOf(way.last);
          longer.push(way);
        }
      }
      level = longer;
    }
    return undefined;
  }

  /** The distance from each state inside to one of them, where it is less than `room`. */
  #distancesTo(state: number, inside: ReadonlySet<number>, room: number): ReadonlyMap<number, number> {
    const distances = new Map([[state, 0]]);
    for (const [at, distance] of distances) {
      if (distance + 1 >= room) break;
      for (const before of this.#before.of(at)) {
        this.#rows.followed++;
        if (inside.has(before) && !distances.has(before)) distances.set(before, distance + 1);
      }
    }
    return distances;
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

/** For each edge, its source. */
function sourcesOf({ stateCount, first, to }: StateGraph): Int32Array {
  const sources = new Int32Array(to.length);
  for (let s = 0; s < stateCount; s++) sources.fill(s, first[s]!, first[s + 1]!);
  return sources;
}
