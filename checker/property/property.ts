// Properties of a Program: conditions on its states, and for liveness formulas about its runs.

import type { Formula } from '../../properties/language/temporal.js';
import type { Expr, Source, StepId } from '../ir/program.js';

/**
 * `lemma`: what always demands, but claimed for a proof. `alwaysPossible`: from every reachable state some run reaches
 * the condition.
 */
export type Expectation = 'always' | 'never' | 'lemma' | 'sometimes' | 'alwaysPossible' | 'liveness';

/** A property of the states of a Program, or for liveness of its runs. */
export interface Property {
  readonly name: string;
  readonly expectation: Expectation;
  /** Bool; for liveness just true. */
  readonly condition: Expr;
  /** For liveness, and only there. */
  readonly liveness?: Liveness;
  /** The left sides of the implications that it consists of: if none is ever true, it holds vacuously. */
  readonly antecedents?: readonly Expr[];
  /** The kernel's message, or why the property matters. */
  readonly about?: string;
  readonly source: Source;
}

/** An assumption on runs: a step that can be taken infinitely long is taken. */
export interface Fairness {
  /**
   * Weak: if one of the steps is enabled at every position from some point on, one is taken infinitely often. Strong:
   * if one of them is enabled infinitely often, one is taken infinitely often.
   */
  readonly strength: 'weak' | 'strong';
  /** The actor, and the label if there is one, for people: `truncate`, or `truncate at zap_huge_pmd.lock`. */
  readonly name: string;
  readonly steps: readonly StepId[];
}

/** A formula that every fair run must make true at its first position. */
export interface Liveness {
  readonly formula: Formula<Expr>;
  readonly fairness: readonly Fairness[];
  /** The assumption on runs; any run if absent. */
  readonly assumption?: Formula<Expr>;
  /** If each of them is false of every run that is fair and satisfies the assumption, the property holds vacuously. */
  readonly antecedents?: readonly Formula<Expr>[];
  /**
   * How deep `previously` is nested, if it occurs: after a run has ended, monitors still change at so many positions.
   */
  readonly previously?: number;
}
