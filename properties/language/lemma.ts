// Claims that are made for a proof, as data. Where one is false, the claim is wrong, and not the model. `check` looks for
// states that violate it; `prove --by=smt` may take it into the invariant, if every step keeps it.

import {
  all,
  Bool,
  describe,
  exactly,
  Int,
  ModelError,
  refuseMore,
  requireOptions,
  requireText,
} from '../../models/language/index.js';
import { formulaOf } from './formula.js';
import { type PropertyNode, stated } from './property.js';

interface ClaimOptions {
  /** A condition on settings: the claim is left out where it is false. */
  readonly given?: Bool;
}

/** For an index: a counter and what it is. */
type EachCounter = (i: Int) => readonly [counter: Int, is: number | Int];

/**
 * True in every state, and a help for a proof: it excludes states that no run reaches.
 * Example: `lemma(all(2, (i) => not(page.at(i).locked).or(flag)), 'a page is locked under the flag')`
 */
export const lemma = exactly(
  'lemma',
  (x: Bool, about?: string, options: ClaimOptions = {}): PropertyNode => claimed('lemma', x, about, options),
);

/**
 * What a counter is: a number, and how many contribute to it.
 * Example: `contributes(n, count(2, (i) => marks.at(i)).plus(1))`
 */
export function contributes(
  counter: Int,
  is: number | Int,
  about?: string,
  options?: ClaimOptions,
): PropertyNode;
/**
 * The same for the counter of each element.
 * Example: `contributes(2, (i) => [page.at(i).refs, ifElse(page.at(i).locked, 1, 0)])`
 */
export function contributes(
  length: number | Int,
  each: EachCounter,
  about?: string,
  options?: ClaimOptions,
): PropertyNode;
export function contributes(
  x: number | Int,
  is: number | Int | EachCounter,
  about?: string,
  options: ClaimOptions = {},
  ...more: readonly unknown[]
): PropertyNode {
  refuseMore('contributes', 4, [x, is, about, options, ...more]);
  const sums =
    typeof is === 'function'
      ? all(x, (i: Int) => equation(pairOf((is as EachCounter)(i))))
      : equation([x as Int, is]);
  return claimed('contributes', sums, about, options);
}

function equation([counter, is]: readonly [counter: unknown, is: unknown]): Bool {
  if (!(counter instanceof Int)) {
    throw new ModelError(`contributes(counter, …) needs a counter of the state, not ${describe(counter)}`);
  }
  if (typeof is === 'number' || is instanceof Int) return counter.eq(is);
  throw new ModelError(
    `contributes(counter, …) needs what the counter is, such as user.count((x) => …), not ${describe(is)}`,
  );
}

function pairOf(x: unknown): readonly [counter: unknown, is: unknown] {
  if (Array.isArray(x) && x.length === 2) return [x[0], x[1]];
  throw new ModelError(
    `contributes(NR, (i) => [counter, …]) needs a counter and what it is, not ${describe(x)}`,
  );
}

function claimed(word: string, x: Bool, about: string | undefined, options: ClaimOptions): PropertyNode {
  if (about !== undefined) requireText(about, `what ${word}(…) is about`);
  requireOptions(options, ['given'], `${word}(…, 'about', options)`);
  if (x instanceof Bool) return stated('lemma', formulaOf(x), about, options);
  const what = Object(x).formula === undefined ? describe(x) : 'a statement about runs';
  throw new ModelError(`${word}() is about single states: it needs a condition, not ${what}`);
}
