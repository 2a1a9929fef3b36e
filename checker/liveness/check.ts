// Checks liveness properties on the explicit graph of a Program: the negated formula as an automaton, its product with
// the graph, fair components, a lasso. Both engines deliver the same graph, so they report the same lassos.

import { Atoms, automatonOf, normalise } from '../../properties/automaton/index.js';
import type { Program } from '../ir/program.js';
import type { Check, Finding } from '../search/report.js';
import { demandsOf } from './demands.js';
import { fold } from './fold.js';
import type { StateGraph } from './graph.js';
import { lassoThrough, runOf, shortestLasso } from './lasso.js';
import { productOf } from './product.js';
import { fairComponents } from './search.js';

export interface LivenessResult {
  /** A counterexample; undefined if there is none, or none was looked for to the end. */
  readonly finding: Finding | undefined;
  /** Is it certain that there is none, if there is no finding? */
  readonly isDecided: boolean;
}

const open: LivenessResult = { finding: undefined, isDecided: false };

/**
 * Checks one property. `shortest` looks for the shortest lasso of the product, and takes what it finds if that takes
 * too long; the finding says which it is. Yields now and then, and gives up if it is told to.
 */
export function* checkLiveness(
  program: Program,
  graph: StateGraph,
  check: Check,
  shortest: boolean,
): Generator<number, LivenessResult, boolean> {
  const { liveness } = check;
  if (liveness === undefined) return open;
  const atoms = new Atoms();
  const wrong = normalise(liveness.formula, false, atoms.literal);
  const automaton = automatonOf(wrong);
  const letters = graph.letters(atoms.exprs);
  if (typeof letters === 'string') return open;
  const product = yield* productOf(graph, letters, automaton);
  if (product === undefined) return open;
  const demands = demandsOf(program, graph, automaton, liveness.fairness);
  const fair = fairComponents(product, demands);
  const [first] = fair;
  if (first === undefined) return { finding: undefined, isDecided: true };
  const best = shortest ? shortestLasso(product, demands, fair) : undefined;
  const lasso = best ?? lassoThrough(product, demands, first);
  const formula = normalise(liveness.formula, true, atoms.literal);
  const { initial, steps, loop } = fold(runOf(product, lasso), graph, letters, formula, demands);
  return {
    finding: { path: { initial, steps }, ...(loop !== undefined && { loop }) },
    isDecided: true,
  };
}
