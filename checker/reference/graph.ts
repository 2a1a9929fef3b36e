// The graph of a Program, state by state as the semantics say. Slow, and what the other engine's graph must equal.

import { Map as ImmutableMap } from 'immutable';
import type { Expr, Program } from '../ir/program.js';
import { EdgeLists, type StateGraph } from '../liveness/graph.js';
import type { Work } from '../search/work.js';
import { referenceSystem, type State } from './semantics.js';

/** Builds the graph. Yields the number of states now and then. */
export function* referenceGraph(program: Program): Work<StateGraph, number> {
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
  for (let i = 0; i < states.length; i++) {
    if (i % 256 === 255) yield states.length;
    edges.startState();
    for (const transition of system.transitions(states[i]!)) {
      if ('to' in transition) edges.add(numberOf(transition.to), transition.step);
    }
  }
  const letters = (conditions: readonly Expr[]): Int32Array | string => {
    const all = new Int32Array(states.length);
    for (const [i, state] of states.entries()) {
      for (const [bit, condition] of conditions.entries()) {
        const value = system.holds(condition, state);
        if (typeof value === 'string') return value;
        if (value) all[i]! |= 1 << bit;
      }
    }
    return all;
  };
  return { stateCount: states.length, initialCount, ...edges.finish(), letters };
}
