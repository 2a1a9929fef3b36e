// The essence of a counterexample, as data with a sentence for each ordering: which step must come before which, what
// one reads of the other, and which lock would have ordered them otherwise:
//
//   munmap[0] changes vma[0].pmd from huge to none (clear_pmd) before truncate[0] reads it (test_huge).

import type { Check, Path, Program } from '../../checker/index.js';
import { displayLocation, type SourceLocation } from '../../models/language/index.js';
import { Words } from '../trace/trace_words.js';
import { type EssentialLock, locksThatOrder } from './locks_that_order.js';
import { type EssenceOptions, essentialOrderings } from './orderings.js';
import { type EssentialOrdering, SentenceWriter } from './sentences.js';

export interface Essence {
  readonly orderings: readonly EssentialOrdering[];
  readonly locks: readonly EssentialLock[];
  /**
   * How many runs without the bug were found; each breaks one of the orderings, which shows that none is superfluous.
   */
  readonly ruledOut: number;
  /** Does a run that keeps the orderings avoid the bug by never scheduling some actor again? Such runs do not count. */
  readonly isUnfairlyEscaped: boolean;
}

/**
 * The orderings between steps of different actors that make the bug of `check` inevitable: accesses to the same data
 * before all others, and as few as will do; see docs/essence.md. Throws an EssenceError if there is none: for liveness,
 * and if the search reaches its limit.
 */
export function essenceOf(
  program: Program,
  check: Check,
  path: Path,
  options: EssenceOptions & { readonly locate?: (at: SourceLocation) => string } = {},
): Essence {
  const found = essentialOrderings(program, check, path, options);
  const writer = new SentenceWriter(program, found, new Words(program, options.locate ?? displayLocation));
  return {
    orderings: found.orderings.map((ordering) => writer.ordering(ordering)),
    locks: locksThatOrder(program, found),
    ruledOut: found.ruledOut,
    isUnfairlyEscaped: found.isUnfairlyEscaped,
  };
}
