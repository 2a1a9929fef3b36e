// Shortens a lasso: where a run visits the same state twice, the part between may already be the loop. Each such pair
// is judged by definition, as in the replay of a counterexample; the shortest counterexample is kept.
//
//   0 a 1 b 2 c 1 d 2 c 1     loop from the last 1     may be shortened to     0 a 1 b 2 c 1

import { type Normal, truthOf } from '../../properties/automaton/index.js';
import type { StateGraph } from '../graph/state_graph.js';
import type { StepId } from '../ir/program.js';
import type { Demands } from './demands.js';
import { after, type Done, isFair, nothing, type Run } from './lasso.js';
import type { Letters } from './letters.js';

/** Longer lassos are not shortened: the cost is quadratic in their length. */
const positionsMax = 400;

/** The shortest lasso among the prefixes of this one. `formula` is the violated formula. */
export function fold(run: Run, graph: StateGraph, letters: Letters, formula: Normal, demands: Demands): Run {
  const { initial, steps, loop } = run;
  if (loop === undefined || steps.length > positionsMax) return run;
  const states = [initial];
  for (const step of steps) states.push(successor(graph, states.at(-1)!, step));
  for (let end = 1; end < steps.length; end++) {
    for (let begin = end - 1; begin >= 0; begin--) {
      if (states[begin] !== states[end]) continue;
      const word = {
        letters: states.slice(0, end).map((state) => letters.distinct[letters.of[state]!]!),
        loop: begin,
      };
      const isFairLoop = isFair(demands, doneIn(states.slice(begin, end), steps.slice(begin, end), demands));
      if (isFairLoop && !truthOf(formula, word)[0])
        return { initial, steps: steps.slice(0, end), loop: begin };
    }
  }
  return run;
}

function successor(graph: StateGraph, state: number, step: StepId): number {
  for (let edge = graph.first[state]!; edge < graph.first[state + 1]!; edge++) {
    if (graph.step[edge] === step) return graph.to[edge]!;
  }
  throw new Error(`step ${step} does not leave state ${state}`);
}

const doneIn = (states: readonly number[], steps: readonly StepId[], demands: Demands): Done =>
  steps.reduce((done, step, i) => after(done, demands, states[i]!, step), nothing);
