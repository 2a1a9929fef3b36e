// What a loop must do to be a counterexample: visit every acceptance set of the automaton, and be fair. Everything is
// stored as sets of numbers, so that a set of nodes is judged by the union over its nodes and edges.
//
//   weak fairness:    in the loop, none of the steps is enabled somewhere, or one of them is taken
//   strong fairness:  in the loop, none of the steps is enabled anywhere, or one of them is taken

import { allOf, type Bits, bit, isWithin } from '../../properties/automaton/index.js';
import type { StateGraph } from '../graph/state_graph.js';
import type { Program, StepId } from '../ir/program.js';
import type { Fairness } from '../property/property.js';
import { type Product, repeat } from './product.js';

export interface Demands {
  /** All acceptance sets. */
  readonly sets: Bits;
  /** The fairness constraints that are weak, and those that are strong. */
  readonly weak: Bits;
  readonly strong: Bits;
  /** The constraints of which some step is enabled in a state. */
  enabledIn(state: number): Bits;
  /** The constraints to which a step belongs; repeating the last state belongs to none. */
  takenBy(step: StepId): Bits;
}

export function demandsOf(
  program: Program,
  graph: StateGraph,
  setCount: number,
  fairness: readonly Fairness[],
): Demands {
  const taken: Bits[] = program.steps.map(() => 0n);
  for (const [i, { steps }] of fairness.entries()) for (const step of steps) taken[step]! |= bit(i);
  const takenBy = (step: StepId): Bits => (step === repeat ? 0n : taken[step]!);
  const { of, distinct } = enabledSets(graph, takenBy);
  const those = (strength: Fairness['strength']) =>
    fairness.reduce((all, one, i) => (one.strength === strength ? all | bit(i) : all), 0n);
  return {
    sets: allOf(setCount),
    weak: those('weak'),
    strong: those('strong'),
    enabledIn: (state) => distinct[of[state]!]!,
    takenBy,
  };
}

/** For each state, the number of the set of constraints of which some step is enabled. */
function enabledSets(graph: StateGraph, takenBy: (step: StepId) => Bits) {
  const of = new Int32Array(graph.stateCount);
  const numbers = new Map<Bits, number>();
  for (let s = 0; s < graph.stateCount; s++) {
    let enabled = 0n;
    for (let edge = graph.first[s]!; edge < graph.first[s + 1]!; edge++) {
      enabled |= takenBy(graph.step[edge]!);
    }
    const number = numbers.get(enabled) ?? numbers.size;
    numbers.set(enabled, number);
    of[s] = number;
  }
  return { of, distinct: [...numbers.keys()] };
}

/** The facts about a loop, or a set of nodes. */
export interface LoopFacts {
  /** Does it have an edge? */
  readonly moves: boolean;
  /** Acceptance sets of its edges. */
  readonly sets: Bits;
  /** Constraints with a step that is taken. */
  readonly taken: Bits;
  /** Constraints enabled in some node, and those enabled in every node. */
  readonly somewhere: Bits;
  readonly everywhere: Bits;
}

/** The facts about the edges inside a set of nodes. */
export function loopFacts(
  product: Product,
  demands: Demands,
  nodes: readonly number[],
  isIn: (node: number) => boolean,
): LoopFacts {
  const [marks, steps, enabled] = [new Set<number>(), new Set<number>(), new Set<Bits>()];
  const isFair = demands.weak === 0n && demands.strong === 0n;
  for (const node of nodes) {
    if (!isFair) enabled.add(demands.enabledIn(product.state[node]!));
    for (let edge = product.first[node]!; edge < product.first[node + 1]!; edge++) {
      if (!isIn(product.to[edge]!)) continue;
      marks.add(product.mark[edge]!);
      steps.add(product.step[edge]!);
    }
  }
  let [sets, taken, somewhere] = [0n, 0n, 0n];
  let everywhere = demands.weak;
  for (const mark of marks) sets |= product.marks[mark]!;
  for (const step of steps) taken |= demands.takenBy(step);
  for (const one of enabled) {
    somewhere |= one;
    everywhere &= one;
  }
  return { moves: steps.size > 0, sets, taken, somewhere, everywhere };
}

/** True if no subset of these nodes can visit every acceptance set and be fair. */
export const cannotAccept = (demands: Demands, { moves, sets, taken, everywhere }: LoopFacts): boolean =>
  !moves || sets !== demands.sets || !isWithin(demands.weak & everywhere, taken);

/** The strong constraints that are enabled and never taken: a part without them may still be fair. */
export const unfairStrong = (demands: Demands, { taken, somewhere }: LoopFacts): Bits =>
  demands.strong & somewhere & ~taken;
