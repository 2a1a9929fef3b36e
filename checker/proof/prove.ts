// Looks for an inductive invariant that implies what is asked, and leaves of it what is needed. First among what the
// model's own control flow suggests, then, if that is not enough, among all simple conditions that samples do not refute.

import { askedClauses, type Clause, lockClauses, mergedByPlace, rangeClauses } from './clauses.js';
import { atFirst, findSums } from './find_sums.js';
import { flowClauses } from './flow.js';
import { partOfLemma } from './lemmas.js';
import { betweenClauses, minedClauses, type Sample } from './mined.js';
import { keptNearby } from './nearby.js';
import { type Ask, BackwardSearch, type InvariantPart, isSum } from './needed.js';
import { type Obligations, obligationsOf, type ProofInvariant, type SolverAnswers } from './obligations.js';
import type { Parameterised, Rule } from './program.js';
import { type SumRule, sumText } from './sums.js';
import { simplified, valueClauses } from './values.js';

/** For obligations of one question, whose answer is `sat`: so many integers of the state that was found. */
export type AskValues = (obligations: Obligations, count: number) => Promise<readonly number[]>;

export interface Solver {
  /** Answers, without what they need. */
  readonly ask: (obligations: Obligations) => Promise<SolverAnswers>;
  readonly cores: Ask;
  readonly values: AskValues;
}

export interface ProofAttempt {
  /** What the judges are asked. */
  readonly obligations: readonly Obligations[];
  readonly invariant: ProofInvariant;
  /** How many candidates there were. */
  readonly candidates: number;
  /** What could not be shown: a property or a report. */
  readonly failed: readonly Unshown[];
  /** What was asked for or claimed, and is true in every state that was explored, but is not inductive. */
  readonly notKept: readonly { readonly clause: Clause; readonly by: Rule | 'initially' }[];
  /** Other conditions that are true in every state that was explored, but not inductive. */
  readonly dropped: readonly Clause[];
  /** What became of the user's lemmas, in their order. */
  readonly lemmas: readonly LemmaOutcome[];
}

export type LemmaOutcome = { readonly name: string } & (
  | { readonly is: 'kept' }
  | { readonly is: 'not needed' }
  | { readonly is: 'lost'; readonly by: Rule | 'initially' }
  | { readonly is: 'no part'; readonly why: string }
);

export interface Unshown {
  readonly asks: string;
  readonly answer: 'sat' | 'unknown';
  readonly rule?: Rule;
}

/** All that may be an invariant. */
export interface Suggested {
  readonly sums: readonly SumRule[];
  /** What locks, domains and control flow suggest. */
  readonly clauses: readonly Clause[];
  /** What the properties and assertions ask. */
  readonly asked: readonly Clause[];
  /** What the user claims: clauses and sums that are among those above, or why it is neither. */
  readonly lemmas: readonly { readonly name: string; readonly part: InvariantPart | string }[];
}

export function suggested(program: Parameterised, samples: readonly Sample[]): Suggested {
  const lemmas = program.lemmas.map((lemma) => ({
    name: lemma.name,
    part: partOfLemma(lemma, ({ condition, bound }, args) => atFirst(condition, bound, args, samples)),
  }));
  const claimed = lemmas.flatMap(({ part }) => (typeof part === 'string' ? [] : [part]));
  const given = claimed.filter(isSum);
  const found = findSums(program, samples).filter((sum) =>
    given.every((one) => sumText(one) !== sumText(sum)),
  );
  const sums = [...given, ...found];
  const simple = simplified(program);
  const clauses = [
    ...claimed.filter((part): part is Clause => !isSum(part)),
    ...lockClauses(simple),
    ...rangeClauses(simple),
    ...valueClauses(program),
    ...betweenClauses(program, samples),
    ...flowClauses(program, sums, samples),
  ];
  return { sums, clauses, asked: askedClauses(program), lemmas };
}

/** Without a solver: obligations for what is likely to be an invariant, to be judged elsewhere. */
export function unjudged(
  program: Parameterised,
  samples: readonly Sample[],
): { readonly invariant: ProofInvariant; readonly obligations: readonly Obligations[] } {
  const { clauses, asked, sums } = suggested(program, samples);
  const kept = keptNearby([...clauses, ...asked, ...minedClauses(program, samples)], samples);
  const invariant = { clauses: kept, sums };
  return { invariant, obligations: obligationsOf(program, invariant) };
}

/** `solver`: asked while the invariant is looked for; the judges are asked later, by who calls this. */
export async function prove(
  program: Parameterised,
  samples: readonly Sample[],
  { cores }: Solver,
): Promise<ProofAttempt> {
  const few = suggested(program, samples);
  const first = await attempt(program, few, cores);
  if (first.failed.length === 0) return first;
  const clauses = [...few.clauses, ...minedClauses(program, samples)];
  return attempt(program, { ...few, clauses }, cores);
}

async function attempt(
  program: Parameterised,
  { clauses, sums, asked, lemmas }: Suggested,
  ask: Ask,
): Promise<ProofAttempt> {
  const search = new BackwardSearch(program, { clauses, sums }, ask);
  const { invariant, dropped, failed } = await search.search(asked);
  const merged = { ...invariant, clauses: mergedByPlace(invariant.clauses) };
  return {
    obligations: obligationsOf(program, merged),
    invariant: merged,
    candidates: clauses.length + asked.length + sums.length,
    failed: failed.map(({ question: { asks, rule }, answer }) => ({ asks, answer, ...(rule && { rule }) })),
    notKept: [...asked, ...clauses.filter(({ isLemma }) => isLemma)].flatMap((clause) => {
      const by = dropped.get(clause);
      return by === undefined ? [] : [{ clause, by }];
    }),
    dropped: clauses.filter((clause) => dropped.has(clause)),
    lemmas: lemmas.map(({ name, part }): LemmaOutcome => {
      if (typeof part === 'string') return { name, is: 'no part', why: part };
      const by = dropped.get(part);
      if (by !== undefined) return { name, is: 'lost', by };
      const isKept = isSum(part) ? invariant.sums.includes(part) : invariant.clauses.includes(part);
      return { name, is: isKept ? 'kept' : 'not needed' };
    }),
  };
}
