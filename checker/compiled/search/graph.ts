// The graph of a Program from the generated code, which marks each successor with the step that leads there. States
// are numbered as the reference engine numbers them: in the order in which they are found.

import type { Expr, Program } from '../../ir/program.js';
import { EdgeLists, type Growth, type StateGraph } from '../../liveness/graph.js';
import type { Work } from '../../search/work.js';
import { branchingMax, conditionSets, explainCondition, programCode } from '../emit/program_code.js';
import { layoutOf } from '../layout.js';
import { StateNumbers } from '../table/state_numbers.js';
import { encodeInitialStates } from './initial_states.js';

/** How many states are expanded between two reports of progress. */
const statesPerProgress = 4096;

/** Builds the graph. Yields how large it is now and then. */
export function* compiledGraph(program: Program): Work<StateGraph, Growth> {
  const layout = layoutOf(program);
  const stride = layout.words + 1;
  const initialBatch = new Int32Array((branchingMax(program) + 1) * stride);
  const numbers = new StateNumbers(layout.words);
  for (const length of encodeInitialStates(program, layout, initialBatch)) {
    for (let at = 0; at < length; at += stride) numbers.numberOf(initialBatch, at);
  }
  const initialCount = numbers.count;
  const batch = new Int32Array((branchingMax(program) + 1) * stride);
  const nothing = () => {};
  const code = programCode(
    program,
    layout,
    [],
    {
      ...{ batch, openSteps: new Uint8Array(program.steps.length) },
      ...{ openConditions: new Int32Array(conditionSets(0)), onCondition: nothing },
      ...{ onFault: nothing, onReport: nothing, onStuck: nothing },
    },
    'step',
  );
  const edges = new EdgeLists();
  for (let i = 0; i < numbers.count; i++) {
    if (i % statesPerProgress === statesPerProgress - 1) {
      yield { count: numbers.count, bytes: numbers.bytes + edges.bytes };
    }
    edges.startState();
    code.sweep(numbers.words, i * layout.words, i, i + 1);
    const filled = code.filled();
    for (let at = 0; at < filled; at += stride) {
      edges.add(numbers.numberOf(batch, at), batch[at + layout.words]!);
    }
  }
  const truthOf = (condition: Expr) => {
    const value = explainCondition(program, layout, condition);
    return (state: number) => value(numbers.words, state * layout.words);
  };
  return { stateCount: numbers.count, initialCount, ...edges.finish(), truthOf };
}
