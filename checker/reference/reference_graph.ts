// The graph of a Program, state by state by the semantics. Slow; the other engine's graph must equal it.

import { Map as ImmutableMap } from 'immutable';
import { EdgeLists, type Growth, type StateGraph } from '../graph/state_graph.js';
import type { Expr, Program, StepId } from '../ir/program.js';
import { statesPerTurn } from '../search/system.js';
import type { Work } from '../search/work.js';
import type { State } from './semantics.js';
import { referenceSystem } from './system.js';

/** The graph, with the contents of each state, and with the transitions that lead to no state. */
export interface ReferenceGraph extends StateGraph {
  readonly states: readonly State[];
  /** In the order of the states. */
  readonly faults: readonly { readonly from: number; readonly step: StepId }[];
}

/** Builds the graph. Yields its size now and then; the memory of its states is not counted. */
export function* referenceGraph(program: Program): Work<ReferenceGraph, Growth> {
  const system = referenceSystem(program);
  const numbers = ImmutableMap<State, number>().asMutable();
  const states: State[] = [];
  const numberOf = (state: State): number => {
    const known = numbers.get(state);
    if (known !== undefined) return known;
    numbers.set(state, states.length);
    states.push(state);
    return states.length - 1;
  };
  for (const state of system.initialStates()) numberOf(state);
  const initialCount = states.length;
  const edges = new EdgeLists();
  const faults: { readonly from: number; readonly step: StepId }[] = [];
  for (let i = 0; i < states.length; i++) {
    if (i % statesPerTurn === statesPerTurn - 1) yield { count: states.length, bytes: edges.bytes };
    edges.startState();
    for (const transition of system.transitions(states[i]!)) {
      if ('to' in transition) edges.add(numberOf(transition.to), transition.step);
      else faults.push({ from: i, step: transition.step });
    }
  }
  const truthOf = (condition: Expr) => (state: number) => system.holds(condition, states[state]!);
  const hasLockCycle = (state: number) => system.hasLockCycle(states[state]!);
  const faulty = new Set(faults.map(({ from }) => from));
  return {
    ...{ stateCount: states.length, initialCount, ...edges.finish() },
    ...{ truthOf, hasLockCycle, hasFault: (state) => faulty.has(state) },
    ...{ states, faults },
  };
}
