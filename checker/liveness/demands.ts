// What a loop must do to be a counterexample: meet every acceptance set of the automaton, and be fair. All of it is
// kept as bits, so that a set of nodes is judged by the union of what its nodes and edges say.
//
//   weak fairness:    in the loop, none of the steps is enabled somewhere, or one of them is taken
//   strong fairness:  in the loop, none of the steps is enabled anywhere, or one of them is taken

import type { Automaton } from '../../properties/automaton/index.js';
import type { Program } from '../ir/program.js';
import type { Fairness } from '../property/property.js';
import { EngineError } from '../search/engine_error.js';
import type { StateGraph } from './graph.js';
import { type Product, repeat } from './product.js';

export interface Demands {
  /** All acceptance sets, as bits. */
  readonly sets: number;
  /** The fairness constraints that are weak, and those that are strong, as bits. */
  readonly weak: number;
  readonly strong: number;
  /** For each state, the constraints of which some step is enabled. */
  readonly enabled: Int32Array;
  /** For each step, the constraints to which it belongs. */
  readonly taken: Int32Array;
}

const constraintsMax = 30;

export function demandsOf(
  program: Program,
  graph: StateGraph,
  { setCount }: Automaton,
  fairness: readonly Fairness[],
): Demands {
  if (fairness.length > constraintsMax) {
    throw new EngineError(`${fairness.length} fairness constraints; ${constraintsMax} are the most`);
  }
  const taken = new Int32Array(program.steps.length);
  for (const [i, { steps }] of fairness.entries()) for (const step of steps) taken[step]! |= 1 << i;
  const enabled = new Int32Array(graph.stateCount);
  for (let s = 0; s < graph.stateCount; s++) {
    for (let edge = graph.first[s]!; edge < graph.first[s + 1]!; edge++) {
      enabled[s]! |= taken[graph.step[edge]!]!;
    }
  }
  const bits = (strength: Fairness['strength']) =>
    fairness.reduce((all, one, i) => (one.strength === strength ? all | (1 << i) : all), 0);
  return { sets: 2 ** setCount - 1, weak: bits('weak'), strong: bits('strong'), enabled, taken };
}

/** What the nodes and edges of a loop, or of a set of nodes, do. */
export interface Deeds {
  /** Is there an edge at all? */
  readonly moves: boolean;
  /** Acceptance sets that some edge meets. */
  readonly sets: number;
  /** Constraints of which a step is taken. */
  readonly taken: number;
  /** Constraints enabled in some node, and those enabled in every node. */
  readonly somewhere: number;
  readonly everywhere: number;
}

/** What all that happens inside a set of nodes does. */
export function deedsOf(
  product: Product,
  demands: Demands,
  nodes: readonly number[],
  isIn: (node: number) => boolean,
): Deeds {
  let [moves, sets, taken, somewhere, everywhere] = [false, 0, 0, 0, -1];
  for (const node of nodes) {
    const enabled = demands.enabled[product.state[node]!]!;
    somewhere |= enabled;
    everywhere &= enabled;
    for (let edge = product.first[node]!; edge < product.first[node + 1]!; edge++) {
      if (!isIn(product.to[edge]!)) continue;
      moves = true;
      sets |= product.sets[edge]!;
      const step = product.step[edge]!;
      if (step !== repeat) taken |= demands.taken[step]!;
    }
  }
  return { moves, sets, taken, somewhere, everywhere };
}

/** Could no part of these nodes be a counterexample? */
export const isHopeless = (demands: Demands, { moves, sets, taken, everywhere }: Deeds): boolean =>
  !moves || sets !== demands.sets || (demands.weak & everywhere & ~taken) !== 0;

/** The strong constraints that are enabled and never taken: a part without them may still be fair. */
export const starved = (demands: Demands, { taken, somewhere }: Deeds): number =>
  demands.strong & somewhere & ~taken;
