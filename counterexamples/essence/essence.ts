// The essence of a counterexample, told: which step must come before which, what the one sees of the other, and which
// lock would have put them in order. As data, and as a sentence for each ordering:
//
//   munmap[0] changes vma[0].pmd from huge to none (clear_pmd) before truncate[0] reads it (test_huge).

import type { Check, Path, Program } from '../../checker/index.js';
import { displayLocation, type SourceLocation } from '../../models/language/index.js';
import { Words } from '../trace/trace_words.js';
import { type EssentialLock, locksThatOrder } from './locks_that_order.js';
import { type EssenceOptions, essentialOrderings } from './orderings.js';
import { type EssentialOrdering, Teller } from './sentences.js';

export interface Essence {
  readonly orderings: readonly EssentialOrdering[];
  readonly locks: readonly EssentialLock[];
  /** How many runs without the bug break one of the orderings, and had to be found to know that none is too many. */
  readonly ruledOut: number;
  /** Does a run that keeps the orderings escape by passing over an actor for ever? Such runs are not counted. */
  readonly isUnfairlyEscaped: boolean;
}

/**
 * The orderings between steps of different actors that make the bug of `check` inevitable: accesses to the same data
 * before all others, and as few as will do; see docs/essence.md.
 * Throws an EssenceError where there is none to tell: for liveness, and where the search gets too large.
 */
export function essenceOf(
  program: Program,
  check: Check,
  path: Path,
  options: EssenceOptions & { readonly locate?: (at: SourceLocation) => string } = {},
): Essence {
  const found = essentialOrderings(program, check, path, options);
  const teller = new Teller(program, found, new Words(program, options.locate ?? displayLocation));
  return {
    orderings: found.orderings.map((ordering) => teller.ordering(ordering)),
    locks: locksThatOrder(program, found),
    ruledOut: found.ruledOut,
    isUnfairlyEscaped: found.isUnfairlyEscaped,
  };
}
