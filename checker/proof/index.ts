// The interface of proofs for any number, for the command.

export { parameterised } from './decode.js';
export { factObligations } from './facts.js';
export type { SolverAnswers } from './houdini.js';
export { type Induction, inductionBreaks, valueName } from './induction.js';
export { FiniteInstance } from './instance.js';
export type { Sample } from './mined.js';
export { fileOf, nameOfClause, type Obligations } from './obligations.js';
export type { Parameterised, Sort } from './program.js';
export { type ProofAttempt, prove, type Solver, type Unshown, unjudged } from './prove.js';
export { stateTexts } from './state_text.js';
export { invariantTexts } from './text.js';
export { type Tie, tie } from './tie.js';
