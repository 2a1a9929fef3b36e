// The interface of proofs for any number, for the command.

export { parameterised } from './decode.js';
export { factObligations } from './facts.js';
export { type Induction, inductionBreaks, valueName } from './induction.js';
export { FiniteInstance } from './instance.js';
export type { Sample } from './mined.js';
export type { Ask, SearchAnswer } from './needed.js';
export {
  fileOf,
  fileOfAll,
  type Obligations,
  ObligationsFor,
  obligationsOf,
  type ProofInvariant,
  type SolverAnswers,
} from './obligations.js';
export type { Parameterised, Rule, Sort } from './program.js';
export { type LemmaOutcome, type ProofAttempt, prove, type Solver, type Unshown, unjudged } from './prove.js';
export { SizeMatters } from './refuse.js';
export { sampled } from './sample.js';
export { stateTexts } from './state_text.js';
export { readInvariant, StoredError, storedInvariant } from './stored.js';
export { sumText } from './sums.js';
export { invariantTexts } from './text.js';
export { type Tie, tie } from './tie.js';
