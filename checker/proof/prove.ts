// Looks for an inductive invariant that implies what is asked, and leaves of it what is needed.

import { askedClauses, type Clause, lockClauses, rangeClauses } from './clauses.js';
import { type Ask, inductive } from './houdini.js';
import { minedClauses, type Sample } from './mined.js';
import { keptNearby } from './nearby.js';
import { consequences, type Obligations, obligationsOf, type ProofQuestion, stepOf } from './obligations.js';
import type { Parameterised, Rule } from './program.js';

/** For questions whose answer is `unsat`: which of the assumed clauses it needs, by their positions. */
export type AskCores = (obligations: Obligations) => Promise<ReadonlyMap<string, readonly number[]>>;

/** For obligations of one question, whose answer is `sat`: so many integers of the state that was found. */
export type AskValues = (obligations: Obligations, count: number) => Promise<readonly number[]>;

export interface Solver {
  readonly ask: Ask;
  readonly cores: AskCores;
  readonly values: AskValues;
}

export interface ProofAttempt {
  /** What the judges are asked. */
  readonly obligations: readonly Obligations[];
  readonly invariants: readonly Clause[];
  /** How many candidates there were. */
  readonly candidates: number;
  /** What could not be shown: a property or a report. */
  readonly failed: readonly Unshown[];
  /** What was asked for and is true in every state that was explored, but is not inductive. */
  readonly notKept: readonly { readonly clause: Clause; readonly by: Rule | 'initially' }[];
  /** Other conditions that are true in every state that was explored, but not inductive. */
  readonly dropped: readonly Clause[];
}

export interface Unshown {
  readonly asks: string;
  readonly answer: 'sat' | 'unknown';
  readonly rule?: Rule;
}

/** All that may be an invariant, the stated first. */
export const candidatesOf = (
  program: Parameterised,
  samples: readonly Sample[],
): { readonly stated: readonly Clause[]; readonly mined: readonly Clause[] } => ({
  stated: [...lockClauses(program), ...rangeClauses(program), ...askedClauses(program)],
  mined: minedClauses(program, samples),
});

/** Without a solver: obligations for what is likely to be an invariant, to be judged elsewhere. */
export function unjudged(
  program: Parameterised,
  samples: readonly Sample[],
): { readonly invariants: readonly Clause[]; readonly obligations: readonly Obligations[] } {
  const { stated, mined } = candidatesOf(program, samples);
  const invariants = keptNearby([...stated, ...mined], samples);
  return { invariants, obligations: obligationsOf(program, invariants) };
}

/** `solver`: asked while the invariant is looked for; the judges are asked later, by who calls this. */
export async function prove(
  program: Parameterised,
  samples: readonly Sample[],
  solver: Solver,
): Promise<ProofAttempt> {
  const { stated, mined } = candidatesOf(program, samples);
  const candidates = [...stated, ...mined];
  const { clauses, dropped } = await inductive(program, candidates, solver.ask);
  const asked = consequences(program, clauses);
  const answers = await solver.ask(asked);
  const failed = asked.questions.flatMap(({ id, asks, rule }): readonly Unshown[] => {
    const answer = answers.get(id) ?? 'unknown';
    return answer === 'unsat' ? [] : [{ asks, answer, ...(rule && { rule }) }];
  });
  const notKept = stated.flatMap((clause) => {
    const by = dropped.get(clause);
    return by === undefined ? [] : [{ clause, by }];
  });
  const needed = failed.length > 0 ? clauses : await whatIsNeeded(program, clauses, solver.cores);
  const obligations = obligationsOf(program, needed);
  const others = mined.filter((clause) => dropped.has(clause));
  return { obligations, invariants: needed, candidates: candidates.length, failed, notKept, dropped: others };
}

/** The clauses that the properties need, those that these need, and so on. */
async function whatIsNeeded(
  program: Parameterised,
  clauses: readonly Clause[],
  cores: AskCores,
): Promise<readonly Clause[]> {
  const needed = new Set<Clause>();
  const take = async (obligations: Obligations): Promise<readonly Clause[]> => {
    const found = await cores(obligations);
    const all = obligations.questions.flatMap(({ id }) => found.get(id) ?? [...clauses.keys()]);
    const fresh = [...new Set(all)].map((at) => clauses[at]!).filter((clause) => !needed.has(clause));
    for (const clause of fresh) needed.add(clause);
    return fresh;
  };
  const only = (obligations: Obligations, isAsked: (question: ProofQuestion) => boolean): Obligations => ({
    ...obligations,
    questions: obligations.questions.filter(isAsked),
  });
  let fresh = await take(consequences(program, clauses));
  for (let isFirst = true; isFirst || fresh.length > 0; isFirst = false) {
    const last = new Set(fresh);
    const next: Clause[] = [];
    for (const rule of program.rules) {
      const asked = only(stepOf(program, clauses, rule), ({ clause }) =>
        clause === undefined ? isFirst : last.has(clause),
      );
      if (asked.questions.length > 0) next.push(...(await take(asked)));
    }
    fresh = next;
  }
  return clauses.filter((clause) => needed.has(clause));
}
