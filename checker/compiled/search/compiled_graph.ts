// The graph of a Program from the generated code, which marks each successor with the step that leads there. States are
// numbered as by the reference engine: in the order in which they are found.

import { EdgeLists, type Growth, type StateGraph } from '../../graph/state_graph.js';
import type { Expr } from '../../ir/program.js';
import type { Work } from '../../search/work.js';
import type { CompiledProgram } from '../compile.js';
import { StateNumbers } from '../table/state_numbers.js';
import { encodeInitialStates } from './initial_states.js';

/** How many states are expanded between two reports of progress. */
const statesPerProgress = 4096;

/** Builds the graph. Yields its size now and then. */
export function* compiledGraph(compiled: CompiledProgram): Work<StateGraph, Growth> {
  const { layout, stride } = compiled;
  const { batch, expand, faults, hasLockCycle: isCycle } = compiled.successors();
  const numbers = new StateNumbers(layout.words);
  for (const length of encodeInitialStates(compiled, batch)) {
    for (let at = 0; at < length; at += stride) numbers.numberOf(batch, at);
  }
  const initialCount = numbers.count;
  const edges = new EdgeLists();
  for (let i = 0; i < numbers.count; i++) {
    if (i % statesPerProgress === statesPerProgress - 1) {
      yield { count: numbers.count, bytes: numbers.bytes + edges.bytes };
    }
    edges.startState();
    const filled = expand(numbers.words, i * layout.words);
    for (let at = 0; at < filled; at += stride) {
      edges.add(numbers.numberOf(batch, at), batch[at + layout.words]!);
    }
  }
  const truthOf = (condition: Expr) => {
    const value = compiled.truth(compiled.condition(condition));
    return (state: number) => value(numbers.words, state * layout.words);
  };
  const hasLockCycle = (state: number) => isCycle(numbers.words, state * layout.words);
  const hasFault = (state: number) => {
    expand(numbers.words, state * layout.words);
    return faults.length > 0;
  };
  const rows = edges.finish();
  return {
    ...{ stateCount: numbers.count, initialCount, ...rows, bytes: numbers.bytes + rows.bytes },
    ...{ hasLockCycle, hasFault, truthOf },
  };
}
