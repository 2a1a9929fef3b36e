// Minimal counterexamples: of those with the fewest steps one with the fewest switches between actors, or of those with
// the fewest switches one with the fewest steps.
//
// Dijkstra's algorithm. A node is a state with the last actor; its cost is (steps, switches) or (switches, steps), in
// lexicographic order. Example with two bugs, after abab and after aabbb: the fewest steps has abab (4 steps, 3
// switches), the fewest switches aabbb (5 steps, 1 switch).

import type { Check, Path, Program, State, StepId, ThreadId } from '../../checker/index.js';
import { type Bug, beyondStates, bugOf, keyOf, type ProgramWalker, walkerOf } from './program_walker.js';

/** What is counted first. */
export type Minimal = 'steps' | 'switches';

/** There is no shortened counterexample: the property is about endless runs, or the search reached its limit. */
export class ShortenError extends Error {
  override readonly name = 'ShortenError';
}

export interface ShortenOptions {
  /** How many nodes may be visited before a ShortenError. Default: 1,000,000. */
  readonly nodesMax?: number;
}

interface ShorterNode {
  readonly state: State;
  readonly last: ThreadId;
  /** Of the initial state. */
  readonly initial: number;
  readonly back: ShorterNode | undefined;
  readonly step: StepId;
  readonly steps: number;
  readonly switches: number;
  /** Was the bug found at the last step? Then the path ends here. */
  readonly found: boolean;
}

/** A minimal path to what the check looks for; undefined if there is none. Throws a ShortenError. */
export function minimalPath(
  program: Program,
  check: Check,
  minimal: Minimal,
  { nodesMax = 1_000_000 }: ShortenOptions = {},
): Path | undefined {
  const walker = walkerOf(program);
  const bug = bugOf(walker, check);
  if (bug === undefined) throw new ShortenError(`${beyondStates(check)}, and its trace is not shortened`);
  const waiting = new Queue(minimal);
  for (const node of initialNodes(walker)) waiting.add(node);
  const settled = new Set<string>();
  for (let node = waiting.next(); node !== undefined; node = waiting.next()) {
    if (node.found || bug.inState(node.state)) return pathTo(node);
    const key = `${node.last};${keyOf(node.state)}`;
    if (settled.has(key)) continue;
    if (settled.size >= nodesMax)
      throw new ShortenError(
        `the search reached its limit of ${nodesMax} pairs of a state and the last actor`,
      );
    settled.add(key);
    for (const next of nextNodes(walker, bug, node)) waiting.add(next);
  }
  return undefined;
}

const nobody = -1;

function initialNodes(walker: ProgramWalker): readonly ShorterNode[] {
  const nodes: ShorterNode[] = [];
  for (let initial = 0; ; initial++) {
    const state = walker.initial({ initial });
    if (state === undefined) return nodes;
    nodes.push({
      state,
      last: nobody,
      initial,
      back: undefined,
      step: -1,
      steps: 0,
      switches: 0,
      found: false,
    });
  }
}

const nextNodes = (walker: ProgramWalker, bug: Bug, node: ShorterNode): readonly ShorterNode[] =>
  walker.moves(node.state).flatMap((move): readonly ShorterNode[] => {
    const found = bug.atMove(move);
    if ('fault' in move && !found) return [];
    const { thread } = walker.program.steps[move.step]!;
    return [
      {
        state: 'to' in move ? move.to : node.state,
        last: thread,
        initial: node.initial,
        back: node,
        step: move.step,
        steps: node.steps + 1,
        switches: node.switches + (node.last !== nobody && node.last !== thread ? 1 : 0),
        found,
      },
    ];
  });

function pathTo(node: ShorterNode): Path {
  const steps: StepId[] = [];
  for (let at: ShorterNode | undefined = node; at?.back !== undefined; at = at.back) steps.push(at.step);
  return { initial: node.initial, steps: steps.reverse() };
}

/** A priority queue: cheapest first, then first come, first served. */
class Queue {
  readonly #minimal: Minimal;
  /** By first and second part of the cost. */
  readonly #rows: ShorterNode[][][] = [];
  #first = 0;
  #second = 0;
  #taken = 0;

  constructor(minimal: Minimal) {
    this.#minimal = minimal;
  }

  /** The cost must not be less than that of the node taken last. */
  add(node: ShorterNode): void {
    const [first, second] =
      this.#minimal === 'steps' ? [node.steps, node.switches] : [node.switches, node.steps];
    while (this.#rows.length <= first) this.#rows.push([]);
    const row = this.#rows[first]!;
    while (row.length <= second) row.push([]);
    row[second]!.push(node);
  }

  next(): ShorterNode | undefined {
    for (; this.#first < this.#rows.length; this.#first++, this.#second = 0, this.#taken = 0) {
      const row = this.#rows[this.#first]!;
      for (; this.#second < row.length; this.#second++, this.#taken = 0) {
        const nodes = row[this.#second]!;
        if (this.#taken < nodes.length) return nodes[this.#taken++];
        row[this.#second] = [];
      }
    }
    return undefined;
  }
}
