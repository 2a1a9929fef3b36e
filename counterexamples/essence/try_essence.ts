// The essence of a counterexample, or the reason why there is none: the search is bounded, and some runs have none.

import type { Check, Lowered, Path } from '../../checker/index.js';
import { EssenceError } from './bug_free_runs.js';
import { type Essence, essenceOf } from './essence.js';

/** Why there is no essence. */
export interface NoEssence {
  readonly why: string;
}

/** The essence of a counterexample, or the reason why there is none. */
export function tryEssence(
  { program, check, path }: Lowered & { readonly check: Check; readonly path: Path },
  options?: Parameters<typeof essenceOf>[3],
): Essence | NoEssence {
  try {
    return essenceOf(program, check, path, options);
  } catch (error) {
    if (error instanceof EssenceError) return { why: error.message };
    throw error;
  }
}
