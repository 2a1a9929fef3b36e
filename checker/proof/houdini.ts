// Which candidates are invariants together: those that the initial states do not have are dropped, then those that some
// step does not keep while all others are assumed, until every step keeps all that are left (Houdini).

import type { Clause } from './clauses.js';
import { firstStates, type Obligations, stepOf } from './obligations.js';
import type { Parameterised, Rule } from './program.js';

/** By the id of a question: its answer. */
export type SolverAnswers = ReadonlyMap<string, 'unsat' | 'sat' | 'unknown'>;
/** Asks a solver all questions of some obligations. */
export type Ask = (obligations: Obligations) => Promise<SolverAnswers>;

export interface Inductive {
  readonly clauses: readonly Clause[];
  /** Candidates that were dropped, each with the step that does not keep it. */
  readonly dropped: ReadonlyMap<Clause, Rule | 'initially'>;
}

export async function inductive(
  program: Parameterised,
  candidates: readonly Clause[],
  ask: Ask,
): Promise<Inductive> {
  const dropped = new Map<Clause, Rule | 'initially'>();
  const first = firstStates(program, candidates);
  const atFirst = await ask(first);
  let clauses = candidates.filter((clause) => isKept(first, clause, atFirst));
  for (const clause of candidates) if (!clauses.includes(clause)) dropped.set(clause, 'initially');
  const keptBy = new Map<Rule, number>();
  for (let open = true; open; ) {
    open = false;
    for (const rule of program.rules) {
      if (keptBy.get(rule) === clauses.length) continue;
      const obligations = stepOf(program, clauses, rule);
      const answers = await ask(obligations);
      const left = clauses.filter((clause) => isKept(obligations, clause, answers));
      for (const clause of clauses) if (!left.includes(clause)) dropped.set(clause, rule);
      if (left.length === clauses.length) keptBy.set(rule, clauses.length);
      else open = true;
      clauses = left;
    }
  }
  return { clauses, dropped };
}

const isKept = ({ questions }: Obligations, clause: Clause, answers: SolverAnswers): boolean =>
  questions.every((one) => one.clause !== clause || answers.get(one.id) === 'unsat');
