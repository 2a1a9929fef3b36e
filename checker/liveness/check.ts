// Checks liveness properties on the explicit graph of a Program: the negated formula as an automaton, its product with
// the graph, fair components, a lasso. Both engines deliver the same graph, so they report the same lassos.

import {
  and,
  automatonOf,
  False,
  type Normal,
  normalise,
  or,
  type Reader,
  readerOf,
  readerOfFormula,
  TooLarge,
  True,
} from '../../properties/automaton/index.js';
import type { Growth, StateGraph } from '../graph/state_graph.js';
import type { Program } from '../ir/program.js';
import { Atoms } from '../property/atoms.js';
import type { Fairness } from '../property/property.js';
import type { Check, Finding } from '../search/report.js';
import type { Work } from '../search/work.js';
import { type Demands, demandsOf } from './demands.js';
import { fold } from './fold.js';
import { lassoThrough, runOf } from './lasso.js';
import { type Letters, lettersOf } from './letters.js';
import { unvalued } from './possible.js';
import { type Product, productOf } from './product.js';
import { withRepeats } from './repeats.js';
import { type FairNodes, fairComponents } from './search.js';
import { shortestRun } from './shortest.js';

export interface LivenessResult {
  /** A counterexample; undefined if there is none, or if the search for one was not completed. */
  readonly finding: Finding | undefined;
  /** The reason why there may be a counterexample although none was found; absent if there is none for certain. */
  readonly openBecause?: string;
  /** Does no run satisfy the assumptions, or none make a left side true? */
  readonly isVacuous?: boolean;
  /** Is the automaton of the formula too large? Then nothing is decided. */
  readonly isTooLarge?: true;
}

/**
 * Checks one property. `shortest` searches for a run with the fewest steps, and returns the shortest one known if that
 * takes too long; the finding says which.
 */
export function* checkLiveness(
  program: Program,
  graph: StateGraph,
  check: Check,
  shortest: boolean,
): Work<LivenessResult, Growth> {
  try {
    return yield* decide(program, graph, check, shortest);
  } catch (error) {
    if (error instanceof TooLarge) return { finding: undefined, isVacuous: false, isTooLarge: true };
    throw error;
  }
}

function* decide(
  program: Program,
  given: StateGraph,
  { liveness }: Check,
  shortest: boolean,
): Work<LivenessResult, Growth> {
  if (liveness === undefined) throw new Error('a check without a formula is none of whole runs');
  const atoms = new Atoms();
  const { formula, assumption, fairness, antecedents = [], previously } = liveness;
  const graph = previously === undefined ? given : withRepeats(given, previously, program.monitors ?? []);
  const assumed = assumption === undefined ? True : normalise(assumption, true, atoms.literal);
  const right = normalise(formula, true, atoms.literal);
  const wrong = normalise(formula, false, atoms.literal);
  const occurrences = antecedents.map((one) => normalise(one, true, atoms.literal));
  const letters = yield* lettersOf(graph, atoms.exprs);
  if (typeof letters === 'string') {
    return { finding: undefined, openBecause: unvalued(letters), isVacuous: false };
  }
  const negated = and(assumed, wrong);
  const { product, demands, fair } = yield* fairRuns(program, graph, letters, negated, fairness);
  const [first] = fair;
  if (first === undefined) {
    // If it is about runs that do not exist, it holds vacuously.
    let isVacuous = assumption !== undefined || occurrences.length > 0;
    for (const one of occurrences.length > 0 ? occurrences : [True]) {
      if (!isVacuous) break;
      isVacuous = !(yield* isPossible(program, graph, letters, and(assumed, one), fairness));
    }
    return { finding: undefined, isVacuous };
  }
  const notAssumed = assumption === undefined ? False : normalise(assumption, false, atoms.literal);
  const stands = or(notAssumed, right);
  const lasso = lassoThrough(product, demands, first);
  const short = fold(runOf(product, lasso), graph, letters, stands, demands);
  const best = shortest ? yield* shortestRun(graph, product, demands, fair, short) : undefined;
  const { initial, steps, loop } = best ?? short;
  const finding: Finding = {
    path: { initial, steps },
    ...(loop !== undefined && { loop }),
    ...(best === undefined && { isShortest: false }),
  };
  return { finding, isVacuous: false };
}

/** The whole automaton, or the part that the product needs if the whole is too large. */
function readerFor(formula: Normal): Reader {
  const automaton = automatonOf(formula);
  return automaton === undefined ? readerOfFormula(formula) : readerOf(automaton);
}

/** Is there a fair run that makes the formula true? Unknown if the formula is too large. */
function* isPossible(
  program: Program,
  graph: StateGraph,
  letters: Letters,
  formula: Normal,
  fairness: readonly Fairness[],
): Work<boolean, Growth> {
  try {
    return (yield* fairRuns(program, graph, letters, formula, fairness)).fair.length > 0;
  } catch (error) {
    if (error instanceof TooLarge) return true;
    throw error;
  }
}

interface FairRuns {
  readonly product: Product;
  readonly demands: Demands;
  readonly fair: readonly FairNodes[];
}

/** The fair runs that make the formula true, as components of a product. */
function* fairRuns(
  program: Program,
  graph: StateGraph,
  letters: Letters,
  formula: Normal,
  fairness: readonly Fairness[],
): Work<FairRuns, Growth> {
  const reader = readerFor(formula);
  const product = yield* productOf(graph, letters, reader);
  const demands = demandsOf(program, graph, reader.setCount, fairness);
  const fair = yield* fairComponents(product, demands);
  return { product, demands, fair };
}
